import { createServer } from 'node:net';
import tls from 'node:tls';
import { deflateSync } from 'node:zlib';
import { Binary, Decimal128, Long, MongoClient, ObjectId, UUID, type BSON } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenOnLoopback, opened, reader, testIdentity, textOf } from '#modules/knowledge/sources/database/testing/loopback.ts';
import { messageOf, mongodbDouble, type DoubleSettings, type MongodbDouble } from '#modules/knowledge/sources/database/testing/mongodb-double.ts';
import { SourceError } from '../../source-reader.ts';
import { databaseSource } from '../database-source.ts';
import { filterOf } from './filter.ts';
import { hostsOf } from './hosts.ts';

const products: BSON.Document[] = [
  { _id: new ObjectId('65f000000000000000000001'), name: 'Kettle', price: Decimal128.fromString('12.50'), stock: Long.fromString('9007199254740993'), made: new Date('2026-01-02T03:04:05Z'), size: { width: 10, parts: ['lid', 'base'] }, photo: new Binary(Buffer.from('x')), password: 'secret', key: new UUID('0b9a3f3e-0b9a-4f3e-8b9a-0b9a3f3e0b9a'), gone: null, active: true, link: 'https://shop.example.org/kettle' },
  { _id: new ObjectId('65f000000000000000000002'), name: 'Mug', body: '<p>Holds <b>tea</b></p>', active: false },
];
const faqs: BSON.Document[] = [{ _id: 1, question: 'Where is my order?', answer: 'In your account.' }, { _id: 2, question: 'Can I return it?', answer: 'Within 30 days.' }];
const many: BSON.Document[] = Array.from({ length: 1200 }, (_, index) => ({ _id: index, text: `document ${index} ${'and more '.repeat(100)}` }));
const collections = { products, faqs, many };

const closing: (() => Promise<void>)[] = [];
afterAll(async () => { for (const close of closing) await close(); });
async function double(settings: Partial<DoubleSettings> = {}): Promise<MongodbDouble> {
  const started = await mongodbDouble({ collections, ...settings });
  closing.push(started.close);
  return started;
}
const at = (port: number, config: object, rest: Partial<Parameters<typeof reader>[1]> = {}) =>
  reader({ engine: 'mongodb', host: '127.0.0.1', port, database: 'shop', encryption: 'off', ...config }, { egress: opened(`127.0.0.1:${port}`), ...rest });

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new Error(`not told in words: ${String(error)}`, { cause: error });
  return error;
}

/** Where a server of somebody else's is given, it is read too: a MongoDB, or what speaks its protocol. */
const given = process.env.TEST_MONGODB_URL;
if (!given) console.log('skipped: reading a real MongoDB server (TEST_MONGODB_URL is not set); a double speaks its protocol');

describe.each([['a double', null], ['a real server', given ?? null]] as const)('%s', (name, url) => {
  describe.skipIf(name === 'a real server' && url === null)('of MongoDB', () => {
    let open: (config: object) => ReturnType<typeof reader>;
    let change: (collection: 'faqs', id: number, answer: string) => Promise<void>;
    beforeAll(async () => {
      if (url === null) {
        const { port } = await double({ user: { name: 'reader', password: 'the-password' } });
        open = (config) => at(port, { user: 'reader', ...config }, { secrets: { password: 'the-password' } });
        change = async (collection, id, answer) => { collections[collection].find(({ _id }) => _id === id)!.answer = answer; };
        return;
      }
      const { hostname, port, username, password, searchParams } = new URL(url);
      const client = new MongoClient(url);
      closing.push(async () => client.close());
      await client.db('shop').dropDatabase();
      // Not all that speak the protocol know its decimals.
      for (const [collection, documents] of Object.entries(collections)) await client.db('shop').collection(collection).insertMany(documents.map((document) => (document.price ? { ...document, price: '12.50' } : document)));
      open = (config) => reader({ engine: 'mongodb', host: hostname, port: Number(port || '27017'), database: 'shop', encryption: 'off', user: decodeURIComponent(username), authDatabase: searchParams.get('authSource') ?? 'admin', ...config },
        { egress: opened(`${hostname}:${port || '27017'}`), secrets: password === '' ? {} : { password: decodeURIComponent(password) } });
      change = async (collection, id, answer) => { await client.db('shop').collection<{ _id: number; answer: string }>(collection).updateOne({ _id: id }, { $set: { answer } }); };
    });

    test('is read document by document, in the order of their ids, with everything they say', async () => {
      const documents = await open({ tables: ['products', 'FAQS'], urlColumn: 'link' }).documents();
      expect(documents.map(({ externalId, title, url: link }) => [externalId, title, link])).toEqual([
        ['products:65f000000000000000000001', 'Kettle', 'https://shop.example.org/kettle'], ['products:65f000000000000000000002', 'Mug', null], ['faqs:1', 'Where is my order?', null], ['faqs:2', 'Can I return it?', null],
      ]);
      expect(textOf(documents[0]!)).toBe([
        'id: 65f000000000000000000001', 'name: Kettle', 'price: 12.50', 'stock: 9007199254740993', 'made: 2026-01-02T03:04:05.000Z', '', 'size:', 'width: 10', 'parts: lid, base', '', 'key: 0b9a3f3e-0b9a-4f3e-8b9a-0b9a3f3e0b9a', 'active: true',
      ].join('\n'));
      expect(textOf(documents[1]!)).toBe('id: 65f000000000000000000002\nname: Mug\nbody: Holds tea\nactive: false');
      expect(textOf(documents[2]!)).toBe('Where is my order?\n\nIn your account.\n\nid: 1');
    });

    test('is read again without what did not change', async () => {
      const source = open({ tables: ['faqs'] });
      expect((await source.read()).map(({ type }) => type)).toEqual(['document', 'document', 'progress']);
      await change('faqs', 2, 'Within 60 days.');
      expect((await source.read()).map((found) => (found.type === 'document' ? textOf(found.document) : found.type))).toEqual(['unchanged', 'Can I return it?\n\nWithin 60 days.\n\nid: 2', 'progress']);
    });

    test('is read whole where it is larger than a batch, and no further than is allowed', async () => {
      expect(await open({ tables: ['many'] }).documents()).toHaveLength(1200);
      const found = await open({ tables: ['many', 'faqs'], rowsMax: 700 }).read();
      expect(found.filter(({ type }) => type === 'document')).toHaveLength(700);
      expect(found.at(-1)).toMatchObject({ type: 'incomplete' });
    });

    test('is narrowed by a filter', async () => {
      expect((await open({ tables: ['products'], query: '{"active": true}' }).documents()).map(({ title }) => title)).toEqual(['Kettle']);
      expect((await open({ tables: ['products'], query: '{"_id": {"$oid": "65f000000000000000000002"}}' }).documents()).map(({ title }) => title)).toEqual(['Mug']);
    });

    test('shows before reading which collections there are, and which fields the first documents have', async () => {
      const look = async (config: object) => databaseSource.test(open(config).context);
      expect((await look({})).message).toBe('Connected to shop. There are: faqs, many, products. Name the tables to be read.');
      expect(await look({ tables: ['faqs', 'many'] })).toMatchObject({ message: 'Connected to shop. To be read: faqs (about 2 rows), many (about 1200 rows).', found: 1202, sample: [{ title: 'Where is my order?' }, { title: 'Can I return it?' }, {}] });
      expect(await failure(look({ tables: ['fags'] }))).toMatchObject({ code: 'not-found', message: 'There is no table fags in shop that this user may read. There are: faqs, many, products.' });
      expect(await failure(look({ tables: ['faqs'], textColumns: ['answr'] }))).toMatchObject({ code: 'not-found', message: 'There is no column answr. There are: _id, question, answer.' });
    });
  });
});

test.each(['{"$where": "sleep(1000)"}', '{"a": {"$elemMatch": {"$where": "1"}}}', '{"$expr": {"$function": {"body": "function(){}", "args": [], "lang": "js"}}}', '{"a": {"$code": "1"}}', `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`, 'name = 1', '[]', '1', '{"_id": {"$oid": "x"}}'])('a filter that runs programs, or is none, is refused: %s', (filter) => {
  expect(() => filterOf(filter)).toThrow(SourceError);
});

describe('which servers are asked', () => {
  const resolved = (...names: string[]) => async () => names.map((name) => ({ name, port: 27017, priority: 0, weight: 0 }));
  const hosts = async (config: object, ...names: string[]) => hostsOf(at(1, { port: null, ...config }).context, resolved(...names));

  test('is what is written, one or several', async () => {
    expect(await hosts({ host: 'a.example.org, b.example.org:27018,[2001:db8::1]:27019' })).toEqual([{ name: 'a.example.org', port: 27017 }, { name: 'b.example.org', port: 27018 }, { name: '2001:db8::1', port: 27019 }]);
  });

  test('or what the domain name system says stands behind a name, of the same domain only', async () => {
    expect(await hosts({ host: 'mongodb+srv://cluster0.abc.mongodb.net' }, 'shard-0.abc.mongodb.net.', 'shard-1.abc.mongodb.net')).toEqual([{ name: 'shard-0.abc.mongodb.net', port: 27017 }, { name: 'shard-1.abc.mongodb.net', port: 27017 }]);
    await expect(hosts({ host: 'mongodb+srv://cluster0.abc.mongodb.net' }, 'shard-0.abc.mongodb.net', 'internal.example.org')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(hosts({ host: 'mongodb+srv://cluster0.abc.mongodb.net', port: 27017 })).rejects.toMatchObject({ code: 'settings' });
    await expect(hosts({ host: 'mongodb+srv://localhost' })).rejects.toMatchObject({ code: 'settings' });
  });

  test('all of them must be open to us before one is connected', async () => {
    const one = await double();
    expect(await failure(at(one.port, { host: `127.0.0.1:${one.port},10.0.0.1:27017`, port: null, tables: ['faqs'] }).read())).toMatchObject({ code: 'unreachable', message: expect.stringContaining('10.0.0.1, port 27017') });
    expect(one.commands).toEqual([]);
  });

  test('one that is down is passed over for the next', async () => {
    const one = await double();
    const closed = await listenOnLoopback(createServer());
    await closed.close();
    expect(await at(one.port, { host: `127.0.0.1:${closed.port},127.0.0.1:${one.port}`, port: null, tables: ['faqs'] }, { egress: opened('127.0.0.1') }).documents()).toHaveLength(2);
  });

  test('without a user nobody signs in, and the first answers may be large', async () => {
    const one = await double();
    expect(await at(one.port, { tables: ['many'] }).documents()).toHaveLength(1200);
    expect(one.commands.filter((command) => command.startsWith('sasl'))).toEqual([]);
  });

  test('members that a server names are not followed, though they may be private', async () => {
    let visits = 0;
    const secret = await listenOnLoopback(createServer(() => { visits += 1; }));
    const one = await double({ replicaSet: { hosts: [`127.0.0.1:${secret.port}`, '10.0.0.1:27017', 'redis:6379'] } });
    expect(await at(one.port, { tables: ['faqs'] }).documents()).toHaveLength(2);
    expect(visits).toBe(0);
    await secret.close();
  });
});

describe('what cannot be read is told in words', () => {
  test('a wrong password, a user that may not, and nothing there', async () => {
    const { port } = await double({ user: { name: 'reader', password: 'the-password' } });
    expect(await failure(at(port, { user: 'reader', tables: ['faqs'] }, { secrets: { password: 'wrong-password' } }).read())).toMatchObject({ code: 'refused', message: 'The database refused the user or the password. Check also where the user was made (sign-in database admin).' });
    expect(await failure(at(port, { tables: ['faqs'] }).read())).toMatchObject({ code: 'refused', message: 'The user may not read this. Give it the role read on the database.' });
  });

  test('every reason why nothing is reached reads the same, at once', async () => {
    const closed = await listenOnLoopback(createServer());
    await closed.close();
    const silent = await listenOnLoopback(createServer((socket) => { socket.destroy(); }));
    const look = async (host: string, port: number, egress = opened(`127.0.0.1:${closed.port}`, `127.0.0.1:${silent.port}`)) => (await failure(at(port, { host, tables: ['x'] }, { egress }).read())).message.replace(host, 'HOST').replace(String(port), 'PORT');
    const messages = await Promise.all([look('127.0.0.1', 27017), look('10.0.0.1', 27017), look('does-not-exist.invalid', 27017), look('127.0.0.1', 6379), look('127.0.0.1', closed.port), look('127.0.0.1', silent.port)]);
    expect(new Set(messages)).toEqual(new Set(['No database could be reached at HOST, port PORT. Check both, that the database accepts connections from the internet, and that it uses one of the usual ports.']));
    await silent.close();
  });

  test('an address with a password in it', async () => {
    expect(await failure(at(1, { host: 'mongodb+srv://user:secret@cluster0.abc.mongodb.net' }).read())).toMatchObject({ code: 'settings', message: expect.not.stringContaining('secret') });
  });
});

test('an encrypted connection is read, its certificate checked for the host as it was written', async () => {
  const plain = await double();
  const { connect } = await import('node:net');
  const secure = await listenOnLoopback(tls.createServer(testIdentity, (socket) => {
    const behind = connect(plain.port, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy()).pipe(behind).pipe(socket);
  }));
  const egress = { ...opened(), addressOf: async () => '127.0.0.1' };
  const read = async (config: object) => at(secure.port, { host: 'db.example.org', encryption: 'verify', certificate: testIdentity.cert, tables: ['faqs'], ...config }, { egress }).documents();
  expect(await read({})).toHaveLength(2);
  expect(await read({ encryption: 'require', host: 'other.example.org', certificate: '' })).toHaveLength(2);
  expect((await failure(read({ certificate: '' }))).message).toMatch(/nobody known signed it/);
  expect((await failure(read({ host: 'other.example.org' }))).message).toMatch(/made for another name/);
  await secure.close();
});

describe('changes', () => {
  test('are told by a replica set, from where the last reading began', async () => {
    const set = await double({ replicaSet: { hosts: ['db.example.org:27017'] } });
    const source = at(set.port, { tables: ['faqs'] });
    await source.read();
    const changed = databaseSource.changed!(source.context);
    expect(await Promise.race([changed.then(() => 'changed'), new Promise((resolve) => { setTimeout(() => { resolve('quiet'); }, 400); })])).toBe('quiet');
    set.change('many');
    set.change('faqs');
    await changed;
    expect(set.commands).toContain('aggregate');
  });

  test('are no longer waited for when the signal ends', async () => {
    const set = await double({ replicaSet: { hosts: ['db.example.org:27017'] } });
    const ending = new AbortController();
    const changed = databaseSource.changed!(at(set.port, { tables: ['faqs', 'many'] }, { signal: ending.signal }).context);
    setTimeout(() => { ending.abort(); }, 300);
    await expect(changed).resolves.toBeUndefined();
  });

  test('of a single server are seen by asking, where documents keep the time of their last change', async () => {
    const stamped: BSON.Document[] = [{ _id: 1, text: 'a', updatedAt: new Date(1) }];
    const one = await double({ collections: { stamped, faqs } });
    const source = at(one.port, { tables: ['stamped'] });
    await source.read();
    const before = source.checkpoint?.mark;
    expect(before).toBeTypeOf('string');
    stamped[0]!.updatedAt = new Date(2);
    await databaseSource.changed!(source.context);
    const other = at(one.port, { tables: ['faqs'] });
    await other.read();
    expect(other.checkpoint).toEqual({ mark: null });
  });
});

describe('a server that means harm', () => {
  const against = async (instead: DoubleSettings['instead'], settings: Partial<DoubleSettings> = {}, config: object = {}) => {
    const one = await double({ ...settings, ...(instead ? { instead } : {}) });
    return failure(at(one.port, { tables: ['faqs'], ...config }, { secrets: { password: 'the-password' } }).read());
  };

  test('cannot make us work on the proof of a password without end', async () => {
    const startedAt = Date.now();
    expect(await against(undefined, { user: { name: 'reader', password: 'the-password', iterations: 2_000_000_000 } }, { user: 'reader' })).toMatchObject({ code: 'unexpected', message: expect.stringContaining('does not keep to the protocol') });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  test('cannot send what grows when it is unpacked', async () => {
    const bomb = await against((command, socket) => {
      if (command.find === undefined) return undefined;
      const body = deflateSync(Buffer.alloc(50 * 1024 * 1024));
      const head = Buffer.alloc(25);
      head.writeInt32LE(25 + body.length, 0);
      head.writeInt32LE(2012, 12);
      head.writeInt32LE(2013, 16);
      head.writeInt32LE(50 * 1024 * 1024, 20);
      head[24] = 2;
      socket.write(Buffer.concat([head, body]));
      return 'sent';
    });
    expect(bomb).toMatchObject({ code: 'unexpected', message: expect.stringContaining('not agreed on') });
  });

  test('cannot send messages of any size, nor answers nobody asked for', async () => {
    const huge = await against((command, socket) => {
      if (command.find === undefined) return undefined;
      const head = Buffer.alloc(21);
      head.writeInt32LE(0x7fffffff, 0);
      head.writeInt32LE(2013, 12);
      socket.write(head);
      return 'sent';
    });
    expect(huge).toMatchObject({ code: 'unexpected', message: expect.stringContaining('size') });
    const flood = await against((command, socket) => {
      if (command.find === undefined) return undefined;
      socket.write(messageOf(2013, 1, { ok: 1 }, 2));
      return 'sent';
    });
    expect(flood).toMatchObject({ code: 'unexpected', message: expect.stringContaining('more answers') });
  });

  test('that gives documents without end is left at the limit', async () => {
    const endless = await double({ instead: (command) => (command.getMore === undefined ? undefined : { ok: 1, cursor: { id: Long.fromString('1'), ns: 'shop.many', nextBatch: Array.from({ length: 100 }, () => ({ _id: new ObjectId(), text: 'more' })) } }) });
    const found = await at(endless.port, { tables: ['many'], rowsMax: 900 }).read();
    expect(found.filter(({ type }) => type === 'document')).toHaveLength(900);
    expect(found.at(-1)).toMatchObject({ type: 'incomplete' });
  });

  test('that never answers is left with the reading', async () => {
    const silent = await double({ instead: () => 'silence' });
    expect(await failure(at(silent.port, { tables: ['faqs'] }, { signal: AbortSignal.timeout(300) }).read())).toMatchObject({ code: 'unreachable' });
    const later = await double({ instead: (command) => (command.find === undefined ? undefined : 'silence') });
    expect(await failure(at(later.port, { tables: ['faqs'] }, { signal: AbortSignal.timeout(500) }).read())).toMatchObject({ code: 'unreachable' });
  });
});
