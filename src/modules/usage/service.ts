import { and, gte, inArray, sql } from 'drizzle-orm';
import type { Tx } from '#platform/db/database.ts';
import { usageEvents } from './tables.ts';

/** One thing that was used. The reference and metric make it unique within its subscription. */
export interface UsageRecord {
  tenant: string;
  sellerId: string;
  subscriptionId: string;
  productId: string;
  keyId: string | null;
  metric: string;
  quantity: number;
  credits: number;
  reference: string;
  channel: string;
  occurredAt: Date;
}

/** Writes usage of any tenants (operator door). A record that was already written changes nothing. */
export async function recordUsage(tx: Tx, records: readonly UsageRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.insert(usageEvents).values(records.map(({ tenant, sellerId, ...record }) => ({ ...record, tenantId: tenant, counterpartId: sellerId }))).onConflictDoNothing();
}

/** Messages and credits of subscriptions since a time. Visible to both parties of a row. */
export async function usageSince(tx: Tx, subscriptionIds: readonly string[], since: Date): Promise<Map<string, { messages: number; credits: number }>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await tx.select({
    subscriptionId: usageEvents.subscriptionId,
    messages: sql<number>`coalesce(sum(${usageEvents.quantity}) filter (where ${usageEvents.metric} = 'messages'), 0)::int`,
    credits: sql<number>`coalesce(sum(${usageEvents.credits}), 0)::int`,
  }).from(usageEvents).where(and(inArray(usageEvents.subscriptionId, [...subscriptionIds]), gte(usageEvents.occurredAt, since))).groupBy(usageEvents.subscriptionId);
  return new Map(rows.map((row) => [row.subscriptionId, { messages: row.messages, credits: row.credits }]));
}
