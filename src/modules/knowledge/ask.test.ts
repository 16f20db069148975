import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { knowledgeEndpoints } from './contract.ts';

const vendor = await startLoopbackModelServer();
afterAll(async () => vendor.close());
const app = await startApp({ OPENAI_API_KEY: 'sk-vendor-key', OPENAI_BASE_URL: `${vendor.url}/v1`, COHERE_API_KEY: 'co-key', COHERE_BASE_URL: vendor.url });
beforeEach(() => { vendor.fail(null); });

const DOCUMENTS = [
  { external_id: 'parking', title: 'Parking', text: 'Visitors park behind the house, left of the gate.' },
  { external_id: 'canteen', title: 'Canteen', text: 'Lunch is served from noon to two on the third floor.' },
  { external_id: 'garden', title: 'Garden', text: 'answer: roses grow along the fence.' },
];

/** A subscription that knows the documents, and what it finds, best first, with why. */
async function subscriber(name: string, reranking: boolean) {
  const person = await app.person(name);
  const { subscription_id: subscriptionId } = await buy(person, await sampleProduct(app, {
    capabilities: { configuration: { rag: { enabled: true, processing: { embedding: { model: 'text-embedding-3-small' } }, retrieval: { reranking: { enabled: reranking } } } } },
  }));
  await app.settled();
  const params = { subscriptionId };
  await person.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documents: DOCUMENTS }) });
  await app.settled();
  const found = async (method: 'hybrid' | 'keyword' | 'vector') => {
    const { data } = await person.ok(knowledgeEndpoints.search, { params, body: { query: 'Where may visitors park?', method } });
    return Object.fromEntries(data.map((hit) => [hit.external_id, hit.found_by]));
  };
  return { found };
}

test('a search tells at which place words and meaning found each passage, and only of what was asked', async () => {
  const { found } = await subscriber('Ann', false);
  expect((await found('keyword'))['parking']).toEqual({ words: 1, reranked: false });
  expect((await found('vector'))['parking']).toEqual({ meaning: 1, reranked: false });
  const both = await found('hybrid');
  expect(both['parking']).toEqual({ words: 1, meaning: 1, reranked: false });
  // Nothing in it was asked for: it is only near.
  expect(both['canteen']).toEqual({ words: null, meaning: expect.any(Number), reranked: false });
});

test('a search tells where a model read the passages again, and where it could not', async () => {
  const { found } = await subscriber('Ben', true);
  const again = await found('hybrid');
  expect(Object.keys(again)[0]).toBe('garden');
  expect(again['garden']).toMatchObject({ words: null, reranked: true });
  expect(again['parking']).toEqual({ words: 1, meaning: 1, reranked: true });
  vendor.fail({ kind: 'status', status: 500 });
  expect((await found('keyword'))['parking']).toEqual({ words: 1, reranked: false });
});
