import { z } from 'zod';
import { Chunk, type ChunkOptions } from '../chunk/chunk-contract.ts';
import type { ParserRequest } from './child-protocol.ts';
import { type FileClaim, ParsedDocument, type ParseFailure, type ParseResult } from './parsed-document.ts';
import { DEFAULT_LIMITS, ParserProcess, type ProcessLimits, type RawAnswer } from './parser-process.ts';

export interface ParserPoolOptions extends Partial<ProcessLimits> {
  /** Processes kept warm, hence documents read at once; 2 unless told. */
  children?: number;
}

/** Reads documents in processes of their own; nothing a file does reaches this one. */
export interface ParserPool {
  /** Never rejects while the pool is open: a crash, a timeout or too much memory is a failure of that document alone. */
  parse(bytes: Uint8Array, claim: FileClaim): Promise<ParseResult>;
  /** `chunkDocument` away from the event loop: a book of 500 pages keeps a core busy for about half a second. */
  chunk(document: ParsedDocument, options: ChunkOptions): Promise<{ ok: true; chunks: Chunk[] } | { ok: false; failure: ParseFailure }>;
  /** Highest resident memory of any child so far, in bytes; 0 where the system does not tell. */
  peakBytes(): number;
  /** Kills the children. Requests under way or waiting reject. */
  close(): void;
}

/** PDFs from this size on are read by all children at once, each a share of the pages. */
const SPLIT_BYTES_MIN = 512 * 1024;

export function createParserPool(options: ParserPoolOptions = {}): ParserPool {
  const limits: ProcessLimits = {
    timeoutMs: options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs,
    memoryBytesMax: options.memoryBytesMax ?? DEFAULT_LIMITS.memoryBytesMax,
    outputBytesMax: options.outputBytesMax ?? DEFAULT_LIMITS.outputBytesMax,
  };
  const children = Array.from({ length: Math.max(1, options.children ?? 2) }, () => new ParserProcess(limits));
  for (const child of children) child.warm();
  const queue = new ChildQueue(children);

  const parse = async (bytes: Uint8Array, claim: FileClaim): Promise<ParseResult> => {
    const about = { fileName: claim.fileName, mimeType: claim.mimeType ?? null };
    const answer = children.length > 1 && bytes.length >= SPLIT_BYTES_MIN && isPdf(bytes)
      ? await parsePdfInParts(queue, children.length, bytes, about)
      : await queue.run({ kind: 'parse', ...about }, bytes);
    if (!answer.ok) return answer;
    return { ok: true, document: ParsedDocument.parse(JSON.parse(answer.json.toString('utf8'))) };
  };

  return {
    parse,
    async chunk(document, chunkOptions) {
      const answer = await queue.run({ kind: 'chunk', options: chunkOptions }, Buffer.from(JSON.stringify(document)));
      if (!answer.ok) return answer;
      return { ok: true, chunks: z.array(Chunk).parse(JSON.parse(answer.json.toString('utf8'))) };
    },
    peakBytes: () => Math.max(...children.map((child) => child.peakBytes)),
    close: () => queue.close(),
  };
}

const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';

/** The shares are put together by a child as well: their text never passes through this process as objects. */
async function parsePdfInParts(queue: ChildQueue, of: number, bytes: Uint8Array, about: { fileName: string; mimeType: string | null }): Promise<RawAnswer> {
  const parts = await Promise.all(Array.from({ length: of }, (_, index) => queue.run({ kind: 'pdf-part', index, of }, bytes)));
  const jsons: Buffer[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    jsons.push(Buffer.from(jsons.length === 0 ? '[' : ','), part.json);
  }
  return queue.run({ kind: 'pdf-assemble', ...about }, Buffer.concat([...jsons, Buffer.from(']')]));
}

interface Waiting { start(child: ParserProcess): void; reject(error: Error): void }

/** First come, first served over the children. */
class ChildQueue {
  readonly #children: readonly ParserProcess[];
  readonly #idle: ParserProcess[];
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(children: readonly ParserProcess[]) {
    this.#children = children;
    this.#idle = [...children];
  }

  async run(request: ParserRequest, body: Uint8Array): Promise<RawAnswer> {
    const child = await this.#take();
    if (this.#closed) throw new Error('the parser pool is closed'); // between being taken and being used
    const answer = await child.run(request, body);
    if (this.#closed) throw new Error('the parser pool is closed');
    child.warm(); // it may have been killed
    this.#release(child);
    return answer;
  }

  close(): void {
    this.#closed = true;
    for (const child of this.#children) child.close();
    for (const waiting of this.#waiting) waiting.reject(new Error('the parser pool is closed'));
    this.#waiting = [];
  }

  #take(): Promise<ParserProcess> {
    if (this.#closed) return Promise.reject(new Error('the parser pool is closed'));
    const child = this.#idle.pop();
    if (child) return Promise.resolve(child);
    return new Promise((resolve, reject) => { this.#waiting.push({ start: resolve, reject }); });
  }

  #release(child: ParserProcess): void {
    const next = this.#waiting.shift();
    if (next) next.start(child);
    else this.#idle.push(child);
  }
}
