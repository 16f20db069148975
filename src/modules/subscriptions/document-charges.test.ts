import { expect, test } from 'vitest';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { ledgerDifferences, releaseStale } from '#modules/billing/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { documentCharges } from './index.ts';

const app = await startApp();
const { platform } = app.composition;
const product = await sampleProduct(app);

async function bought() {
  const ann = await app.person('Ann');
  const { subscription_id: subscriptionId } = await buy(ann, product);
  await app.settled();
  const process = systemProcess(platform, 'test', ann.organizationId);
  const wallet = async () => ann.ok(billingEndpoints.getWallet, { params: { organizationId: ann.organizationId } });
  return { process, wallet, document: { subscriptionId, documentId: uuidv7(), attempt: 1 } };
}
const differences = async () => systemProcess(platform, 'test').asOperator('test', async ({ tx }) => ledgerDifferences(tx));

test('a document costs what the plan says once, however often and however many at once ask', async () => {
  const { process, wallet, document } = await bought();
  await Promise.all(Array.from({ length: 20 }, async () => documentCharges.reserve(process, document)));
  expect(await wallet()).toMatchObject({ balance: 1000, held: 5 });
  await Promise.all(Array.from({ length: 20 }, async () => documentCharges.settle(process, document)));
  await documentCharges.release(process, document);
  await documentCharges.reserve(process, document);
  expect(await wallet()).toMatchObject({ balance: 995, held: 0 });
  expect(await differences()).toEqual([]);
});

test('a document that failed costs nothing, and is paid when a later try succeeds', async () => {
  const { process, wallet, document } = await bought();
  await documentCharges.reserve(process, document);
  await documentCharges.release(process, document);
  expect(await wallet()).toMatchObject({ balance: 1000, held: 0 });
  await documentCharges.reserve(process, document);
  await documentCharges.settle(process, document);
  expect(await wallet()).toMatchObject({ balance: 995, held: 0 });
});

test('a document processed anew is paid anew', async () => {
  const { process, wallet, document } = await bought();
  for (const attempt of [1, 2]) {
    await documentCharges.reserve(process, { ...document, attempt });
    await documentCharges.settle(process, { ...document, attempt });
  }
  expect(await wallet()).toMatchObject({ balance: 990, held: 0 });
});

test('a document that took longer than a reservation lasts is paid all the same', async () => {
  const { process, wallet, document } = await bought();
  await documentCharges.reserve(process, document);
  await process.asOperator('test', async ({ tx }) => releaseStale(tx, -1));
  expect(await wallet()).toMatchObject({ balance: 1000, held: 0 });
  await documentCharges.settle(process, document);
  expect(await wallet()).toMatchObject({ balance: 995, held: 0 });
  expect(await differences()).toEqual([]);
});

test('without the credits for it a document is refused, with what is left', async () => {
  const { process, document, wallet } = await bought();
  const documents = Array.from({ length: 210 }, () => ({ ...document, documentId: uuidv7() }));
  const refused = (await Promise.all(documents.map(async (one) => documentCharges.reserve(process, one).then(() => null, (error: unknown) => error)))).filter((error) => error !== null);
  expect(refused).toHaveLength(10);
  expect(refused[0]).toMatchObject({ type: { code: 'insufficient-credits', status: 402 }, extra: { balance: 0, needed: 5 } });
  expect(await wallet()).toMatchObject({ balance: 1000, held: 1000, available: 0 });
});
