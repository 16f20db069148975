import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { providerEndpoints } from '#modules/catalog/contract.ts';
import { chatEndpoints } from '#modules/gateway/contract.ts';
import { modelEndpoints } from '#modules/models/contract.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { buy, sampleProduct, withKey } from '../../../testing/products.ts';
import { draftedProduct, sellerIn } from '../../../testing/selling.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { knowledgeBases } from '../tables.ts';
import { embeddingEndpoints } from './contract.ts';

const vendor = await startLoopbackModelServer();
const house = await startLoopbackModelServer();
afterAll(async () => { await Promise.all([vendor.close(), house.close()]); });
beforeEach(() => { vendor.calls.length = 0; house.calls.length = 0; });
const own = { baseUrl: `${house.url}/v1`, keyVariable: 'HOUSE_KEY' };
const app = await startApp({
  OPENAI_API_KEY: 'sk-vendor-key', OPENAI_BASE_URL: `${vendor.url}/v1`, HOUSE_KEY: 'house-secret-key',
  MODELS: JSON.stringify([
    { ...own, id: 'house-embed', name: 'House Embed', kind: 'embedding', remoteName: 'nomic-embed-text', dimensions: 512, dimensionsMin: 64, contextTokens: 256, price: { currency: 'EUR', input: 2, output: 0 } },
    { ...own, id: 'house-llm', name: 'House LLM', kind: 'chat', remoteName: 'llama-3.3-70b', contextTokens: 131_072 },
    { ...own, id: 'deaf-embed', name: 'Deaf Embed', kind: 'embedding', remoteName: 'deaf-model', dimensions: 512, dimensionsMin: 64 },
  ]),
});

const plans = [{ key: 'free', name: 'Free', tier: 'enterprise' as const, priceMonthlyMinor: 0, rateCard: { message: 1, document: 0, image: 1, voice: 1 } }];
const productWith = async (processing: object, generation: object = {}) => sampleProduct(app, { plans, capabilities: { configuration: { rag: { enabled: true, processing, generation } } } });

/** Somebody whose product was taught where visitors park. */
async function taught(name: string, processing: object, generation: object = {}): Promise<{ person: Person; params: { subscriptionId: string } }> {
  const person = await app.person(name);
  const { subscription_id: subscriptionId } = await buy(person, await productWith(processing, generation));
  await app.settled();
  const documents = [
    { external_id: 'a', title: 'Parking', text: 'Visitors park behind the house, left of the gate, for nothing.' },
    { external_id: 'b', title: 'Canteen', text: 'Lunch is served from noon to two in the canteen on the third floor.' },
  ];
  await person.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documents }) });
  await app.settled();
  return { person, params: { subscriptionId } };
}
const nearest = async ({ person, params }: Awaited<ReturnType<typeof taught>>) => (await person.ok(knowledgeEndpoints.search, { params, body: { query: 'Where may visitors park?', method: 'vector' } })).data[0]?.external_id;
const embeddings = (server: typeof vendor) => server.calls.filter(({ path }) => path.endsWith('/embeddings')).map(({ body }) => body);

test('a product that names fewer dimensions trains and answers with vectors of that length', async () => {
  vendor.reply({ text: 'Behind the house, left of the gate [1].' });
  const ann = await taught('Ann', { embedding: { model: 'text-embedding-3-small', dimensions: 256 } });
  expect(await ann.person.ok(embeddingEndpoints.get, ann)).toMatchObject({ model: 'text-embedding-3-small@256', title: 'OpenAI embedding 3 small, 256 numbers', dimensions: 256 });
  expect(await nearest(ann)).toBe('a');
  expect(embeddings(vendor).length).toBeGreaterThanOrEqual(3);
  for (const body of embeddings(vendor)) expect(body).toMatchObject({ model: 'text-embedding-3-small', dimensions: 256 });
  const key = await withKey(app, ann.person, ann.params.subscriptionId, ['chat']);
  const answer = await key.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'Where may visitors park?' }] } });
  expect(answer.citations).toMatchObject([{ title: 'Parking' }]);
});

test('without a length the model gives its own and is not asked for another', async () => {
  const sam = await taught('Sam', { embedding: { model: 'text-embedding-3-small' } });
  expect(await sam.person.ok(embeddingEndpoints.get, sam)).toMatchObject({ model: 'text-embedding-3-small', dimensions: 1536 });
  for (const body of embeddings(vendor)) expect(body).not.toHaveProperty('dimensions');
});

test("a product that names the operator's models is trained and answered by their server, with their key", async () => {
  house.reply({ text: 'Behind the house [1].' });
  const ben = await taught('Ben', { embedding: { model: 'house-embed' } }, { model: { default: 'house-llm' } });
  expect(await ben.person.ok(embeddingEndpoints.get, ben)).toMatchObject({ model: 'house-embed', title: 'House Embed', dimensions: 512, offline: false });
  expect(await nearest(ben)).toBe('a');
  const key = await withKey(app, ben.person, ben.params.subscriptionId, ['chat']);
  const answer = await key.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'Where may visitors park?' }] } });
  expect(answer.choices[0]?.message.content).toContain('Behind the house');
  expect(answer.citations).toMatchObject([{ title: 'Parking' }]);
  expect(new Set(house.calls.map(({ path, body, headers }) => `${path} ${String(body['model'])} ${headers['authorization']}`))).toEqual(new Set([
    '/v1/embeddings nomic-embed-text Bearer house-secret-key', '/v1/chat/completions llama-3.3-70b Bearer house-secret-key',
  ]));
  expect(vendor.calls).toEqual([]);
});

test('everybody signed in sees which models may be named, and no address or key', async () => {
  const person = await app.person('Cleo');
  const { data } = await person.ok(modelEndpoints.list, { query: { kind: 'embedding' } });
  expect(data.find(({ id }) => id === 'house-embed')).toEqual({
    id: 'house-embed', title: 'House Embed', kind: 'embedding', available: true, dimensions: 512, dimensions_min: 64, context_tokens: 256, price: { currency: 'EUR', input: 2, output: 0 },
    features: { tools: false, images: false, streaming: false },
  });
  expect(data.find(({ id }) => id === 'text-embedding-3-large')).toMatchObject({ available: true, dimensions: 3072, dimensions_min: 64 });
  expect(data.find(({ id }) => id === 'embed-multilingual-v3.0')).toMatchObject({ available: false, dimensions_min: null });
  expect(JSON.stringify(data)).not.toMatch(/house-secret-key|127\.0\.0\.1/);
});

test('a declaration that names an unknown model or a length that a model does not give is refused, field by field', async () => {
  const seller = await sellerIn(app, 'Della');
  const params = { productId: await draftedProduct(seller, 'names-models') };
  const rag = (embedding: object, more: object = {}) => ({ configuration: { rag: { enabled: true, processing: { embedding }, ...more } } });
  const refusal = async (body: object) => (await seller.call(providerEndpoints.setCapabilities, { params, body })).problem;
  const unknown = await refusal(rag({ model: 'embed-9000' }, { generation: { model: { default: 'gpt-9000', alternatives: ['house-llm', 'llm-9000'] } } }));
  expect(unknown.code).toBe('invalid');
  expect(unknown.errors.map(({ path }) => path)).toEqual(['configuration.rag.generation.model.default', 'configuration.rag.generation.model.alternatives', 'configuration.rag.processing.embedding.model']);
  expect(unknown.errors[2]?.message).toBe('There is no embedding model “embed-9000” here. Choose one of: offline-embedding, text-embedding-3-small, text-embedding-3-large, house-embed, deaf-embed.');
  expect((await refusal(rag({ model: 'house-embed', dimensions: 1024 }))).errors).toEqual([{
    path: 'configuration.rag.processing.embedding.dimensions', message: 'House Embed (house-embed) gives vectors of 64 to 512 numbers; “house-embed@1024” asks for others. Leave it 0 for the model’s own length.',
  }]);
  await seller.ok(providerEndpoints.setCapabilities, { params, body: rag({ model: 'text-embedding-3-large', dimensions: 1024 }) });
  // A draft is kept as it is, judged, and not submitted.
  const { findings } = await seller.ok(providerEndpoints.saveDraft, { params, body: { capabilities: rag({ model: 'cohere-v3', dimensions: 512 }) } });
  expect(findings).toContainEqual({ step: 'capabilities', severity: 'warning', path: 'capabilities.configuration.rag.processing.embedding.model', message: expect.stringContaining('has no key on this installation') });
  expect(findings.find(({ path }) => path.endsWith('embedding.dimensions'))).toMatchObject({ severity: 'error', message: expect.stringContaining('gives vectors of 1024 numbers only') });
  expect((await seller.call(providerEndpoints.submitProduct, { params })).problem.errors.map(({ path }) => path)).toContain('capabilities.configuration.rag.processing.embedding.dimensions');
  const long = await seller.ok(providerEndpoints.saveDraft, { params, body: { capabilities: rag({ model: 'house-embed' }) } });
  expect(long.findings.find(({ path }) => path.endsWith('chunkSize'))).toMatchObject({ severity: 'warning', message: 'House Embed (house-embed) reads at most 256 tokens at once, less than the 512 given here.' });
});

test('another length is another model: everything is embedded anew while the one before answers, and what cannot be is refused before', async () => {
  const eve = await taught('Eve', { embedding: { model: 'text-embedding-3-small', customizable: true } });
  const choose = async (body: { model: string; dimensions?: number }) => eve.person.call(embeddingEndpoints.choose, { params: eve.params, body });
  expect((await choose({ model: 'embed-9000' })).problem).toMatchObject({ code: 'invalid', errors: [{ path: 'model' }] });
  expect((await choose({ model: 'text-embedding-3-small', dimensions: 16 })).problem).toMatchObject({ errors: [{ path: 'dimensions', message: expect.stringContaining('gives vectors of 64 to 1536 numbers') }] });
  const deaf = await choose({ model: 'deaf-embed', dimensions: 128 });
  expect([deaf.status, deaf.problem.detail]).toEqual([503, 'The embedding model deaf-embed@128 gave vectors of 512 numbers where 128 were asked for.']);
  expect(await eve.person.ok(embeddingEndpoints.get, eve)).toMatchObject({ model: 'text-embedding-3-small', dimensions: 1536, changing: null });

  const begun = await choose({ model: 'text-embedding-3-small', dimensions: 512 });
  expect([begun.status, begun.body.model, begun.body.changing?.model]).toEqual([202, 'text-embedding-3-small', 'text-embedding-3-small@512']);
  expect(await nearest(eve)).toBe('a');
  await app.settled();
  expect(await eve.person.ok(embeddingEndpoints.get, eve)).toMatchObject({ model: 'text-embedding-3-small@512', dimensions: 512, changing: null });
  vendor.calls.length = 0;
  expect(await nearest(eve)).toBe('a');
  // What a search knows of a knowledge base may be a moment old: it then asks once more.
  expect(embeddings(vendor).at(-1)).toMatchObject({ dimensions: 512 });
  // Back to the model's own length, by the name alone.
  expect((await choose({ model: 'text-embedding-3-small' })).body.changing?.model).toBe('text-embedding-3-small');
  await app.settled();
  expect(await nearest(eve)).toBe('a');
});

test('a model whose length the operator corrected embeds everything anew when it is chosen again, and words answer until then', async () => {
  const gus = await taught('Gus', { embedding: { model: 'house-embed', customizable: true } });
  await systemProcess(app.composition.platform, 'test', gus.person.organizationId).run(async ({ tx }) => { await tx.update(knowledgeBases).set({ dimensions: 384 }).where(eq(knowledgeBases.subscriptionId, gus.params.subscriptionId)); });
  const found = async () => (await gus.person.ok(knowledgeEndpoints.search, { params: gus.params, body: { query: 'Where may visitors park?' } })).data[0]?.external_id;
  expect(await found()).toBe('a');
  expect((await gus.person.ok(embeddingEndpoints.choose, { params: gus.params, body: { model: 'house-embed' } })).changing).toMatchObject({ model: 'house-embed', total: 2 });
  await app.settled();
  expect(await gus.person.ok(embeddingEndpoints.get, gus)).toMatchObject({ model: 'house-embed', dimensions: 512, changing: null });
  expect(await nearest(gus)).toBe('a');
});

test('a document whose vectors come in another length than asked fails with both lengths', async () => {
  const fay = await taught('Fay', { embedding: { model: 'deaf-embed', dimensions: 64 } });
  const { data } = await fay.person.ok(knowledgeEndpoints.listDocuments, { params: fay.params, query: {} });
  expect(data.map(({ state, error }) => [state, error?.message])).toEqual(Array.from({ length: 2 }, () => ['failed', 'The embedding model deaf-embed@64 gave vectors of 512 numbers where 64 were asked for.']));
});
