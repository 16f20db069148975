import { connect, createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestDatabase } from '../../../../../testing/database.ts';
import { testIdentity } from '../../../../../testing/tls-identity.ts';
import { SourceError } from '../../source-reader.ts';
import { databaseSource } from '../database-source.ts';
import { listenOnLoopback, opened, reader, relayTo, textOf } from '../testing/loopback.ts';

const source = await startTestDatabase();
const closing: (() => Promise<void>)[] = [async () => source.close()];
afterAll(async () => { for (const close of closing.toReversed()) await close(); });

const url = new URL(source.adminUrl.replace('@/', '@embedded/'));
const folder = url.searchParams.get('host');
const relay = folder === null ? null : await relayTo(`${folder}/.s.PGSQL.${url.port || '5432'}`);
if (relay) closing.push(relay.close);
const host = '127.0.0.1';
const port = relay?.port ?? Number(url.port || '5432');
const egress = opened(`${host}:${port}`);
const settings = { engine: 'postgres', host, port, database: decodeURIComponent(url.pathname.slice(1)), user: decodeURIComponent(url.username), encryption: 'off' };
const secrets = { password: decodeURIComponent(url.password) || 'none' };
const open = (config: object, rest: Partial<Parameters<typeof reader>[1]> = {}) => reader({ ...settings, ...config }, { egress, secrets, ...rest });

const owner = new pg.Pool({ connectionString: source.adminUrl, max: 1 });
closing.push(async () => owner.end());
beforeAll(async () => {
  await owner.query(`
    create schema shop;
    create table shop.products (id int primary key, name text, body text, price numeric(8,2), made timestamptz, day date, tags text[], extra jsonb, photo bytea, link text, api_key text);
    insert into shop.products values
      (2, 'Mug', '<p>Holds <b>tea</b></p>', 4.50, '2026-01-02T03:04:05Z', '2026-02-03', '{a,b}', '{"colour":"red","parts":[{"n":1}]}', '\\xdead', 'https://shop.example.org/mug', 'sk-1'),
      (1, 'Kettle', 'Boils.', 12.5, null, null, null, null, null, 'javascript:alert(1)', null);
    create table public.a_faqs (question text primary key, answer text);
    insert into public.a_faqs values ('Where is my order?', 'In your account.'), ('Can I return it?', 'Within 30 days.');
    create table public.a_many (a int, b text, primary key (b, a));
    insert into public.a_many select n, 'row ' || n from generate_series(1, 1200) n;
    create view public.a_view as select name, price from shop.products;
    create table public.a_wide (id int primary key, text text);
    insert into public.a_wide select n, repeat('wide ', 20000) from generate_series(1, 30) n;
    analyze`);
});

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new Error(`not told in words: ${String(error)}`);
  return error;
}

/** As if each name led here: for what is checked after that. */
const anyHostHere = { ...egress, addressOf: async () => '127.0.0.1' };

/** A server's side of encryption, as PostgreSQL begins it. */
function encrypted(socket: Socket, then: (plain: tls.TLSSocket) => void = () => undefined): void {
  socket.once('data', () => {
    socket.write('S');
    const plain = new tls.TLSSocket(socket, { isServer: true, secureContext: tls.createSecureContext(testIdentity) });
    plain.on('error', () => undefined);
    then(plain);
  });
}

describe('tables', () => {
  test('are read row by row, in the order of their keys, with everything a row says', async () => {
    const documents = await open({ tables: ['shop.products', 'a_faqs'], urlColumn: 'link' }).documents();
    expect(documents.map(({ externalId, title, url }) => [externalId, title, url])).toEqual([
      ['shop.products:1', 'Kettle', null], ['shop.products:2', 'Mug', 'https://shop.example.org/mug'],
      ['a_faqs:Can I return it?', 'Can I return it?', null], ['a_faqs:Where is my order?', 'Where is my order?', null],
    ]);
    expect(textOf(documents[1]!)).toBe('id: 2\nname: Mug\nbody: Holds tea\nprice: 4.50\nmade: 2026-01-02T03:04:05Z\nday: 2026-02-03\ntags: a, b\n\nextra:\nparts.1.n: 1\ncolour: red');
    expect(documents[1]!.metadata).toEqual({ table: 'shop.products', id: 2, name: 'Mug', price: '4.50', made: '2026-01-02T03:04:05Z', day: '2026-02-03' });
    expect(textOf(documents[3]!)).toBe('Where is my order?\n\nIn your account.');
  });

  test('are read again without their texts where nothing changed', async () => {
    const source = open({ tables: ['a_faqs'] });
    expect((await source.read()).map(({ type }) => type)).toEqual(['document', 'document', 'progress']);
    await owner.query("update a_faqs set answer = 'Within 60 days.' where question like 'Can%'");
    expect((await source.read()).map((found) => (found.type === 'document' ? textOf(found.document) : found.type))).toEqual(['Can I return it?\n\nWithin 60 days.', 'unchanged', 'progress']);
    expect(source.checkpoint).toHaveProperty('mark');
  });

  test('larger than a batch are read whole, and no further than is allowed', async () => {
    expect(new Set((await open({ tables: ['a_many'] }).documents()).map(({ externalId }) => externalId)).size).toBe(1200);
    const found = await open({ tables: ['a_many'], rowsMax: 700 }).read();
    expect(found.filter(({ type }) => type === 'document')).toHaveLength(700);
    expect(found.at(-1)).toEqual({ type: 'incomplete', reason: 'Only the first 700 rows were read. Allow more rows, or read less with a query.' });
    expect((await open({ tables: ['a_many'], rowsMax: 1200 }).read()).some(({ type }) => type === 'incomplete')).toBe(false);
    expect((await open({ tables: ['a_many', 'a_faqs'], rowsMax: 1200 }).read()).at(-1)).toMatchObject({ type: 'incomplete' });
    expect((await open({ tables: ['a_many'] }, { documentsMax: 3 }).documents()).map(({ externalId }) => externalId)).toEqual(['a_many:["row 1","1"]', 'a_many:["row 10","10"]', 'a_many:["row 100","100"]']);
  });

  test('with rows that are too large tell so, and the others are read', async () => {
    const found = await open({ tables: ['a_wide'] }, { bytesMax: 50_000 }).read();
    expect(found[0]).toMatchObject({ type: 'problem', externalId: 'a_wide:1' });
    expect(await open({ tables: ['a_wide'], rowsMax: 30 }).documents()).toHaveLength(30);
  });

  test('can be views, whose rows are known by a column that is named or by what they say', async () => {
    expect((await open({ tables: ['a_view'], idColumn: 'name' }).documents()).map(({ externalId }) => externalId)).toEqual(['a_view:Mug', 'a_view:Kettle']);
    expect((await open({ tables: ['a_view'] }).documents())[0]!.externalId).toMatch(/^a_view:#/);
  });

  test('and columns that do not exist are named, with those that do', async () => {
    expect(await failure(open({ tables: ['a_faq', 'a_many', 'nowhere'] }).read())).toMatchObject({ code: 'not-found', message: expect.stringMatching(/^There is no table a_faq, nowhere in \S+ that this user may read\. There are: .*a_faqs/) });
    expect(await failure(open({ tables: ['a_faqs'], textColumns: ['answr'] }).read())).toMatchObject({ code: 'not-found', message: 'There is no column answr. There are: question, answer.' });
    expect(await failure(open({}).read())).toMatchObject({ code: 'settings', message: expect.stringMatching(/^Name the tables to be read\. There are: .*a_view.* and \d+ more\.$/) });
    expect(await failure(open({ tables: ['x"; drop table a_many; --'] }).read())).toMatchObject({ code: 'not-found' });
  });
});

describe('a query', () => {
  test('is read like a table', async () => {
    const documents = await open({ query: 'select p.id, p.name, f.question from shop.products p cross join a_faqs f where f.question like \'Where%\' order by p.id; -- all', idColumn: 'id' }).documents();
    expect(documents.map(({ externalId, title }) => [externalId, title])).toEqual([['query:1', 'Kettle'], ['query:2', 'Mug']]);
    expect(await failure(open({ query: 'select 1 as a', titleColumn: 'b' }).read())).toMatchObject({ code: 'not-found', message: 'There is no column b. There are: a.' });
  });

  test('whose rows share an id keeps the first and says so', async () => {
    const found = await open({ query: "select 1 as id, 'a' as t union all select 1, 'b'" }).read();
    expect(found.map(({ type }) => type)).toEqual(['document', 'problem', 'progress']);
  });

  test.each([
    ["insert into a_faqs values ('x', 'y')"], ['with gone as (delete from a_faqs returning *) select * from gone'], ["select a_write()"], ['select 1; delete from a_faqs'],
    ["copy a_faqs to program 'touch /tmp/pwned'"], ["select set_config('transaction_read_only', 'off', true), a_write()"], ['select * from a_faqs for update'], ["select nextval('a_numbers')"], ["select lo_from_bytea(0, 'x')"],
    ["select pg_read_file('/etc/passwd')"], ['commit'], ['select 1) to stdout; --'],
  ])('cannot write or reach beyond tables, though the user may: %s', async (query) => {
    await owner.query(`create sequence if not exists a_numbers;
      create or replace function a_write() returns int language sql volatile as $$ insert into public.a_faqs values ('written', 'x') returning 1 $$`);
    const error = await failure(open({ query }).read());
    expect(error.message).toMatch(/^(The query|Only one|The user may not)/);
    expect((await owner.query("select count(*)::int as n from a_faqs")).rows).toEqual([{ n: 2 }]);
    expect((await owner.query("select is_called from a_numbers")).rows).toEqual([{ is_called: false }]);
  });

  test('that names what is not there says what', async () => {
    expect(await failure(open({ query: 'select * from nowhere' }).read())).toMatchObject({ code: 'not-found', message: 'A table of the query does not exist: relation "nowhere" does not exist.' });
    expect(await failure(open({ query: 'select nothing from a_faqs' }).read())).toMatchObject({ code: 'not-found', message: 'A column of the query does not exist: column "nothing" does not exist.' });
    expect(await failure(open({ query: 'select from from' }).read())).toMatchObject({ code: 'settings' });
  });
});

describe('a look before reading', () => {
  const look = async (config: object) => databaseSource.test(open(config).context);

  test('lists the tables, counts those that are named, and shows the first rows', async () => {
    expect(await look({})).toEqual({ message: expect.stringMatching(/^Connected to \S+\. There are: .*a_faqs.* Name the tables to be read\.$/), found: null, sample: [] });
    expect(await look({ tables: ['a_many', 'a_faqs'] })).toEqual({
      message: expect.stringMatching(/To be read: a_many \(about 1200 rows\), a_faqs \(about 2 rows\)\.$/), found: 1202,
      sample: [{ title: 'a_many ["row 1","1"]', text: 'a: 1\nb: row 1', url: null }, expect.anything(), expect.anything()],
    });
    expect((await look({ query: 'select 1 as id' })).message).toMatch(/The query can be read\.$/);
    expect(await failure(look({ tables: ['a_faqs'], titleColumn: 'titel' }))).toMatchObject({ code: 'not-found' });
  });
});

describe('what cannot be read is told in words', () => {
  test.skipIf(source.embedded)('a wrong password, an unknown database and a table one may not read', async () => {
    expect(await failure(open({ tables: ['a_faqs'] }, { secrets: { password: 'wrong-password' } }).read())).toMatchObject({ code: 'refused', message: 'The database refused the user or the password.', retryable: false });
    expect(await failure(open({ database: 'nowhere' }).read())).toMatchObject({ code: 'not-found', message: 'There is no database nowhere on this server.' });
  });

  test('every reason why nothing is reached reads the same, and names no address', async () => {
    const closed = await listenOnLoopback(createServer());
    await closed.close();
    const at = async (where: string, number: number, guard = egress) => (await failure(open({ host: where, port: number, tables: ['x'] }, { egress: guard }).read())).message.replace(where, 'HOST').replace(String(number), 'PORT');
    const messages = await Promise.all([
      at('127.0.0.1', 5432), at('10.0.0.1', 5432), at('169.254.169.254', 5432), at('localhost', 5432), at('does-not-exist.invalid', 5432), at('127.0.0.1', 22), at('::1', 5432), at('0x7f000001', 5432),
      at('127.0.0.1', closed.port, opened(`127.0.0.1:${closed.port}`)),
    ]);
    expect(new Set(messages)).toEqual(new Set(['No database could be reached at HOST, port PORT. Check both, that the database accepts connections from the internet, and that it uses one of the usual ports.']));
  });

  test('an address with a password in it is refused before anything is connected', async () => {
    expect(await failure(open({ host: 'user:secret@db.example.org/shop' }).read())).toMatchObject({ code: 'settings', message: expect.not.stringContaining('secret') });
  });

  test('a certificate nobody knows, one for another name, and a server without encryption', async () => {
    const secure = await listenOnLoopback(createServer((socket) => { encrypted(socket); }));
    const bare = await listenOnLoopback(createServer((socket) => { socket.once('data', () => socket.write('N')); }));
    const at = async (config: object) => (await failure(open({ host: 'db.example.org', port: secure.port, encryption: 'verify', tables: ['x'], ...config }, { egress: anyHostHere }).read())).message;
    expect(await at({})).toBe('The certificate of the database is not trusted: nobody known signed it; give the certificate authority of its provider.');
    expect(await at({ host: 'other.example.org', certificate: testIdentity.cert })).toBe('The certificate of the database is not trusted: it is made for another name than this host.');
    expect(await at({ port: bare.port })).toMatch(/^The database does not encrypt its connections\./);
    expect(await at({ certificate: 'no PEM' })).toMatch(/^The certificate authority is no certificate/);
    await secure.close();
    await bare.close();
  });
});

test.each([['verify', 'db.example.org', testIdentity.cert], ['require', 'other.example.org', '']])('an encrypted connection is read (%s), its certificate checked for the host as it was written', async (encryption, name, certificate) => {
  const secure = await listenOnLoopback(createServer((socket) => {
    encrypted(socket, (plain) => {
      const behind = connect(port, host).on('error', () => plain.destroy());
      plain.on('close', () => behind.destroy()).pipe(behind).pipe(plain);
    });
  }));
  expect(await open({ host: name, port: secure.port, encryption, certificate, tables: ['a_faqs'] }, { egress: anyHostHere }).documents()).toHaveLength(2);
  await secure.close();
});

describe('a server that means harm', () => {
  test('that never answers is left after its time, and one that ends is told', async () => {
    const silent = await listenOnLoopback(createServer(() => undefined));
    const ending = AbortSignal.timeout(300);
    const reading = open({ port: silent.port, tables: ['x'] }, { egress: opened(`127.0.0.1:${silent.port}`), signal: ending });
    expect(await failure(reading.read())).toMatchObject({ code: 'unreachable' });
    await silent.close();
  });

  test('that sends without end is cut off', async () => {
    const flood = await listenOnLoopback(createServer((socket) => {
      // A message that says it is 1 GB long.
      const head = Buffer.from([0x52, 0x40, 0, 0, 0]);
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      const more = () => { while (!socket.destroyed && socket.write(piece)); if (!socket.destroyed) socket.once('drain', more); };
      socket.once('data', () => { socket.write(head); more(); });
    }));
    expect(await failure(open({ port: flood.port, tables: ['x'] }, { egress: opened(`127.0.0.1:${flood.port}`) }).read())).toMatchObject({ code: 'too-large' });
    await flood.close();
  });
});

describe('changes', () => {
  // The embedded database tells nobody of changes and does not count them.
  test.skipIf(source.embedded)('are heard of through the trigger the guide gives, and by asking', async () => {
    await owner.query(`
      create or replace function knowledge_changed() returns trigger language plpgsql as $$
      begin perform pg_notify('knowledge', tg_table_name); return null; end $$;
      create trigger knowledge_changed after insert or update or delete or truncate on a_faqs for each statement execute function knowledge_changed()`);
    const source = open({ tables: ['a_faqs'] });
    await source.read();
    const ending = new AbortController();
    const changed = databaseSource.changed!({ ...source.context, checkpoint: null, signal: ending.signal });
    const early = await Promise.race([changed.then(() => 'changed'), new Promise((resolve) => { setTimeout(() => { resolve('quiet'); }, 700); })]);
    expect(early).toBe('quiet');
    await owner.query("insert into a_faqs values ('New?', 'Yes.')");
    await changed;
    expect((await source.documents()).map(({ title }) => title)).toEqual(['New?']);
    await owner.query("delete from a_faqs where question = 'New?'");
  });

  test.skipIf(source.embedded)('that came before anybody listened are seen at once, from what the server counts', async () => {
    const source = open({ tables: ['a_many'] });
    await source.read();
    const other = new pg.Client({ connectionString: owner.options.connectionString });
    await other.connect();
    await other.query("insert into a_many values (5000, 'more')");
    // What a connection counted is known to the others when it ends.
    await other.end();
    await databaseSource.changed!(source.context);
    expect((await source.documents()).map(({ externalId }) => externalId)).toEqual(['a_many:["more","5000"]']);
  });

  test('are no longer waited for when the signal ends', async () => {
    const ending = new AbortController();
    const source = open({ tables: ['a_faqs'] }, { signal: ending.signal });
    const changed = databaseSource.changed!(source.context);
    setTimeout(() => { ending.abort(); }, 300);
    await expect(changed).resolves.toBeUndefined();
  });
});
