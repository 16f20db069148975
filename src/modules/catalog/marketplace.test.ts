import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { systemProcess } from '#platform/process.ts';
import { startApp } from '../../testing/app.ts';
import { marketplaceEndpoints, providerEndpoints } from './contract.ts';
import { activeVersion, addRuns, approvedVersion, draftForPreview, productForPurchase, publishSample, writeReview, type SampleProduct } from './index.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { authoringEndpoints } from '#modules/flows/authoring/contract.ts';
import { completeDraft, draftedProduct, sellerIn, soldProduct } from '../../testing/selling.ts';

const samplesFolder = path.resolve(import.meta.dirname, '../../../samples');
const samples = readdirSync(samplesFolder).filter((slug) => existsSync(path.join(samplesFolder, slug, 'product.json')));

const app = await startApp();
const operator = await app.person('Olga', { operator: true });
const ann = await sellerIn(app, 'Ann');
const system = systemProcess(app.composition.platform, 'test');

const plan = (name: string, priceMonthlyMinor: number | null) => ({ name, tier: 'starter', priceMonthlyMinor });
const products = new Map<string, string>();
for (const [slug, name, price, tags, more] of [
  ['tax-helper', 'Tax Helper', 0, ['finance', 'forms'], { subcategory: 'multi' }],
  ['travel-planner', 'Travel Planner', 4900, ['travel'], {}],
  ['contract-reader', 'Contract Reader', 900, ['legal', 'finance'], {}],
  ['旅行助手', '旅行助手 Guide', null, ['travel'], {}],
] as const) {
  const address = slug === '旅行助手' ? 'travel-guide-zh' : slug;
  products.set(address, await soldProduct(ann, operator, address, name, { ...more, plans: [plan('Basic', price)], listing: {
    name, slug: address, summary: `${name} does what it says for you.`, description: 'A description with the rare word zymurgy in the first one only.'.replace('zymurgy', slug === 'tax-helper' ? 'zymurgy' : 'nothing'), tags: [...tags],
  } }));
}

type Query = NonNullable<Parameters<typeof search>[0]>;
async function search(query: Partial<{ search: string; category: 'agents' | 'apps'; subcategory: string; tag: string; price: 'free' | 'paid'; price_max_minor: number; sort: 'popular' | 'newest' | 'rating' | 'price' | 'name'; cursor: string; limit: number }>) {
  return app.stranger.ok(marketplaceEndpoints.searchProducts, { query });
}
const slugs = async (query: Query) => (await search(query)).data.map((card) => card.slug);

test('the categories are there from the first start, with how many products each has', async () => {
  const { data } = await app.stranger.ok(marketplaceEndpoints.listCategories);
  expect(data.map((row) => [row.name, row.slug, row.icon, row.color, row.products])).toEqual([
    ['Agents', 'agents', 'robot', '#3B82F6', 4], ['Apps', 'apps', 'grid', '#10B981', 0],
    ['Assistants', 'assistants', 'message-circle', '#8B5CF6', 0], ['Automations', 'automations', 'zap', '#F59E0B', 0],
  ]);
});

test('search finds words in any form, misspelt words, parts of words and words without borders', async () => {
  expect(await slugs({ search: 'planners travels' })).toEqual(['travel-planner']);
  expect((await slugs({ search: 'travl planing' }))[0]).toBe('travel-planner');
  expect(await slugs({ search: 'contarct' })).toEqual(['contract-reader']);
  expect(await slugs({ search: 'plann' })).toEqual(['travel-planner']);
  expect(await slugs({ search: '助手' })).toEqual(['travel-guide-zh']);
  expect(await slugs({ search: 'zymurgy' })).toEqual(['tax-helper']);
  expect((await slugs({ search: 'travel' }))).toEqual(expect.arrayContaining(['travel-planner', 'travel-guide-zh']));
  expect(await slugs({ search: 'xylophone' })).toEqual([]);
});

test('a search may hold anything without harm', async () => {
  for (const text of ["'; drop table products; --", '%', '_', '\\', '"', '((', '!&|<->', ':*', '\u0000', '\ud800', '🦊', 'a'.repeat(200)]) {
    expect((await app.stranger.call(marketplaceEndpoints.searchProducts, { query: { search: text } })).status, text).toBe(200);
  }
  expect(await slugs({ search: '%' })).toEqual([]);
  expect((await search({})).total).toBe(4);
});

test('filters narrow by kind, tag and price, and the facets count what the words leave', async () => {
  expect(await slugs({ subcategory: 'multi' })).toEqual(['tax-helper']);
  expect((await slugs({ tag: 'finance', sort: 'name' }))).toEqual(['contract-reader', 'tax-helper']);
  expect(await slugs({ price: 'free' })).toEqual(['tax-helper']);
  expect(await slugs({ price: 'paid', price_max_minor: 1000 })).toEqual(['contract-reader']);
  expect(await slugs({ category: 'apps' })).toEqual([]);
  const page = await search({ tag: 'finance' });
  expect(page.total).toBe(2);
  expect(page.facets).toEqual({
    subcategories: [{ value: 'single', count: 3 }, { value: 'multi', count: 1 }],
    tags: [{ value: 'finance', count: 2 }, { value: 'travel', count: 2 }, { value: 'forms', count: 1 }, { value: 'legal', count: 1 }],
  });
});

test('every order shows each product once across pages', async () => {
  for (const sort of ['popular', 'newest', 'rating', 'price', 'name'] as const) {
    const all = await slugs({ sort });
    const paged: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await search({ sort, limit: 1, ...(cursor ? { cursor } : {}) });
      paged.push(...page.data.map((card) => card.slug));
      cursor = page.next_cursor ?? undefined;
      more = cursor !== undefined && paged.length < 10;
    }
    expect(paged, sort).toEqual(all);
    expect(new Set(all).size).toBe(4);
  }
  expect(await slugs({ sort: 'price' })).toEqual(['tax-helper', 'contract-reader', 'travel-planner', 'travel-guide-zh']);
});

test('a cursor of another list, or none at all, is refused', async () => {
  const { next_cursor: byName } = await search({ sort: 'name', limit: 1 });
  for (const cursor of [byName ?? '', 'x', Buffer.from('["price",0,"99999999999999999999999",""]').toString('base64url'), Buffer.from('[]').toString('base64url')]) {
    expect((await app.stranger.call(marketplaceEndpoints.searchProducts, { query: { sort: 'price', cursor } })).status, cursor).toBe(400);
  }
});

test('what was run more often is more popular', async () => {
  const productId = products.get('contract-reader')!;
  await system.asOperator('test', async ({ tx }) => addRuns(tx, new Map([[productId, 7], ['01900000-0000-7000-8000-000000000000', 1]])));
  await system.asOperator('test', async ({ tx }) => addRuns(tx, new Map([[productId, 3]])));
  const [first] = (await search({ sort: 'popular' })).data;
  expect(first).toMatchObject({ slug: 'contract-reader', runs: 10 });
});

test('each organization has one review of a product, and never one of its own', async () => {
  const productId = products.get('travel-planner')!;
  const [bob, carla] = [await app.person('Bob'), await app.person('Carla')];
  const by = (person: { organizationId: string }) => systemProcess(app.composition.platform, 'test', person.organizationId);
  await writeReview(by(bob), { productId, authorName: 'Bob', rating: 2, text: 'Meh' });
  await writeReview(by(bob), { productId, authorName: 'Bob', rating: 4, text: '<b>Better</b>\u0000' });
  await writeReview(by(carla), { productId, authorName: 'Carla', rating: 5, text: '' });
  await expect(writeReview(by(ann), { productId, authorName: 'Ann', rating: 5, text: 'Mine' })).rejects.toThrow('own organization');

  expect(await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } })).toMatchObject({ rating: 4.5, ratings: 2, rating_split: [0, 0, 0, 1, 1] });
  const { data } = await bob.ok(marketplaceEndpoints.listReviews, { params: { productId } });
  expect(data.map((review) => [review.author, review.rating, review.text, review.mine])).toEqual([['Carla', 5, '', false], ['Bob', 4, '<b>Better</b>', true]]);
  expect((await app.stranger.ok(marketplaceEndpoints.listReviews, { params: { productId } })).data.map((review) => review.mine)).toEqual([false, false]);
  expect((await search({ sort: 'rating' })).data[0]?.slug).toBe('travel-planner');
});

test('a product is found by its address or id, and nothing else answers', async () => {
  const byAddress = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: 'tax-helper' } });
  expect(await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: byAddress.id } })).toEqual(byAddress);
  for (const productId of ['tax-helpers', '01900000-0000-7000-8000-000000000000', '..%2f', 'TAX_HELPER']) {
    expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params: { productId } })).status).toBe(404);
  }
});

test('a draft is never in the marketplace, by no way in', async () => {
  const productId = await draftedProduct(ann, 'secret-plan', 'Secret Plan');
  expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params: { productId } })).status).toBe(404);
  expect((await ann.call(marketplaceEndpoints.getProduct, { params: { productId } })).status).toBe(404);
  expect((await app.stranger.call(marketplaceEndpoints.getProduct, { params: { productId: 'secret-plan' } })).status).toBe(404);
  expect((await app.stranger.call(marketplaceEndpoints.listReviews, { params: { productId } })).status).toBe(404);
  expect(await slugs({ search: 'Secret Plan' })).toEqual([]);
  const buyer = systemProcess(app.composition.platform, 'test', operator.organizationId);
  await expect(buyer.run(async (ctx) => activeVersion(ctx, productId))).rejects.toThrow('no such product');
  await expect(buyer.run(async (ctx) => draftForPreview(ctx, productId))).rejects.toThrow('no such product');
  expect(await systemProcess(app.composition.platform, 'test', ann.organizationId).run(async (ctx) => draftForPreview(ctx, productId))).toMatchObject({ productId, parameters: [{ name: 'persona_name' }] });
});

test('what is bought is the active version with a plan of it, only while it is listed', async () => {
  const productId = products.get('travel-planner')!;
  const buyer = systemProcess(app.composition.platform, 'test', operator.organizationId);
  const { plans, version } = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  const planId = plans[0]!.id;
  const bought = await buyer.run(async (ctx) => productForPurchase(ctx, productId, planId));
  expect(bought).toMatchObject({ productId, number: version, sellerId: ann.organizationId, providerName: 'Ann Agents', plan: { id: planId, terms: { priceMonthlyMinor: 4900 } }, knowledgeBaseId: null });
  await expect(buyer.run(async (ctx) => productForPurchase(ctx, products.get('tax-helper')!, planId))).rejects.toThrow('no such product or plan');
  const [contact] = (await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: 'travel-guide-zh' } })).plans;
  await expect(buyer.run(async (ctx) => productForPurchase(ctx, products.get('travel-guide-zh')!, contact!.id))).rejects.toMatchObject({ type: { code: 'plan-needs-contact' } });

  await ann.ok(providerEndpoints.unpublishProduct, { params: { productId } });
  await expect(buyer.run(async (ctx) => productForPurchase(ctx, productId, planId))).rejects.toThrow('no such product');
  expect(await buyer.run(async (ctx) => approvedVersion(ctx, bought.versionId))).toMatchObject({ versionId: bought.versionId, listing: { slug: 'travel-planner' } });
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
});

test('sample products are published once; those to come are shown and cannot be bought', async () => {
  const sample = (slug: string, availability: SampleProduct['availability']): SampleProduct => ({
    category: 'automation', subcategory: 'triggered', availability, flow: flowTemplate('blank')!, capabilities: {}, changelog: 'First',
    listing: { name: `Sample ${slug}`, slug, summary: 'A sample that stands in the marketplace.', description: 'It stands in the marketplace from the start.' }, plans: [{ name: 'Credits', tier: 'starter', priceMonthlyMinor: 0 }],
  });
  const files = { put: async () => undefined, get: async () => null, remove: async () => undefined };
  const publish = async (slug: string, availability: SampleProduct['availability']) => publishSample(system, files, ann.organizationId, sample(slug, availability));
  const id = await publish('email-responder', 'coming');
  expect(await publish('email-responder', 'coming')).toBe(id);
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: 'email-responder' } });
  expect(detail).toMatchObject({ id, availability: 'coming', can_try: false, category_slug: 'automations', version: 1 });
  await expect(system.asTenant(operator.organizationId, async (ctx) => productForPurchase(ctx, id, detail.plans[0]!.id))).rejects.toThrow('no such product or plan');
  await expect(publishSample(system, files, ann.organizationId, { ...sample('broken-sample', 'coming'), plans: [] })).rejects.toThrow('Offer at least one plan');
});

test('every template becomes a product that can be submitted', async () => {
  const { data: templates } = await ann.ok(authoringEndpoints.templates);
  // The general ones, and one for every sample product.
  expect(templates.map(({ key }) => key)).toEqual(expect.arrayContaining(['blank', 'customer-support', 'sales-assistant', 'faq-bot', ...samples]));
  expect(templates).toHaveLength(4 + samples.length);
  for (const { key, title, needs, logo, category } of templates) {
    const { id } = await ann.ok(providerEndpoints.createProduct, { body: { category: category ?? 'agent', name: '' } });
    const answer = await ann.fetch(`/api/v1/provider/products/${id}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ template: key }) });
    expect(answer.status).toBe(201);
    const draft = await ann.ok(providerEndpoints.getDraft, { params: { productId: id } });
    expect(draft.findings.filter((finding) => ['flow', 'capabilities'].includes(finding.step) && finding.severity !== 'hint'), key).toEqual([]);
    expect(draft.report).toMatchObject({ format: 'template', name: title, runnable: true });
    expect(draft.capabilities.configuration.rag.enabled, key).toBe(needs.includes('Documents of the buyer'));
    // What an automation is set to do stands in its schedule and its connections.
    if (category !== 'automation') expect(draft.draft.exposedParameters.length, key).toBeGreaterThan(0);
    if (logo !== null) expect((await app.stranger.fetch(logo)).status).toBe(200);
    const { capabilities: _, ...rest } = completeDraft(`from-${key}`, `From ${key}`);
    await ann.ok(providerEndpoints.saveDraft, { params: { productId: id }, body: rest });
    expect((await ann.ok(providerEndpoints.submitProduct, { params: { productId: id } })).status, key).toBe('pending_review');
  }
});
