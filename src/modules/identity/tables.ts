import { sql } from 'drizzle-orm';
import { boolean, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { publishedTable, tenantTable } from '#platform/db/tenant-table.ts';

export * from './auth-tables.ts';

/** A part of an organization that keeps its subscriptions and their data apart from the others. */
export const projects = tenantTable('projects', {
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
}, (table) => [uniqueIndex('projects_name').on(table.tenantId, table.name)]);

/** The seller profile of an organization; at most one. Everybody may read it. */
export const providers = publishedTable('providers', {
  name: text('name').notNull(),
  slug: text('slug').notNull().unique(),
  description: text('description').notNull().default(''),
  website: text('website'),
  logo: text('logo'),
  verified: boolean('verified').notNull().default(false),
}, sql`true`, (table) => [uniqueIndex('providers_organization').on(table.tenantId)]);
