import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { Outside } from '#modules/connections/kit.ts';
import { startTestDatabase } from '../../testing/database.ts';
import { postgres } from './manifest.ts';

const source = await startTestDatabase();
const owner = new pg.Pool({ connectionString: source.adminUrl, max: 1 });
await owner.query('create table public.probe_people (id int primary key, name text, born timestamptz, extra jsonb); insert into public.probe_people values (1, \'Ann\', \'2000-01-02T03:04:05Z\', \'{"a":1}\')');
await owner.end();
afterAll(async () => source.close());

// The embedded database listens on a socket in a folder, a server on a port; a connection is made to either.
const url = new URL(source.adminUrl.replace('@/', '@embedded/'));
const folder = url.searchParams.get('host');
const port = url.port || '5432';
const where = folder === null ? url.hostname : `${folder}/.s.PGSQL.${port}`;
const fields = { host: 'db.example.org', port, database: decodeURIComponent(url.pathname.slice(1)), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password), ssl: 'off' };
const asked: unknown[] = [];
const outside: Outside = {
  fields, address: new URL('postgres://db.example.org'), signal: AbortSignal.timeout(30_000), now: () => new Date(),
  http: async () => { throw new Error('a database is not asked over HTTP'); },
  reach: async (host, port, usual) => { asked.push([host, port, usual.includes(5432)]); return where; },
};
const run = async (action: string, input: object) => postgres.actions.find(({ id }) => id === action)!.perform(outside, input);

test('a query gives rows as plain data, reached at the address the guard allowed', async () => {
  expect(await run('query', { sql: 'select * from probe_people where name = $1', values: ['Ann'] })).toEqual([{ id: 1, name: 'Ann', born: '2000-01-02T03:04:05.000Z', extra: { a: 1 } }]);
  expect(asked[0]).toEqual(['db.example.org', Number(port), true]);
});

test.each([
  ['delete from probe_people'], ['commit; delete from probe_people'], ['select 1; delete from probe_people'], ['create table x (a int)'], ["select set_config('transaction_read_only', 'off', false), pg_sleep(0); delete from probe_people"],
])('a query cannot change anything: %s', async (sql) => {
  await expect(run('query', { sql })).rejects.toMatchObject({ code: 'call-failed' });
  expect(await run('query', { sql: 'select count(*)::int as n from probe_people' })).toEqual([{ n: 1 }]);
});

test('values are never read as SQL, and names are names whatever they hold', async () => {
  const evil = "'); drop table probe_people; --";
  expect(await run('query', { sql: 'select $1::text as said', values: [evil] })).toEqual([{ said: evil }]);
  await expect(run('insert', { table: 'probe_people"; drop table probe_people; --', row: { id: 2 } })).rejects.toMatchObject({ code: 'call-failed' });
  await expect(run('insert', { table: 'probe_people', row: { 'id") values (9); --': 2 } })).rejects.toMatchObject({ code: 'call-failed' });
  expect(await run('query', { sql: 'select count(*)::int as n from probe_people' })).toEqual([{ n: 1 }]);
});

test('a statement may change rows where it says so', async () => {
  expect(await run('insert', { table: 'public.probe_people', row: { id: 3, name: "O'Neil", extra: { b: [1] } } })).toMatchObject({ id: 3, name: "O'Neil", extra: { b: [1] } });
  expect(await run('execute', { sql: 'delete from probe_people where id = $1', values: ['3'] })).toEqual({ rows: [], affected: 1 });
  expect(await run('list-tables', {})).toContainEqual(expect.objectContaining({ schema: 'public', table: 'probe_people' }));
});

test('more rows than asked for, and errors of the database, are told in words', async () => {
  await expect(run('query', { sql: 'select generate_series(1, 5)', rowsMax: 3 })).rejects.toThrow('The statement returns more than 3 rows.');
  await expect(run('query', { sql: 'selekt 1' })).rejects.toThrow(/^db\.example\.org: syntax error at or near "selekt" \(42601\)$/);
});
