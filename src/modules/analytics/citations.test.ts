import { parse } from 'csv-parse/sync';
import OpenAI from 'openai';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import type { Configuration } from '#modules/capabilities/contract.ts';
import { apiKeyEndpoints, chatEndpoints, consoleChatEndpoints } from '#modules/gateway/contract.ts';
import { Citation, KeptCitation } from '#modules/knowledge/citation-contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { transcriptEndpoints } from './contract.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());
const product = await sampleProduct(app, { capabilities: { interfaces: { chat: { enabled: true, features: { multiTurn: true, streaming: true } } }, analytics: { conversations: { enabled: true, features: { transcripts: true, export: true, search: true } } }, configuration: { rag: { enabled: true } } } });
beforeEach(() => { models.reply({ text: '“Goods may be returned within thirty days” [1]. We open at nine [2], they say [9].' }); });

/** A subscription that knows two things, asked through the official client. */
async function subscribed(configuration: Configuration = {}) {
  const buyer = await app.person('Bea');
  const { subscription_id: subscriptionId } = await buy(buyer, product);
  await app.settled();
  const params = { subscriptionId };
  await buyer.ok(subscriptionEndpoints.configure, { params, body: { configuration: { ...configuration, rag: { confidenceThreshold: 0, ...configuration.rag } } } });
  const key = await buyer.ok(apiKeyEndpoints.issue, { params, body: { name: 'Server' } });
  const client = new OpenAI({ apiKey: key.secret, baseURL: `${app.baseUrl}/v1`, maxRetries: 0 });
  const learn = async (id: string, title: string, text: string, url: string | null = null) => {
    const { data } = await buyer.ok(knowledgeEndpoints.addDocuments, { params, body: { documents: [{ external_id: id, title, text, url }] } } as never);
    await app.settled();
    return data[0]?.id ?? '';
  };
  const returns = await learn('returns', 'Returns [x] `y`', 'Goods may be returned within thirty days. The carrier collects them.', 'https://example.com/returns(1)?a=b c');
  const hours = await learn('hours', 'Hours', 'Our goods counter opens at nine and closes at six.');
  const keptIn = async (conversationId: string) => {
    const { transcript } = await buyer.ok(transcriptEndpoints.get, { params: { ...params, conversationId } });
    return transcript.find(({ role }) => role === 'assistant') ?? expect.fail('there is no answer');
  };
  return { buyer, params, client, caller: app.key(key.secret), learn, keptIn, documents: { returns, hours } };
}

const question = 'Within how many days may goods be returned, and when does the counter open?';
const Answered = z.looseObject({ conversation_id: z.string(), citations: z.array(Citation), choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })) });
const ask = async ({ client }: { client: OpenAI }) => {
  const { choices: [choice], ...answer } = Answered.parse(await client.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: question }] }));
  return { ...answer, text: choice?.message.content ?? '' };
};
/** Everything a stream says, and the citations of its last chunk. */
const Chunk = z.looseObject({ conversation_id: z.string().nullable(), choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().default('') }) })), citations: z.array(Citation).optional() });
async function streamed(response: Response) {
  const chunks = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: {')).map((line) => Chunk.parse(JSON.parse(line.slice(6))));
  return { text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), citations: chunks.at(-1)?.citations ?? [], conversationId: chunks[0]?.conversation_id ?? '' };
}
/** By number, and without what differs from answer to answer. */
const content = (citations: readonly z.infer<typeof Citation>[]) => citations.map((citation) => Citation.parse(citation));

test('inline: the same objects come with the answer, its stream, the run page, the widget, the transcript and both exports', async () => {
  const who = await subscribed();
  const answer = await ask(who);
  expect(answer.text).toBe('“Goods may be returned within thirty days” [1]. We open at nine [2], they say.');
  const byTitle = new Map(answer.citations.map((citation) => [citation.title, citation]));
  expect(byTitle.get('Returns [x] `y`')).toMatchObject({ document_id: who.documents.returns, page: null, url: expect.stringContaining('https://example.com/returns'), snippet: expect.stringContaining('thirty days') });
  expect(byTitle.get('Hours')).toMatchObject({ document_id: who.documents.hours, url: null, snippet: 'Our goods counter opens at nine and closes at six.' });
  expect(answer.citations.find(({ id }) => id === 1)?.quotes).toEqual([{ text: 'Goods may be returned within thirty days', verified: answer.citations[0]?.document_id === who.documents.returns }]);
  expect(answer.citations).toHaveLength(2);

  const body = JSON.stringify({ messages: [{ role: 'user', content: question }], stream: true });
  const json = { 'content-type': 'application/json' };
  const stream = await streamed(await who.caller.fetch(chatEndpoints.complete.path, { method: 'POST', headers: json, body }));
  const page = await streamed(await who.buyer.fetch(consoleChatEndpoints.run.path.replace(':subscriptionId', who.params.subscriptionId), { method: 'POST', headers: json, body: JSON.stringify({ message: question }) }));
  const keys = await who.buyer.ok(apiKeyEndpoints.list, { params: who.params });
  const publishable = keys.data.find(({ kind }) => kind === 'publishable')?.publishable_key ?? '';
  const widget = await streamed(await app.key(publishable, { origin: app.baseUrl }).fetch(chatEndpoints.complete.path, { method: 'POST', headers: json, body }));
  for (const other of [stream, page, widget]) {
    expect(other.text).toBe(answer.text);
    expect(other.citations).toEqual(content(answer.citations));
  }
  const kept = await who.keptIn(answer.conversation_id);
  expect(kept.citations).toEqual(answer.citations.map((citation) => ({ ...citation, state: 'current' })));

  const exported = async (path: string) => (await who.buyer.fetch(path.replace(':subscriptionId', who.params.subscriptionId))).text();
  const Exported = z.object({ conversations: z.array(z.looseObject({ id: z.string(), transcript: z.array(z.looseObject({ role: z.string(), citations: z.array(KeptCitation) })) })) });
  const whole = Exported.parse(JSON.parse(await exported(transcriptEndpoints.exportJson.path))).conversations.find(({ id }) => id === answer.conversation_id);
  expect(whole?.transcript.find(({ role }) => role === 'assistant')?.citations).toEqual(kept.citations);
  const rows = z.array(z.looseObject({ conversation: z.string(), role: z.string(), citations: z.string(), sources: z.string() })).parse(parse(await exported(transcriptEndpoints.exportAll.path), { columns: true, bom: true }));
  const row = rows.find(({ conversation, role }) => conversation === answer.conversation_id && role === 'assistant');
  expect(z.array(KeptCitation).parse(JSON.parse(row?.sources ?? ''))).toEqual(kept.citations);
  expect(row?.citations).toContain('[1] ');
});

test('footnote: markers stand at the end of the line and the sources under the text, in words for every channel', async () => {
  const who = await subscribed({ rag: { citations: 'footnote' } });
  const { text, citations } = await ask(who);
  const [said, list] = text.split('\n\nSources:\n');
  expect(said).toBe('“Goods may be returned within thirty days”. We open at nine, they say. [1][2]');
  expect(list?.split('\n').toSorted()).toEqual(citations.map(({ id, title }) => (title === 'Hours' ? `[${id}] Hours` : `[${id}] Returns (x) 'y', https://example.com/returns%281%29?a=b%20c`)).toSorted());
  const body = JSON.stringify({ messages: [{ role: 'user', content: question }], stream: true });
  expect((await streamed(await who.caller.fetch(chatEndpoints.complete.path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }))).text).toBe(text);
  const german = await who.client.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: 'Innerhalb wie vieler Tage kann ich goods zurückgeben?' }] });
  expect(german.choices[0]?.message.content).toContain('\n\nQuellen:\n[1] ');
});

test('none: neither markers nor sources leave, whole, streamed or kept', async () => {
  const who = await subscribed({ rag: { citations: 'none' } });
  const answer = await ask(who);
  expect([answer.text, answer.citations]).toEqual(['“Goods may be returned within thirty days”. We open at nine, they say.', []]);
  const body = JSON.stringify({ messages: [{ role: 'user', content: question }], stream: true });
  const stream = await streamed(await who.caller.fetch(chatEndpoints.complete.path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
  expect([stream.text, stream.citations]).toEqual([answer.text, []]);
  expect((await who.keptIn(answer.conversation_id)).citations).toEqual([]);
});

test('without excerpts a source still has its name and place', async () => {
  const who = await subscribed({ rag: { includeSnippets: false } });
  const { citations } = await ask(who);
  expect(citations.map(({ snippet }) => snippet)).toEqual(['', '']);
  expect(citations.map(({ title }) => title).toSorted()).toEqual(['Hours', 'Returns [x] `y`']);
});

test('what was cited stays readable when its document is changed, indexed anew or deleted, and the transcript says which', async () => {
  const who = await subscribed();
  const answer = await ask(who);
  const states = async () => Object.fromEntries((await who.keptIn(answer.conversation_id)).citations.map(({ title, state }) => [title, state]));
  const before = (await who.keptIn(answer.conversation_id)).citations;
  expect(await states()).toEqual({ 'Returns [x] `y`': 'current', Hours: 'current' });

  // The same text, cut and embedded anew under other ids.
  for (const documentId of Object.values(who.documents)) await who.buyer.ok(knowledgeEndpoints.reindexDocument, { params: { ...who.params, documentId } });
  await app.settled();
  expect(await states()).toEqual({ 'Returns [x] `y`': 'current', Hours: 'current' });

  await who.learn('hours', 'Hours', 'We are closed for good.');
  expect(await states()).toEqual({ 'Returns [x] `y`': 'current', Hours: 'changed' });

  await who.buyer.ok(knowledgeEndpoints.deleteDocument, { params: { ...who.params, documentId: who.documents.returns } });
  expect(await states()).toEqual({ 'Returns [x] `y`': 'deleted', Hours: 'changed' });
  // Nothing but that is other than it was.
  expect(content((await who.keptIn(answer.conversation_id)).citations)).toEqual(content(before));
  expect((await who.keptIn(answer.conversation_id)).content).toBe(answer.text);
  const gone = await who.buyer.call(knowledgeEndpoints.previewDocument, { params: { ...who.params, documentId: who.documents.returns } });
  expect([gone.status, gone.problem.code]).toEqual([404, 'not_found']);
});
