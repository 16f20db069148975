import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ragflowEngine } from '#adapters/ragflow/ragflow-engine.ts';
import { startLoopbackRagflow } from '#adapters/ragflow/testing/loopback-ragflow.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { openOutside } from '#modules/connections/outside/open-outside.ts';
import { createTokens } from '#modules/connections/outside/tokens.ts';
import { ragflow } from './manifest.ts';

const server = await startLoopbackRagflow();
const egress = createEgress([new URL(server.url).host]);
afterAll(async () => { await server.close(); await egress.close(); });
beforeEach(() => {
  server.fault(null);
  server.newer(false);
  server.datasets.clear();
  server.chats.clear();
  server.calls.length = 0;
});

const signal = new AbortController().signal;
const engine = ragflowEngine({ baseUrl: server.url, apiKey: server.apiKey, request: egress.request });
const outside = (token: string) => openOutside({ connector: ragflow, fields: { token }, baseUrl: server.url }, { egress, tokens: createTokens(egress, () => new Date(), async () => undefined), signal, now: () => new Date('2026-03-01T12:00:00Z') });
async function run(id: string, input: object, token = server.apiKey): Promise<unknown> {
  const action = ragflow.actions.find((one) => one.id === id);
  if (!action) throw new Error(`no action ${id}`);
  return action.perform(outside(token), input);
}

const Made = z.looseObject({ id: z.string(), name: z.string() });
const Answered = z.object({ answer: z.string(), session_id: z.string(), passages: z.array(z.looseObject({ text: z.string(), document: z.string(), dataset_id: z.string() })) });

/** A dataset with one parsed document, and its assistant. */
async function assistant(name = 'Parcels') {
  const dataset = await engine.ensureDataset(`tenant_${crypto.randomUUID()}_${crypto.randomUUID()}`, signal);
  await engine.addDocument(dataset, { name: 'parcels.txt', contentType: 'text/plain', bytes: Buffer.from('The parcel leaves the warehouse on Tuesday.\n\nReturns take 30 days.'), metadata: {} }, signal);
  await expect.poll(async () => (await engine.documents(dataset, signal))[0]?.state).toBe('done');
  return { dataset, chat: Made.parse(await run('create-assistant', { name, dataset_ids: [dataset] })) };
}

for (const newer of [false, true]) {
  describe(newer ? 'a newer server' : 'an older server', () => {
    beforeEach(() => { server.newer(newer); });

    test('an assistant of a dataset answers with the passages it answered from, and a conversation goes on', async () => {
      const { dataset, chat } = await assistant();
      const first = Answered.parse(await run('ask-assistant', { chat_id: chat.id, question: 'When does the parcel leave?' }));
      expect(first.passages[0]).toMatchObject({ text: 'The parcel leaves the warehouse on Tuesday.', document: 'parcels.txt', dataset_id: dataset });
      const second = Answered.parse(await run('ask-assistant', { chat_id: chat.id, question: 'How long do returns take?', session_id: first.session_id }));
      expect(second.session_id).toBe(first.session_id);
      expect(server.chats.get(chat.id)?.sessions.size).toBe(1);
      await run('delete-session', { chat_id: chat.id, session_id: first.session_id });
      expect(server.chats.get(chat.id)?.sessions.size).toBe(0);
    });

    test('what the model thought and the marks of the server are not part of the answer', async () => {
      const { chat } = await assistant();
      expect(Answered.parse(await run('ask-assistant', { chat_id: chat.id, question: 'When does the parcel leave?' })).answer).toBe('It is written: The parcel leaves the warehouse on Tuesday.');
    });

    test('making an assistant again gives the one there is; one that is deleted is no longer listed', async () => {
      const { dataset, chat } = await assistant();
      expect(Made.parse(await run('create-assistant', { name: 'Parcels', dataset_ids: [dataset] })).id).toBe(chat.id);
      expect(z.array(Made).parse(await run('list-assistants', {})).map(({ name }) => name)).toEqual(['Parcels']);
      await run('delete-assistants', { ids: [chat.id] });
      expect(await run('list-assistants', {})).toEqual([]);
    });
  });
}

test('datasets are listed, and their passages are found', async () => {
  const { dataset } = await assistant();
  expect(z.array(Made).parse(await run('list-datasets', {})).map(({ id }) => id)).toEqual([dataset]);
  expect(await run('retrieve', { question: 'When does the parcel leave?', dataset_ids: [dataset] })).toMatchObject([{ text: 'The parcel leaves the warehouse on Tuesday.', document: 'parcels.txt' }]);
});

test('refusals that come with status 200 fail with the server’s words and without the key', async () => {
  await expect(run('ask-assistant', { chat_id: 'gone', question: 'Anybody?' })).rejects.toMatchObject({ code: 'call-failed', message: 'RAGFlow refused the call: You don\'t own the assistant gone.' });
  await expect(run('list-datasets', {}, 'wrong-key-0123456789')).rejects.toMatchObject({ code: 'call-failed', message: 'RAGFlow refused the call: Authentication error: API key is invalid!.' });
  server.fault({ on: /chats/, kind: 'code', code: 102, message: `no ${server.apiKey}` });
  const failure: unknown = await run('list-assistants', {}).catch((error: unknown) => error);
  expect(String(failure)).toContain('RAGFlow refused the call: no ');
  expect(String(failure)).not.toContain(server.apiKey);
});

test('a server that fails, or whose assistant says nothing, is no answer', async () => {
  const { chat } = await assistant();
  server.fault({ on: /completions/, kind: 'status', status: 502 });
  await expect(run('ask-assistant', { chat_id: chat.id, question: 'Anybody?' })).rejects.toMatchObject({ code: 'call-failed', status: 502 });
  server.fault({ on: /completions/, kind: 'code', code: 0, message: '' });
  await expect(run('ask-assistant', { chat_id: chat.id, question: 'Anybody?' })).rejects.toThrow('The assistant gave no answer.');
  server.fault({ on: /completions/, kind: 'status', status: 200, body: '<html>Sign in</html>' });
  await expect(run('ask-assistant', { chat_id: chat.id, question: 'Anybody?' })).rejects.toThrow('Is this the address of RAGFlow itself?');
});

test('nothing is deleted where nothing is named', async () => {
  await assistant();
  await expect(run('delete-assistants', { ids: [] })).rejects.toMatchObject({ code: 'input-invalid' });
  expect(server.chats.size).toBe(1);
});
