import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { connect, sqlState } from '#platform/db/database.ts';
import { startTestDatabase } from './database.ts';

/** Cases are made from the database itself, so that no table can be forgotten. */
const source = await startTestDatabase();
const database = connect(source.url);
const owner = new pg.Pool({ connectionString: source.adminUrl, max: 1 });
afterAll(async () => { await owner.end(); await database.close(); await source.close(); });

interface Table { name: string; tenant: boolean; security: boolean; forced: boolean; policies: number }
const { rows: tables } = await owner.query<Table>(`
  select c.relname as name, c.relrowsecurity as security, c.relforcerowsecurity as forced,
    (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`);
const [A, B] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'];

test('there are tables to check', () => expect(tables.length).toBeGreaterThan(20));

test.each(tables.map((table) => [table.name, table] as const))('%s has forced row-level security with policies', (_name, table) => {
  expect(table).toMatchObject({ security: true, forced: true });
  expect(table.policies).toBeGreaterThan(0);
});

test('no view or function of ours looks behind the policies', async () => {
  const views = await owner.query(`select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('v', 'm') and coalesce(not 'security_invoker=true' = any(c.reloptions), true)
    and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`);
  expect(views.rows).toEqual([]);
});

/** Rows with the defaults of their types, so that every table can be filled without knowing it. Constraints are off. */
async function fill(table: string, tenant: string): Promise<void> {
  const { rows: columns } = await owner.query<{ name: string; type: string }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`, [table]);
  const value = ({ name, type }: { name: string; type: string }): string => {
    if (name === 'tenant_id' || name === 'counterpart_id') return `'${name === 'tenant_id' ? tenant : A}'`;
    if (type === 'uuid') return 'gen_random_uuid()';
    if (type.startsWith('vector')) return `(select ('[' || string_agg('0.1', ',') || ']')::vector from generate_series(1, ${/\d+/.exec(type)?.[0] ?? '3'}))`;
    if (type.startsWith('timestamp') || type === 'date') return 'now()';
    if (type === 'boolean') return 'false';
    if (type === 'jsonb') return `'{}'`;
    if (type === 'tsvector') return `''`;
    if (type.endsWith('[]')) return `'{}'`;
    if (/int|numeric|real|double/.test(type)) return '1';
    return `gen_random_uuid()::text`;
  };
  await owner.query(`begin; set local session_replication_role = replica; insert into ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')}) values (${columns.map(value).join(', ')}); commit`);
}

const tenantTables = tables.filter((table) => table.tenant && table.name !== 'ledger_transfers');
test.each(tenantTables.map((table) => [table.name]))('%s shows and gives a tenant nothing of another, and nobody anything without a tenant', async (table) => {
  await fill(table, A);
  await fill(table, B);
  const name = sql.identifier(table);
  const count = async (door: (work: (tx: Parameters<Parameters<typeof database.asPublic>[0]>[0]) => Promise<number>) => Promise<number>, where = sql`true`) =>
    door(async (tx) => Number((await tx.execute<{ n: string }>(sql`select count(*) as n from ${name} where ${where}`)).rows[0]?.n));
  const { rows } = await owner.query<{ qual: string | null }>(`select pg_get_expr(polqual, polrelid) as qual from pg_policy where polrelid = $1::regclass and polname = $2`, [table, `${table}_published`]);
  const published = rows[0]?.qual ?? 'false';
  // As A: its own row, never B's, but for what B published.
  expect(await count(async (work) => database.asTenant(A, work), sql`tenant_id = ${A}`)).toBe(1);
  expect(await count(async (work) => database.asTenant(A, work), sql`tenant_id = ${B} and not (${sql.raw(published)})`)).toBe(twoParty(table) ? 1 : 0);
  expect(await count(async (work) => database.asPublic(work), sql`not (${sql.raw(published)})`)).toBe(0);
  // Nor can A change, move or write what is B's.
  const attempts = [sql`update ${name} set created_at = now() where tenant_id = ${B}`, sql`delete from ${name} where tenant_id = ${B}`];
  for (const attempt of attempts) expect((await database.asTenant(A, async (tx) => tx.execute(attempt))).rowCount).toBe(0);
  const moved = database.asTenant(A, async (tx) => tx.execute(sql`update ${name} set tenant_id = ${B} where tenant_id = ${A}`));
  expect(sqlState(await moved.catch((error: unknown) => error))).toBe('42501');
});

/** The other party may read these rows: B's row names A as its counterpart. */
const twoParty = (table: string): boolean => tables.some(({ name }) => name === table) && ['orders', 'usage_events'].includes(table);
