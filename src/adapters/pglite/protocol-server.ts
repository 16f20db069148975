import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

/** Where to listen: a Unix socket, or a port of the loopback. */
export type Listen = { path: string } | { port: number };

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;
const SYNC = 0x53;
const SIMPLE_QUERY = 0x51;
const TERMINATE = 0x58;

/** A client that leaves its transaction idle for two of these in a row is cut off, so that the others get their turn: a machine that slept counts once. */
const IDLE_MS = 5_000;

/** A client's bytes, cut into units that must not be mixed with another client's. */
interface Connection { socket: Socket; pending: Buffer; started: boolean; unit: Uint8Array[]; units: Uint8Array[][]; closed: boolean }

/**
 * Serves one PGlite to many clients over PostgreSQL's wire protocol. There is one backend behind all of them, so the
 * order matters: the messages of one query (parse, bind, execute, sync) run without another client's in between, and so
 * does everything from the beginning of a transaction to its end. Others wait their turn, first come, first served.
 */
export class ProtocolServer {
  readonly #database: PGlite;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  /** Connections with units to run, in the order they came. */
  #waiting: Connection[] = [];
  /** Holds the backend while its transaction is open. */
  #holder: Connection | null = null;
  #working = false;
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;

  constructor(database: PGlite, { idleMs = IDLE_MS }: { idleMs?: number } = {}) {
    this.#database = database;
    this.#idleMs = idleMs;
    this.#server = createServer((socket) => this.#attach(socket));
  }

  async listen(at: Listen): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen('path' in at ? at : { host: '127.0.0.1', port: at.port }, resolve);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    for (const connection of this.#connections) connection.socket.destroy();
    await new Promise<void>((resolve) => { this.#server.close(() => resolve()); });
  }

  #attach(socket: Socket): void {
    const connection: Connection = { socket, pending: Buffer.alloc(0), started: false, unit: [], units: [], closed: false };
    this.#connections.add(connection);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(connection, bytes));
    // A lost client is handled by the close that follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connection.closed = true;
      this.#connections.delete(connection);
      // Its open transaction is rolled back in turn, so that the backend is free again.
      if (this.#holder === connection) this.#enqueue(connection);
    });
  }

  #receive(connection: Connection, bytes: Buffer): void {
    connection.pending = connection.pending.length === 0 ? bytes : Buffer.concat([connection.pending, bytes]);
    for (let message = nextMessage(connection); message; message = nextMessage(connection)) {
      if (message.kind === 'ssl') connection.socket.write('N');
      else if (message.kind === 'terminate') connection.socket.end();
      else if (message.kind === 'message') {
        connection.unit.push(new Uint8Array(message.bytes));
        if (!message.ends) continue;
        connection.units.push(connection.unit);
        connection.unit = [];
        this.#enqueue(connection);
      }
    }
  }

  #enqueue(connection: Connection): void {
    this.#waiting.push(connection);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    clearTimeout(this.#idle);
    for (let connection = this.#next(); connection; connection = this.#next()) {
      if (connection.closed) await this.#abandon(connection);
      else await this.#run(connection, connection.units.shift() ?? []);
      this.#holder = this.#database.isInTransaction() ? connection : null;
    }
    this.#working = false;
    if (this.#holder) this.#idle = setTimeout(() => { this.#idle = setTimeout(() => this.#holder?.socket.destroy(), this.#idleMs); }, this.#idleMs);
  }

  /** The holder's next unit while it holds; else whoever came first. */
  #next(): Connection | undefined {
    if (this.#holder === null) return this.#waiting.shift();
    const index = this.#waiting.indexOf(this.#holder);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  async #run(connection: Connection, unit: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#database.runExclusive(async () => {
        for (const message of unit) {
          await this.#database.execProtocolRawStream(message, { onRawData: (bytes) => { if (connection.socket.writable) connection.socket.write(Buffer.from(bytes)); } });
        }
      });
    } catch {
      // The backend refused a message in a way its protocol cannot express: this client starts anew, the others go on.
      connection.socket.destroy();
    }
  }

  async #abandon(connection: Connection): Promise<void> {
    if (this.#holder === connection && this.#database.isInTransaction()) await this.#database.exec('rollback');
  }
}

type Message = { kind: 'ssl' | 'cancel' | 'terminate' } | { kind: 'message'; bytes: Buffer; /** Nothing of this query follows. */ ends: boolean };

/** Takes the next whole message from what has arrived; null when more is needed. */
function nextMessage(connection: Connection): Message | null {
  const { pending } = connection;
  const take = (length: number): Buffer => {
    connection.pending = pending.subarray(length);
    return pending.subarray(0, length);
  };
  if (!connection.started) {
    // The first messages of a connection carry no type.
    if (pending.length < 8 || pending.length < pending.readInt32BE(0)) return null;
    const code = pending.readInt32BE(4);
    const bytes = take(pending.readInt32BE(0));
    if (code === SSL_REQUEST) return { kind: 'ssl' };
    if (code === CANCEL_REQUEST) return { kind: 'cancel' };
    connection.started = true;
    return { kind: 'message', bytes, ends: true };
  }
  if (pending.length < 5 || pending.length < 1 + pending.readInt32BE(1)) return null;
  const bytes = take(1 + pending.readInt32BE(1));
  const type = bytes[0];
  return type === TERMINATE ? { kind: 'terminate' } : { kind: 'message', bytes, ends: type === SYNC || type === SIMPLE_QUERY };
}
