import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { z } from 'zod';
import type { Database } from './database.ts';

const folder = path.resolve(import.meta.dirname, '../../../migrations');
/** Any fixed number: the same in every process, so that only one migrates at a time. */
const LOCK = 727_001;

/**
 * Brings the schema up to date. Safe to call from several processes at once and on every start; does nothing when all
 * migrations have run. `migrations/after.sql` holds what must hold after any migration (forced policies, append-only
 * tables) and is idempotent. The login needs to own the database only when there is something to migrate.
 */
export async function migrateDatabase(database: Database): Promise<void> {
  if (await isCurrent(database)) return;
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await migrate(drizzle(client), { migrationsFolder: folder, migrationsSchema: 'platform', migrationsTable: 'migrations' });
    await client.query(await readFile(path.join(folder, 'after.sql'), 'utf8'));
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    client.release();
  }
}

/** Whether the newest migration here is the newest one there. */
async function isCurrent(database: Database): Promise<boolean> {
  const journal = Journal.parse(JSON.parse(await readFile(path.join(folder, 'meta/_journal.json'), 'utf8')));
  const known = await database.pool.query(`select to_regclass('platform.migrations') is not null as known`);
  if (!Known.parse(known.rows)[0]?.known) return false;
  const last = await database.pool.query('select max(created_at)::text as last from platform.migrations');
  return Last.parse(last.rows)[0]?.last === String(journal.entries.at(-1)?.when);
}

const Journal = z.object({ entries: z.array(z.object({ when: z.number() })) });
const Known = z.array(z.object({ known: z.boolean() }));
const Last = z.array(z.object({ last: z.string().nullable() }));
