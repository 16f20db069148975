import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, jsonb, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Scope } from '#platform/contract/endpoint.ts';
import { platformTable, tenantTable } from '#platform/db/tenant-table.ts';

/** Keys of one subscription. The key itself is shown once and never stored: only its hash, its beginning and end. */
export const apiKeys = tenantTable('api_keys', {
  subscriptionId: uuid('subscription_id').notNull(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['secret', 'publishable'] }).notNull(),
  live: boolean('live').notNull().default(true),
  prefix: text('prefix').notNull(),
  lastFour: text('last_four').notNull(),
  hash: text('hash').notNull().unique(),
  /** Publishable keys are no secret: the embed code shows them again, so they are kept as they are. */
  publishableKey: text('publishable_key'),
  scopes: jsonb('scopes').$type<Scope[]>().notNull(),
  requestsPerMinute: integer('requests_per_minute'),
  expiresAt: timestamp('expires_at', { withTimezone: true }),
  lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
  createdBy: uuid('created_by'),
}, (table) => [index('api_keys_subscription').on(table.subscriptionId).where(sql`revoked_at is null`)]);

/** How many demo messages a visitor or a network has used of a product on a day. Nothing of what was said is kept. */
export const demoUses = platformTable('demo_uses', {
  productId: uuid('product_id').notNull(),
  /** Keyed hash of the visitor's token or of the network address; neither can be read back. */
  who: text('who').notNull(),
  day: date('day').notNull(),
  messages: integer('messages').notNull().default(0),
}, (table) => [primaryKey({ columns: [table.productId, table.who, table.day] })]);
