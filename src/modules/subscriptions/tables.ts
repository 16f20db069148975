import { index, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { ProductCapabilities, Configuration } from '#modules/capabilities/contract.ts';
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
