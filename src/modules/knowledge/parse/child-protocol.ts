import { z } from 'zod';
import { ChunkOptions } from '../chunk/chunk-contract.ts';

/**
 * Messages between the pool and its children, over stdin and stdout. A frame is a 4-byte big-endian length and as many
 * bytes. A request is two frames, a {@link ParserRequest} as JSON and a body; an answer is one frame: a status byte and JSON.
 * JSON and not V8's own format, because the child has read hostile input and its answer is not to be trusted.
 */
export const ParserRequest = z.discriminatedUnion('kind', [
  /** Body: the file. Answer: a ParsedDocument. */
  z.object({ kind: z.literal('parse'), fileName: z.string(), mimeType: z.string().nullable() }),
  /** Body: a PDF. Answer: a PdfPart. */
  z.object({ kind: z.literal('pdf-part'), index: z.number().int(), of: z.number().int() }),
  /** Body: JSON array of PdfParts. Answer: a ParsedDocument. */
  z.object({ kind: z.literal('pdf-assemble'), fileName: z.string(), mimeType: z.string().nullable() }),
  /** Body: a ParsedDocument as JSON. Answer: an array of Chunks. */
  z.object({ kind: z.literal('chunk'), options: ChunkOptions }),
]);
export type ParserRequest = z.infer<typeof ParserRequest>;

/** First byte of an answer. A failure's JSON is a ParseFailure; `ready` comes once, unasked, when the libraries are loaded. */
export const STATUS = { ok: 1, failed: 2, ready: 3 } as const;

export function frame(payload: Uint8Array): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.byteLength);
  return [length, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)];
}

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
