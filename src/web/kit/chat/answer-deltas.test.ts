import { expect, test } from 'vitest';
import type { ServerEvent } from '#web/api/stream-events.ts';
import { answerDeltas, shownCitation } from './answer-deltas.ts';
import type { ChatDelta } from './chat.ts';

async function* stream(...chunks: readonly unknown[]): AsyncGenerator<ServerEvent> {
  await Promise.resolve();
  for (const chunk of chunks) yield { event: 'message', id: null, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) };
}
const base = { id: 'chatcmpl-1', conversation_id: 'c-1', run_id: 'r-1' };
const said = (content: string) => ({ ...base, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const all = async (events: AsyncIterable<ServerEvent>, onConversation?: (id: string) => void) => {
  const deltas: ChatDelta[] = [];
  for await (const delta of answerDeltas(events, onConversation)) deltas.push(delta);
  return deltas;
};

test('text, citations with their own numbers and the cost arrive in order', async () => {
  const citation = { id: 3, chunk_id: 'k', document_id: 'd', title: 'Returns.pdf', page: 2, url: null, snippet: '30 days', quotes: [] };
  const last = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], citations: [citation], credits: { used: 2, balance: 766 } };
  const conversations: string[] = [];
  expect(await all(stream(said(''), 'not json', said('Within 30 days [3].'), last, '[DONE]'), (id) => conversations.push(id))).toEqual([
    { type: 'message', id: 'r-1' },
    { type: 'text', text: 'Within 30 days [3].' },
    { type: 'citations', citations: [{ number: 3, title: 'Returns.pdf', page: 2, url: null, snippet: '30 days', documentId: 'd', chunkId: 'k', inexact: false, state: 'current' }] },
    { type: 'cost', credits: 2, balance: 766 },
  ]);
  expect(conversations).toEqual(['c-1']);
});

test('a kept citation says what became of its document, and whether a quotation is word for word', () => {
  const kept = { id: 1, chunk_id: 'k', document_id: 'd', title: 'Returns.pdf', page: null, url: null, snippet: '30 days', quotes: [{ text: 'thirty days', verified: false }], state: 'deleted' as const };
  expect(shownCitation(kept)).toMatchObject({ number: 1, inexact: true, state: 'deleted' });
});

test('what one may ask next and what one should know come with the last chunk', async () => {
  const last = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], follow_ups: ['And by post?'], notices: ['It does not see pictures.'] };
  expect(await all(stream(said('Yes.'), last, '[DONE]'))).toEqual([
    { type: 'message', id: 'r-1' }, { type: 'text', text: 'Yes.' }, { type: 'notices', notices: ['It does not see pictures.'] }, { type: 'follow-ups', questions: ['And by post?'] },
  ]);
});

test('an error inside the stream is a failure with its request id, not a short answer', async () => {
  await expect(all(stream(said('Half an ans'), { error: { message: 'The model did not answer', code: 'model-failed', request_id: 'req-9' } })))
    .rejects.toMatchObject({ title: 'The model did not answer', code: 'model-failed', requestId: 'req-9' });
});

test('a stream that ends without its end mark is a failure', async () => {
  await expect(all(stream(said('Half')))).rejects.toMatchObject({ kind: 'network' });
});
