import { createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import tls from 'node:tls';
import type { BoundedSocket } from '#platform/egress/bounded-socket.ts';
import { socketTo, tlsFor } from '../connect.ts';
import { BATCH_BYTES_MAX, type DatabaseContext } from '../engine.ts';
import type { Host } from './hosts.ts';

export interface Relay {
  /** Where the driver connects, on this machine. */
  port: number;
  /** The last connection to the database, and why it broke. */
  readonly socket: BoundedSocket | null;
  readonly failure: Error | null;
  /** Fails as soon as a connection breaks: the driver itself would try again for a while. */
  readonly broken: Promise<never>;
  /** Counts anew what comes. */
  allow(): void;
  close(): void;
}

/** A server sent what no server of MongoDB sends. */
export class WireError extends Error {
  override name = 'WireError';
}

/** The driver needs one for asking and one for watching the server. */
const CONNECTIONS_MAX = 6;

/**
 * Stands between MongoDB's driver and the network. The driver opens connections by itself, to whatever a server names as
 * its members, and takes messages of any size; so it is given only this door on the loopback, behind which lies one
 * checked address, encrypted and bounded as for the other databases.
 */
export async function openRelay(context: DatabaseContext, host: Host, address: string): Promise<Relay> {
  const secure = tlsFor(context, host.name);
  const open = new Set<{ driver: Socket; database: BoundedSocket }>();
  let last: BoundedSocket | null = null;
  let failure: Error | null = null;
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const server = createServer((driver) => {
    const database = socketTo(context, address, host.port);
    const pair = { driver, database };
    last = database;
    open.add(pair);
    const end = (error?: Error | null) => {
      const reason = error ?? (database.answered || !open.has(pair) ? null : new Error('the connection was closed'));
      if (reason) {
        failure ??= reason;
        broken.reject(reason);
      }
      open.delete(pair);
      driver.destroy();
      database.destroy();
    };
    driver.on('error', () => { end(); }).on('close', () => { open.delete(pair); database.destroy(); });
    database.on('error', end).on('close', () => { end(database.errored); });
    database.once('connect', () => {
      const wire = secure ? tls.connect({ socket: database, ...secure }) : database;
      const checked = new CheckedMessages(context.config.user === '' ? 0 : SIGN_IN_MESSAGES).on('error', end);
      wire.on('error', end);
      wire.pipe(checked).pipe(driver);
      driver.pipe(wire);
    });
    database.connect();
  });
  server.maxConnections = CONNECTIONS_MAX;
  // It must not keep the process from ending.
  server.unref();
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', resolve); });
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    get socket() { return last; },
    get failure() { return failure; },
    broken: broken.promise,
    allow: () => { for (const { database } of open) database.allow(); },
    close: () => {
      server.close();
      for (const { driver, database } of open) { driver.destroy(); database.destroy(); }
    },
  };
}

/** Bounds of a message's head (MongoDB wire protocol: length, request, response to, opcode; then flags of OP_MSG). */
const HEAD_BYTES = 20;
const OP_REPLY = 1;
const OP_MSG = 2013;
const MORE_TO_COME = 2;
/** What a server demands as proof of the password comes with its first answer or its second, and these are small. */
const SIGN_IN_MESSAGES = 2;
const SIGN_IN_BYTES_MAX = 64 * 1024;
/** What a server may demand of us to prove the password (SCRAM); MongoDB's own is 15,000. */
const ITERATIONS_MAX = 1_000_000;
const SCRAM_FIRST = /r=[^,]+,s=[A-Za-z0-9+/=]*,i=(\d+)/;

/**
 * Passes on whole answers to what was asked, and nothing that costs more to read than to send: no compressed messages
 * (their size when unpacked is anybody's guess), no answers beyond the one, no endless proof of the password.
 */
class CheckedMessages extends Transform {
  #head = Buffer.alloc(0);
  #left = 0;
  readonly #signIn: number;
  #messages = 0;
  #kept: Buffer[] = [];

  constructor(signIn: number) {
    super();
    this.#signIn = signIn;
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const missing = HEAD_BYTES - this.#head.length;
        this.#head = Buffer.concat([this.#head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#head.length < HEAD_BYTES) break;
        const wrong = this.#begin();
        if (wrong !== null) { done(new WireError(wrong)); return; }
        continue;
      }
      const part = rest.subarray(0, this.#left);
      rest = rest.subarray(part.length);
      this.#left -= part.length;
      const wrong = this.#take(part);
      if (wrong !== null) { done(new WireError(wrong)); return; }
    }
    done();
  }

  #begin(): string | null {
    const head = this.#head;
    const length = head.readInt32LE(0);
    const opcode = head.readInt32LE(12);
    this.#head = Buffer.alloc(0);
    this.#messages += 1;
    if (opcode !== OP_MSG && opcode !== OP_REPLY) return 'a message of a kind that was not agreed on';
    if (length < HEAD_BYTES || length > (this.#messages <= this.#signIn ? SIGN_IN_BYTES_MAX : BATCH_BYTES_MAX)) return 'a message of a size that cannot be';
    if (opcode === OP_MSG && (head.readInt32LE(16) & MORE_TO_COME) !== 0) return 'more answers than were asked for';
    this.#left = length - HEAD_BYTES;
    return this.#take(head);
  }

  #take(part: Buffer): string | null {
    if (this.#messages > this.#signIn) { this.push(part); return null; }
    this.#kept.push(part);
    if (this.#left > 0) return null;
    const message = Buffer.concat(this.#kept);
    this.#kept = [];
    const iterations = SCRAM_FIRST.exec(message.toString('latin1'))?.[1];
    if (iterations !== undefined && Number(iterations) > ITERATIONS_MAX) return 'proving the password would take too long';
    this.push(message);
    return null;
  }
}
