import { expect, test } from 'vitest';
import { outbox } from '#platform/events/tables.ts';
import { startApp } from '../../testing/app.ts';
import { marketplaceEndpoints, providerEndpoints, reviewEndpoints } from './contract.ts';
import { completeDraft, draftedProduct, sellerIn, soldProduct, waitingVersion } from '../../testing/selling.ts';

const app = await startApp();
const operator = await app.person('Olga', { operator: true });
const ann = await sellerIn(app, 'Ann');

const found = async (search: string) => (await app.stranger.ok(marketplaceEndpoints.searchProducts, { query: { search } })).data.map((card) => card.slug);

test('an organization without a provider profile cannot start a product', async () => {
  const bob = await app.person('Bob');
  const answer = await bob.call(providerEndpoints.createProduct, { body: { category: 'agent', name: 'Mine' } });
  expect(answer.status).toBe(403);
});

test('a product goes from draft to review to the marketplace', async () => {
  const productId = await draftedProduct(ann, 'parcel-agent', 'Parcel Agent');
  const params = { productId };
  expect(await app.stranger.call(marketplaceEndpoints.getProduct, { params })).toMatchObject({ status: 404 });
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ status: 'draft', has_draft: true, name: 'Parcel Agent', version: null });

  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ status: 'pending_review', has_draft: false, pending_version: 1, listed: false });
  expect(await app.stranger.call(marketplaceEndpoints.getProduct, { params })).toMatchObject({ status: 404 });
  expect(await found('parcel')).toEqual([]);

  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: { verify_provider: true } });
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: 'parcel-agent' } });
  expect(detail).toMatchObject({
    id: productId, slug: 'parcel-agent', version: 1, category_slug: 'agents', provider: { name: 'Ann Agents', verified: true }, price_from_minor: 2900,
    credits_per_message: 2, can_try: true, welcome_message: 'Hello', suggested_prompts: ['Where is my parcel?'], rating: null, rating_split: [0, 0, 0, 0, 0],
  });
  expect(detail.plans.map((plan) => [plan.terms.key, plan.terms.priceMonthlyMinor])).toEqual([['starter', 2900], ['enterprise', null]]);
  expect(detail.parameters.map((parameter) => parameter.name)).toEqual(['persona_name']);
  expect(await found('parcel')).toEqual(['parcel-agent']);
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ status: 'approved', listed: true, version: 1, pending_version: null });
});

test('an unfinished draft is kept, and refused only when it is submitted, with everything it lacks', async () => {
  const { id } = await ann.ok(providerEndpoints.createProduct, { body: { category: 'assistant', subcategory: 'general', name: 'Half' } });
  const params = { productId: id };
  const draft = await ann.ok(providerEndpoints.saveDraft, { params, body: { listing: { summary: 'short' }, plans: [{ tier: 'gold', priceMonthlyMinor: -1 }], capabilities: { interfaces: { chat: { enabled: 'yes' } } }, step: 4 } });
  expect(draft.step).toBe(4);
  expect(draft.capabilities.interfaces.chat.enabled).toBe(true);
  const answer = await ann.call(providerEndpoints.submitProduct, { params });
  expect(answer).toMatchObject({ status: 422, problem: { code: 'draft_incomplete' } });
  const errors = new Map(answer.problem.errors.map((error) => [error.path, error.message]));
  expect(errors.get('flow')).toBe('Import a flow, or start with a template.');
  expect(errors.get('listing.name')).toBe('This is missing.');
  expect(errors.get('listing.summary')).toBe('At least 10 characters.');
  expect([...errors.keys()]).toEqual(expect.arrayContaining(['plans.0.name', 'plans.0.tier', 'plans.0.priceMonthlyMinor', 'capabilities.interfaces.chat.enabled', 'listing.slug']));
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ status: 'draft', pending_version: null });
});

test('saving one part of a draft leaves the others as they are', async () => {
  const productId = await draftedProduct(ann, 'kept-parts');
  const draft = await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { changelog: 'First' } });
  expect(draft.draft).toMatchObject({ changelog: 'First', template: 'blank', listing: { slug: 'kept-parts' }, exposedParameters: ['persona_name'] });
  expect(draft.draft.flowId).not.toBeNull();
  expect(draft.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
});

test('an unknown field of a draft is refused by name, as is a price or an owner', async () => {
  const productId = await draftedProduct(ann, 'strict-draft');
  for (const field of ['tenant_id', 'status', 'listed', 'price', 'created_at']) {
    const answer = await ann.fetch(`/api/v1/provider/products/${productId}/draft`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ [field]: 'x' }) });
    expect(await answer.json()).toMatchObject({ code: 'invalid', errors: [{ message: `unknown field "${field}"` }] });
  }
});

test('a submitted product cannot be changed until the review, and a rejection gives it back with the reason', async () => {
  const productId = await draftedProduct(ann, 'second-try');
  const params = { productId };
  await ann.ok(providerEndpoints.submitProduct, { params });
  expect((await ann.call(providerEndpoints.saveDraft, { params, body: { changelog: 'x' } })).problem.code).toBe('in_review');
  expect((await ann.call(providerEndpoints.editProduct, { params })).problem.code).toBe('in_review');
  expect((await ann.call(providerEndpoints.submitProduct, { params })).problem.code).toBe('in_review');

  const versionId = await waitingVersion(operator, productId);
  await operator.ok(reviewEndpoints.reject, { params: { versionId }, body: { reason: 'Say what it costs, please.' } });
  expect((await operator.call(reviewEndpoints.approve, { params: { versionId }, body: {} })).problem.code).toBe('already_reviewed');
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ status: 'rejected', rejection_reason: 'Say what it costs, please.', has_draft: true });
  expect((await ann.ok(providerEndpoints.getDraft, { params })).draft.listing).toMatchObject({ slug: 'second-try' });
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ status: 'pending_review', pending_version: 2 });
});

test('a new version waits for review while buyers still get the approved one', async () => {
  const productId = await soldProduct(ann, operator, 'two-versions', 'Two Versions');
  const params = { productId };
  const before = await app.stranger.ok(marketplaceEndpoints.getProduct, { params });
  const draft = await ann.ok(providerEndpoints.editProduct, { params });
  const { plans } = draft.draft;
  await ann.ok(providerEndpoints.saveDraft, { params, body: { plans: [{ ...plans[0], priceMonthlyMinor: 9900 }], listing: { ...draft.draft.listing, name: 'Three Versions' }, changelog: 'Dearer' } });
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ status: 'approved', listed: true, version: 1, pending_version: 2, name: 'Two Versions' });
  expect(await app.stranger.ok(marketplaceEndpoints.getProduct, { params })).toEqual(before);

  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });
  const after = await app.stranger.ok(marketplaceEndpoints.getProduct, { params });
  expect(after).toMatchObject({ name: 'Three Versions', price_from_minor: 9900, version: 2, changelog: 'Dearer' });
  expect(after.plans).toHaveLength(1);
  expect(after.plans[0]?.id).not.toBe(before.plans[0]?.id);
  expect((await ann.ok(providerEndpoints.listVersions, { params })).data.map((version) => [version.number, version.active])).toEqual([[2, true], [1, false]]);
});

test('a product is taken off at once, and listed again at once when nothing changed', async () => {
  const productId = await soldProduct(ann, operator, 'off-and-on', 'Off And On');
  const params = { productId };
  expect(await ann.ok(providerEndpoints.unpublishProduct, { params })).toMatchObject({ status: 'approved', listed: false });
  expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params })).status).toBe(404);
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ listed: true });

  await ann.ok(providerEndpoints.unpublishProduct, { params });
  await ann.ok(providerEndpoints.editProduct, { params });
  await ann.ok(providerEndpoints.saveDraft, { params, body: { changelog: 'nothing to see' } });
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ listed: true, has_draft: false, pending_version: null });
});

test('a product taken off while its new version waits stays off after the approval', async () => {
  const productId = await soldProduct(ann, operator, 'stays-off', 'Stays Off');
  const params = { productId };
  const { draft } = await ann.ok(providerEndpoints.editProduct, { params });
  await ann.ok(providerEndpoints.saveDraft, { params, body: { listing: { ...draft.listing, name: 'Stays Off Two' } } });
  await ann.ok(providerEndpoints.submitProduct, { params });
  await ann.ok(providerEndpoints.unpublishProduct, { params });
  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ version: 2, listed: false });
});

test('two products cannot have one address, not even while one only waits for review', async () => {
  const bea = await sellerIn(app, 'Bea');
  await ann.ok(providerEndpoints.submitProduct, { params: { productId: await draftedProduct(ann, 'wanted-address') } });
  const second = await draftedProduct(bea, 'wanted-address');
  const answer = await bea.call(providerEndpoints.submitProduct, { params: { productId: second } });
  expect(answer.problem.errors).toEqual([{ path: 'listing.slug', message: 'Another product already has this address. Choose a different one.' }]);
});

test('an address that another version asks for cannot be taken by an approval that comes later', async () => {
  const bea = await sellerIn(app, 'Bea');
  const mine = await soldProduct(ann, operator, 'before-move', 'Before Move');
  const { draft } = await ann.ok(providerEndpoints.editProduct, { params: { productId: mine } });
  await ann.ok(providerEndpoints.saveDraft, { params: { productId: mine }, body: { listing: { ...draft.listing, slug: 'after-move' } } });
  await ann.ok(providerEndpoints.submitProduct, { params: { productId: mine } });
  expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params: { productId: 'after-move' } })).status).toBe(404);
  const answer = await bea.call(providerEndpoints.submitProduct, { params: { productId: await draftedProduct(bea, 'after-move') } });
  expect(answer.problem.errors[0]?.path).toBe('listing.slug');
});

test('hostile words in a listing stay words', async () => {
  const words = '<script>alert(1)</script> [x](javascript:alert(1)) \u0000\ud800 ${7*7} {{constructor}}';
  const productId = await draftedProduct(ann, 'hostile-words');
  const params = { productId };
  const { draft } = await ann.ok(providerEndpoints.saveDraft, { params, body: { listing: { ...completeDraft('hostile-words').listing, name: 'Hostile <b>', description: words, videoUrl: 'javascript:alert(1)', logo: '/files/../api/v1/me' } } });
  expect(draft.listing['description']).toBe('<script>alert(1)</script> [x](javascript:alert(1)) \ufffd ${7*7} {{constructor}}');
  const answer = await ann.call(providerEndpoints.submitProduct, { params });
  expect(answer.problem.errors.map((error) => error.path)).toEqual(expect.arrayContaining(['listing.videoUrl', 'listing.logo']));
});

test('a draft that nests without end is refused, not stored', async () => {
  const productId = await draftedProduct(ann, 'deep-draft');
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  const answer = await ann.fetch(`/api/v1/provider/products/${productId}/draft`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: `{"capabilities":${deep}}` });
  expect(answer.status).toBe(422);
  expect((await ann.ok(providerEndpoints.getDraft, { params: { productId } })).draft.capabilities).toEqual(completeDraft('').capabilities);
});

test('declared capabilities are refused with the path that is wrong, and come back complete', async () => {
  const productId = await draftedProduct(ann, 'declared');
  const params = { productId };
  const wrong = await ann.fetch(`/api/v1/provider/products/${productId}/capabilities`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"interfaces":{"telepathy":true}}' });
  expect(wrong.status).toBe(422);
  const complete = await ann.ok(providerEndpoints.setCapabilities, { params, body: { interfaces: { api: { enabled: false } } } });
  expect(complete).toMatchObject({ category: 'agent', interfaces: { chat: { enabled: true }, api: { enabled: false } } });
  expect(await ann.ok(providerEndpoints.getCapabilities, { params })).toEqual(complete);
});

test('promising what the flow cannot do keeps a draft from being submitted', async () => {
  const productId = await draftedProduct(ann, 'promises', 'Promises', { capabilities: { configuration: { rag: { enabled: true } } } });
  const answer = await ann.call(providerEndpoints.submitProduct, { params: { productId } });
  expect(answer.problem.errors.map((error) => error.path)).toContain('capabilities.configuration.rag.enabled');
});

test('a product that nobody bought is deleted, one that was bought is archived and can come back', async () => {
  const draft = await draftedProduct(ann, 'never-sold');
  await ann.ok(providerEndpoints.deleteProduct, { params: { productId: draft } });
  expect((await ann.call(providerEndpoints.getSellerProduct, { params: { productId: draft } })).status).toBe(404);

  const params = { productId: await soldProduct(ann, operator, 'once-sold', 'Once Sold', { plans: [{ name: 'Credits', tier: 'starter', priceMonthlyMinor: 0 }] }) };
  const [plan] = (await app.stranger.ok(marketplaceEndpoints.getProduct, { params })).plans;
  const buyer = await app.person('Bob');
  const bought = await buyer.fetch('/api/v1/subscriptions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ product_id: params.productId, plan_id: plan?.id, project_id: buyer.projectId }) });
  expect(bought.status).toBe(201);
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ subscribers: 1 });
  await ann.ok(providerEndpoints.deleteProduct, { params });
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toMatchObject({ status: 'archived', listed: false });
  expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params })).status).toBe(404);
  expect((await ann.ok(providerEndpoints.listProducts, { query: {} })).data.map((product) => product.id)).not.toContain(params.productId);
  expect(await ann.ok(providerEndpoints.submitProduct, { params })).toMatchObject({ status: 'approved', listed: true });
});

test('another seller’s product answers as if it did not exist, on sale or not', async () => {
  const bea = await sellerIn(app, 'Bea');
  const products = [await draftedProduct(ann, 'hers-draft'), await soldProduct(ann, operator, 'hers-sold', 'Hers Sold')];
  for (const productId of products) {
    const params = { productId };
    const before = await ann.ok(providerEndpoints.getSellerProduct, { params });
    const answers = [
      await bea.call(providerEndpoints.getSellerProduct, { params }), await bea.call(providerEndpoints.getDraft, { params }),
      await bea.call(providerEndpoints.saveDraft, { params, body: { changelog: 'mine now' } }), await bea.call(providerEndpoints.editProduct, { params }),
      await bea.call(providerEndpoints.submitProduct, { params }), await bea.call(providerEndpoints.unpublishProduct, { params }),
      await bea.call(providerEndpoints.listVersions, { params }), await bea.call(providerEndpoints.getCapabilities, { params }),
      await bea.call(providerEndpoints.setCapabilities, { params, body: {} }), await bea.call(providerEndpoints.deleteProduct, { params }),
      await bea.call(providerEndpoints.downloadFlow, { params }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 404));
    expect((await bea.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"template":"blank"}' })).status).toBe(404);
    expect(await ann.ok(providerEndpoints.getSellerProduct, { params })).toEqual(before);
  }
  expect((await bea.ok(providerEndpoints.listProducts, { query: {} })).data).toEqual([]);
});

test('a flow of another organization cannot be put into a draft by its id', async () => {
  const bea = await sellerIn(app, 'Bea');
  const hers = await ann.ok(providerEndpoints.getDraft, { params: { productId: await draftedProduct(ann, 'her-flow') } });
  const mine = await draftedProduct(bea, 'my-flow');
  expect((await bea.call(providerEndpoints.saveDraft, { params: { productId: mine }, body: { flowId: hers.draft.flowId } })).status).toBe(404);
});

test('only operators see and decide reviews', async () => {
  const productId = await draftedProduct(ann, 'not-yours-to-judge');
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  const versionId = await waitingVersion(operator, productId);
  expect((await ann.call(reviewEndpoints.listQueue, { query: {} })).status).toBe(403);
  expect((await ann.call(reviewEndpoints.approve, { params: { versionId }, body: {} })).status).toBe(403);
  expect((await app.stranger.call(reviewEndpoints.getReview, { params: { versionId } })).status).toBe(401);
  expect((await operator.call(reviewEndpoints.reject, { params: { versionId }, body: { reason: 'no' } })).status).toBe(422);
  expect(await operator.ok(reviewEndpoints.getReview, { params: { versionId } })).toMatchObject({ status: 'pending_review', first: true, code: [], listing: { slug: 'not-yours-to-judge' } });
});

test('submission, rejection and approval are told as events that name product, version and seller', async () => {
  const productId = await draftedProduct(ann, 'told-to-all', 'Told To All');
  const params = { productId };
  await ann.ok(providerEndpoints.submitProduct, { params });
  const rejected = await waitingVersion(operator, productId);
  await operator.ok(reviewEndpoints.reject, { params: { versionId: rejected }, body: { reason: 'Change the picture.' } });
  await ann.ok(providerEndpoints.submitProduct, { params });
  const approved = await waitingVersion(operator, productId);
  await operator.ok(reviewEndpoints.approve, { params: { versionId: approved }, body: {} });
  const rows = await app.composition.platform.database.asOperator('test', async (tx) => tx.select().from(outbox).orderBy(outbox.createdAt));
  const told = rows.filter((row) => JSON.stringify(row.payload).includes(productId)).map((row) => [row.name, row.payload]);
  const common = { productId, organizationId: ann.organizationId, name: 'Told To All' };
  expect(told).toEqual([
    ['product.submitted', { ...common, versionId: rejected }], ['product.rejected', { ...common, versionId: rejected, reason: 'Change the picture.' }],
    ['product.submitted', { ...common, versionId: approved }], ['product.approved', { ...common, versionId: approved, first: true }],
  ]);
});

test('what is stored for a version is never changed by later drafts', async () => {
  const productId = await soldProduct(ann, operator, 'set-in-stone', 'Set In Stone');
  const { plans, capabilities } = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  const { draft } = await ann.ok(providerEndpoints.editProduct, { params: { productId } });
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { plans: [{ ...draft.plans[0], rateCard: { message: 9 } }], exposedParameters: [] } });
  await ann.ok(providerEndpoints.setCapabilities, { params: { productId }, body: { interfaces: { widget: { enabled: false } } } });
  expect(await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } })).toMatchObject({ plans, capabilities, parameters: [{ name: 'persona_name' }] });
});
