import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { DatabaseConfig } from '../contract/database.ts';
import { databaseSource } from './database-source.ts';

const config = (given: object) => DatabaseConfig.parse({ host: 'db.example.org', database: 'shop', ...given });

test('drivers are loaded by the first database of their kind, not before', () => {
  const script = `await import(process.argv[1]);
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => /node_modules\\/(mysql2|mongodb|bson|pg)\\//.test(file)).length);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, new URL('database-source.ts', import.meta.url).href], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`.trim()).toBe('0');
});

test('a source nobody named is called after what it reads', () => {
  expect(databaseSource.nameOf(config({ tables: ['products', 'faqs'] }))).toBe('shop: products, faqs');
  expect(databaseSource.nameOf(config({ query: 'select 1' }))).toBe('shop');
  expect(databaseSource.nameOf(config({ tables: Array.from({ length: 100 }, (_, index) => `a_long_name_of_a_table_${index}`) })).length).toBeLessThanOrEqual(120);
});

test('secrets are for one kind of database on one host and port', () => {
  const base = databaseSource.secretsFor(config({}));
  expect(databaseSource.secretsFor(config({ host: 'DB.example.org', tables: ['x'] }))).toBe(base);
  for (const other of [{ host: 'other.example.org' }, { port: 5433 }, { engine: 'mysql' }]) expect(databaseSource.secretsFor(config(other))).not.toBe(base);
});
