import { index, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { platformTable } from '../db/tenant-table.ts';
import { uuidv7 } from '../crypto/ids.ts';

/** What operators did across tenants. Rows are only ever added. */
export const auditLog = platformTable('audit_log', {
  id: uuid('id').primaryKey().$defaultFn(() => uuidv7()),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  actorId: uuid('actor_id').notNull(),
  actorEmail: text('actor_email').notNull(),
  /** Method and path of the endpoint. */
  action: text('action').notNull(),
  /** Ids in the path. */
  subject: jsonb('subject').$type<Record<string, string>>().notNull().default({}),
  details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  requestId: text('request_id').notNull(),
}, (table) => [index('audit_log_time').on(table.createdAt)]);
