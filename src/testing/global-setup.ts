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
  const { TEST_DATABASE_URL: server, TEST_DATABASE_ADMIN_URL: admin } = process.env;
  project.provide('databaseLogin', server ?? '');
  project.provide('databaseTemplate', server ? await prepareTemplate(admin ?? server, new URL(server).username) : '');
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

/**
 * One migrated database on the server, made by its owner; what tests copy. The product itself logs in as a role that
 * owns nothing, as in production, with just the grants of `docs/operators.md`.
 */
async function prepareTemplate(admin: string, login: string): Promise<string> {
  const name = `cmp_template_${migrationsHash().slice(0, 12)}`;
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: admin });
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
  if (login !== url.username) await database.pool.query(grantsFor(login));
  await database.close();
  return url.toString();
}

const grantsFor = (login: string) => `
  grant cmp_app, cmp_operator to ${login};
  grant usage on schema auth, platform to ${login};
  grant select, insert, update, delete on all tables in schema auth to ${login};
  grant select on all tables in schema platform to ${login};
  create schema if not exists pgboss authorization ${login};`;

function migrationsHash(): string {
  const folder = path.join(root, 'migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).filter((item) => item.endsWith('.sql')).sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 20);
}
