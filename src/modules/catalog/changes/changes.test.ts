import { expect, test } from 'vitest';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { langflowFile, SECRET_IN_FILE } from '../../../testing/langflow-file.ts';
import { buy } from '../../../testing/products.ts';
import { completeDraft, sellerIn, waitingVersion } from '../../../testing/selling.ts';
import { marketplaceEndpoints, providerEndpoints, reviewEndpoints } from '../contract.ts';
import { changesEndpoints } from './contract.ts';

const app = await startApp();
const operator = await app.person('Olga', { operator: true });
const ann = await sellerIn(app, 'Ann');

async function upload(seller: Person, productId: string, content: string): Promise<void> {
  const body = new FormData();
  body.set('file', new Blob([content]), 'flow.json');
  const answer = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function approve(productId: string): Promise<void> {
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });
}

/** A product on sale whose flow was imported from a file, and somebody who set a value of it. */
async function sold(slug: string) {
  const { id: productId } = await ann.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: slug } });
  await upload(ann, productId, JSON.stringify(langflowFile()));
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { ...completeDraft(slug), plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0 }, { key: 'pro', name: 'Pro', tier: 'pro', priceMonthlyMinor: 2_900 }] } });
  await approve(productId);
  return productId;
}

const changes = async (productId: string, query: { from?: number; to?: number | 'draft' } = {}) => (await ann.ok(changesEndpoints.compareVersions, { params: { productId }, query })).changes;

test('a first draft has nothing to be compared with', async () => {
  const { id } = await ann.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: 'First' } });
  await upload(ann, id, JSON.stringify(langflowFile()));
  expect(await changes(id)).toBeNull();
});

test('a file imported again as the next draft is compared with what is on sale, in every part', async () => {
  const productId = await sold('compared');
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  const buyer = await app.person('Bea');
  const { subscription_id: subscriptionId } = await buy(buyer, { productId, seller: ann, planIds: Object.fromEntries(detail.plans.map((plan) => [plan.terms.key, plan.id])) });
  await buyer.ok(subscriptionEndpoints.configure, { params: { subscriptionId }, body: { configuration: { parameters: { brand_voice: 'calm' } } } });

  await ann.ok(providerEndpoints.editProduct, { params: { productId } });
  expect(await changes(productId)).toMatchObject({ from: 1, to: null, flow: { steps: { added: [], removed: [], changed: [] } }, capabilities: [], plans: { added: [], removed: [], changed: [] }, listing: [], lostSettings: [] });

  await upload(ann, productId, JSON.stringify(langflowFile({ custom: true, prompt: 'Speak {style} to: {question}', variables: { style: 'kindly' }, model: 'gpt-4o' })));
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: {
    capabilities: { configuration: { rag: { enabled: false }, persona: { enabled: false } } }, listing: { ...completeDraft('compared').listing, summary: 'Another summary of what it does.' },
    plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0 }, { key: 'pro', name: 'Pro', tier: 'pro', priceMonthlyMinor: 3_900 }],
  } });
  const diff = await changes(productId);
  expect(diff?.flow.steps.added.map(({ name }) => name)).toEqual(['CustomComponent']);
  const fields = Object.fromEntries(diff?.flow.steps.changed.flatMap((step) => step.fields.map((field) => [field.path, [field.before, field.after]])) ?? []);
  expect(Object.values(fields)).toContainEqual(['Speak in the voice {brand_voice} to: {question}', 'Speak {style} to: {question}']);
  expect(diff?.flow.parameters).toMatchObject({ added: [expect.objectContaining({ name: 'style' })], removed: [expect.objectContaining({ name: 'brand_voice' })] });
  expect(diff?.flow.requires).toEqual({ added: ['models.gpt-4o'], removed: ['models.gpt-4o-mini'] });
  expect(diff?.capabilities).toContainEqual(expect.objectContaining({ path: 'configuration.persona.enabled', before: true, after: false, effect: 'loss' }));
  expect(diff?.plans).toMatchObject({ added: [], removed: [], changed: [{ key: 'pro', fields: [{ path: 'priceMonthlyMinor', before: 2_900, after: 3_900 }] }] });
  expect(diff?.listing.map(({ path }) => path)).toEqual(['summary']);
  expect(diff?.lostSettings).toEqual([{ name: 'brand_voice', title: expect.any(String), subscriptions: 1 }]);
  expect(JSON.stringify(diff)).not.toContain(SECRET_IN_FILE);

  // The reviewer sees the same, and the seller between any two versions.
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  const versionId = await waitingVersion(operator, productId);
  expect((await operator.ok(changesEndpoints.getReviewChanges, { params: { versionId } })).changes).toEqual({ ...diff, to: 2 });
  expect(await changes(productId, { from: 1, to: 2 })).toEqual({ ...diff, to: 2 });
  expect(await changes(productId, { from: 2, to: 1 })).toMatchObject({ from: 2, to: 1, flow: { steps: { removed: [{ name: 'CustomComponent' }] } } });
});

test('the file of each version can be downloaded, and imported again it changes nothing', async () => {
  const productId = await sold('downloaded');
  const params = { productId };
  await ann.ok(providerEndpoints.editProduct, { params });
  await upload(ann, productId, JSON.stringify(langflowFile({ prompt: 'Be brief, {brand_voice}: {question}' })));
  const [first, draft] = [await (await ann.fetch(`/api/v1/provider/products/${productId}/flow/file?version=1`)).text(), await (await ann.fetch(`/api/v1/provider/products/${productId}/flow/file`)).text()];
  expect([first.includes('Speak in the voice'), draft.includes('Be brief'), first.includes(SECRET_IN_FILE)]).toEqual([true, true, false]);
  await upload(ann, productId, first);
  expect(await changes(productId)).toMatchObject({ flow: { steps: { added: [], removed: [], changed: [] }, wires: { added: [], removed: [] }, parameters: { added: [], removed: [], changed: [] } } });
  // A version that says exactly what the one on sale says is none.
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ status: 'approved', pending_version: null, version: 1 });
  expect((await ann.call(providerEndpoints.downloadFlow, { params, query: { version: 9 } })).status).toBe(404);
});

test('what was handed to buyers stays so when the flow is imported again', async () => {
  const productId = await sold('handed-over');
  const params = { productId };
  await ann.ok(providerEndpoints.editProduct, { params });
  await ann.ok(providerEndpoints.saveDraft, { params, body: { exposedParameters: [] } });
  await upload(ann, productId, JSON.stringify(langflowFile({ prompt: '{brand_voice}, {tone}: {question}', variables: { brand_voice: 'warm', tone: 'calm' } })));
  expect((await ann.ok(providerEndpoints.getDraft, { params })).draft.exposedParameters).toEqual(['tone']);
});

test.each([
  ['the flow', async (productId: string) => upload(ann, productId, JSON.stringify(langflowFile({ prompt: 'Send everything to me, {brand_voice}: {question}' })))],
  ['the listing', async (productId: string) => { await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { listing: { ...completeDraft('x').listing, name: 'Something Else', slug: `else-${productId.slice(-12)}` } } }); }],
  ['a price', async (productId: string) => { await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 9_900 }] } }); }],
  ['what buyers may set', async (productId: string) => { await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { exposedParameters: [] } }); }],
  ['the questions', async (productId: string) => { await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { questions: [{ question: 'Hello?' }] } }); }],
] as const)('%s, changed after the approval, reaches nobody before it is approved again', async (_name, edit) => {
  const productId = await sold(`gate-${Math.random().toString(36).slice(2, 10)}`);
  const params = { productId };
  const before = await app.stranger.ok(marketplaceEndpoints.getProduct, { params });
  await ann.ok(providerEndpoints.editProduct, { params });
  await edit(productId);
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ version: 1, pending_version: 2 });
  expect(await app.stranger.ok(marketplaceEndpoints.getProduct, { params })).toEqual(before);
  expect((await operator.ok(reviewEndpoints.getReview, { params: { versionId: await waitingVersion(operator, productId) } })).number).toBe(2);
});

test('versions of others are compared for nobody else', async () => {
  const productId = await sold('private');
  const bea = await sellerIn(app, 'Bea');
  expect((await bea.call(changesEndpoints.compareVersions, { params: { productId }, query: {} })).status).toBe(404);
  expect((await bea.call(changesEndpoints.compareVersions, { params: { productId }, query: { from: 1, to: 1 } })).status).toBe(404);
  expect((await ann.call(changesEndpoints.compareVersions, { params: { productId }, query: { from: 1, to: 9 } })).status).toBe(404);
});
