import { index, jsonb, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';

export type ConnectionStatus = 'untested' | 'working' | 'failing';
export type BindingOwner = 'product' | 'subscription';

/** A system an organization has access to, with how it proves itself there. */
export const connections = tenantTable('connections', {
  name: text('name').notNull(),
  connector: text('connector').notNull(),
  /** What may be shown of its form. */
  fields: jsonb('fields').$type<Record<string, string>>().notNull(),
  /** Names of the secrets it holds; their values are in `sealed` only. */
  secretNames: jsonb('secret_names').$type<string[]>().notNull(),
  /** JSON of the secrets, sealed for this tenant and this row. */
  sealed: text('sealed').notNull(),
  /** Where a connector that allows it is reached instead of its usual address. */
  baseUrl: text('base_url'),
  status: text('status').$type<ConnectionStatus>().notNull().default('untested'),
  lastTestedAt: timestamp('last_tested_at', { withTimezone: true }),
  lastError: text('last_error'),
  lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [index('connections_tenant').on(table.tenantId)]);

/** Which connection serves what a flow requires: a seller's for a product, a buyer's for a subscription. */
export const connectionBindings = tenantTable('connection_bindings', {
  ownerKind: text('owner_kind').$type<BindingOwner>().notNull(),
  ownerId: uuid('owner_id').notNull(),
  /** As the flow says it: a connector's id, or `id:alias`. */
  requirement: text('requirement').notNull(),
  connectionId: uuid('connection_id').notNull().references(() => connections.id, { onDelete: 'cascade' }),
}, (table) => [
  uniqueIndex('connection_bindings_one').on(table.tenantId, table.ownerKind, table.ownerId, table.requirement),
  index('connection_bindings_connection').on(table.connectionId),
]);
