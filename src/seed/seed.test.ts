import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { marketplaceEndpoints } from '#modules/catalog/contract.ts';
import { Me } from '#modules/identity/contract.ts';
import type { Process } from '#platform/context.ts';
import { startApp } from '../testing/app.ts';
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from './accounts.ts';
import type { SampleKnowledge } from './ports.ts';
import { readSamples } from './read-samples.ts';
import { fillSamples, SAMPLE_SUBSCRIPTION, seedSamples, type SeedParts } from './seed.ts';

const app = await startApp();
const { platform, identity } = app.composition;
const samples = await readSamples();
const withKnowledge = samples.filter((sample) => sample.knowledge.documents.length > 0);

/** A store that breaks once, at the n-th file. */
let filesLeft = 4;
const stored = new Map<string, Uint8Array>();
const files: SeedParts['files'] = {
  put: async (key, bytes) => {
    if (filesLeft-- === 0) throw new Error('the disk went away');
    stored.set(key, bytes);
  },
  get: async (key) => stored.get(key) ?? null,
  remove: async (key) => { stored.delete(key); },
};

/** Knowledge in memory that breaks once, at the third product. */
let fills = 0;
const bases = new Map<string, { tenant: string; filled: number }>();
/** What was added to knowledge that somebody else made: the one of the sample subscription. */
const trained: { tenant: string; id: string; documents: number }[] = [];
const knowledge: SampleKnowledge = {
  create: async ({ tenant }, { id }) => { bases.set(id, bases.get(id) ?? { tenant, filled: 0 }); return id; },
  fill: async ({ tenant }, id, { documents }) => {
    const base = bases.get(id);
    if (!base) {
      trained.push({ tenant, id, documents: documents.length });
      return;
    }
    if (base.tenant !== tenant) throw new Error('filled a base of somebody else');
    if (++fills === 3) throw new Error('the power went out');
    base.filled += documents.length;
  },
};

const bought: { tenant: string; actor: Process['actor']['kind']; product: string; plan: string; project: string; documents: number }[] = [];
const subscribe: SeedParts['subscribe'] = async (process, input, subscriptionId) => {
  const { tenant, actor } = process;
  const { body } = input;
  const documents = [...bases.values()].reduce((sum, base) => sum + base.filled, 0);
  bought.push({ tenant, actor: actor.kind, product: body.product_id, plan: body.plan_id, project: body.project_id, documents });
  await app.composition.subscriptions.subscribe(process, input, subscriptionId);
};
const parts: SeedParts = { platform, identity, files, knowledge, subscribe };

/** Signs a sample person in and asks who they are. */
async function signIn(email: string): Promise<Me> {
  const answer = await app.stranger.fetch('/api/auth/sign-in/email', {
    method: 'POST', headers: { 'content-type': 'application/json', origin: app.baseUrl }, body: JSON.stringify({ email, password: SAMPLE_PASSWORD }),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie().map((item) => item.split(';')[0]).join('; ');
  return Me.parse(await (await app.stranger.fetch('/api/v1/me', { headers: { cookie } })).json());
}

async function rowCounts(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  await platform.database.asOperator('count rows in a test', async (tx) => {
    for (const table of ['providers', 'projects', 'products', 'product_versions', 'plans', 'flows', 'reviews', 'sample_steps']) {
      const { rows } = await tx.execute(sql`select count(*)::int as count from ${sql.identifier(table)}`);
      counts[table] = z.object({ count: z.number() }).parse(rows[0]).count;
    }
  });
  return counts;
}

test('a start that is interrupted is continued by the next one', async () => {
  await expect(seedSamples(parts)).rejects.toThrow('the disk went away');
  expect((await rowCounts())['products']).toBe(4);
  expect(await seedSamples(parts)).toBe(true);
  expect(await rowCounts()).toMatchObject({ providers: 1, products: samples.length, product_versions: samples.length, plans: samples.length * 4, reviews: 0 });
});

test('everybody can sign in and belongs where the samples say', async () => {
  for (const { email, organization } of Object.values(SAMPLE_PEOPLE)) {
    const me = await signIn(email);
    expect(me.organizations.map((own) => own.name)).toEqual([organization]);
    expect(me.user?.operator).toBe(email === SAMPLE_PEOPLE.operator.email);
  }
  expect((await signIn(SAMPLE_PEOPLE.buyer.email)).organizations[0]?.projects.map((project) => project.name)).toEqual(['Online shop']);
  expect((await signIn(SAMPLE_PEOPLE.seller.email)).organizations[0]?.provider).toMatchObject({ name: 'Digital Atelier', slug: 'digital-atelier' });
});

test('the marketplace shows the products with their price, and claims no runs and no ratings', async () => {
  const { data } = await app.stranger.ok(marketplaceEndpoints.searchProducts, { query: { limit: 60 } });
  expect(data.map((card) => card.slug)).toEqual(samples.map((sample) => sample.slug));
  for (const card of data) {
    const sample = samples.find(({ slug }) => slug === card.slug);
    expect(card).toMatchObject({
      runs: 0, rating: null, ratings: 0, availability: sample?.availability, credits_per_message: sample?.plans[0]?.rateCard.message, price_from_minor: 0,
      provider: { name: 'Digital Atelier', verified: true }, logo: `/samples/${card.slug}/logo.svg`,
    });
  }
});

test('a product page has the listing, four plans and the parameters of the flow', async () => {
  const product = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: SAMPLE_SUBSCRIPTION.slug } });
  const sample = samples.find(({ slug }) => slug === product.slug);
  expect(product).toMatchObject({ description: sample?.listing.description, welcome_message: sample?.welcomeMessage, suggested_prompts: sample?.suggestedPrompts });
  expect(product.plans.map((plan) => plan.terms.name)).toEqual(['Credits', 'Starter', 'Professional', 'Enterprise']);
  expect(product.parameters.map((parameter) => parameter.name)).toContain('persona_name');
});

test('filling continues where it broke off; the buyer subscribes once the knowledge of that product is there', async () => {
  await expect(fillSamples(parts)).rejects.toThrow('the power went out');
  await fillSamples(parts);
  expect(fills).toBe(withKnowledge.length + 1);
  expect([...bases.values()].every((base) => base.filled >= 3)).toBe(true);
  expect(bases.size).toBe(withKnowledge.length);

  const buyer = await signIn(SAMPLE_PEOPLE.buyer.email);
  const product = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: SAMPLE_SUBSCRIPTION.slug } });
  expect(bought).toEqual([{
    tenant: buyer.organizations[0]?.id, actor: 'user', product: product.id, plan: product.plans[0]?.id, project: buyer.organizations[0]?.projects[0]?.id, documents: expect.any(Number),
  }]);
  expect(bought[0]?.documents).toBeGreaterThanOrEqual(7);
  // The buyer's own copy holds the same documents, added as the buyer.
  expect(trained).toEqual([{ tenant: buyer.organizations[0]?.id, id: expect.any(String), documents: 7 }]);
});

test('a second start changes nothing, also what somebody has deleted since', async () => {
  await platform.database.asOperator('delete a product in a test', async (tx) => {
    await tx.execute(sql`delete from products where slug = 'data-sync'`);
  });
  const before = await rowCounts();
  expect(await seedSamples(parts)).toBe(false);
  await fillSamples(parts);
  expect(await rowCounts()).toEqual(before);
  expect(before['products']).toBe(samples.length - 1);
  expect(bought).toHaveLength(1);
  expect(fills).toBe(withKnowledge.length + 1);
});

test('a logo is served as a picture that can do nothing, and no other file of the samples is', async () => {
  const logo = await app.stranger.fetch('/samples/customer-support-agent/logo.svg');
  expect(logo.status).toBe(200);
  expect(logo.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect(logo.headers.get('x-content-type-options')).toBe('nosniff');
  expect(logo.headers.get('content-security-policy')).toContain('sandbox');
  expect(await logo.text()).toMatch(/^<svg /);
  for (const address of ['/samples/no-such-product/logo.svg', '/samples/..%2f..%2fsrc/logo.svg', '/samples/README.md/logo.svg']) {
    expect((await app.stranger.fetch(address)).status).toBe(404);
  }
  expect((await app.stranger.fetch('/samples/customer-support-agent/product.json', { headers: { accept: 'application/json' } })).status).toBe(404);
});

test('samples are asked their questions in the background, and their pages tell how they did', async () => {
  await app.settled();
  const { checks, version } = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: SAMPLE_SUBSCRIPTION.slug } });
  expect([version, checks?.total]).toEqual([1, samples.find(({ slug }) => slug === SAMPLE_SUBSCRIPTION.slug)?.questions.length]);
});
