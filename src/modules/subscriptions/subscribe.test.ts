import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { ledgerDifferences, orders } from '#modules/billing/index.ts';
import { providerEndpoints } from '#modules/catalog/contract.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { buy, keysOf, pay, sampleProduct, subscriptionOf as get } from '../../testing/products.ts';
import { subscriptionEndpoints } from './contract.ts';
import { subscriptions } from './index.ts';

const app = await startApp();
const system = systemProcess(app.composition.platform, 'test');
const product = await sampleProduct(app);

const order = (person: Person, plan = 'free', cycle: 'monthly' | 'yearly' = 'monthly') =>
  ({ product_id: product.productId, plan_id: product.planIds[plan] ?? '', project_id: person.projectId, cycle });
const subscribe = async (person: Person, plan = 'free', cycle: 'monthly' | 'yearly' = 'monthly') => buy(person, product, plan, cycle);
const post = async (person: Person, body: unknown, headers: Record<string, string> = {}) =>
  person.fetch('/api/v1/subscriptions', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

test('a plan without a price is active, provisioned and has its key when the answer comes', async () => {
  const ann = await app.person('Ann');
  const placed = await subscribe(ann);
  expect(placed).toMatchObject({ state: 'active', checkout_id: null, checkout_url: null });
  const subscription = await get(ann, placed.subscription_id);
  expect(subscription).toMatchObject({
    name: 'Sample agent', provider_name: 'Sally Seller Ltd', category: 'agent', category_slug: 'agents', plan_name: 'Free', state: 'active', provisioned: true, version: 1, cycle: 'none',
    project: { id: ann.projectId, name: 'My first project' }, runtime_endpoint: `/v1/agents/${placed.subscription_id}/chat`, configured: [],
  });
  expect(subscription.parameters.map((parameter) => parameter.name)).toContain('persona_name');
  expect(subscription.checklist.map(({ key, done }) => [key, done])).toEqual([['provisioned', true], ['train', false], ['brand', false], ['test', false], ['embed', false]]);
  expect((await keysOf(ann, placed.subscription_id)).map((key) => key.kind)).toEqual(['publishable']);
});

test('a plan with a price waits for its payment, and is provisioned by it with the messages it includes', async () => {
  const ann = await app.person('Ann');
  const placed = await subscribe(ann, 'pro');
  expect(placed).toMatchObject({ state: 'pending', checkout_url: `/checkout/pay/${placed.checkout_id}` });
  expect(await get(ann, placed.subscription_id)).toMatchObject({ state: 'pending', provisioned: false, runtime_endpoint: null });
  await pay(ann, placed.checkout_id);
  await app.settled();
  expect(await get(ann, placed.subscription_id)).toMatchObject({ state: 'active', provisioned: true, cycle: 'monthly', usage: { messages: 0, messages_included: 1000, credits: 0 } });
  const yearly = await subscribe(ann, 'pro', 'yearly');
  expect(await ann.ok(billingEndpoints.getCheckout, { params: { checkoutId: yearly.checkout_id ?? '' } })).toMatchObject({ amount_minor: 29_000 });
});

test('50 payments of one order at the same time provision it once', async () => {
  const ann = await app.person('Ann');
  const placed = await subscribe(ann, 'pro');
  await Promise.all(Array.from({ length: 50 }, async () => pay(ann, placed.checkout_id)));
  await app.settled();
  const [row] = await system.asOperator('test', async ({ tx }) => tx.select().from(subscriptions).where(eq(subscriptions.id, placed.subscription_id)));
  expect(row).toMatchObject({ state: 'active' });
  expect(await keysOf(ann, placed.subscription_id)).toHaveLength(1);
  const quota = await system.asTenant(ann.organizationId, async ({ tx }) => tx.execute(`select balance::int from ledger_accounts where kind = 'wallet' and unit = 'messages:${placed.subscription_id}'`));
  expect(quota.rows).toEqual([{ balance: 1000 }]);
  expect(await system.asOperator('test', async ({ tx }) => ledgerDifferences(tx))).toEqual([]);
});

test('50 requests with one Idempotency-Key at the same time are one purchase; another request with the key is refused', async () => {
  const ann = await app.person('Ann');
  const key = { 'idempotency-key': 'click-1' };
  const answers = await Promise.all(Array.from({ length: 50 }, async () => post(ann, order(ann, 'pro'), key)));
  const bodies = await Promise.all(answers.map(async (answer) => `${answer.status} ${JSON.stringify(await answer.json())}`));
  expect(new Set(bodies).size).toBe(1);
  expect((await ann.ok(billingEndpoints.listOrders, { params: { organizationId: ann.organizationId } })).data).toHaveLength(1);
  expect((await post(ann, order(ann, 'free'), key)).status).toBe(422);
  const bob = await app.person('Bob');
  expect((await post(bob, order(bob, 'pro'), key)).status).toBe(201);
});

test('50 purchases at the same time are 50 complete copies', async () => {
  const ann = await app.person('Ann');
  const placed = await Promise.all(Array.from({ length: 50 }, async () => subscribe(ann)));
  await app.settled();
  const { data } = await ann.ok(subscriptionEndpoints.list);
  expect(data).toHaveLength(50);
  expect(new Set(placed.map((one) => one.subscription_id)).size).toBe(50);
  expect(data.every((card) => card.state === 'active' && card.provisioned)).toBe(true);
  const flows = await system.asTenant(ann.organizationId, async ({ tx }) => tx.execute('select count(*)::int as n from flows'));
  expect(flows.rows).toEqual([{ n: 50 }]);
});

test('a price, state, tenant or capability in the request is refused by name, and nothing is bought', async () => {
  const ann = await app.person('Ann');
  const other = await app.person('Bob');
  for (const extra of [
    { price: 0 }, { amount_minor: 1 }, { org_id: other.organizationId }, { subscription_id: uuidv7() }, { state: 'active' }, { capabilities: {} }, { created_at: '2020-01-01T00:00:00Z' },
    { currency: 'JPY' }, { quantity: 0 }, { coupon: 'FREE' }, { role: 'owner' },
  ]) {
    const answer = await post(ann, { ...order(ann, 'pro'), ...extra });
    expect([answer.status, extra]).toEqual([422, extra]);
    expect(JSON.stringify(await answer.json())).toContain(`unknown field \\"${Object.keys(extra)[0]}\\"`);
  }
  expect((await ann.ok(subscriptionEndpoints.list)).data).toEqual([]);
});

test('a project of somebody else, an unknown product and another product’s plan answer 404', async () => {
  const [ann, bob] = [await app.person('Ann'), await app.person('Bob')];
  const another = await sampleProduct(app, { name: 'Another agent' });
  for (const body of [
    { ...order(ann), project_id: bob.projectId }, { ...order(ann), project_id: uuidv7() }, { ...order(ann), product_id: uuidv7() }, { ...order(ann), plan_id: uuidv7() },
    { ...order(ann), plan_id: another.planIds['free'] },
  ]) expect((await post(ann, body)).status).toBe(404);
  expect((await app.stranger.call(subscriptionEndpoints.subscribe, { body: order(ann) })).status).toBe(401);
});

test('what has no price, no yearly price, or cannot run here is refused with words', async () => {
  const ann = await app.person('Ann');
  expect((await ann.call(subscriptionEndpoints.subscribe, { body: order(ann, 'enterprise') })).problem.code).toBe('plan_needs_contact');
  const monthly = await sampleProduct(app, { plans: [{ key: 'monthly', name: 'Monthly', tier: 'pro', priceMonthlyMinor: 100 }] });
  const yearly = { product_id: monthly.productId, plan_id: monthly.planIds['monthly'] ?? '', project_id: ann.projectId, cycle: 'yearly' as const };
  expect((await ann.call(subscriptionEndpoints.subscribe, { body: yearly })).problem.code).toBe('cycle_not_offered');
  const coming = await sampleProduct(app, { availability: 'coming' });
  const answer = await ann.call(subscriptionEndpoints.subscribe, { body: { product_id: coming.productId, plan_id: coming.planIds['free'] ?? '', project_id: ann.projectId } });
  expect([answer.status, answer.problem.code]).toEqual([409, 'product_coming']);
});

test('an unlisted product cannot be bought any more; who bought it keeps it', async () => {
  const sample = await sampleProduct(app);
  const ann = await app.person('Ann');
  const body = { product_id: sample.productId, plan_id: sample.planIds['free'] ?? '', project_id: ann.projectId };
  const before = await ann.ok(subscriptionEndpoints.subscribe, { body });
  await sample.seller.ok(providerEndpoints.unpublishProduct, { params: { productId: sample.productId } });
  expect((await ann.call(subscriptionEndpoints.subscribe, { body })).status).toBe(404);
  expect((await get(ann, before.subscription_id)).state).toBe('active');
});

test('a payment that arrives after the product left the marketplace still delivers what was ordered', async () => {
  const sample = await sampleProduct(app);
  const ann = await app.person('Ann');
  const placed = await ann.ok(subscriptionEndpoints.subscribe, { body: { product_id: sample.productId, plan_id: sample.planIds['pro'] ?? '', project_id: ann.projectId } });
  await sample.seller.ok(providerEndpoints.unpublishProduct, { params: { productId: sample.productId } });
  await pay(ann, placed.checkout_id);
  await app.settled();
  expect((await get(ann, placed.subscription_id)).provisioned).toBe(true);
});

test('a subscription is invisible to every other organization, the seller’s included', async () => {
  const [ann, bob] = [await app.person('Ann'), await app.person('Bob')];
  const { subscription_id: subscriptionId } = await subscribe(ann);
  const params = { subscriptionId };
  for (const other of [bob, product.seller]) {
    for (const answer of [
      await other.call(subscriptionEndpoints.get, { params }), await other.call(subscriptionEndpoints.getConfiguration, { params }), await other.call(subscriptionEndpoints.getEntitlements, { params }),
      await other.call(subscriptionEndpoints.rename, { params, body: { name: 'Mine now' } }), await other.call(subscriptionEndpoints.cancel, { params }),
      await other.call(subscriptionEndpoints.configure, { params, body: { configuration: { persona: { name: 'Eve' } } } }), await other.call(subscriptionEndpoints.writeReview, { params, body: { rating: 1 } }),
    ]) expect([answer.status, answer.problem.code]).toEqual([404, 'not_found']);
    expect((await other.ok(subscriptionEndpoints.list)).data).toEqual([]);
  }
  expect(await get(ann, subscriptionId)).toMatchObject({ name: 'Sample agent', state: 'active', revision: 1 });
});

test('My products can be narrowed to a category or a project', async () => {
  const ann = await app.person('Ann');
  const second = await ann.ok(identityEndpoints.createProject, { params: { organizationId: ann.organizationId }, body: { name: 'Second' } });
  await subscribe(ann);
  await ann.ok(subscriptionEndpoints.subscribe, { body: { ...order(ann), project_id: second.id } });
  const count = async (query: { category?: 'agents' | 'apps'; project_id?: string }) => (await ann.ok(subscriptionEndpoints.list, { query })).data.length;
  expect([await count({}), await count({ category: 'agents' }), await count({ category: 'apps' }), await count({ project_id: second.id })]).toEqual([2, 2, 0, 1]);
});

test('cancelling ends the subscription, its order and its keys, and may be repeated', async () => {
  const ann = await app.person('Ann');
  const { subscription_id: subscriptionId, order_id: orderId } = await subscribe(ann);
  await ann.ok(subscriptionEndpoints.cancel, { params: { subscriptionId } });
  expect((await ann.ok(subscriptionEndpoints.cancel, { params: { subscriptionId } })).state).toBe('cancelled');
  await app.settled();
  expect((await ann.ok(billingEndpoints.getOrder, { params: { orderId } })).state).toBe('cancelled');
  expect(await keysOf(ann, subscriptionId)).toEqual([]);
  expect((await ann.call(subscriptionEndpoints.configure, { params: { subscriptionId }, body: { configuration: {} } })).problem.code).toBe('subscription_ended');
});

test('of a cancellation and a payment at the same time one decides, and the other agrees', async () => {
  for (let round = 0; round < 5; round += 1) {
    const ann = await app.person('Ann');
    const placed = await subscribe(ann, 'pro');
    const [paid] = await Promise.all([
      ann.call(billingEndpoints.paySandbox, { params: { checkoutId: placed.checkout_id ?? '' }, body: { card: '4242424242424242' } }),
      ann.call(subscriptionEndpoints.cancel, { params: { subscriptionId: placed.subscription_id } }),
    ]);
    await app.settled();
    expect((await get(ann, placed.subscription_id)).state).toBe('cancelled');
    const [row] = await system.asOperator('test', async ({ tx }) => tx.select().from(orders).where(eq(orders.id, placed.order_id)));
    expect(row?.state).toBe('cancelled');
    expect([200, 409]).toContain(paid.status);
  }
});

test('only active subscribers review a product, and never their own', async () => {
  const ann = await app.person('Ann');
  const pending = await subscribe(ann, 'pro');
  const review = { rating: 5, text: 'Answers well.' };
  expect((await ann.call(subscriptionEndpoints.writeReview, { params: { subscriptionId: pending.subscription_id }, body: review })).problem.code).toBe('review_needs_subscription');
  const bought = await subscribe(ann);
  await ann.ok(subscriptionEndpoints.writeReview, { params: { subscriptionId: bought.subscription_id }, body: review });
  const own = await product.seller.ok(subscriptionEndpoints.subscribe, { body: order(product.seller) });
  expect((await product.seller.call(subscriptionEndpoints.writeReview, { params: { subscriptionId: own.subscription_id }, body: review })).problem.code).toBe('own_product');
  expect((await ann.call(subscriptionEndpoints.writeReview, { params: { subscriptionId: bought.subscription_id }, body: { rating: 6 } })).status).toBe(422);
});
