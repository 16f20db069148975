import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { connect } from '../db/database.ts';
import { createLogger } from '../log/logger.ts';
import { startTestDatabase } from '../../testing/database.ts';
import { defineJob, handles } from './job.ts';
import { createJobRunner } from './queue.ts';

const source = await startTestDatabase();
const database = connect(source.url);
const admin = new pg.Client({ connectionString: source.adminUrl });
await admin.connect();
afterAll(async () => {
  await admin.end();
  await database.close();
  await source.close();
});

const log = createLogger('error');
const settingsOf = async (name: string) => (await database.pool.query('select retry_limit as retries, retry_delay as pause, retry_backoff as growing, expire_seconds as seconds from pgboss.queue where name = $1', [name])).rows;

async function startWith(options: { retriesMax: number; timeoutSeconds: number }) {
  const job = handles(defineJob('test.count', z.object({}), options), async () => undefined);
  const runner = createJobRunner({ url: source.url, platform: { database, log, now: () => new Date(), relaySoon: () => undefined }, jobs: [job], events: [], work: true, embedded: source.embedded, log });
  await runner.start();
  await runner.stop();
}

test('the first start makes the tables of the queue, where it may only use the schema that was made for it', async () => {
  await admin.query('drop schema pgboss cascade');
  // The embedded database has one login, which owns everything.
  if (!source.embedded) {
    const [login] = z.tuple([z.object({ name: z.string() })]).parse((await database.pool.query('select current_user as name')).rows);
    await admin.query(`create schema pgboss authorization ${login.name}`);
  }
  await startWith({ retriesMax: 3, timeoutSeconds: 60 });
  expect(await settingsOf('test.count')).toEqual([{ retries: 3, pause: 2, growing: true, seconds: 60 }]);
});

test('a start of another version gives a queue its new settings, and one of the same version changes nothing', async () => {
  await startWith({ retriesMax: 7, timeoutSeconds: 90 });
  expect(await settingsOf('test.count')).toEqual([{ retries: 7, pause: 2, growing: true, seconds: 90 }]);
  const changed = async () => (await database.pool.query("select updated_on from pgboss.queue where name = 'test.count'")).rows;
  const before = await changed();
  await startWith({ retriesMax: 7, timeoutSeconds: 90 });
  expect(await changed()).toEqual(before);
});
