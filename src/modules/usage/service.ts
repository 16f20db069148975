import { and, gte, inArray, sql } from 'drizzle-orm';
import { uuidv7 } from '#platform/crypto/ids.ts';
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
  const rows = records.map(({ occurredAt, ...record }) => ({ id: uuidv7(occurredAt.getTime()), at: occurredAt.toISOString(), ...record }));
  // One parameter for any number of rows: this runs for every answer, and building a statement for them cost more than sending it.
  await tx.execute(sql`
    insert into usage_events (id, tenant_id, counterpart_id, subscription_id, product_id, key_id, metric, quantity, credits, reference, channel, occurred_at)
    select id, tenant, "sellerId", "subscriptionId", "productId", "keyId", metric, quantity, credits, reference, channel, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as record(id uuid, tenant uuid, "sellerId" uuid, "subscriptionId" uuid, "productId" uuid, "keyId" uuid,
      metric text, quantity bigint, credits bigint, reference text, channel text, at timestamptz)
    on conflict do nothing`);
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
