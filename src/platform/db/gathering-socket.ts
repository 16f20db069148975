import { Socket } from 'node:net';

/**
 * A socket that sends what is written in one turn of the event loop at once: the beginning of a transaction and the
 * statements that do not wait for each other become one packet, and the database wakes up once for all of them.
 */
export class GatheringSocket extends Socket {
  #gathering = false;

  constructor() {
    super();
    // Connecting puts the plain `write` on the socket itself, where it would hide the one below.
    this.once('connect', () => Reflect.deleteProperty(this, 'write'));
  }

  override write(chunk: string | Uint8Array, written?: Written): boolean;
  override write(chunk: string | Uint8Array, encoding?: BufferEncoding, written?: Written): boolean;
  override write(chunk: string | Uint8Array, encoding?: BufferEncoding | Written, written?: Written): boolean {
    if (!this.#gathering) {
      this.#gathering = true;
      this.cork();
      process.nextTick(() => {
        this.#gathering = false;
        this.uncork();
      });
    }
    return typeof encoding === 'function' ? super.write(chunk, encoding) : super.write(chunk, encoding, written);
  }
}

type Written = (error?: Error | null) => void;
