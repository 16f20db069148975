import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { BSON, Long, ObjectId, Timestamp } from 'mongodb';
import { listenOnLoopback } from './loopback.ts';

type Documents = Record<string, BSON.Document[]>;
export interface MongodbDouble {
  port: number;
  /** Names of the commands that came, in order. */
  commands: string[];
  /** Tells those who watch a collection of a change. */
  change(collection: string): void;
  close(): Promise<void>;
}
export interface DoubleSettings {
  collections: Documents;
  user?: { name: string; password: string; iterations?: number };
  /** Like a replica set, it tells of changes; it may name members nobody should follow. */
  replicaSet?: { hosts: string[] };
  /** Takes the place of an answer: what no real server sends. */
  instead?: (command: BSON.Document, socket: Socket) => BSON.Document | 'silence' | 'sent' | undefined;
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/**
 * A server that speaks MongoDB's wire protocol on the loopback, as far as reading takes it: hello, SCRAM-SHA-256, lists of
 * collections, counts, find with simple equality, cursors and change streams. For what a real server cannot be made to do.
 */
export async function mongodbDouble(settings: DoubleSettings): Promise<MongodbDouble> {
  const commands: string[] = [];
  const changes: string[] = [];
  const server = createServer((socket) => {
    const session = new DoubleSession(settings, changes);
    let pending = Buffer.alloc(0);
    socket.on('error', () => undefined).on('data', (piece: Buffer) => {
      pending = Buffer.concat([pending, piece]);
      while (pending.length >= 16 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        const [opcode, command] = commandOf(message);
        commands.push(Object.keys(command)[0] ?? '');
        const instead = settings.instead?.(command, socket);
        if (instead === 'silence' || instead === 'sent') continue;
        if (instead) { socket.write(messageOf(opcode === OP_QUERY ? OP_REPLY : OP_MSG, message.readInt32LE(4), instead)); continue; }
        session.answer(command).then((answer) => socket.write(messageOf(opcode === OP_QUERY ? OP_REPLY : OP_MSG, message.readInt32LE(4), answer)), () => socket.destroy());
      }
    });
  });
  return { ...await listenOnLoopback(server), commands, change: (collection) => { changes.push(collection); } };
}

function commandOf(message: Buffer): [number, BSON.Document] {
  const opcode = message.readInt32LE(12);
  // Of OP_QUERY: flags, name of the collection, skip, limit; of OP_MSG: flags and the kind of the section.
  const from = opcode === OP_QUERY ? message.indexOf(0, 20) + 9 : 21;
  return [opcode, BSON.deserialize(message.subarray(from, from + message.readInt32LE(from)))];
}

/** A message of the protocol, of the kind the question had. */
export function messageOf(opcode: number, responseTo: number, answer: BSON.Document, flags = 0): Buffer {
  const body = Buffer.from(BSON.serialize(answer));
  const prefix = opcode === OP_REPLY ? Buffer.alloc(20) : Buffer.alloc(5);
  if (opcode === OP_REPLY) prefix.writeInt32LE(1, 16);
  else prefix.writeUInt32LE(flags, 0);
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + prefix.length + body.length, 0);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, prefix, body]);
}

class DoubleSession {
  readonly #settings: DoubleSettings;
  readonly #changes: string[];
  #cursors = new Map<string, { namespace: string; left: BSON.Document[]; watches: string[] | null }>();
  #scram: { nonce: string; first: string; server: string } | null = null;
  #signedIn = false;

  constructor(settings: DoubleSettings, changes: string[]) {
    this.#settings = settings;
    this.#changes = changes;
  }

  async answer(command: BSON.Document): Promise<BSON.Document> {
    const [name = ''] = Object.keys(command);
    const now = this.#settings.replicaSet ? { operationTime: new Timestamp({ t: 100, i: this.#changes.length }) } : {};
    if (/^(hello|ismaster)$/i.test(name)) return { ...this.#hello(command), ...now };
    if (name === 'saslStart') return this.#saslStart(String(command.payload.buffer.toString('utf8')));
    if (name === 'saslContinue') return this.#saslContinue(String(command.payload.buffer.toString('utf8')));
    if (this.#settings.user && !this.#signedIn && name !== 'endSessions') return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'command requires authentication' };
    return { ...await this.#read(name, command), ...now };
  }

  #hello(command: BSON.Document): BSON.Document {
    const { replicaSet, user } = this.#settings;
    return {
      ok: 1, helloOk: true, isWritablePrimary: true, ismaster: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, localTime: new Date(), minWireVersion: 0, maxWireVersion: 21, readOnly: false,
      ...(replicaSet ? { setName: 'rs0', hosts: replicaSet.hosts, primary: replicaSet.hosts[0], me: replicaSet.hosts[0], setVersion: 1 } : {}),
      ...(user && command.saslSupportedMechs ? { saslSupportedMechs: ['SCRAM-SHA-256'] } : {}),
      ...(command.speculativeAuthenticate ? { speculativeAuthenticate: this.#saslStart(String(command.speculativeAuthenticate.payload.buffer.toString('utf8'))) } : {}),
    };
  }

  /** SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side. */
  #saslStart(payload: string): BSON.Document {
    const first = payload.replace(/^n,,/, '');
    const nonce = `${/r=([^,]+)/.exec(first)?.[1] ?? ''}${randomBytes(18).toString('base64')}`;
    const server = `r=${nonce},s=${Buffer.from('a salt of sixteen').toString('base64')},i=${this.#settings.user?.iterations ?? 4096}`;
    this.#scram = { nonce, first, server };
    return { ok: 1, conversationId: 1, done: false, payload: Buffer.from(server) };
  }

  #saslContinue(payload: string): BSON.Document {
    const { user } = this.#settings;
    if (payload === '') return { ok: 1, conversationId: 1, done: true, payload: Buffer.alloc(0) };
    const [, bare, proof] = /^(.*),p=(.*)$/.exec(payload) ?? [];
    const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const salted = pbkdf2Sync(user?.password ?? '', Buffer.from('a salt of sixteen'), user?.iterations ?? 4096, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const message = `${this.#scram?.first},${this.#scram?.server},${bare}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
    if (proof !== expected || !this.#scram?.first.startsWith(`n=${user?.name},`)) return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' };
    this.#signedIn = true;
    return { ok: 1, conversationId: 1, done: true, payload: Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`) };
  }

  async #read(name: string, command: BSON.Document): Promise<BSON.Document> {
    const { collections, replicaSet } = this.#settings;
    const namespace = `${String(command.$db)}.${String(command[name])}`;
    switch (name) {
      case 'listCollections': return cursor('0', `${String(command.$db)}.$cmd.listCollections`, Object.keys(collections).map((collection) => ({ name: collection, type: 'collection' })));
      case 'count': return { ok: 1, n: collections[command.count]?.length ?? 0 };
      case 'find': {
        const wanted = Object.entries<unknown>(command.filter ?? {});
        const found = (collections[command.find] ?? []).filter((document) => wanted.every(([field, value]) => BSON.EJSON.stringify(document[field]) === BSON.EJSON.stringify(value)));
        const direction = Number(Object.values<unknown>(command.sort ?? {})[0] ?? 1);
        const left = (direction < 0 ? found.toReversed() : found).slice(0, command.limit ?? undefined);
        return this.#open(namespace, left, command.batchSize ?? 101);
      }
      case 'aggregate': {
        if (!replicaSet) return { ok: 0, code: 40_573, codeName: 'Location40573', errmsg: 'The $changeStream stage is only supported on replica sets' };
        const match: unknown = command.pipeline[1]?.$match?.['ns.coll']?.$in;
        const id = this.#keep({ namespace, left: [], watches: Array.isArray(match) ? match.map(String) : [String(command.aggregate)] });
        return cursor(id, namespace, [], { postBatchResumeToken: { _data: '0' } });
      }
      case 'getMore': return this.#more(String(command.getMore), command.batchSize ?? 101);
      default: return { ok: 1 };
    }
  }

  #open(namespace: string, all: BSON.Document[], size: number): BSON.Document {
    const left = all.slice(size);
    return cursor(left.length === 0 ? '0' : this.#keep({ namespace, left, watches: null }), namespace, all.slice(0, size));
  }

  #keep(kept: { namespace: string; left: BSON.Document[]; watches: string[] | null }): string {
    const id = String(this.#cursors.size + 1);
    this.#cursors.set(id, kept);
    return id;
  }

  async #more(id: string, size: number): Promise<BSON.Document> {
    const kept = this.#cursors.get(id);
    if (!kept) return { ok: 0, code: 43, codeName: 'CursorNotFound', errmsg: 'cursor not found' };
    if (!kept.watches) {
      const batch = kept.left.splice(0, size);
      return { ok: 1, cursor: { id: Long.fromString(kept.left.length === 0 ? '0' : id), ns: kept.namespace, nextBatch: batch } };
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    const changed = kept.watches.find((collection) => this.#changes.includes(collection));
    const nextBatch = changed === undefined ? [] : [{ _id: { _data: '1' }, operationType: 'insert', ns: { coll: changed }, documentKey: { _id: new ObjectId() } }];
    return { ok: 1, cursor: { id: Long.fromString(id), ns: kept.namespace, nextBatch, postBatchResumeToken: { _data: '1' } } };
  }
}

const cursor = (id: string, ns: string, firstBatch: BSON.Document[], extra: BSON.Document = {}): BSON.Document => ({ ok: 1, cursor: { id: Long.fromString(id), ns, firstBatch, ...extra } });
