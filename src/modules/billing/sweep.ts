import { and, eq, inArray, isNull, lt } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import { releaseStale } from './ledger/ledger.ts';
import { closeOrder } from './orders.ts';
import { checkouts, orders } from './tables.ts';

/** A hold older than this lost its process: no run may take that long. */
export const HOLD_MINUTES_MAX = 15;
/** An order waits this long for its payment. */
export const UNPAID_HOURS_MAX = 24;
const BATCH = 200;

/** Cleans up after processes that died and buyers who left. Several at once do no harm. */
export async function sweepBilling(process: Process): Promise<void> {
  await process.asOperator('release stale holds', async ({ tx }) => releaseStale(tx, HOLD_MINUTES_MAX));
  const before = new Date(process.now().getTime() - UNPAID_HOURS_MAX * 3_600_000);
  const abandoned = await process.asOperator('expire unpaid orders', async ({ tx }) => {
    await tx.update(checkouts).set({ state: 'expired' })
      .where(and(isNull(checkouts.orderId), inArray(checkouts.state, ['open', 'failed']), lt(checkouts.createdAt, before)));
    return tx.select({ id: orders.id, tenant: orders.tenantId }).from(orders).where(and(eq(orders.state, 'pending'), lt(orders.createdAt, before))).limit(BATCH);
  });
  for (const { id, tenant } of abandoned) await process.asTenant(tenant, async (ctx) => closeOrder(ctx, id, 'expired'));
}
