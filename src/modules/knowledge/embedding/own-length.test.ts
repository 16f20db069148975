import { afterAll, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { startApp } from '../../../testing/app.ts';
import { buy, sampleProduct, type SampleForSale } from '../../../testing/products.ts';
import { embeddingEndpoints } from './contract.ts';

const vendor = await startLoopbackModelServer();
afterAll(async () => vendor.close());
const app = await startApp({ OPENAI_API_KEY: 'sk-vendor-key', OPENAI_BASE_URL: `${vendor.url}/v1` });

const productWith = async (embedding: object) => sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, processing: { embedding } } } } });
const lengthOf = async (name: string, product: SampleForSale) => {
  const person = await app.person(name);
  const { subscription_id: subscriptionId } = await buy(person, product);
  await app.settled();
  const { model, dimensions } = await person.ok(embeddingEndpoints.get, { params: { subscriptionId } });
  return { model, dimensions };
};

test('a subscription gets the length its product names, and the model’s own where it names none', async () => {
  expect(await lengthOf('Ann', await productWith({ model: 'text-embedding-3-large', dimensions: 1536 }))).toEqual({ model: 'text-embedding-3-large@1536', dimensions: 1536 });
  expect(await lengthOf('Ben', await productWith({ model: 'text-embedding-3-large' }))).toEqual({ model: 'text-embedding-3-large', dimensions: 3072 });
});
