import { z } from 'zod';
import { Chunk, type ChunkOptions } from '../chunk/chunk-contract.ts';
import type { ParserRequest } from './child-protocol.ts';
import { PARSE_LIMITS } from './limits.ts';
import { isPdf, parsePdf, type RecognitionLimits } from './parse-pdf.ts';
import { type FileClaim, ParsedDocument, type ParseFailure, type ParseResult } from './parsed-document.ts';
import { DEFAULT_LIMITS, ParserProcess, type ProcessLimits, type RawAnswer } from './parser-process.ts';
import { recognisableLanguages } from './pdf/languages.ts';

export interface ParserPoolOptions extends Partial<ProcessLimits> {
  /** Processes kept warm, hence documents read at once; 2 unless told. */
  children?: number;
  /** How scans are read; by default where the optional packages are installed. */
  recognition?: Partial<RecognitionLimits>;
}

/** A page takes a second or a few; scans of more pages than this are books, which have better sources. */
const RECOGNITION = { pagesMax: 200, timeMs: 10 * 60_000 };

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

export function createParserPool(options: ParserPoolOptions = {}): ParserPool {
  const limits: ProcessLimits = {
    timeoutMs: options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs,
    memoryBytesMax: options.memoryBytesMax ?? DEFAULT_LIMITS.memoryBytesMax,
    outputBytesMax: options.outputBytesMax ?? DEFAULT_LIMITS.outputBytesMax,
  };
  const children = Array.from({ length: Math.max(1, options.children ?? 2) }, () => new ParserProcess(limits));
  for (const child of children) child.warm();
  const queue = new ChildQueue(children);

  const processes = { ask: (request: ParserRequest, body: Uint8Array) => queue.run(request, body), idle: () => queue.idle, children: children.length };
  const recognition = { ...RECOGNITION, installed: recognisableLanguages().length > 0, ...options.recognition };

  const parse = async (bytes: Uint8Array, claim: FileClaim): Promise<ParseResult> => {
    if (isPdf(bytes) && bytes.length <= PARSE_LIMITS.fileBytesMax) {
      return parsePdf(processes, bytes, claim, recognition);
    }
    const answer = await queue.run({ kind: 'parse', fileName: claim.fileName, mimeType: claim.mimeType ?? null }, bytes);
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

  get idle(): number {
    return this.#idle.length;
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
