import { text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';

/** Servers of a seller that products run on. The address of one never changes. */
export const runtimeServers = tenantTable('runtime_servers', {
  kind: text('kind', { enum: ['langflow', 'n8n', 'http'] }).notNull(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  /** Name of the header that carries the key, where the kind leaves it open. */
  header: text('header').notNull().default(''),
  /** Key or signing secret, bound to tenant and row; empty where there is none. */
  sealed: text('sealed').notNull().default(''),
});

/** What was put on a server for whom: one row for each subscription, and for each flow that is only tried. */
export const runtimeDeployments = tenantTable('runtime_deployments', {
  /** The subscription's id, or the flow's where there is none. */
  key: uuid('key').notNull(),
  subscriptionId: uuid('subscription_id'),
  flowId: uuid('flow_id').notNull(),
  sellerId: uuid('seller_id').notNull(),
  kind: text('kind', { enum: ['langflow', 'n8n', 'http'] }).notNull(),
  /** `operator`, or the id of a server of the seller. */
  server: text('server').notNull(),
  reference: text('reference').notNull(),
  deployedAt: timestamp('deployed_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [uniqueIndex('runtime_deployments_key').on(table.tenantId, table.key)]);
