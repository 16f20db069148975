import { sql } from 'drizzle-orm';
import { index, jsonb, text, timestamp } from 'drizzle-orm/pg-core';
import { tenantTable } from '../db/tenant-table.ts';

/** Events and jobs written in the transaction that caused them, until the relay has handed them to the queue. */
export const outbox = tenantTable('outbox', {
  kind: text('kind', { enum: ['event', 'job'] }).notNull(),
  name: text('name').notNull(),
  payload: jsonb('payload').notNull(),
  /** Jobs with the same name and key are queued once. */
  key: text('key'),
  runAt: timestamp('run_at', { withTimezone: true }),
  relayedAt: timestamp('relayed_at', { withTimezone: true }),
}, (table) => [index('outbox_waiting').on(table.id).where(sql`relayed_at is null`)]);
