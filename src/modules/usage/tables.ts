import { bigint, index, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { twoPartyTable } from '#platform/db/tenant-table.ts';

/**
 * What was used, one row for each metric of an action, written once with what caused it. The seller may read the rows of
 * its products: they hold figures, never content.
 */
export const usageEvents = twoPartyTable('usage_events', {
  subscriptionId: uuid('subscription_id').notNull(),
  productId: uuid('product_id').notNull(),
  keyId: uuid('key_id'),
  /** `messages`, `tokens_in`, `tokens_out`, `api_calls`, `documents`, … */
  metric: text('metric').notNull(),
  quantity: bigint('quantity', { mode: 'number' }).notNull(),
  credits: bigint('credits', { mode: 'number' }).notNull().default(0),
  /** The run, document or delivery that was metered; with the metric unique, so nothing counts twice. */
  reference: text('reference').notNull(),
  channel: text('channel').notNull().default(''),
  occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
}, (table) => [
    uniqueIndex('usage_events_once').on(table.subscriptionId, table.metric, table.reference),
    index('usage_events_subscription').on(table.subscriptionId, table.occurredAt),
    index('usage_events_tenant').on(table.tenantId, table.occurredAt),
    index('usage_events_seller').on(table.counterpartId, table.occurredAt),
  ]);
