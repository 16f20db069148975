import { sql, type SQL } from 'drizzle-orm';
import { Problem } from '#platform/http/problem.ts';
import type { Entitlements } from '#modules/capabilities/contract.ts';
import type { SearchFilters } from '../filter-contract.ts';
import { problems } from '../problems.ts';

/** Throws 403 for a kind of condition that the product does not offer. */
export function checkFilters({ features: { searchFilters } }: Entitlements, filters: SearchFilters): void {
  const asked = { metadata: filters.metadata !== undefined || filters.categories !== undefined, date: filters.date !== undefined, source: filters.source_ids !== undefined || filters.kinds !== undefined || filters.document_ids !== undefined };
  const words = { metadata: 'category and fields', date: 'date', source: 'source and document' } as const;
  for (const kind of ['metadata', 'date', 'source'] as const) {
    if (asked[kind] && !searchFilters.includes(kind)) throw new Problem(problems['filter-not-included'], `Searches of this product cannot be narrowed by ${words[kind]}.`);
  }
}

/**
 * The documents that filters leave, as a condition on `c.document_id`. Tenant and knowledge base are named, because words are
 * searched where no policy narrows them.
 */
export function documentsOf(filters: SearchFilters, { tenant, knowledgeBaseId }: { tenant: string; knowledgeBaseId: string }): SQL | null {
  const conditions = [
    filters.document_ids && sql`d.id = any(${arrayOf(filters.document_ids)}::uuid[])`,
    filters.source_ids && sql`d.source_id = any(${arrayOf(filters.source_ids)}::uuid[])`,
    filters.kinds && sql`d.kind = any(${arrayOf(filters.kinds)}::text[])`,
    filters.categories && sql`d.category = any(${arrayOf(filters.categories)}::text[])`,
    filters.date?.from && sql`coalesce(d.authored_at, d.created_at) >= ${startOf(filters.date.from)}::timestamptz`,
    filters.date?.to && sql`coalesce(d.authored_at, d.created_at) < ${endOf(filters.date.to)}::timestamptz`,
    ...Object.entries(filters.metadata ?? {}).map(([name, condition]) => fieldIs(name, condition)),
  ].filter((condition) => condition !== undefined && condition !== '');
  if (conditions.length === 0) return null;
  return sql`c.document_id in (select d.id from knowledge_documents d where d.knowledge_base_id = ${knowledgeBaseId} and d.tenant_id = ${tenant} and ${sql.join(conditions, sql` and `)})`;
}

type Condition = NonNullable<SearchFilters['metadata']>[string];

function fieldIs(name: string, condition: Condition): SQL {
  if (Array.isArray(condition)) return sql`d.metadata -> ${name}::text = any(${arrayOf(condition.map((value) => JSON.stringify(value)))}::jsonb[])`;
  if (typeof condition !== 'object') return sql`d.metadata -> ${name}::text = ${JSON.stringify(condition)}::jsonb`;
  if ('exists' in condition) return condition.exists ? sql`d.metadata ? ${name}` : sql`not d.metadata ? ${name}`;
  const { gte, lte } = condition;
  // A field of another kind than a number is outside of any bounds.
  const number = sql`case when jsonb_typeof(d.metadata -> ${name}::text) = 'number' then (d.metadata ->> ${name}::text)::numeric end`;
  return sql.join([...(gte === undefined ? [] : [sql`${number} >= ${String(gte)}::numeric`]), ...(lte === undefined ? [] : [sql`${number} <= ${String(lte)}::numeric`])], sql` and `);
}

/** A Postgres array as one parameter; elements are quoted, whatever they hold. */
const arrayOf = (values: readonly string[]): string => `{${values.map((value) => `"${value.replaceAll('\0', '').replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const DAY_MS = 86_400_000;
const isDay = (text: string): boolean => text.length === 10;
const startOf = (text: string): string => new Date(text).toISOString();
/** The first moment that no longer counts. */
const endOf = (text: string): string => new Date(new Date(text).getTime() + (isDay(text) ? DAY_MS : 1)).toISOString();
