import { expect, test } from 'vitest';
import { outsideDouble } from '#modules/connections/testing/outside-double.ts';
import { connectors } from '../../../connectors/registry.ts';
import { runLive } from '../engine/live.ts';
import { flowOf, runContext } from '../engine/testing/run-context.ts';

/** Runs one step on the message and tells what the other system was asked. */
async function ask(type: string, port: string, config: Record<string, unknown>, message = 'hello', answer: unknown = { ok: true }) {
  const outside = outsideDouble(connectors, answer, { phoneNumberId: '1' });
  const flow = flowOf([['in', 'input.chat'], ['step', type, config]], [`in.message -> step.${port}`]);
  const result = await runLive(flow, runContext(message, { outsideAction: outside.outsideAction, callOutside: outside.callOutside })).done;
  return { result, calls: outside.calls };
}

test.each([
  ['slack', '#help', 'post-message', { channel: '#help', text: 'Note: hello' }], ['discord', '42', 'send-message', { channelId: '42', content: 'Note: hello' }], ['telegram', '7', 'send-message', { chat_id: '7', text: 'Note: hello' }],
  ['microsoft-teams', '', 'post-message', { text: 'Note: hello', title: 'Subject' }], ['whatsapp', '+34600', 'send-message', { to: '+34600', body: 'Note: hello' }], ['gmail', 'a@example.com', 'send', { to: 'a@example.com', subject: 'Subject', body: 'Note: hello' }],
])('a message goes out through %s as its connector takes it', async (connector, to, action, input) => {
  const { result, calls } = await ask('messaging.send', 'input', { connector, to, subject: 'Subject', text: 'Note: {{ input.text }}' });
  expect(result.error).toBeNull();
  expect(calls.map((call) => [call.connector, call.action, call.input])).toEqual([[connector, action, input]]);
  expect(calls[0]?.http).toHaveLength(1);
});

test('a message to nobody, or without a word, is not sent', async () => {
  expect((await ask('messaging.send', 'input', { connector: 'slack' })).result.error?.code).toBe('node-input-missing');
  const { result, calls } = await ask('messaging.send', 'input', { connector: 'slack', to: 'c', text: '{{ state.nothing }}' });
  expect([result.error?.code, calls.length]).toEqual(['node-input-missing', 0]);
});

test('files are read and written by names that stay in their folder', async () => {
  const written = await ask('storage.write', 'input', { key: '/reports/{{ input.text }}.txt' });
  expect(written.calls.map((call) => [call.action, call.input])).toEqual([['put', { key: 'reports/hello.txt', content: 'hello', contentType: 'text/plain; charset=utf-8' }]]);
  const { result } = await ask('storage.read', 'input', { key: 'a.txt' }, 'hello', 'Words of the file.');
  expect(result.text).toBe('Words of the file.');
  for (const key of ['', '../secret', 'a/../../b', 'a\u0000b']) expect((await ask('storage.read', 'input', { key })).result.error?.code).toBe('node-config-invalid');
});

test('speech becomes text, text becomes speech, and a description a picture', async () => {
  const heard = await ask('speech.transcribe', 'audio', { language: 'es' }, 'data:audio/mp3;base64,QUJD', { text: 'Hola' });
  expect(heard.result.text).toBe('Hola');
  expect(heard.calls[0]?.input).toEqual({ base64: 'QUJD', filename: 'audio.mp3', language: 'es' });
  expect((await ask('speech.transcribe', 'audio', {}, 'no sound at all')).result.error?.code).toBe('node-input-invalid');
  const spoken = await ask('speech.speak', 'text', { voice: 'nova' }, 'Say this', { media_type: 'audio/mpeg', base64: 'QUJD' });
  expect(spoken.calls[0]?.input).toMatchObject({ input: 'Say this', voice: 'nova', response_format: 'mp3' });
  expect(spoken.result.data).toEqual({ media_type: 'audio/mpeg', base64: 'QUJD' });
  expect((await ask('speech.speak', 'text', {}, 'x'.repeat(5_000))).result.error?.code).toBe('node-limit');
  const drawn = await ask('vision.create', 'prompt', { count: 2 }, 'An otter', { data: [{ url: 'https://example.com/1.png' }] });
  expect([drawn.calls[0]?.input, drawn.result.data]).toEqual([{ prompt: 'An otter', size: '1024x1024', n: 2 }, [{ url: 'https://example.com/1.png' }]]);
});
