import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface SocketBounds {
  /** The checked address, see `Egress.addressOf`, or the path of a socket. Nothing else is ever connected. */
  address: string;
  port: number;
  /** Most that is taken between two calls of {@link BoundedSocket.allow}, in bytes as they come over the wire. */
  bytesMax: number;
  connectMs: number;
  /** Its end ends the connection. */
  signal: AbortSignal;
}

/** More came than was allowed. */
export class TooManyBytes extends Error {
  override name = 'TooManyBytes';
  constructor(bytesMax: number) { super(`the answer is larger than ${Math.round(bytesMax / 1024 / 1024)} MB`); }
}

/**
 * A connection for the driver of a protocol of its own: to one address, bounded in bytes, and ended by a signal. It is a
 * stream above the socket, since TLS takes a bare socket's handle and then nobody sees how much comes.
 */
export class BoundedSocket extends Duplex {
  /** Whether anything was ever received. A port that is closed, silent or not allowed looks the same without it. */
  answered = false;
  readonly #bounds: SocketBounds;
  readonly #socket = new Socket();
  readonly #abort = (): void => { this.destroy(new Error('the connection was ended')); };
  #begun = false;
  #bytes = 0;

  constructor(bounds: SocketBounds) {
    super({ allowHalfOpen: false });
    this.#bounds = bounds;
    this.#socket.on('data', (piece: Buffer) => { this.#take(piece); });
    this.#socket.on('end', () => { this.push(null); });
    this.#socket.on('error', (error) => { this.destroy(error); });
    this.#socket.on('close', () => { this.destroy(); });
  }

  /** Connects to the address it was made for, whatever a driver names. */
  connect(): this {
    const { address, port, connectMs, signal } = this.#bounds;
    if (this.#begun) return this;
    this.#begun = true;
    if (signal.aborted) { this.#abort(); return this; }
    signal.addEventListener('abort', this.#abort, { once: true });
    this.#socket.setTimeout(connectMs, () => { this.destroy(Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' })); });
    this.#socket.once('connect', () => {
      this.#socket.setTimeout(0);
      this.emit('connect');
    });
    this.#socket.connect(address.startsWith('/') ? { path: address } : { port, host: address });
    return this;
  }

  /** Counts anew: what came so far was wanted. */
  allow(): void { this.#bytes = 0; }

  setNoDelay(on?: boolean): this { this.#socket.setNoDelay(on); return this; }
  setKeepAlive(on?: boolean, delayMs?: number): this { this.#socket.setKeepAlive(on, delayMs); return this; }
  ref(): this { this.#socket.ref(); return this; }
  unref(): this { this.#socket.unref(); return this; }

  /** What a server sent may break a driver's parser, which nobody but this is there to catch: it ends the connection, not the process. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...values);
    try {
      return super.emit(event, ...values);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
      return true;
    }
  }

  #take(piece: Buffer): void {
    this.answered = true;
    this.#bytes += piece.byteLength;
    if (this.#bytes > this.#bounds.bytesMax) this.destroy(new TooManyBytes(this.#bounds.bytesMax));
    else if (!this.push(piece)) this.#socket.pause();
  }

  override _read(): void { this.#socket.resume(); }
  override _write(piece: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void { this.#socket.write(piece, encoding, done); }
  override _final(done: () => void): void { this.#socket.end(done); }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#bounds.signal.removeEventListener('abort', this.#abort);
    this.#socket.destroy();
    // TLS above it ends in the same moment, and is to say why before this one is closed.
    setImmediate(done, error);
  }
}
