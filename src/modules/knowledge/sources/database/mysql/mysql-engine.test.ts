import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenOnLoopback, opened, reader, textOf } from '#modules/knowledge/sources/database/testing/loopback.ts';
import { mysqlDouble, OK, table, type Answer } from '#modules/knowledge/sources/database/testing/mysql-double.ts';
import { SourceError } from '../../source-reader.ts';
import { databaseSource } from '../database-source.ts';

const given = process.env.TEST_MARIADB_URL;
if (!given) console.log('skipped: reading a MariaDB server (TEST_MARIADB_URL is not set; scripts/test-mariadb.sh start)');
const url = new URL(given ?? 'mysql://nobody@127.0.0.1:1/none');
const settings = { engine: 'mysql', host: '127.0.0.1', port: Number(url.port), database: url.pathname.slice(1), user: url.username, encryption: 'off' };
const secrets = { password: url.password };
const egress = opened(`127.0.0.1:${url.port}`);
const open = (config: object, rest: Partial<Parameters<typeof reader>[1]> = {}) => reader({ ...settings, ...config }, { egress, secrets, ...rest });

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new Error(`not told in words: ${String(error)}`, { cause: error });
  return error;
}

describe.skipIf(!given)('a MariaDB server', () => {
  let owner: mysql.Connection;
  beforeAll(async () => {
    owner = await mysql.createConnection({ uri: given ?? '', multipleStatements: true });
    await owner.query(`
      drop database if exists other_shop; create database other_shop;
      drop table if exists products, faqs, many, wide, stamped; drop view if exists cheap; drop function if exists writes;
      create table products (id bigint unsigned primary key, name varchar(100), body text, price decimal(8,2), made timestamp null, day date, at datetime, extra json, photo blob, link varchar(200), active tinyint(1), api_key text) charset utf8mb4;
      insert into products values
        (18446744073709551615, 'Mug ☕', '<p>Holds <b>tea</b></p>', 4.50, '2026-01-02 03:04:05', '2026-02-03', '2026-02-03 10:00:00', '{"colour":"red"}', 0xdead, 'https://shop.example.org/mug', 1, 'sk-1'),
        (1, 'Kettle', 'Boils.', 12.5, null, '0000-00-00', null, null, null, 'javascript:alert(1)', 0, null);
      create table faqs (question varchar(200) primary key, answer text);
      insert into faqs values ('Where is my order?', 'In your account.'), ('Can I return it?', 'Within 30 days.');
      create table many (a int, b varchar(20), primary key (b, a));
      insert into many select seq, concat('row ', seq) from seq_1_to_1200;
      create table wide (id int primary key, text mediumtext);
      insert into wide select seq, repeat('wide ', 200000) from seq_1_to_12;
      create table stamped (id int primary key, text text, updated_at timestamp);
      insert into stamped values (1, 'a', '2026-01-01 00:00:00');
      create view cheap as select name, price from products where price < 5;
      create table other_shop.orders (id int primary key, note text); insert into other_shop.orders values (1, 'elsewhere');
      create function writes() returns int begin insert into faqs values ('written', 'x'); return 1; end;
      analyze table products, faqs, many, wide, stamped`);
  });
  afterAll(async () => owner?.end());

  test('is read row by row, in the order of the keys, with everything a row says', async () => {
    const documents = await open({ tables: ['products', 'FAQS', 'other_shop.orders'], urlColumn: 'link' }).documents();
    expect(documents.map(({ externalId, title, url: link }) => [externalId, title, link])).toEqual([
      ['products:1', 'Kettle', null], ['products:18446744073709551615', 'Mug ☕', 'https://shop.example.org/mug'],
      ['faqs:Can I return it?', 'Can I return it?', null], ['faqs:Where is my order?', 'Where is my order?', null], ['other_shop.orders:1', 'other_shop.orders 1', null],
    ]);
    expect(textOf(documents[1]!)).toBe('id: 18446744073709551615\nname: Mug ☕\nbody: Holds tea\nprice: 4.50\nmade: 2026-01-02T03:04:05Z\nday: 2026-02-03\nat: 2026-02-03T10:00:00\nextra: colour: red\nactive: 1');
    expect(textOf(documents[0]!)).toBe('id: 1\nname: Kettle\nbody: Boils.\nprice: 12.50\nactive: 0');
    expect(textOf(documents[2]!)).toBe('Can I return it?\n\nWithin 30 days.');
  });

  test('is read again without the texts that did not change', async () => {
    const source = open({ tables: ['faqs'] });
    expect((await source.read()).map(({ type }) => type)).toEqual(['document', 'document', 'progress']);
    await owner.query("update faqs set answer = 'Within 60 days.' where question like 'Can%'");
    expect((await source.read()).map((found) => (found.type === 'document' ? textOf(found.document) : found.type))).toEqual(['Can I return it?\n\nWithin 60 days.', 'unchanged', 'progress']);
  });

  test('is read whole where it is larger than a batch, and no further than is allowed', async () => {
    expect(new Set((await open({ tables: ['many'] }).documents()).map(({ externalId }) => externalId)).size).toBe(1200);
    const found = await open({ tables: ['many', 'faqs'], rowsMax: 700 }).read();
    expect(found.filter(({ type }) => type === 'document')).toHaveLength(700);
    expect(found.at(-1)).toMatchObject({ type: 'incomplete', reason: expect.stringContaining('Only the first 700 rows') });
    expect(await open({ tables: ['wide'] }).documents()).toHaveLength(12);
    expect((await open({ tables: ['wide'] }, { bytesMax: 500_000 }).read())[0]).toMatchObject({ type: 'problem', externalId: 'wide:1' });
  });

  test('shows before reading which tables and columns there are', async () => {
    const look = async (config: object) => databaseSource.test(open(config).context);
    expect((await look({})).message).toBe('Connected to cmp_test. There are: cheap, faqs, many, products, stamped, wide, other_shop.orders. Name the tables to be read.');
    expect(await look({ tables: ['faqs', 'cheap'] })).toMatchObject({ message: expect.stringContaining('faqs (about 2 rows)'), sample: [{ title: 'Can I return it?' }, {}, { title: 'Mug ☕' }] });
    expect(await failure(look({ tables: ['fags'] }))).toMatchObject({ code: 'not-found', message: expect.stringContaining('There is no table fags in cmp_test that this user may read. There are: cheap, faqs') });
    expect(await failure(look({ tables: ['faqs'], titleColumn: 'titel' }))).toMatchObject({ code: 'not-found', message: 'There is no column titel. There are: question, answer.' });
    expect(await failure(look({ tables: ['x`; drop table faqs; --'] }))).toMatchObject({ code: 'not-found' });
  });

  test('answers one query, which is read like a table', async () => {
    expect((await open({ query: "select id, name from products where name like 'K%' # why\n;", idColumn: 'id' }).documents()).map(({ externalId, title }) => [externalId, title])).toEqual([['query:1', 'Kettle']]);
    expect(await open({ query: 'select * from many', rowsMax: 100 }).documents()).toHaveLength(100);
    expect(await failure(open({ query: 'select nothing from faqs' }).read())).toMatchObject({ code: 'not-found', message: expect.stringContaining("'nothing'") });
    expect(await failure(open({ query: 'select * from nowhere' }).read())).toMatchObject({ code: 'not-found' });
    expect(await failure(open({ query: 'select from' }).read())).toMatchObject({ code: 'settings' });
  });

  test.each([
    ["insert into faqs values ('x', 'y')"], ['select writes()'], ['select 1; delete from faqs'], ['with a as (select 1) delete from faqs'], ["select 'x' into outfile '/tmp/mariadb-outfile'"], ["select load_file('/etc/hostname')"],
    ["load data local infile '/etc/hostname' into table faqs"], ['select * from faqs for update'], ['commit'], ['set global read_only = 1'], ["select /*! 1 into outfile '/tmp/mariadb-outfile' */"], ["select 'a\\'' into outfile '/tmp/mariadb-outfile' -- '"],
  ])('changes nothing and gives no file, though the user may: %s', async (query) => {
    const error = await open({ query }).read().then(() => null, (reason: unknown) => reason);
    // Only a lock, which ends with the reading, is no error.
    if (error !== null || !query.endsWith('for update')) expect(error).toMatchObject({ code: 'settings', message: expect.stringMatching(/^The query/) });
    expect((await owner.query('select count(*) as n from faqs'))[0]).toEqual([{ n: 2 }]);
    expect(existsSync('/tmp/mariadb-outfile')).toBe(false);
  });

  test('tells of changes when it is asked: by the time of the last one, else by what the rows add up to', async () => {
    for (const [name, change] of [['stamped', "insert into stamped values (2, 'b', '2026-01-01 00:00:00')"], ['faqs', "update faqs set answer = 'Never.' where question like 'Can%'"]] as const) {
      const source = open({ tables: [name] });
      await source.read();
      const before = source.checkpoint?.mark;
      await source.read();
      expect(source.checkpoint?.mark).toBe(before);
      await owner.query(change);
      // Seen at once, since the last reading left its mark.
      await databaseSource.changed!(source.context);
      await source.read();
      expect(source.checkpoint?.mark).not.toBe(before);
    }
  });

  test('is asked no longer when the signal ends', async () => {
    const ending = new AbortController();
    const changed = databaseSource.changed!(open({ tables: ['faqs'] }, { signal: ending.signal }).context);
    setTimeout(() => { ending.abort(); }, 300);
    await expect(changed).resolves.toBeUndefined();
  });

  test('that refuses says why: password, database, table, encryption', async () => {
    await owner.query("create or replace user reader@'%' identified by 'reader-password'; grant select on cmp_test.faqs to reader@'%'; create or replace user secure@'%' identified by 'x' require ssl; grant select on cmp_test.* to secure@'%'");
    expect(await failure(open({ tables: ['faqs'] }, { secrets: { password: 'wrong-password' } }).read())).toMatchObject({ code: 'refused', message: 'The database refused the user or the password.' });
    expect(await failure(open({ database: 'nowhere' }).read())).toMatchObject({ code: 'not-found', message: 'There is no database nowhere on this server.' });
    const reading = { secrets: { password: 'reader-password' } };
    expect(await failure(open({ user: 'reader', tables: ['products'] }, reading).read())).toMatchObject({ code: 'not-found', message: expect.stringContaining('There are: faqs.') });
    expect(await failure(open({ user: 'reader', query: 'select * from products' }, reading).read())).toMatchObject({ code: 'refused', message: 'The user may not read this. Grant it SELECT on the tables.' });
    expect(await failure(open({ user: 'reader', database: 'mysql' }, reading).read())).toMatchObject({ code: 'not-found' });
  });

  const certificate = process.env.TEST_MARIADB_CERTIFICATE;
  test.skipIf(!certificate)('is read over an encrypted connection, its certificate checked for the host as it was written', async () => {
    const anyHostHere = { ...egress, addressOf: async () => '127.0.0.1' };
    const read = async (config: object) => open({ tables: ['faqs'], encryption: 'verify', host: 'db.example.org', certificate: readFileSync(certificate ?? '', 'utf8'), ...config }, { egress: anyHostHere }).documents();
    expect(await read({})).toHaveLength(2);
    expect(await read({ encryption: 'require', host: 'other.example.org', certificate: '' })).toHaveLength(2);
    expect((await failure(read({ certificate: '' }))).message).toMatch(/nobody known signed it/);
    expect((await failure(read({ host: 'other.example.org' }))).message).toMatch(/made for another name/);
  });
});

describe('a server that means harm', () => {
  const against = async (answer: Answer, config: object = { query: 'select 1 as id' }, options = {}) => {
    const double = await mysqlDouble(answer, options);
    const result = await failure(open({ port: double.port, user: 'reader', database: 'shop', ...config }, { egress: opened(`127.0.0.1:${double.port}`), secrets: { password: 'the-password' } }).read());
    await double.close();
    return { result, received: double.received() };
  };

  test.each([['select 1 as id', /select 1/], ['at its first statement', /^set/]])('gets no file of this machine when it asks for one: %s', async (_, moment) => {
    const { result, received } = await against((sql, send) => { if (moment.test(sql)) send(Buffer.concat([Buffer.from([0xfb]), Buffer.from('/etc/hostname')])); else send(OK); });
    expect(result).toMatchObject({ code: 'refused', message: 'The database asked for a file of this machine. It got none.' });
    expect(received).not.toContain(readFileSync('/etc/hostname', 'utf8').trim());
  });

  test('does not get the password in plain', async () => {
    const { result, received } = await against((_, send) => { send(OK); }, {}, { plugin: 'mysql_clear_password' });
    expect(result.code).toMatch(/refused|settings|not-found|unexpected|unreachable/);
    expect(received).not.toContain('the-password');
  });

  /** The head of a result of one column, then whatever `more` gives, until nobody takes it any more. */
  const pouring = (more: () => Buffer[]): Answer => (sql, send, socket) => {
    if (!sql.startsWith('select 1')) { send(OK); return; }
    send(...table(['id'], []).slice(0, 3));
    const pour = () => {
      while (!socket.destroyed && !socket.writableNeedDrain) send(...more());
      if (!socket.destroyed) socket.once('drain', pour);
    };
    pour();
  };

  test('and sends rows without end is left at the limit', async () => {
    let id = 0;
    const double = await mysqlDouble(pouring(() => Array.from({ length: 200 }, () => { id += 1; return Buffer.from(`\u0008${String(id).padStart(8, '0')}`); })));
    const found = await open({ port: double.port, query: 'select 1', rowsMax: 1000 }, { egress: opened(`127.0.0.1:${double.port}`) }).read();
    expect(found.filter(({ type }) => type === 'document')).toHaveLength(1000);
    expect(found.at(-1)).toMatchObject({ type: 'incomplete' });
    await double.close();
  });

  test('and sends a row of 1 GB is cut off', async () => {
    const piece = Buffer.alloc(0xffffff, 0x20);
    const first = Buffer.concat([Buffer.from([0xfe, 0, 0, 0, 0x40, 0, 0, 0, 0]), piece.subarray(9)]);
    let begun = false;
    const { result } = await against(pouring(() => { const next = begun ? piece : first; begun = true; return [next]; }));
    expect(result).toMatchObject({ code: 'too-large' });
  });

  test('and mixes up its packets is left', async () => {
    const { result } = await against((sql, send) => { if (sql.startsWith('select 1')) { send(...Array.from({ length: 300 }, () => OK)); send(OK); } else send(OK, OK); });
    expect(result.code).toMatch(/unreachable|unexpected/);
  });

  test('never answers is left with the reading, and one that talks nonsense is told', async () => {
    const silent = await listenOnLoopback(createServer(() => undefined));
    expect(await failure(open({ port: silent.port, tables: ['x'] }, { egress: opened(`127.0.0.1:${silent.port}`), signal: AbortSignal.timeout(300) }).read())).toMatchObject({ code: 'unreachable' });
    await silent.close();
    const nonsense = await listenOnLoopback(createServer((socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); }));
    expect(await failure(open({ port: nonsense.port, tables: ['x'] }, { egress: opened(`127.0.0.1:${nonsense.port}`) }).read())).toMatchObject({ code: 'unreachable' });
    await nonsense.close();
  });
});
