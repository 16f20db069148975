import { afterAll, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { startApp } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { embeddingEndpoints } from '../embedding/contract.ts';

const server = await startLoopbackModelServer();
afterAll(async () => server.close());
const app = await startApp({ COHERE_API_KEY: 'co-test-key', COHERE_BASE_URL: server.url });
const product = await sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, retrieval: { reranking: { enabled: true, model: 'cohere-rerank' } }, processing: { embedding: { model: 'cohere-v3' } } } } } });
const ann = await app.person('Ann');
const { subscription_id: subscriptionId } = await buy(ann, product);
await app.settled();
const params = { subscriptionId };
const body = { documents: [
  { external_id: 'a', title: 'Parking', text: 'Parking parking parking: where may visitors park, and where may they not park?' },
  { external_id: 'b', title: 'Yard', text: 'Answer: behind the house, left of the gate, visitors park for nothing.' },
] };
await ann.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
await app.settled();
const search = async (method: 'hybrid' | 'keyword' = 'hybrid') => (await ann.ok(knowledgeEndpoints.search, { params, body: { query: 'Where may visitors park?', method } })).data.map((hit) => hit.external_id);

test('the reranking model that a product names reads the passages and orders them', async () => {
  expect(await search()).toEqual(['b', 'a']);
  const asked = server.calls.findLast(({ path }) => path === '/v2/rerank');
  expect(asked?.body).toMatchObject({ model: 'rerank-v3.5', query: 'Where may visitors park?' });
  expect(JSON.stringify(asked?.body['documents'])).toContain('left of the gate');
});

test('when it fails, words order the passages and the search goes on', async () => {
  server.calls.length = 0;
  // By words nothing is embedded, so that it is the reranking that is refused.
  server.fail({ kind: 'status', status: 400, times: 1 });
  const found = await search('keyword');
  expect(new Set(found)).toEqual(new Set(['a', 'b']));
  expect(server.calls.map(({ path }) => path)).toEqual(['/v2/rerank']);
});

test('knowledge is embedded by the model the product names, questions as questions', async () => {
  expect(await ann.ok(embeddingEndpoints.get, { params })).toMatchObject({ model: 'embed-multilingual-v3.0', dimensions: 1024, offline: false, customizable: false, changing: null });
  await search();
  expect(server.calls.findLast(({ path }) => path === '/v2/embed')?.body).toMatchObject({ input_type: 'search_query', texts: ['Where may visitors park?'] });
  expect((await ann.call(embeddingEndpoints.choose, { params, body: { model: 'offline' } })).problem.code).toBe('embedding_not_open');
});
