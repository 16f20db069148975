/** Entry of the parser's own process; see `parser-process.ts`. Reads requests from stdin, answers on stdout, knows nothing else. */
import { Socket } from 'node:net';
import { z } from 'zod';
import { answerFrame, FrameReader, READY } from '#platform/process/frames.ts';
import { chunkDocument } from '../chunk/chunk-document.ts';
import { countTokens } from '../chunk/count-tokens.ts';
import { ParserRequest, type PdfAssembled, STATUS } from './child-protocol.ts';
import { finishDocument } from './finish-document.ts';
import { PARSE_LIMITS } from './limits.ts';
import { failureOf, parseDocument } from './parse-document.ts';
import { ParsedDocument, type ParseFailure } from './parsed-document.ts';
import { assemblePdf, scannedPages } from './pdf/assemble-pdf.ts';
import { PdfPart, type Recognition } from './pdf/pdf-part.ts';
import { loadPdfium } from './pdf/pdfium.ts';
import { readPdfPart } from './pdf/read-pdf.ts';
import { recognisePages } from './pdf/recognise-pages.ts';
import { releaseRecognition } from './pdf/text-recognition.ts';
import { labelWarnings } from './sniff.ts';

const VOCABULARY_AFTER_MS = 2000;

type Answer = { ok: true; value: unknown } | { ok: false; failure: ParseFailure };

async function answer(request: ParserRequest, body: Buffer): Promise<Answer> {
  if (request.kind !== 'pdf-recognise') releaseRecognition();
  try {
    switch (request.kind) {
      case 'parse': {
        const result = await parseDocument(body, request);
        return result.ok ? { ok: true, value: result.document } : result;
      }
      case 'pdf-part': return { ok: true, value: await readPdfPart(body, request) };
      case 'pdf-assemble': {
        const parts = z.array(PdfPart).parse(JSON.parse(body.toString('utf8')));
        return { ok: true, value: assembled(parts, request.recognition, labelWarnings(request, 'pdf')) };
      }
      case 'pdf-recognise': return { ok: true, value: await recognisePages(body, request.pages, request.language) };
      case 'chunk': return { ok: true, value: chunkDocument(ParsedDocument.parse(JSON.parse(body.toString('utf8'))), request.options) };
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function assembled(parts: readonly PdfPart[], recognition: Recognition, warnings: readonly string[]): PdfAssembled {
  const scans = scannedPages(parts);
  try {
    return { document: finishDocument(assemblePdf(parts, recognition), warnings), failure: null, scans };
  } catch (error) {
    return { document: null, failure: failureOf(error), scans };
  }
}

function send(result: Answer): void {
  sendFrame(result.ok ? STATUS.ok : STATUS.failed, JSON.stringify(result.ok ? result.value : result.failure));
}

function sendFrame(status: number, json: string): void {
  for (const part of answerFrame(status, json)) process.stdout.write(part);
}

function serve(): void {
  let header: ParserRequest | null = null;
  let queue = Promise.resolve();
  const reader = new FrameReader(PARSE_LIMITS.fileBytesMax * 4, (payload) => {
    if (header === null) {
      header = ParserRequest.parse(JSON.parse(payload.toString('utf8')));
      return;
    }
    const request = header;
    header = null;
    queue = queue.then(async () => { send(await answer(request, payload)); });
  });
  process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
  // The server is gone, or wants us gone.
  process.stdin.on('end', () => process.exit(0));
}

/** Parsing needs no network: whatever a file talks a library into, it ends here. Output is ours alone. */
function closeDoors(): void {
  Socket.prototype.connect = () => { throw new Error('no network in the parser'); };
  Object.defineProperty(globalThis, 'fetch', { value: () => Promise.reject(new Error('no network in the parser')) });
  Object.defineProperty(globalThis, 'WebSocket', { value: undefined });
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) console[name] = () => {};
}

closeDoors();
await loadPdfium();
serve();
sendFrame(READY, '');
// The vocabulary takes a third of a second to load: better while nobody waits. Short documents are cut by the server and never need it.
setTimeout(() => { countTokens('ready'); }, VOCABULARY_AFTER_MS).unref();
