import { expect, test } from 'vitest';
import { startApp } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import type { CallInput } from '#platform/contract/endpoint.ts';
import { knowledgeEndpoints } from '../contract.ts';

const app = await startApp();
const filtering = { byMetadata: true, byDate: true, bySource: true };
const product = await sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, retrieval: { filtering }, processing: { metadata: { customFields: true } } } } } });
const closed = await sampleProduct(app, { name: 'Closed agent', capabilities: { configuration: { rag: { enabled: true } } } });
const ann = await app.person('Ann');
const bob = await app.person('Bob');
const { subscription_id: subscriptionId } = await buy(ann, product);
const { subscription_id: bobs } = await buy(bob, closed);
await app.settled();
const params = { subscriptionId };
const towns = Array.from({ length: 30 }, (_, index) => ({
  external_id: `town-${index}`, title: `Town ${index}`, text: `The market of town number ${index} sells cheese and bread on Saturdays.`,
  metadata: { region: index % 3 === 0 ? 'north' : 'south', people: index * 1000, ...(index === 7 ? { twin: 'Ghent' } : {}), ...(index === 9 ? { 'odd "name"': "it's {x}" } : {}) },
}));
await ann.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documents: towns }) });
const form = new FormData();
form.append('category', 'Markets');
form.append('file', new Blob(['---\ntitle: Old markets\ndate: 1999-05-04\n---\n\nThe old market sells cheese.'], { type: 'text/markdown' }), 'old.md');
await ann.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', body: form });
await app.settled();

type Body = CallInput<typeof knowledgeEndpoints.search>['body'];
const search = async (filters: NonNullable<Body['filters']>, more: Partial<Body> = {}) =>
  (await ann.ok(knowledgeEndpoints.search, { params, body: { query: 'Which market sells cheese?', top_k: 50, filters, ...more } })).data.map(({ title }) => title).toSorted();

test.each(['hybrid', 'keyword', 'vector'] as const)('a filter that leaves one document finds it among many, by %s', async (method) => {
  expect(await search({ metadata: { twin: 'Ghent' } }, { method, top_k: 1 })).toEqual(['Town 7']);
  expect(await search({ metadata: { 'odd "name"': "it's {x}" } }, { method, top_k: 1 })).toEqual(['Town 9']);
});

test('fields are compared by value, by several, by being there, and by bounds; all conditions must hold', async () => {
  expect(await search({ metadata: { region: 'north' } })).toHaveLength(10);
  expect(await search({ metadata: { region: ['north', 'south'] } })).toHaveLength(30);
  expect(await search({ metadata: { twin: { exists: true } } })).toEqual(['Town 7']);
  expect(await search({ metadata: { twin: { exists: false } } })).toHaveLength(30);
  expect(await search({ metadata: { people: { gte: 5000, lte: 7000 } } })).toEqual(['Town 5', 'Town 6', 'Town 7']);
  expect(await search({ metadata: { people: { gte: 5000, lte: 7000 }, region: 'north' } })).toEqual(['Town 6']);
  expect(await search({ metadata: { region: { gte: 1 } } })).toEqual([]);
});

test('dates are those the document states, else when it came; categories, kinds, sources and documents narrow too', async () => {
  expect(await search({ date: { to: '2000-01-01' } })).toEqual(['Old markets']);
  expect(await search({ date: { from: '1999-05-04', to: '1999-05-04' } })).toEqual(['Old markets']);
  expect(await search({ date: { from: '2000-01-01' } })).toHaveLength(30);
  expect(await search({ categories: ['Markets'] })).toEqual(['Old markets']);
  expect(await search({ kinds: ['upload'] })).toEqual(['Old markets']);
  const { data } = await ann.ok(knowledgeEndpoints.listDocuments, { params, query: { search: 'Town 12' } });
  expect(await search({ document_ids: [data[0]?.id ?? ''] })).toEqual(['Town 12']);
  expect(await search({ source_ids: [data[0]?.source_id ?? ''] })).toHaveLength(30);
});

test('a follow-up question is understood from what was said before it', async () => {
  const conversation = [{ role: 'user' as const, content: 'Tell me about town number 21.' }, { role: 'assistant' as const, content: 'Town 21 has a market.' }];
  const { data } = await ann.ok(knowledgeEndpoints.search, { params, body: { query: 'What does its market sell?', top_k: 1, conversation } });
  expect(data[0]?.title).toBe('Town 21');
});

test('what a product does not offer is refused, and odd filters are named', async () => {
  const ask = async (filters: unknown) => bob.call(knowledgeEndpoints.search, { params: { subscriptionId: bobs }, body: { query: 'cheese', filters } as Body });
  for (const filters of [{ metadata: { a: 1 } }, { date: { from: '2020-01-01' } }, { kinds: ['upload'] }]) expect((await ask(filters)).problem.code).toBe('filter_not_included');
  expect((await ask({ nonsense: true })).status).toBe(422);
  expect((await ask({ date: { from: 'yesterday' } })).status).toBe(422);
});
