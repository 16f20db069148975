import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { newestVersions } from '#modules/catalog/index.ts';
import type { SubscriptionRow } from '../load-subscription.ts';
import { subscriptionUpdates } from '../tables.ts';

export type DecisionRow = typeof subscriptionUpdates.$inferSelect;

const HISTORY_SHOWN_MAX = 50;

/** What was decided about a subscription's updates, newest first. */
export async function decisionsOf({ tx }: Ctx, subscriptionId: string): Promise<DecisionRow[]> {
  return tx.select().from(subscriptionUpdates).where(eq(subscriptionUpdates.subscriptionId, subscriptionId)).orderBy(desc(subscriptionUpdates.createdAt), desc(subscriptionUpdates.id)).limit(HISTORY_SHOWN_MAX);
}

/** The last change of version; null when there was none. */
export async function lastMove({ tx }: Ctx, subscriptionId: string): Promise<DecisionRow | null> {
  const [row] = await tx.select().from(subscriptionUpdates).where(and(eq(subscriptionUpdates.subscriptionId, subscriptionId), ne(subscriptionUpdates.decision, 'postponed')))
    .orderBy(desc(subscriptionUpdates.createdAt), desc(subscriptionUpdates.id)).limit(1);
  return row ?? null;
}

/** Until when an offer of this version is put off: by postponing it, or by having gone back from it. Null when it is not. */
export function putOffUntil(decision: Pick<DecisionRow, 'decision' | 'fromVersion' | 'toVersion' | 'until'> | undefined, version: number, now: Date): Date | null {
  if (!decision?.until || decision.until <= now) return null;
  const about = decision.decision === 'postponed' ? decision.toVersion : decision.decision === 'rolled-back' ? decision.fromVersion : null;
  return about === version ? decision.until : null;
}

/** Keeps who decided what. Rows are ordered by time, so each is later than the one before. */
export async function decide(ctx: Ctx, decision: Omit<typeof subscriptionUpdates.$inferInsert, 'decidedBy' | 'decidedByName'>): Promise<void> {
  const { actor } = ctx;
  await ctx.tx.insert(subscriptionUpdates).values({
    ...decision, createdAt: ctx.now(), decidedBy: actor.kind === 'user' ? actor.userId : null, decidedByName: actor.kind === 'user' ? actor.name : 'The system',
  });
}

/** The offers of many subscriptions in two statements: number of the version offered, and until when it is put off. Those without one are left out. */
export async function offersOf(ctx: Ctx, rows: readonly SubscriptionRow[]): Promise<ReadonlyMap<string, { number: number; postponedUntil: Date | null }>> {
  const running = rows.filter((row) => row.state === 'active' && row.provisionedAt !== null);
  const newest = await newestVersions(ctx, [...new Set(running.map((row) => row.productId))]);
  const offered = running.flatMap((row) => { const number = newest.get(row.productId); return number !== undefined && number > row.versionNumber ? [{ id: row.id, number }] : []; });
  if (offered.length === 0) return new Map();
  const decisions = await ctx.tx.selectDistinctOn([subscriptionUpdates.subscriptionId]).from(subscriptionUpdates).where(inArray(subscriptionUpdates.subscriptionId, offered.map(({ id }) => id)))
    .orderBy(subscriptionUpdates.subscriptionId, desc(subscriptionUpdates.createdAt), desc(subscriptionUpdates.id));
  const last = new Map(decisions.map((row) => [row.subscriptionId, row]));
  return new Map(offered.map(({ id, number }) => [id, { number, postponedUntil: putOffUntil(last.get(id), number, ctx.now()) }]));
}
