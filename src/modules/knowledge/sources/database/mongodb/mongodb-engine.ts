import { setTimeout as timer } from 'node:timers/promises';
import { MongoClient, MongoServerError, Timestamp, type Db } from 'mongodb';
import { z } from 'zod';
import { SourceError } from '../../source-reader.ts';
import { addressOf, broken, explain, within } from '../connect.ts';
import { BATCH_ROWS, CONNECT_MS_MAX, LOOKUP_MS_MAX, STATEMENT_MS_MAX, TABLES_MAX, type DatabaseContext, type Engine, type Row, type Selection, type Session, type TableEntry, type TableShape } from '../engine.ts';
import { filterOf } from './filter.ts';
import { hostsOf, type Host } from './hosts.ts';
import { explainMongodb } from './mongodb-errors.ts';
import { rowOf } from './plain-document.ts';
import { openRelay, type Relay } from './relay.ts';

const USUAL_PORTS = [27_017, 27_018, 27_019, 10_255, 10_260];
const POLL_MS = 60_000;
/** Time the server spends on one collection. */
const READING_MS_MAX = 15 * 60_000;
/** How long the server waits for a change before it says that there is none. */
const AWAIT_MS = 10_000;
const UPDATED_NAME = /^(last_?)?(update|modifi|chang)/i;
/** Codes of servers that no longer know what happened since (the oplog is too short), and of those that do not let us listen. */
const HISTORY_LOST = new Set([280, 286]);
const MAY_NOT_LISTEN = new Set([13, 40_324, 40_573, 59]);

const Hello = z.looseObject({ setName: z.string().optional(), msg: z.string().optional(), operationTime: z.unknown().optional() });

/** MongoDB. Only `find` is ever asked, besides what there is; listening takes a change stream where the deployment has them. */
export const mongodbEngine: Engine = {
  pollMs: POLL_MS,
  async open(context) {
    const hosts = await hostsOf(context);
    // All are checked before one is connected.
    const addresses = await Promise.all(hosts.map(async ({ name, port }) => addressOf(context, name, port, USUAL_PORTS)));
    let failure: unknown;
    for (const [index, host] of hosts.entries()) {
      try {
        return await openSession(context, host, addresses[index] ?? '');
      } catch (error) {
        if (!(error instanceof SourceError) || error.code !== 'unreachable') throw error;
        failure = error;
      }
    }
    throw failure;
  },
};

async function openSession(context: DatabaseContext, host: Host, address: string): Promise<Session> {
  const { config, secrets } = context;
  const relay = await openRelay(context, host, address);
  const client = new MongoClient(`mongodb://127.0.0.1:${relay.port}`, {
    // One server, the one we named: what it says of others is not followed.
    directConnection: true, appName: 'knowledge', maxPoolSize: 2, serverMonitoringMode: 'poll', heartbeatFrequencyMS: 30_000, readPreference: 'secondaryPreferred',
    serverSelectionTimeoutMS: CONNECT_MS_MAX, connectTimeoutMS: CONNECT_MS_MAX, socketTimeoutMS: STATEMENT_MS_MAX + 5_000,
    ...(config.user === '' ? {} : { auth: { username: config.user, password: secrets.password ?? '' }, authSource: config.authDatabase }),
  });
  const session = new MongodbSession(context, host, relay, client);
  try {
    await session.begin();
    return session;
  } catch (error) {
    await session.close();
    throw session.explain(error) ?? error;
  }
}

class MongodbSession implements Session {
  readonly #context: DatabaseContext;
  readonly #host: Host;
  readonly #relay: Relay;
  readonly #client: MongoClient;
  readonly #database: Db;
  listensFromMark = false;
  listen?: NonNullable<Session['listen']>;

  constructor(context: DatabaseContext, host: Host, relay: Relay, client: MongoClient) {
    this.#context = context;
    this.#host = host;
    this.#relay = relay;
    this.#client = client;
    this.#database = client.db(context.config.database);
  }

  /** Signs in, and sees whether the deployment tells of changes: replica sets and sharded clusters do. */
  async begin(): Promise<void> {
    await this.#within(CONNECT_MS_MAX, this.#client.connect());
    const { setName, msg } = await this.#hello();
    if (setName === undefined && msg !== 'isdbgrid') return;
    this.listensFromMark = true;
    this.listen = async (tables, mark, signal) => this.#listen(tables, mark, signal);
  }

  async tables(): Promise<TableEntry[]> {
    const found = await this.#within(LOOKUP_MS_MAX, this.#database.listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray());
    return found.map(({ name }) => name).filter((name) => !name.startsWith('system.')).toSorted().slice(0, TABLES_MAX).map((name) => ({ name, fullName: name, rows: null }));
  }

  async describe(entry: TableEntry): Promise<TableShape> {
    // Views are not counted.
    const rows = await this.#within(LOOKUP_MS_MAX, this.#database.collection(entry.name).estimatedDocumentCount({ maxTimeMS: LOOKUP_MS_MAX })).catch(() => null);
    return { entry: { ...entry, rows: this.#context.config.query === '' ? rows : null }, columns: null, key: ['_id'] };
  }

  async* rows(selection: Selection, rowsMax: number): AsyncGenerator<readonly Row[]> {
    if (selection.type !== 'table') throw new SourceError('settings', 'Name the collections to be read.');
    const cursor = this.#database.collection(selection.table.entry.name).find(filterOf(this.#context.config.query), { sort: { _id: 1 }, limit: rowsMax, batchSize: Math.min(BATCH_ROWS.most, rowsMax), maxTimeMS: READING_MS_MAX });
    try {
      let left = rowsMax;
      while (left > 0 && await this.#within(STATEMENT_MS_MAX, cursor.hasNext())) {
        const documents = cursor.readBufferedDocuments(left);
        left -= documents.length;
        yield documents.map(rowOf);
      }
    } finally {
      await cursor.close().catch(() => undefined);
    }
  }

  /** Where changes are told: the time of the server. Elsewhere the number of documents, the latest, and the latest change if documents keep that. */
  async mark(tables: readonly TableShape[]): Promise<string | null> {
    if (this.listensFromMark) {
      const { operationTime } = await this.#hello();
      return operationTime instanceof Timestamp ? `${operationTime.t}:${operationTime.i}` : null;
    }
    const marks: unknown[] = [];
    for (const { entry } of tables) {
      const collection = this.#database.collection(entry.name);
      const one = { limit: 1, maxTimeMS: LOOKUP_MS_MAX } as const;
      const latest = await this.#within(LOOKUP_MS_MAX, collection.find({}, { ...one, sort: { _id: -1 } }).next());
      const updated = Object.keys(latest ?? {}).find((name) => UPDATED_NAME.test(name));
      if (latest && updated === undefined) return null;
      const changed = updated === undefined ? null : await this.#within(LOOKUP_MS_MAX, collection.find({}, { ...one, sort: { [updated]: -1 }, projection: { [updated]: 1 } }).next());
      marks.push([entry.name, await this.#within(LOOKUP_MS_MAX, collection.estimatedDocumentCount({ maxTimeMS: LOOKUP_MS_MAX })), String(latest?._id), changed && rowOf(changed)]);
    }
    return marks.length === 0 ? null : JSON.stringify(marks);
  }

  async #listen(tables: readonly TableShape[], mark: string | null, signal: AbortSignal): Promise<void> {
    const names = tables.map(({ entry }) => entry.name);
    const [, seconds, increment] = /^(\d+):(\d+)$/.exec(mark ?? '') ?? [];
    const options = {
      maxAwaitTimeMS: AWAIT_MS, batchSize: 1,
      // The moment itself was read already.
      ...(seconds === undefined ? {} : { startAtOperationTime: new Timestamp({ t: Number(seconds), i: Number(increment) + 1 }) }),
    };
    const stream = names.length === 1 ? this.#database.collection(names[0] ?? '').watch([], options) : this.#database.watch([{ $match: { 'ns.coll': { $in: names } } }], options);
    const end = () => { stream.close().catch(() => undefined); };
    signal.addEventListener('abort', end, { once: true });
    try {
      // Between the turns the server may send as much again.
      while (!signal.aborted && await stream.tryNext() === null) this.#relay.allow();
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof MongoServerError ? Number(error.code) : 0;
      if (MAY_NOT_LISTEN.has(code)) await timer(POLL_MS, undefined, { signal }).catch(() => undefined);
      else if (!HISTORY_LOST.has(code)) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  explain(error: unknown): SourceError | null {
    const { name, port } = this.#host;
    return explain(this.#relay.failure ?? error, { socket: this.#relay.socket, host: name, port }, (said) => explainMongodb(said, this.#context.config)) ?? (this.#relay.failure ? broken(error) : null);
  }

  async close(): Promise<void> {
    await Promise.race([this.#client.close(true), timer(500, undefined, { ref: false })]).catch(() => undefined);
    this.#relay.close();
  }

  async #hello(): Promise<z.infer<typeof Hello>> {
    return Hello.parse(await this.#within(LOOKUP_MS_MAX, this.#database.admin().command({ hello: 1 })));
  }

  async #within<T>(ms: number, answer: Promise<T>): Promise<T> {
    this.#relay.allow();
    return within(ms, Promise.race([answer, this.#relay.broken]), () => { this.#relay.close(); });
  }
}
