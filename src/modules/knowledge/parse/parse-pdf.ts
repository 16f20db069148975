import { type ParserRequest, PdfAssembled } from './child-protocol.ts';
import type { FileClaim, ParseResult } from './parsed-document.ts';
import type { RawAnswer } from './parser-process.ts';
import type { Language } from './pdf/languages.ts';
import { RecognisedPages, type Recognition } from './pdf/pdf-part.ts';

/** How a request reaches a process and comes back. */
type Ask = (request: ParserRequest, body: Uint8Array) => Promise<RawAnswer>;
/** The processes, and how many of them have nothing to do. */
export interface Processes { ask: Ask; idle: () => number; children: number }

/** How scans are read. */
export interface RecognitionLimits {
  /** Whether the optional packages are installed. */
  installed: boolean;
  /** Pages of one document; what comes after stays unread. */
  pagesMax: number;
  /** Wall clock for one document. */
  timeMs: number;
}

/** PDFs from this size on are read by all children that have nothing else to do, each a share of the pages. */
const SPLIT_BYTES_MIN = 512 * 1024;
/** Pages recognised in one request, which has the time of any request. */
const RECOGNISED_AT_ONCE = 3;

export const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';

/**
 * Reads a PDF by several requests: shares of its pages, text recognition for those that are pictures, and putting it
 * together, which happens in a process as well: the text of a document passes through this one only as bytes.
 */
export async function parsePdf({ ask, idle, children }: Processes, bytes: Uint8Array, claim: FileClaim, limits: RecognitionLimits): Promise<ParseResult> {
  // Shares cost a little more than the whole: each opens the file and loads its fonts.
  const of = bytes.length >= SPLIT_BYTES_MIN ? Math.max(1, idle()) : 1;
  const parts = await Promise.all(Array.from({ length: of }, (_, index) => ask({ kind: 'pdf-part', index, of }, bytes)));
  const texts: Buffer[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    texts.push(part.json);
  }
  const assemble = async (recognition: Recognition, more: readonly Buffer[]): Promise<RawAnswer> =>
    ask({ kind: 'pdf-assemble', fileName: claim.fileName, mimeType: claim.mimeType ?? null, recognition }, jsonArray([...texts, ...more]));
  const first = await assemble(limits.installed ? 'not-tried' : 'not-installed', []);
  if (!first.ok) return first;
  const { scans, ...result } = PdfAssembled.parse(JSON.parse(first.json.toString('utf8')));
  if (scans.length === 0 || !limits.installed) return resultOf(result);
  const again = await assemble('tried', await recognised(ask, children, bytes, scans, limits));
  return again.ok ? resultOf(PdfAssembled.parse(JSON.parse(again.json.toString('utf8')))) : again;
}

/** The first page tells the language; then as many requests at once as there are processes. A request that fails costs its own pages only. */
async function recognised(ask: Ask, children: number, bytes: Uint8Array, scans: readonly number[], { pagesMax, timeMs }: RecognitionLimits): Promise<Buffer[]> {
  const until = performance.now() + timeMs;
  const parts: Buffer[] = [];
  const waiting = scans.slice(0, pagesMax);
  let language: Language | null = null;
  const read = async (pages: readonly number[]): Promise<void> => {
    const answer = await ask({ kind: 'pdf-recognise', pages: [...pages], language }, bytes);
    if (!answer.ok) return;
    const found = RecognisedPages.parse(JSON.parse(answer.json.toString('utf8')));
    language ??= found.language;
    parts.push(Buffer.from(JSON.stringify(found.part)));
  };
  while (language === null && waiting.length > 0 && performance.now() < until) await read(waiting.splice(0, 1));
  const worker = async (): Promise<void> => {
    while (waiting.length > 0 && performance.now() < until) await read(waiting.splice(0, RECOGNISED_AT_ONCE));
  };
  await Promise.all(Array.from({ length: children }, worker));
  return parts;
}

const resultOf = ({ document, failure }: Pick<PdfAssembled, 'document' | 'failure'>): ParseResult => {
  if (document) return { ok: true, document };
  return { ok: false, failure: failure ?? { code: 'damaged', message: 'This PDF could not be put together. Export it again from the program that made it.' } };
};

const jsonArray = (texts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('['), ...texts.flatMap((text, index) => (index === 0 ? [text] : [Buffer.from(','), text])), Buffer.from(']')]);
