import { sql, type SQL } from 'drizzle-orm';
import {
  pgPolicy, pgRole, pgTable, timestamp, uuid,
  type AnyPgColumn, type ExtraConfigColumn, type PgColumnBuilderBase, type PgTableExtraConfigValue,
} from 'drizzle-orm/pg-core';
import { uuidv7 } from '../crypto/ids.ts';

/** The role all tenant work runs as; it owns nothing and cannot bypass policies. Made by the first migration. */
export const appRole = pgRole('cmp_app').existing();
/** The role of operators and of the platform's own sweeps; sees every tenant, and its use is recorded. */
export const operatorRole = pgRole('cmp_operator').existing();

/** The tenant of the running transaction; null when none is set, which then matches no row. */
const currentTenant = sql`nullif(current_setting('app.tenant', true), '')::uuid`;

type Columns = Record<string, PgColumnBuilderBase>;
/** A column as indexes and constraints take it. */
type Column = AnyPgColumn & ExtraConfigColumn;
/** Indexes and constraints of a table, from its columns. */
type Extra<K extends PropertyKey> = (table: Record<K, Column>) => PgTableExtraConfigValue[];
type BaseColumn = 'id' | 'tenantId' | 'createdAt';

const base = () => ({
  id: uuid('id').primaryKey().$defaultFn(() => uuidv7()),
  tenantId: uuid('tenant_id').notNull().default(currentTenant),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});

const owner = (name: string) =>
  pgPolicy(`${name}_owner`, { for: 'all', to: appRole, using: sql`tenant_id = ${currentTenant}`, withCheck: sql`tenant_id = ${currentTenant}` });
const operator = (name: string) => pgPolicy(`${name}_operator`, { for: 'all', to: operatorRole, using: sql`true`, withCheck: sql`true` });

/**
 * A table whose rows belong to one tenant. Adds `id`, `tenant_id` (filled from the transaction), `created_at`, and the
 * row-level policies. Nothing outside the tenant sees or changes a row.
 */
export function tenantTable<const N extends string, C extends Columns>(name: N, columns: C, extra?: Extra<keyof C | BaseColumn>) {
  return pgTable(name, { ...base(), ...columns }, (table) => [owner(name), operator(name), ...(extra?.(table as never) ?? [])]).enableRLS();
}

/** Like {@link tenantTable}; in addition everybody may read the rows for which `visible` holds. */
export function publishedTable<const N extends string, C extends Columns>(name: N, columns: C, visible: SQL, extra?: Extra<keyof C | BaseColumn>) {
  return pgTable(name, { ...base(), ...columns }, (table) => [
    owner(name), operator(name),
    pgPolicy(`${name}_published`, { for: 'select', to: appRole, using: visible }),
    ...(extra?.(table as never) ?? []),
  ]).enableRLS();
}

/** Like {@link tenantTable}; in addition the tenant named in `counterpart_id` may read the row, and only read it. */
export function twoPartyTable<const N extends string, C extends Columns>(name: N, columns: C, extra?: Extra<keyof C | BaseColumn | 'counterpartId'>) {
  return pgTable(name, { ...base(), counterpartId: uuid('counterpart_id').notNull(), ...columns }, (table) => [
    owner(name), operator(name),
    pgPolicy(`${name}_counterpart`, { for: 'select', to: appRole, using: sql`counterpart_id = ${currentTenant}` }),
    ...(extra?.(table as never) ?? []),
  ]).enableRLS();
}

/** A table of the installation itself: everybody reads, only the platform writes. For reference data without owners. */
export function referenceTable<const N extends string, C extends Columns>(name: N, columns: C, extra?: Extra<keyof C>) {
  return pgTable(name, columns, (table) => [
    pgPolicy(`${name}_read`, { for: 'select', to: appRole, using: sql`true` }),
    operator(name),
    ...(extra?.(table as never) ?? []),
  ]).enableRLS();
}

/** A table only the platform and operators reach. Tenant work sees no row of it. */
export function platformTable<const N extends string, C extends Columns>(name: N, columns: C, extra?: Extra<keyof C>) {
  return pgTable(name, columns, (table) => [operator(name), ...(extra?.(table as never) ?? [])]).enableRLS();
}
