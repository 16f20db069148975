/** A message between processes over a byte stream: a 4-byte big-endian length and as many bytes. */
export function frame(payload: Uint8Array): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.byteLength);
  return [length, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)];
}

/** First byte of an answer: the process has loaded what it needs; it says so once, unasked. The other numbers belong to those who talk. */
export const READY = 3;

/** An answer: a status byte and its body in one frame. */
export const answerFrame = (status: number, body: string | Uint8Array): Buffer[] =>
  frame(Buffer.concat([Buffer.of(status), typeof body === 'string' ? Buffer.from(body) : body]));

/** Cuts a byte stream into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #expected: number | null = null;
  readonly #bytesMax: number;
  readonly #onFrame: (payload: Buffer) => void;

  /** @param bytesMax larger frames throw from {@link push}. */
  constructor(bytesMax: number, onFrame: (payload: Buffer) => void) {
    this.#bytesMax = bytesMax;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (;;) {
      if (this.#expected === null) {
        if (this.#size < 4) return;
        this.#expected = this.#take(4).readUInt32BE();
        if (this.#expected > this.#bytesMax) throw new RangeError('frame too large');
      }
      if (this.#size < this.#expected) return;
      const payload = this.#take(this.#expected);
      this.#expected = null;
      this.#onFrame(payload);
    }
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] ?? Buffer.alloc(0) : Buffer.concat(this.#chunks);
    const rest = all.subarray(length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return all.subarray(0, length);
  }
}
