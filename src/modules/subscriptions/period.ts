import { eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { entitlements } from '#modules/capabilities/index.ts';
import { resetQuota } from '#modules/billing/index.ts';
import { subscriptionChanged } from './events.ts';
import { subscriptions } from './tables.ts';

type Row = typeof subscriptions.$inferSelect;
export interface Period { start: Date; end: Date }

/** The same day and time some months later in UTC; the last day of the month where that day does not exist. */
export function addMonths(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const daysInMonth = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), daysInMonth));
  return to;
}

/** The month, counted from `anchor`, that contains `now`; the first one for times before it. Start inclusive, end exclusive. */
export function periodAt(anchor: Date, now: Date): Period {
  let month = Math.max(0, (now.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + now.getUTCMonth() - anchor.getUTCMonth());
  if (month > 0 && addMonths(anchor, month) > now) month -= 1;
  return { start: addMonths(anchor, month), end: addMonths(anchor, month + 1) };
}

/** The period a subscription is in. Months are counted from its provisioning, so that none drifts to a shorter one. */
export const currentPeriod = (row: Row, now: Date): Period =>
  (row.provisionedAt ? periodAt(row.provisionedAt, now) : { start: row.periodStart, end: row.periodEnd });

/**
 * Begins the next period of an active subscription when the last one has ended, and with it the messages of its plan;
 * otherwise only looks. Of many at once one does it.
 */
export async function ensurePeriod(process: Process, subscriptionId: string): Promise<void> {
  const now = process.now();
  const ended = (row: Row | undefined): row is Row => row !== undefined && row.state === 'active' && row.provisionedAt !== null && row.periodEnd <= now;
  await process.run(async (ctx) => {
    const [seen] = await ctx.tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
    if (!ended(seen)) return;
    const [row] = await ctx.tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId)).for('update');
    if (!ended(row)) return;
    const { start, end } = currentPeriod(row, now);
    await ctx.tx.update(subscriptions).set({ periodStart: start, periodEnd: end, updatedAt: now }).where(eq(subscriptions.id, row.id));
    await grantQuota(ctx, row, start);
    await ctx.emit(subscriptionChanged, { subscriptionId, revision: row.revision });
  });
}

/** Gives the messages the plan includes for the period that begins at `start`, once. Needs the lock of the row. */
export async function grantQuota(ctx: Ctx, row: Row, start: Date): Promise<void> {
  const { messagesPerPeriod } = entitlements(row.capabilities, row.plan);
  await resetQuota(ctx, { subscriptionId: row.id, periodStart: start, messages: messagesPerPeriod });
}
