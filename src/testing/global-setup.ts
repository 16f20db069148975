import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { connect } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Prepares one migrated database that every test file starts from. */
export async function setup(project: TestProject): Promise<void> {
  const server = process.env.TEST_DATABASE_URL ?? '';
  project.provide('databaseTemplate', server ? await prepareTemplate(server) : '');
  project.provide('databaseSnapshot', server ? '' : await prepareSnapshot());
}

async function prepareSnapshot(): Promise<string> {
  const folder = path.join(root, '.cache/test');
  const file = path.join(folder, `database-${migrationsHash()}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const embedded = await startEmbeddedDatabase({ dataDir: null });
  const database = connect(embedded.url);
  await migrateDatabase(database);
  await database.close();
  await writeFile(`${file}.part`, await embedded.dump());
  await rename(`${file}.part`, file);
  await embedded.close();
  return file;
}

async function prepareTemplate(server: string): Promise<string> {
  const name = `cmp_template_${migrationsHash().slice(0, 12)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount) return url.toString();
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const database = connect(url.toString());
  await migrateDatabase(database);
  await database.close();
  return url.toString();
}

function migrationsHash(): string {
  const folder = path.join(root, 'migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).filter((item) => item.endsWith('.sql')).sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 20);
}
