import { Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startTestDatabase } from '../../testing/database.ts';
import { uuidv7 } from '../crypto/ids.ts';
import { connect, sqlState } from './database.ts';

const source = await startTestDatabase();
const database = connect(source.url, { connectionsMax: 2 });
const tenant = uuidv7();

test('the very first statement of a transaction already runs as the lesser role and for the tenant', async () => {
  const seen = await database.asTenant(tenant, async (tx) => tx.execute(sql`select current_user as role, current_setting('app.tenant') as tenant`));
  expect(seen.rows).toEqual([{ role: 'cmp_app', tenant }]);
  const operator = await database.asOperator('test', async (tx) => tx.execute(sql`select current_user as role, current_setting('app.tenant') as tenant`));
  expect(operator.rows).toEqual([{ role: 'cmp_operator', tenant: '' }]);
});

test('statements that are sent together run in their order and in one transaction', async () => {
  const results = await database.asPublic(async (tx) => Promise.all([1, 2, 3].map(async (n) =>
    tx.execute(sql`select ${n}::int as n, set_config('app.last', ${String(n)}, true), txid_current()::text as transaction`))));
  expect(results.map(({ rows }) => rows[0]?.['n'])).toEqual([1, 2, 3]);
  expect(new Set(results.map(({ rows }) => rows[0]?.['transaction'])).size).toBe(1);
});

test('the first failure among statements sent together is the one that is told, and undoes everything', async () => {
  const failed = database.asTenant(tenant, async (tx) => Promise.all([
    tx.execute(sql`select set_config('app.left', 'behind', false)`), tx.execute(sql`select 1 / 0`), tx.execute(sql`select 1`),
  ]));
  expect(sqlState(await failed.catch((error: unknown) => error))).toBe('22012');
  const after = await database.asPublic(async (tx) => tx.execute(sql`select nullif(current_setting('app.left', true), '') as left`));
  expect(after.rows).toEqual([{ left: null }]);
});

test('a connection serves the next transaction after one that failed', async () => {
  for (let round = 0; round < 5; round++) {
    await expect(database.asPublic(async (tx) => tx.execute(sql`select * from nothing_of_that_name`))).rejects.toThrow();
    expect((await database.asPublic(async (tx) => tx.execute(sql`select 1 as one`))).rows).toEqual([{ one: 1 }]);
  }
});

test('a connection that breaks in the middle of a transaction fails what it was asked, and the next one serves', async () => {
  const told: string[] = [];
  const own = connect(source.url, { connectionsMax: 1, onError: ({ message }) => told.push(message) });
  const sockets: Socket[] = [];
  own.pool.on('connect', (client) => sockets.push(z.object({ stream: z.instanceof(Socket) }).parse(Reflect.get(client, 'connection')).stream));
  try {
    await expect(own.asPublic(async (tx) => {
      await tx.execute(sql`select 1`);
      sockets[0]?.destroy(new Error('cut'));
      return tx.execute(sql`select 2`);
    })).rejects.toThrow();
    expect(told).toContain('cut');
    expect((await own.asPublic(async (tx) => tx.execute(sql`select 3 as n`))).rows).toEqual([{ n: 3 }]);
    expect(sockets).toHaveLength(2);
  } finally {
    await own.close();
  }
});

test('closes', async () => {
  await database.close();
  await source.close();
});
