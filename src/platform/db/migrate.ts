import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Database } from './database.ts';

const folder = path.resolve(import.meta.dirname, '../../../migrations');
/** Any fixed number: the same in every process, so that only one migrates at a time. */
const LOCK = 727_001;

/**
 * Brings the schema up to date. Safe to call from several processes at once and on every start; does nothing when all
 * migrations have run. `migrations/after.sql` holds what must hold after any migration (forced policies, append-only
 * tables) and is idempotent.
 */
export async function migrateDatabase(database: Database): Promise<void> {
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
