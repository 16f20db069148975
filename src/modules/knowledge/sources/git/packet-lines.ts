import { SourceError } from '../source-reader.ts';

/** A line of Git's wire (gitprotocol-common), or one of the marks between lines. */
export type Packet = Buffer | 'flush' | 'delimiter' | 'end';

const MARKS: ReadonlyMap<number, Exclude<Packet, Buffer>> = new Map([[0, 'flush'], [1, 'delimiter'], [2, 'end']]);

/** A line as bytes: four hexadecimal digits of length, then the text. */
export const packet = (text: string): string => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
export const FLUSH = '0000';
export const DELIMITER = '0001';

/** Cuts a stream of bytes into lines; null at its end. Throws {@link SourceError} for what is no line. */
export class PacketReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) { this.#source = source[Symbol.asyncIterator](); }

  async next(): Promise<Packet | null> {
    const head = await this.#take(4);
    if (head === null) return null;
    const length = /^[0-9a-f]{4}$/i.test(head.toString('latin1')) ? Number.parseInt(head.toString('latin1'), 16) : Number.NaN;
    const mark = MARKS.get(length);
    if (mark !== undefined) return mark;
    const body = length >= 4 ? await this.#take(length - 4) : null;
    if (body === null) throw new SourceError('unexpected', 'The server broke off, or does not speak as a Git server does. Check the address of the repository.');
    return body;
  }

  /** A line as text without its line end; null for marks and at the end. */
  async line(): Promise<string | null> {
    const next = await this.next();
    return Buffer.isBuffer(next) ? next.toString('utf8').replace(/\n$/, '') : null;
  }

  async #take(length: number): Promise<Buffer | null> {
    const parts = [this.#held];
    for (let size = this.#held.length; size < length;) {
      const { done, value } = await this.#source.next();
      if (done === true) return null;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      size += value.byteLength;
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts);
    this.#held = all.subarray(length);
    return all.subarray(0, length);
  }
}
