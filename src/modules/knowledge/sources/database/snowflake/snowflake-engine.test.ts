import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { reader, textOf } from '#modules/knowledge/sources/database/testing/loopback.ts';
import { snowflakeDouble, type Answered, type Asked } from '#modules/knowledge/sources/database/testing/snowflake-double.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { SourceError } from '../../source-reader.ts';
import { databaseSource } from '../database-source.ts';
import { snowflakeValue } from './snowflake-values.ts';

const text = (...names: string[]) => names.map((name) => ({ name, type: 'text' }));
const PRODUCTS = {
  columns: [
    { name: 'ID', type: 'fixed', scale: 0 }, { name: 'NAME', type: 'text' }, { name: 'PRICE', type: 'fixed', scale: 2 }, { name: 'WEIGHT', type: 'real' }, { name: 'ACTIVE', type: 'boolean' }, { name: 'DAY', type: 'date' },
    { name: 'MADE', type: 'timestamp_ntz', scale: 9 }, { name: 'SOLD', type: 'timestamp_tz', scale: 9 }, { name: 'OPENS', type: 'time', scale: 9 }, { name: 'EXTRA', type: 'variant' }, { name: 'LINK', type: 'text' },
  ],
  rows: [
    ['1', 'Kettle', '12.50', '1.5', 'true', '20487', '1611871777.123456789', '1616173619.000000000 1500', '34200.000000000', '{"colour":"red","parts":["lid"]}', 'https://shop.example.org/kettle'],
    ['2', 'Mug', '4.50', null, 'false', null, null, null, null, null, null],
  ],
};
const TABLES = { columns: [...text('TABLE_SCHEMA', 'TABLE_NAME'), { name: 'ROW_COUNT', type: 'fixed', scale: 0 }], rows: [['PUBLIC', 'PRODUCTS', '2'], ['PUBLIC', 'MANY', '1200'], ['SALES', 'ORDERS', '5'], ['PUBLIC', 'VIEW', null]] };
let altered = '1611871777.000000000';

function shop({ statement, bindings }: Asked): Answered {
  if (/from information_schema\.tables where table_schema <>/.test(statement)) return TABLES;
  if (/last_altered/.test(statement)) return { columns: [...text('S', 'T'), { name: 'R', type: 'fixed', scale: 0 }, { name: 'B', type: 'fixed', scale: 0 }, { name: 'L', type: 'timestamp_ltz' }], rows: [['PUBLIC', 'PRODUCTS', '2', '100', altered]] };
  if (/information_schema\.columns/.test(statement)) return { columns: text('COLUMN_NAME', 'DATA_TYPE'), rows: (bindings['2']?.value === 'MANY' ? ['A', 'B'] : PRODUCTS.columns.map(({ name }) => name)).map((name) => [name, 'TEXT']) };
  if (/^show primary keys in table "PUBLIC"."VIEW"/.test(statement)) return { status: 422, code: '002003', message: 'Object does not exist', sqlState: '02000' };
  if (statement.startsWith('show primary keys')) return { columns: [...text('created_on', 'table_name', 'column_name'), { name: 'key_sequence', type: 'fixed', scale: 0 }], rows: [['', 'T', /MANY/.test(statement) ? 'A' : 'ID', '1']] };
  if (/from "PUBLIC"."MANY"/.test(statement)) return { columns: [{ name: 'A', type: 'fixed', scale: 0 }, { name: 'B', type: 'text' }], rows: Array.from({ length: Number(/limit (\d+)$/.exec(statement)?.[1]) > 1200 ? 1200 : Number(/limit (\d+)$/.exec(statement)?.[1]) }, (_, index) => [String(index), `row ${index}`]), partRows: 500 };
  return PRODUCTS;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => { for (const close of closing) await close(); });
async function open(config: object = {}, answer: (asked: Asked) => Answered = shop, secrets: object = { password: 'the-token' }, signIn: Parameters<typeof snowflakeDouble>[1] = { token: 'the-token' }) {
  const double = await snowflakeDouble(answer, signIn);
  closing.push(double.close);
  return Object.assign(reader({ engine: 'snowflake', host: 'myorg-account', database: 'shop', user: 'reader', warehouse: 'reading', ...config }, { egress: double.egress, secrets }), { double });
}

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new Error(`not told in words: ${String(error)}`, { cause: error });
  return error;
}

describe('tables', () => {
  test('are read row by row with a token, over the account’s own host, at most so many rows', async () => {
    const { documents, double } = await open({ tables: ['products'], urlColumn: 'link' });
    const found = await documents();
    expect(found.map(({ externalId, title, url }) => [externalId, title, url])).toEqual([['PRODUCTS:1', 'Kettle', 'https://shop.example.org/kettle'], ['PRODUCTS:2', 'Mug', null]]);
    expect(textOf(found[0]!)).toBe('ID: 1\nNAME: Kettle\nPRICE: 12.50\nWEIGHT: 1.5\nACTIVE: true\nDAY: 2026-02-03\nMADE: 2021-01-28T22:09:37.123\nSOLD: 2021-03-19T17:06:59Z\nOPENS: 09:30:00\n\nEXTRA:\ncolour: red\nparts: lid');
    expect(textOf(found[1]!)).toBe('ID: 2\nNAME: Mug\nPRICE: 4.50\nACTIVE: false');
    expect(new Set(double.requests.map(({ host }) => host))).toEqual(new Set(['myorg-account.snowflakecomputing.com']));
    const last = double.asked.at(-1)!;
    expect(last).toMatchObject({ database: 'SHOP', schema: 'PUBLIC', warehouse: 'READING', timeout: 60, parameters: { MULTI_STATEMENT_COUNT: '1', TIMEZONE: 'UTC' } });
    expect(last.statement).toBe('select "ID", "NAME", "PRICE", "WEIGHT", "ACTIVE", "DAY", "MADE", "SOLD", "OPENS", "EXTRA", "LINK" from "PUBLIC"."PRODUCTS" order by "ID" limit 10001');
  });

  test('that come in parts are read part by part, and no further than is allowed', async () => {
    const whole = await open({ tables: ['many'] });
    expect(await whole.documents()).toHaveLength(1200);
    expect(whole.double.requests.filter(({ url }) => url.includes('partition=')).map(({ url }) => url.slice(-1))).toEqual(['1', '2']);
    const some = await open({ tables: ['many'], rowsMax: 700 });
    const found = await some.read();
    expect(found.filter(({ type }) => type === 'document')).toHaveLength(700);
    expect(found.at(-1)).toMatchObject({ type: 'incomplete' });
  });

  test('that take longer are waited for', async () => {
    const { documents, double } = await open({ tables: ['products'] }, (asked) => (asked.statement.startsWith('select "ID"') ? { running: 1, result: PRODUCTS } : shop(asked)));
    expect(await documents()).toHaveLength(2);
    expect(double.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  test('are looked at before reading, and told where they do not exist', async () => {
    const look = async (config: object) => databaseSource.test((await open(config)).context);
    expect((await look({})).message).toBe('Connected to shop. There are: PRODUCTS, MANY, SALES.ORDERS, VIEW. Name the tables to be read.');
    expect(await look({ tables: ['products'] })).toMatchObject({ message: 'Connected to shop. To be read: PRODUCTS (about 2 rows).', found: 2, sample: [{ title: 'Kettle' }, { title: 'Mug' }] });
    expect(await failure(look({ tables: ['product'] }))).toMatchObject({ code: 'not-found', message: expect.stringContaining('There are: PRODUCTS, MANY') });
    expect(await failure(look({ tables: ['products'], titleColumn: 'titel' }))).toMatchObject({ code: 'not-found' });
    expect((await look({ tables: ['view'] })).sample).toHaveLength(2);
  });
});

test('the key pair of a user signs in as well, also where its lines were lost', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', ' ');
  const signIn = { key: publicKey, subject: 'MYORG-ACCOUNT.READER' };
  for (const secrets of [{ privateKey: pem }, { password: pem }]) expect(await (await open({ tables: ['products'] }, shop, secrets, signIn)).documents()).toHaveLength(2);
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  expect(await failure((await open({ tables: ['products'] }, shop, { privateKey: other }, signIn)).read())).toMatchObject({ code: 'refused' });
  const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  expect((await failure((await open({ tables: ['products'] }, shop, { privateKey: locked }, signIn)).read())).message).toMatch(/protected by a passphrase/);
  expect((await failure((await open({ tables: ['products'] }, shop, { privateKey: '-----BEGIN PRIVATE KEY----- nonsense -----END PRIVATE KEY-----' }, signIn)).read())).message).toMatch(/no RSA key/);
});

describe('a query', () => {
  test('is read inside a SELECT of ours', async () => {
    const { documents, double } = await open({ query: 'with t as (select 1) select * from t -- all' });
    expect(await documents()).toHaveLength(2);
    expect(double.asked.at(-1)!.statement).toBe('select * from (\nwith t as (select 1) select * from t -- all\n) limit 10001');
  });

  test.each([['delete from products'], ['select 1; drop table products'], ['call p()'], ["select system$cancel_all_queries('1')"], ['copy into @stage from products']])('that is none never leaves: %s', async (query) => {
    const { read, double } = await open({ query });
    expect(await failure(read())).toMatchObject({ code: 'settings' });
    expect(double.asked).toEqual([]);
  });
});

describe('what cannot be read is told in words', () => {
  test.each([
    [{ status: 422, code: '002003', message: "SQL compilation error:\nObject 'SHOP.PUBLIC.X' does not exist or not authorized." }, 'not-found', "Snowflake does not find it, or the user may not read it: SQL compilation error: Object 'SHOP.PUBLIC.X' does not exist or not authorized."],
    [{ status: 422, code: '001003', message: 'SQL compilation error: syntax error' }, 'settings', 'Snowflake says: SQL compilation error: syntax error.'],
    [{ status: 422, code: '000606', message: 'No active warehouse selected' }, 'settings', 'Snowflake needs a warehouse for this. Name one the user may use.'],
    [{ status: 408, code: '000630', message: 'Statement reached its timeout' }, 'unexpected', 'Snowflake took too long for an answer. Read fewer rows, or make the query cheaper.'],
    [{ status: 404 }, 'not-found', 'There is no such Snowflake account. It is written like myorg-account.'],
  ] as const)('%j', async (answer, code, message) => {
    expect(await failure((await open({ query: 'select 1' }, () => answer)).read())).toMatchObject({ code, message });
  });

  test('a wrong token, none, and one that Snowflake repeats', async () => {
    expect(await failure((await open({ tables: ['products'] }, shop, { password: 'another-token' })).read())).toMatchObject({ code: 'refused' });
    expect(await failure((await open({ tables: ['products'] }, shop, {})).read())).toMatchObject({ code: 'settings' });
    expect((await failure((await open({ query: 'select 1' }, () => ({ status: 422, message: 'token the-token is odd' }))).read())).message).toBe('Snowflake says: token … is odd.');
  });

  test('a host that leads to a private address reads like one that does not exist', async () => {
    const at = async (host: string) => (await failure(reader({ engine: 'snowflake', host, database: 'shop', query: 'select 1' }, { egress: createEgress([]), secrets: { password: 'x' } }).read())).message;
    expect(await at('does-not-exist.snowflakecomputing.invalid')).toBe('No database could be reached at does-not-exist.snowflakecomputing.invalid, port 443. Check both, that the database accepts connections from the internet, and that it uses one of the usual ports.');
    await expect(at('evil.example.org/x')).resolves.toMatch(/^Write only the name/);
  });
});

test('an answer without end is cut off, and one that is none is told', async () => {
  expect(await failure((await open({ query: 'select 1' }, () => 'endless')).read())).toMatchObject({ code: 'too-large' });
  expect(await failure((await open({ query: 'select 1' }, () => ({ status: 200 }))).read())).toMatchObject({ code: 'unexpected', message: 'What answers there is not the SQL API of Snowflake.' });
});

test('changes are seen by asking when a table was last altered', async () => {
  const source = await open({ tables: ['products'] });
  await source.read();
  altered = '1611871999.000000000';
  await databaseSource.changed!(source.context);
  const view = await open({ tables: ['products', 'view'] });
  await view.read();
  expect(view.checkpoint).toEqual({ mark: null });
});

test.each([
  ['9007199254740993', { type: 'fixed', scale: 0 }, '9007199254740993'], ['-5', { type: 'FIXED', scale: 0 }, -5], ['undefined', { type: 'variant' }, 'undefined'], ['-1', { type: 'date' }, '1969-12-31'],
  ['1e400', { type: 'timestamp_ltz' }, null], ['ffee', { type: 'binary' }, null], [null, { type: 'text' }, null],
])('the value %s of %j is %j', (value, type, expected) => {
  expect(snowflakeValue(value, type)).toBe(expected);
});
