import { afterAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { allEvents, remoteFailure, remoteQuestion, remoteRuntimeContract, saidIn } from '#modules/runtime/remote-runtime-suite.ts';
import { n8nRuntime } from './n8n-runtime.ts';
import { startLoopbackN8n } from './testing/loopback-n8n.ts';

const server = await startLoopbackN8n();
const egress = createEgress([new URL(server.url).host]);
afterAll(async () => { await server.close(); await egress.close(); });
beforeEach(() => {
  server.script({ kind: 'echo' });
  server.runs.length = 0;
});

const at = (value: string) => n8nRuntime({ webhookUrl: server.webhookUrl, header: { name: server.header.name, value }, request: egress.request, timeouts: { firstByteMs: 300, idleMs: 300 } });
const runtime = at(server.header.value);
const never = new AbortController().signal;
const ask = async (over: Parameters<typeof remoteQuestion>[1] = {}) => allEvents(runtime.run('webhook', remoteQuestion('Hello there', over), never));

for (const kind of ['echo', 'stream'] as const) {
  remoteRuntimeContract(`an n8n webhook that ${kind === 'echo' ? 'answers at once' : 'streams'}`, async () => {
    server.script({ kind });
    return { runtime, stranger: null, definition: null, keepsFlows: false, streams: kind === 'stream' };
  });
}

test('the workflow gets the question as its chat trigger takes it, with what the product adds', async () => {
  await ask({
    sessionId: 'sub:conv', instructions: 'Be kind.', settings: [{ name: 'brand_voice', node: 'n', field: null, value: 'warm' }], history: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }],
    passages: [{ chunkId: 'c', documentId: 'd', title: 'Returns', page: 2, url: null, text: 'Within 30 days.', score: 1 }],
  });
  expect(server.runs).toMatchObject([{
    action: 'sendMessage', chatInput: 'Hello there', sessionId: 'sub:conv', instructions: 'Be kind.', parameters: { brand_voice: 'warm' }, history: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }],
    passages: [{ number: 1, title: 'Returns', page: 2, text: 'Within 30 days.' }],
  }]);
});

test.each([
  ['{"output":"A"}', 'A'], ['{"text":"B"}', 'B'], ['{"message":"C"}', 'C'], ['[{"output":"D"},{"output":"E"}]', 'D\n\nE'], ['{"message":{"content":"F"}}', 'F'], ['[{"json":{"output":"G"}}]', 'G'], ['"H"', 'H'],
  ['{\n  "output": "I"\n}', 'I'],
])('the answer is found in %s', async (body, said) => {
  server.script({ kind: 'body', body });
  expect(saidIn(await ask())).toBe(said);
});

test('plain text is an answer too', async () => {
  server.script({ kind: 'body', type: 'text/plain', body: 'All is well.' });
  expect(saidIn(await ask())).toBe('All is well.');
});

test('a webhook that refuses the credential, does not listen, or fails says so in its own words', async () => {
  expect(await remoteFailure(allEvents(at('wrong').run('webhook', remoteQuestion('?'), never)))).toMatchObject({ code: 'unauthorized' });
  server.script({ kind: 'inactive' });
  expect(await remoteFailure(ask())).toMatchObject({ code: 'flow-missing', message: 'The n8n workflow does not listen: The requested webhook "POST chat" is not registered.' });
  server.script({ kind: 'body', status: 500, body: JSON.stringify({ message: `Error in workflow with ${server.header.value}` }) });
  expect(await remoteFailure(ask())).toMatchObject({ code: 'flow-failed', message: 'The workflow failed on the n8n server: Error in workflow with (hidden)' });
});

test.each([
  ['hang', 'timeout'], ['html', 'bad-answer'], ['drop', 'bad-answer'], ['empty', 'bad-answer'],
] as const)('a server that does this fails typed: %s', async (kind, code) => {
  server.script({ kind });
  expect((await remoteFailure(ask())).code).toBe(code);
});

test('a workflow that only started, or sent broken JSON, gave no answer', async () => {
  for (const body of ['{"executionId":7}', '{"message":"Workflow was started"}']) {
    server.script({ kind: 'body', body });
    expect((await remoteFailure(ask())).code).toBe('bad-answer');
  }
  server.script({ kind: 'body', body: '{"output": "cut' });
  expect((await remoteFailure(ask())).code).toBe('bad-answer');
});

test('a redirect is not followed, wherever it leads', async () => {
  server.script({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' });
  expect((await remoteFailure(ask())).code).toBe('refused');
});
