import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startEmbeddedDatabase } from './embedded-database.ts';
import { ProtocolServer } from './protocol-server.ts';

const embedded = await startEmbeddedDatabase({ dataDir: null });
const pool = new pg.Pool({ connectionString: embedded.url, max: 16 });
afterAll(async () => {
  await pool.end();
  await embedded.close();
});

test('queries of many clients with parameters each get their own answer', async () => {
  const answers = await Promise.all(Array.from({ length: 400 }, async (_unused, n) => (await pool.query('select $1::int as n, $2::text as t', [n, `t${n}`])).rows[0]));
  expect(answers).toEqual(Array.from({ length: 400 }, (_unused, n) => ({ n, t: `t${n}` })));
});

test('transactions of many clients do not mix, and queries outside them wait', async () => {
  await pool.query('create table counters (id int primary key, n int not null); insert into counters values (1, 0)');
  await Promise.all(Array.from({ length: 60 }, async (_unused, index) => {
    if (index % 3 === 0) return pool.query('select n from counters where id = $1', [1]);
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ n: number }>('select n from counters where id = $1', [1]);
      await client.query('update counters set n = $1 where id = 1', [(rows[0]?.n ?? 0) + 1]);
      await client.query('commit');
    } finally {
      client.release();
    }
    return undefined;
  }));
  expect((await pool.query('select n from counters')).rows).toEqual([{ n: 40 }]);
});

test('a client that goes away in the middle of a transaction leaves nothing behind and blocks nobody', async () => {
  const lost = new pg.Client({ connectionString: embedded.url });
  lost.on('error', () => undefined);
  await lost.connect();
  await lost.query('begin');
  await lost.query('update counters set n = 999');
  const waiting = pool.query('select n from counters');
  await lost.end();
  expect((await waiting).rows).toEqual([{ n: 40 }]);
});

test('a failed query leaves the connection and the others usable', async () => {
  await expect(pool.query('select * from nowhere where a = $1', [1])).rejects.toMatchObject({ code: '42P01' });
  await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a client that leaves its transaction idle is cut off with its changes, and the others go on', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'idle-'));
  const database = await PGlite.create();
  const server = new ProtocolServer(database, { idleMs: 100 });
  await server.listen({ path: path.join(folder, '.s.PGSQL.5432') });
  const clients = Array.from({ length: 2 }, () => new pg.Client({ host: folder, user: 'postgres', database: 'postgres' }));
  const [idle, busy] = clients;
  try {
    for (const client of clients) {
      client.on('error', () => undefined);
      await client.connect();
    }
    await busy?.query('create table kept (n int)');
    await idle?.query('begin');
    for (let n = 0; n < 8; n++) {
      // Slow, but never for long.
      await wait(50);
      await idle?.query('insert into kept values (1)');
    }
    expect((await busy?.query('select count(*)::int as n from kept'))?.rows).toEqual([{ n: 0 }]);
    await expect(idle?.query('select 1')).rejects.toThrow();
  } finally {
    await Promise.allSettled(clients.map(async (client) => client.end()));
    await server.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
