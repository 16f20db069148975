import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '#config';
import { connect } from '#platform/db/database.ts';
import { chooseAdapters } from './choose-adapters.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cmp-adapters-'));
const databaseUrl = 'postgresql://nobody@127.0.0.1:1/none';
const database = connect(databaseUrl);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** The mailer a server with these settings has, and what it says when it starts. */
async function mailerWith(settings: Record<string, string>) {
  const said: string[] = [];
  const write = (_fields: object, message?: string) => { said.push(message ?? ''); };
  const adapters = chooseAdapters(loadConfig({ DATA_DIR: folder, ...settings }), { database, databaseUrl, embedded: false }, { debug: write, info: write, warn: write, error: write });
  await Promise.all([adapters.code.close(), adapters.egress.close()]);
  return { mailer: adapters.mailer, said: said.filter((line) => line.includes('mail')) };
}

test('without a mail server nothing is sent and it is said once; with one its password is not said', async () => {
  expect(await mailerWith({})).toEqual({ mailer: null, said: ['no mail is sent: SMTP_URL is not set'] });
  const { mailer, said } = await mailerWith({ SMTP_URL: 'smtps://robot:hunter2@mail.example.com' });
  expect([mailer === null, said]).toEqual([false, []]);
});
