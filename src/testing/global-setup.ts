import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '#config';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { connect } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';
import { createLogger } from '#platform/log/logger.ts';
import type { Adapters } from '../compose.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Prepares one migrated database that every test file starts from. */
export async function setup(project: TestProject): Promise<void> {
  const { TEST_DATABASE_URL: server, TEST_DATABASE_ADMIN_URL: admin } = process.env;
  project.provide('databaseLogin', server ?? '');
  project.provide('databaseTemplate', server ? await prepareTemplate(admin ?? server, server) : '');
  project.provide('databaseSnapshot', server ? '' : await prepareSnapshot());
}

async function prepareSnapshot(): Promise<string> {
  const folder = path.join(root, '.cache/test');
  const file = path.join(folder, `database-${schemaHash()}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const embedded = await startEmbeddedDatabase({ dataDir: null });
  const database = connect(embedded.url);
  await migrateDatabase(database);
  await prepareQueues({ database, databaseUrl: embedded.url, embedded: true });
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
async function prepareTemplate(admin: string, server: string): Promise<string> {
  const login = new URL(server).username;
  const name = `cmp_template_${schemaHash().slice(0, 12)}`;
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
  // The tables of the queue belong to the login that uses them.
  const own = new URL(server);
  own.pathname = url.pathname;
  const asLogin = connect(own.toString());
  await prepareQueues({ database: asLogin, databaseUrl: own.toString(), embedded: false });
  await asLogin.close();
  return url.toString();
}

const grantsFor = (login: string) => `
  grant cmp_app, cmp_operator to ${login};
  grant usage on schema auth, platform to ${login};
  grant select, insert, update, delete on all tables in schema auth to ${login};
  grant select on all tables in schema platform to ${login};
  create schema if not exists pgboss authorization ${login};`;

/**
 * The first start of the product makes the tables of its queue and the queues. Done here, it is not done again before
 * each test file; a queue that changed since is brought up to date by the start that follows.
 */
async function prepareQueues(where: Pick<Adapters, 'database' | 'databaseUrl' | 'embedded'>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cmp-test-'));
  const config = loadConfig({ NODE_ENV: 'test', DATA_DIR: folder, LOG_LEVEL: 'error', SAMPLE_CONTENT: 'false' });
  const log = createLogger(config.LOG_LEVEL);
  // The whole product is loaded only where there is something to prepare.
  const [{ chooseAdapters }, { compose }] = await Promise.all([import('../choose-adapters.ts'), import('../compose.ts')]);
  const adapters = chooseAdapters(config, where, log);
  const composition = await compose(config, adapters, log);
  await composition.jobs.start();
  await composition.stop();
  await adapters.code.close();
  await adapters.egress.close();
  await rm(folder, { recursive: true, force: true });
}

/** Changes with what a fresh database holds: our tables, and those of the queue. */
function schemaHash(): string {
  const folder = path.join(root, 'migrations');
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'node_modules/pg-boss/package.json')));
  for (const name of readdirSync(folder).filter((item) => item.endsWith('.sql')).sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 20);
}
