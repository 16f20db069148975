import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { connect } from '#platform/db/database.ts';
import { createLogger } from '#platform/log/logger.ts';
import { systemProcess } from '#platform/process.ts';
import { startTestDatabase } from '../../testing/database.ts';
import { settleCharge, reserveCharge } from './charges.ts';
import { CREDIT, endAll, grant, holdAll, ledgerDifferences, messageQuota } from './ledger/ledger.ts';
import { closeOrder, placeOrder } from './orders.ts';
import { recordPayment, settleCheckout } from './payments.ts';
import { resetQuota } from './quota.ts';
import { checkouts, orders } from './tables.ts';

// Without the rest of the product, so that it also runs where many connections really work at the same time.
const source = await startTestDatabase();
const database = connect(source.url);
const platform = { database, log: createLogger('silent'), now: () => new Date(), relaySoon: () => undefined };
const system = systemProcess(platform, 'test');
afterAll(async () => { await database.close(); await source.close(); });

const many = async (count: number, work: (index: number) => Promise<unknown>) => Promise.all(Array.from({ length: count }, async (_, index) => work(index)));
const differences = async () => system.asOperator('test', async ({ tx }) => ledgerDifferences(tx));

async function placed(process: ReturnType<typeof systemProcess>) {
  const [orderId, subscriptionId] = [uuidv7(), uuidv7()];
  await process.run(async (ctx) => placeOrder(ctx, {
    id: orderId, subscriptionId, sellerId: uuidv7(), productId: uuidv7(), versionId: uuidv7(), planId: uuidv7(), projectId: uuidv7(), productName: 'Sample', planName: 'Pro', buyerName: 'Bea',
    cycle: 'monthly', amountMinor: 100n, currency: 'USD', placedBy: uuidv7(), returnPath: '/organizations/',
  }, 'sandbox'));
  const [checkout] = await process.run(async ({ tx }) => tx.select().from(checkouts).where(eq(checkouts.orderId, orderId)));
  return { orderId, checkoutId: checkout?.id ?? '' };
}

test('paying, failing, settling and cancelling one order all at once never deadlocks, and money without an order is owed back', async () => {
  const process = systemProcess(platform, 'test', uuidv7());
  for (let round = 0; round < 10; round += 1) {
    const { orderId, checkoutId } = await placed(process);
    await many(24, async (index) => process.run(async (ctx) => {
      if (index % 4 === 0) await recordPayment(ctx, checkoutId, { paid: true });
      else if (index % 4 === 1) await recordPayment(ctx, checkoutId, { paid: false, failure: 'declined' });
      else if (index % 4 === 2) await settleCheckout(ctx, checkoutId);
      else await closeOrder(ctx, orderId, index > 20 ? 'cancelled' : 'expired');
    }));
    await process.run(async (ctx) => settleCheckout(ctx, checkoutId));
    const [row] = await process.run(async ({ tx }) => tx.select({ order: orders.state, checkout: checkouts.state }).from(orders).innerJoin(checkouts, eq(checkouts.orderId, orders.id)).where(eq(orders.id, orderId)));
    expect(row?.checkout).toBe('paid');
    expect(['cancelled', 'expired']).toContain(row?.order);
  }
});

test('welcome, top-ups, messages, documents and new periods of one organization all at once leave the ledger exact', async () => {
  const tenant = uuidv7();
  const [subscriptionId, welcome] = [uuidv7(), uuidv7()];
  const process = systemProcess(platform, 'test', tenant);
  const unit = messageQuota(subscriptionId);
  await process.run(async (ctx) => { await grant(ctx, { id: welcome, unit: CREDIT, amount: 1_000n, reason: 'grant', reference: '' }); await resetQuota(ctx, { subscriptionId, periodStart: new Date(0), messages: 100 }); });
  await many(120, async (index) => {
    if (index % 4 === 0) await process.run(async (ctx) => grant(ctx, { id: index % 8 === 0 ? welcome : uuidv7(), unit: CREDIT, amount: 10n, reason: 'top-up', reference: '' }));
    else if (index % 4 === 1) {
      const parts = [{ id: uuidv7(), unit: CREDIT, amount: 2n }, { id: uuidv7(), unit, amount: 1n }];
      const [held] = await process.asOperator('test', async ({ tx }) => holdAll(tx, [{ tenant, parts, reason: 'message', reference: '', subscriptionId }]));
      if (held?.ok) {
        await process.asOperator('test', async ({ tx }) => endAll(tx, parts.map((part) => ({
          id: uuidv7(), holdId: part.id, tenant, unit: part.unit, held: part.amount, used: part.amount, reason: 'message', reference: '', subscriptionId,
        }))));
      }
    } else if (index % 4 === 2) {
      const charge = { tenant, subscriptionId, reason: 'document', reference: String(index % 3) };
      await process.asOperator('test', async ({ tx }) => reserveCharge(tx, charge, 5n));
      await process.asOperator('test', async ({ tx }) => settleCharge(tx, charge, 5n));
    // As one after the other as the lock of the subscription's row makes them.
    } else if (index === 3) await process.run(async (ctx) => resetQuota(ctx, { subscriptionId, periodStart: new Date(1), messages: 50 }));
  });
  expect(await differences()).toEqual([]);
  const rows = (await process.run(async ({ tx }) => tx.execute(`select balance::int, held::int from ledger_accounts where kind = 'wallet' and unit = 'credit'`))).rows;
  // 15 new top-ups of 10, 30 messages of 2, 3 documents of 5.
  expect(rows).toEqual([{ balance: 1_000 + 150 - 60 - 15, held: 0 }]);
});
