import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, integer, jsonb, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { publishedTable, referenceTable, tenantTable } from '#platform/db/tenant-table.ts';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import type { FlowParameter } from '#modules/flows/contract.ts';
import type { CheckQuestion, CheckResult, CheckScore } from './checks/contract.ts';
import type { Listing, PlanTerms, ProductDraft } from './contract.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** The four kinds of product, as data: name, address, icon, colour. */
export const categories = referenceTable('categories', {
  slug: text('slug').primaryKey(),
  category: text('category').notNull(),
  name: text('name').notNull(),
  description: text('description').notNull(),
  icon: text('icon').notNull(),
  color: text('color').notNull(),
  position: integer('position').notNull(),
});

/** What a seller offers. Listing columns repeat the active version, for searching; versions hold the truth. */
export const products = publishedTable('products', {
  providerId: uuid('provider_id').notNull(),
  slug: text('slug').notNull().unique(),
  category: text('category').notNull(),
  subcategory: text('subcategory').notNull(),
  status: text('status', { enum: ['draft', 'pending_review', 'approved', 'rejected', 'archived'] }).notNull().default('draft'),
  /** Shown in the marketplace. Sellers may take an approved product off at once. */
  listed: boolean('listed').notNull().default(false),
  /** `coming` is shown but cannot be bought: this installation cannot run it yet. */
  availability: text('availability', { enum: ['available', 'coming'] }).notNull().default('available'),
  activeVersionId: uuid('active_version_id'),
  name: text('name').notNull().default(''),
  summary: text('summary').notNull().default(''),
  description: text('description').notNull().default(''),
  logo: text('logo'),
  screenshots: jsonb('screenshots').$type<string[]>().notNull().default([]),
  tags: jsonb('tags').$type<string[]>().notNull().default([]),
  departments: jsonb('departments').$type<string[]>().notNull().default([]),
  /** Credits a message costs in the cheapest plan; null when the plan does not count messages. */
  creditsPerMessage: integer('credits_per_message'),
  /** Lowest monthly price in minor units; null when every plan is "contact us". */
  priceFromMinor: bigint('price_from_minor', { mode: 'number' }),
  currency: text('currency').notNull().default('USD'),
  runCount: bigint('run_count', { mode: 'number' }).notNull().default(0),
  ratingSum: integer('rating_sum').notNull().default(0),
  ratingCount: integer('rating_count').notNull().default(0),
  featured: boolean('featured').notNull().default(false),
  publishedAt: timestamp('published_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  /** What the marketplace searches: the name counts most, the description least. */
  search: tsvector('search').generatedAlwaysAs(sql`setweight(to_tsvector('english'::regconfig, name), 'A') || setweight(to_tsvector('english'::regconfig, summary), 'B') || setweight(to_tsvector('english'::regconfig, tags), 'B') || setweight(to_tsvector('english'::regconfig, description), 'D')`),
}, sql`status = 'approved' and listed`, (table) => [index('products_category').on(table.category), index('products_tenant').on(table.tenantId), index('products_search').using('gin', table.search)]);

/** What a seller is working on; at most one for each product, private until submitted. */
export const productDrafts = tenantTable('product_drafts', {
  productId: uuid('product_id').notNull().unique().references(() => products.id, { onDelete: 'cascade' }),
  draft: jsonb('draft').$type<ProductDraft>().notNull(),
  /** The wizard's step the seller was on, 1 to 5. */
  step: integer('step').notNull().default(1),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});

/** What was submitted, never changed afterwards but for the review's outcome. Subscriptions stay pinned to one. */
export const productVersions = publishedTable('product_versions', {
  productId: uuid('product_id').notNull().references(() => products.id, { onDelete: 'cascade' }),
  number: integer('number').notNull(),
  status: text('status', { enum: ['pending_review', 'approved', 'rejected'] }).notNull().default('pending_review'),
  capabilities: jsonb('capabilities').$type<ProductCapabilities>().notNull(),
  listing: jsonb('listing').$type<Listing>().notNull(),
  plans: jsonb('plans').$type<PlanTerms[]>().notNull(),
  flowId: uuid('flow_id').notNull(),
  /** Those parameters of the flow that buyers may set; repeated here because the flow itself is private. */
  parameters: jsonb('parameters').$type<FlowParameter[]>().notNull().default([]),
  /** The seller's own knowledge; null when there is none. */
  knowledgeBaseId: uuid('knowledge_base_id'),
  /** `product`: part of what is sold, copied to every subscription. `demo`: only shows what the product does with knowledge. */
  knowledgeUse: text('knowledge_use', { enum: ['product', 'demo'] }).notNull().default('product'),
  changelog: text('changelog').notNull().default(''),
  /** What its seller checks it with. */
  questions: jsonb('questions').$type<CheckQuestion[]>().notNull().default([]),
  /** How it did in them; null while it has none. */
  checks: jsonb('checks').$type<CheckScore>(),
  /** False when the seller took the product off while the version waited for review. */
  listOnApproval: boolean('list_on_approval').notNull().default(true),
  reviewedAt: timestamp('reviewed_at', { withTimezone: true }),
  reviewedBy: uuid('reviewed_by'),
  rejectionReason: text('rejection_reason'),
}, sql`status = 'approved'`, (table) => [uniqueIndex('product_versions_number').on(table.productId, table.number)]);

/** What a version said to each of its seller's questions; the seller's own, and shown to whoever reviews it. */
export const versionCheckResults = tenantTable('version_check_results', {
  versionId: uuid('version_id').notNull().references(() => productVersions.id, { onDelete: 'cascade' }),
  /** Place of the question in the version's list, from 0. */
  position: integer('position').notNull(),
  failures: jsonb('failures').$type<CheckResult['failures']>().notNull(),
  answer: text('answer').notNull(),
  cited: jsonb('cited').$type<string[]>().notNull(),
  tools: jsonb('tools').$type<string[]>().notNull(),
  refused: boolean('refused').notNull(),
  latencyMs: integer('latency_ms').notNull(),
}, (table) => [uniqueIndex('version_check_results_once').on(table.versionId, table.position), index('version_check_results_day').on(table.tenantId, table.createdAt)]);

/** The plans of the active version that can be bought, and those that subscriptions still refer to. */
export const plans = publishedTable('plans', {
  productId: uuid('product_id').notNull().references(() => products.id, { onDelete: 'cascade' }),
  versionId: uuid('version_id').notNull().references(() => productVersions.id),
  terms: jsonb('terms').$type<PlanTerms>().notNull(),
  position: integer('position').notNull(),
  active: boolean('active').notNull().default(true),
}, sql`active`, (table) => [index('plans_product').on(table.productId)]);

/** What subscribers think. Written by the buyer's organization, read by everybody. */
export const reviews = publishedTable('reviews', {
  productId: uuid('product_id').notNull().references(() => products.id, { onDelete: 'cascade' }),
  authorName: text('author_name').notNull(),
  rating: integer('rating').notNull(),
  text: text('text').notNull().default(''),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, sql`true`, (table) => [uniqueIndex('reviews_once').on(table.productId, table.tenantId)]);

/** Pictures of listings and brands. Read by everybody who knows the id. */
export const assets = publishedTable('assets', {
  contentType: text('content_type').notNull(),
  bytes: integer('bytes').notNull(),
  fileKey: text('file_key').notNull(),
}, sql`true`);
