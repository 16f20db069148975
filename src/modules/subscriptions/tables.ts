import { index, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { ProductCapabilities, Configuration } from '#modules/capabilities/contract.ts';
import type { LostSetting } from '#modules/capabilities/changes-contract.ts';
import type { PlanTerms } from '#modules/catalog/contract.ts';

/**
 * An organization's own copy of a product: what it may configure and use was fixed at purchase (capabilities, plan),
 * what it set lies beside it (configuration).
 */
export const subscriptions = tenantTable('subscriptions', {
  projectId: uuid('project_id').notNull(),
  productId: uuid('product_id').notNull(),
  versionId: uuid('version_id').notNull(),
  /** Number of that version, as buyers see it. */
  versionNumber: integer('version_number').notNull(),
  planId: uuid('plan_id').notNull(),
  orderId: uuid('order_id').notNull(),
  /** The seller's organization. */
  sellerId: uuid('seller_id').notNull(),
  name: text('name').notNull(),
  providerName: text('provider_name').notNull(),
  logo: text('logo'),
  category: text('category').notNull(),
  capabilities: jsonb('capabilities').$type<ProductCapabilities>().notNull(),
  plan: jsonb('plan').$type<PlanTerms>().notNull(),
  configuration: jsonb('configuration').$type<Configuration>().notNull(),
  /** Grows with every change; lets caches and editors notice. */
  revision: integer('revision').notNull().default(1),
  /** The copy of the seller's flow; null until provisioned. */
  flowId: uuid('flow_id'),
  knowledgeBaseId: uuid('knowledge_base_id'),
  runtimeEndpoint: text('runtime_endpoint'),
  state: text('state', { enum: ['pending', 'active', 'suspended', 'cancelled', 'expired'] }).notNull().default('pending'),
  cycle: text('cycle', { enum: ['monthly', 'yearly', 'none'] }).notNull().default('none'),
  periodStart: timestamp('period_start', { withTimezone: true }).notNull().defaultNow(),
  periodEnd: timestamp('period_end', { withTimezone: true }).notNull(),
  provisionedAt: timestamp('provisioned_at', { withTimezone: true }),
  cancelledAt: timestamp('cancelled_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [index('subscriptions_tenant').on(table.tenantId), index('subscriptions_product').on(table.productId)]);

/** What a subscription was before it took on another version: everything a way back needs. */
export interface FormerVersion {
  versionId: string;
  versionNumber: number;
  planId: string;
  plan: PlanTerms;
  capabilities: ProductCapabilities;
  configuration: Configuration;
  flowId: string | null;
  knowledgeBaseId: string | null;
  /** Plan the subscription had right after the update; another one since then is not taken back. */
  planIdAfter: string;
}

/** What an organization decided about newer versions of a product, in order. Rows are only ever added. */
export const subscriptionUpdates = tenantTable('subscription_updates', {
  subscriptionId: uuid('subscription_id').notNull().references(() => subscriptions.id, { onDelete: 'cascade' }),
  decision: text('decision', { enum: ['accepted', 'postponed', 'rolled-back'] }).notNull(),
  fromVersion: integer('from_version').notNull(),
  toVersion: integer('to_version').notNull(),
  /** Who decided; the name is that of the moment. */
  decidedBy: uuid('decided_by'),
  decidedByName: text('decided_by_name').notNull(),
  /** `accepted`: last moment of the way back. `postponed`: when it is offered again. */
  until: timestamp('until', { withTimezone: true }),
  former: jsonb('former').$type<FormerVersion>(),
  /** Settings that the new version did not take. */
  lost: jsonb('lost').$type<LostSetting[]>().notNull().default([]),
}, (table) => [index('subscription_updates_subscription').on(table.subscriptionId, table.createdAt)]);
