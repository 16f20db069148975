import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { writeCursor } from '#platform/http/cursor.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { buy as order, cancel, sampleProduct, subscriptionOf } from '../../testing/products.ts';
import { billingEndpoints, CREDIT_PACKS, Wallet } from './contract.ts';
import { grant, ledgerDifferences, recordPayment, resetQuota, CREDIT, getWallet, messageQuota, accountId } from './index.ts';
import { sweepBilling } from './sweep.ts';
import { checkouts, ledgerAccounts, ledgerTransfers, orders } from './tables.ts';

const app = await startApp();
const { platform } = app.composition;
const system = systemProcess(platform, 'test');
const product = await sampleProduct(app);

const GOOD = '4242424242424242';
const of = (person: Person) => ({ organizationId: person.organizationId });
const wallet = async (person: Person) => person.ok(billingEndpoints.getWallet, { params: of(person) });
const pay = async (person: Person, checkoutId: string, card = GOOD) => person.call(billingEndpoints.paySandbox, { params: { checkoutId }, body: { card } });
const topUp = async (person: Person) => person.ok(billingEndpoints.topUp, { params: of(person), body: { credits: 500 } });
const differences = async () => system.asOperator('test', async ({ tx }) => ledgerDifferences(tx));
const buyer = async (name = 'Bea Buyer') => { const person = await app.person(name); await app.settled(); return person; };
const buy = async (person: Person) => order(person, product, 'pro');

test('a new organization starts with 1,000 credits, once however often the event comes', async () => {
  const ann = await buyer();
  expect(await wallet(ann)).toEqual({ unit: 'credit', balance: 1000, held: 0, available: 1000 });
  await system.asTenant(ann.organizationId, async (ctx) => grant(ctx, { id: uuidFrom('welcome-credits', ann.organizationId), unit: CREDIT, amount: 1000n, reason: 'grant', reference: 'welcome' }));
  expect((await wallet(ann)).balance).toBe(1000);
});

test('a bought pack of credits arrives with the answer to the payment and is listed', async () => {
  const ann = await buyer();
  const checkout = await topUp(ann);
  expect(checkout).toMatchObject({ state: 'open', amount_minor: 500, currency: 'USD', credits: 500, url: `/checkout/pay/${checkout.id}`, provider: 'sandbox' });
  expect((await pay(ann, checkout.id, '4242 4242 4242 4242')).body.state).toBe('paid');
  expect((await wallet(ann)).balance).toBe(1500);
  const transfers = await ann.ok(billingEndpoints.listTransfers, { params: of(ann) });
  expect(transfers.data.map(({ reason, amount }) => [reason, amount])).toEqual([['top-up', 500], ['grant', 1000]]);
});

test('50 payments of one checkout at the same time, and its events again, grant its credits once', async () => {
  const ann = await buyer();
  const checkout = await topUp(ann);
  const answers = await Promise.all(Array.from({ length: 50 }, async () => pay(ann, checkout.id)));
  expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.state}`))).toEqual(new Set(['200 paid']));
  await Promise.all(Array.from({ length: 5 }, async () => system.asTenant(ann.organizationId, async (ctx) => recordPayment(ctx, checkout.id, { paid: true }))));
  await app.settled();
  expect((await wallet(ann)).balance).toBe(1500);
  expect(await differences()).toEqual([]);
});

test('a declined card says why, costs nothing, and another card may follow; a late decline undoes nothing', async () => {
  const ann = await buyer();
  const checkout = await topUp(ann);
  const declined = await pay(ann, checkout.id, '4000000000000002');
  expect(declined.body).toMatchObject({ state: 'failed', failure: expect.stringContaining('declined') });
  expect((await pay(ann, checkout.id, '4000000000009995')).body.failure).toContain('insufficient funds');
  expect((await wallet(ann)).balance).toBe(1000);
  expect((await pay(ann, checkout.id)).body).toMatchObject({ state: 'paid', failure: null });
  expect((await pay(ann, checkout.id, '4000000000000002')).body.state).toBe('paid');
  expect((await wallet(ann)).balance).toBe(1500);
});

test('a card the sandbox does not know is refused with the one that works', async () => {
  const ann = await buyer();
  const checkout = await topUp(ann);
  const answer = await pay(ann, checkout.id, '5555555555554444');
  expect(answer.status).toBe(422);
  expect(answer.problem).toMatchObject({ code: 'card_unknown', detail: expect.stringContaining('4242 4242 4242 4242'), errors: [{ path: 'card' }] });
  expect((await ann.ok(billingEndpoints.getCheckout, { params: { checkoutId: checkout.id } })).state).toBe('open');
});

test('the price is the server’s: amounts, quantities and currencies in the request are refused', async () => {
  const ann = await buyer();
  const hostile: Record<string, unknown>[] = [
    { credits: 500, amount_minor: 1 }, { credits: 500, price: 0 }, { credits: 500, currency: 'JPY' }, { credits: 500, quantity: -1 }, { credits: 500, coupon: 'FREE' },
    { credits: -500 }, { credits: 0 }, { credits: 1.5 }, { credits: 1e9 }, { credits: '500' }, { credits: 501 }, {},
  ];
  for (const body of hostile) {
    const answer = await ann.fetch(billingEndpoints.topUp.path.replace(':organizationId', ann.organizationId), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect([answer.status, body]).toEqual([422, body]);
  }
  for (const pack of CREDIT_PACKS) {
    const checkout = await ann.ok(billingEndpoints.topUp, { params: of(ann), body: { credits: pack.credits } });
    expect(checkout.amount_minor).toBe(pack.amountMinor);
  }
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', 'javascript:alert(1)', ''])('the return path %j is refused', async (return_path) => {
  const ann = await buyer();
  const answer = await ann.call(billingEndpoints.topUp, { params: of(ann), body: { credits: 500, return_path } });
  expect([answer.status, answer.problem.code]).toEqual([422, 'return_path_invalid']);
});

test('the same Idempotency-Key finds the same payment; for another pack it is refused, and for somebody else it is new', async () => {
  const [ann, bob] = [await buyer('Ann'), await buyer('Bob')];
  const send = async (person: Person, credits: number) => {
    const answer = await person.fetch(billingEndpoints.topUp.path.replace(':organizationId', person.organizationId), {
      method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'one-key' }, body: JSON.stringify({ credits }),
    });
    return { status: answer.status, id: z.object({ id: z.string().optional() }).parse(await answer.json()).id };
  };
  const same = await Promise.all(Array.from({ length: 20 }, async () => send(ann, 500)));
  expect(new Set(same.map(({ id }) => id)).size).toBe(1);
  expect((await send(ann, 2500)).status).toBe(422);
  expect((await send(bob, 500)).id).not.toBe(same[0]?.id);
});

test('money of one organization is invisible to every other', async () => {
  const [ann, bob] = [await buyer('Ann'), await buyer('Bob')];
  const checkout = await topUp(ann);
  const { order_id: orderId } = await buy(ann);
  for (const answer of [
    await bob.call(billingEndpoints.getWallet, { params: of(ann) }), await bob.call(billingEndpoints.listTransfers, { params: of(ann) }),
    await bob.call(billingEndpoints.listOrders, { params: of(ann) }), await bob.call(billingEndpoints.topUp, { params: of(ann), body: { credits: 500 } }),
    await bob.call(billingEndpoints.getCheckout, { params: { checkoutId: checkout.id } }), await pay(bob, checkout.id),
    await bob.call(billingEndpoints.getOrder, { params: { orderId } }), await bob.call(billingEndpoints.payOrder, { params: { orderId } }),
  ]) expect([answer.status, answer.problem.code]).toEqual([404, 'not_found']);
  expect((await ann.ok(billingEndpoints.getCheckout, { params: { checkoutId: checkout.id } })).state).toBe('open');
  expect((await app.stranger.call(billingEndpoints.getWallet, { params: of(ann) })).status).toBe(401);
});

test('an order is shown to buyer and seller, each on their side, and the seller cannot pay or lock it', async () => {
  const ann = await buyer();
  const { order_id: orderId } = await buy(ann);
  const { seller } = product;
  expect((await ann.ok(billingEndpoints.listOrders, { params: of(ann) })).data).toMatchObject([{ id: orderId, state: 'pending', amount_minor: 2900, buyer_name: 'Bea Buyer organization' }]);
  expect((await seller.ok(billingEndpoints.listSales, { query: { state: 'pending' } })).data.map((order) => order.id)).toContain(orderId);
  expect((await seller.ok(billingEndpoints.listOrders, { params: of(seller) })).data).toEqual([]);
  expect((await ann.ok(billingEndpoints.listSales)).data).toEqual([]);
  expect((await seller.ok(billingEndpoints.getOrder, { params: { orderId } })).id).toBe(orderId);
  expect((await seller.call(billingEndpoints.payOrder, { params: { orderId } })).status).toBe(404);
});

test('a buyer who left the payment page is led back to the same payment, also when the page was never opened', async () => {
  const ann = await buyer();
  const { order_id: orderId, checkout_id: checkoutId } = await buy(ann);
  // As after a crash between the order's commit and the provider's answer.
  await system.asOperator('test', async ({ tx }) => tx.update(checkouts).set({ details: { description: 'Sample' } }).where(eq(checkouts.id, checkoutId ?? '')));
  const again = await Promise.all(Array.from({ length: 10 }, async () => ann.ok(billingEndpoints.payOrder, { params: { orderId } })));
  expect(new Set(again.map((one) => `${one.id} ${one.url}`))).toEqual(new Set([`${checkoutId} /checkout/pay/${checkoutId}`]));
  expect((await pay(ann, checkoutId ?? '')).body.state).toBe('paid');
  expect((await ann.call(billingEndpoints.payOrder, { params: { orderId } })).problem.code).toBe('order_closed');
});

test('an order that is not paid within a day expires with its payment; a paid one stays', async () => {
  const [ann, bob] = [await buyer('Ann'), await buyer('Bob')];
  const [left, paid] = [await buy(ann), await buy(bob)];
  const topped = await topUp(ann);
  await pay(bob, paid.checkout_id ?? '');
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await system.asOperator('test', async ({ tx }) => {
    await tx.update(orders).set({ createdAt: yesterday });
    await tx.update(checkouts).set({ createdAt: yesterday });
  });
  await sweepBilling(system);
  await sweepBilling(system);
  await app.settled();
  const state = async (person: Person, orderId: string) => (await person.ok(billingEndpoints.getOrder, { params: { orderId } })).state;
  expect([await state(ann, left.order_id), await state(bob, paid.order_id)]).toEqual(['expired', 'active']);
  for (const id of [left.checkout_id ?? '', topped.id]) {
    const refused = await pay(ann, id);
    expect([refused.status, refused.problem.code]).toEqual([409, 'checkout_closed']);
  }
  expect((await subscriptionOf(ann, left.subscription_id)).state).toBe('expired');
});

test('money a provider takes for an order that was cancelled meanwhile is kept as owed back, and delivers nothing', async () => {
  const ann = await buyer();
  const { subscription_id: subscriptionId, checkout_id: checkoutId, order_id: orderId } = await buy(ann);
  await cancel(ann, subscriptionId);
  expect((await pay(ann, checkoutId ?? '')).status).toBe(409);
  await system.asTenant(ann.organizationId, async (ctx) => recordPayment(ctx, checkoutId ?? '', { paid: true }));
  await app.settled();
  const [row] = await system.asOperator('test', async ({ tx }) => tx.select().from(checkouts).where(eq(checkouts.id, checkoutId ?? '')));
  expect(row).toMatchObject({ state: 'paid', details: { refund: 'due' } });
  expect((await ann.ok(billingEndpoints.getOrder, { params: { orderId } })).state).toBe('cancelled');
});

test('a list of transfers neither repeats nor drops rows of the same moment, and refuses a forged cursor', async () => {
  const ann = await buyer();
  // Microseconds apart, as a Postgres server writes them; amounts of zero leave the balance as it is.
  await system.asTenant(ann.organizationId, async ({ tx }) => tx.insert(ledgerTransfers).values([1, 2, 3, 4, 5, 6, 7].map((index) => ({
    phase: 'post' as const, fromAccount: accountId(ann.organizationId, 'grants', CREDIT), toAccount: accountId(ann.organizationId, 'wallet', CREDIT), amount: 0n, reason: 'grant', reference: String(index),
    createdAt: sql`'2026-01-01T00:00:00.000Z'::timestamptz + make_interval(secs => ${index % 2 === 0 ? 0.000_400 : 0.000_700})`,
  }))));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ann.ok(billingEndpoints.listTransfers, { params: of(ann), query: { limit: 3, ...(cursor ? { cursor } : {}) } });
    seen.push(...page.data.map((transfer) => transfer.reference));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen.toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7', 'welcome']);
  for (const forged of ['x', writeCursor('never', uuidv7()), writeCursor(new Date().toISOString(), 'no id')]) {
    expect((await ann.call(billingEndpoints.listTransfers, { params: of(ann), query: { cursor: forged } })).status).toBe(422);
  }
});

test('a new period replaces what was left of the old one, once, and leaves reserved messages alone', async () => {
  const tenant = uuidv7();
  const subscriptionId = uuidv7();
  const left = async () => system.asTenant(tenant, async ({ tx }) => {
    const [row] = await tx.select().from(ledgerAccounts).where(eq(ledgerAccounts.id, accountId(tenant, 'wallet', messageQuota(subscriptionId))));
    return row?.balance;
  });
  const reset = async (month: number, messages: number | null) => system.asTenant(tenant, async (ctx) => resetQuota(ctx, { subscriptionId, periodStart: new Date(Date.UTC(2026, month)), messages }));
  await reset(0, 100);
  await reset(0, 100);
  expect(await left()).toBe(100n);
  await reset(1, 30);
  expect(await left()).toBe(30n);
  await reset(2, null);
  expect(await left()).toBe(0n);
  expect(await differences()).toEqual([]);
});

test('a wallet that was never used is empty, not missing', async () => {
  const tenant = uuidv7();
  expect(Wallet.parse(await system.asTenant(tenant, async (ctx) => getWallet(ctx)))).toMatchObject({ balance: 0, available: 0 });
});

