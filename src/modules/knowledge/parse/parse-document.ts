import { charsetOf } from './encoding.ts';
import { finishDocument } from './finish-document.ts';
import { type DocumentFormat, type FileClaim, ParseError, type ParseFailure, type ParseResult, type ReadContent } from './parsed-document.ts';
import { assemblePdf } from './pdf/assemble-pdf.ts';
import { readPdfPart } from './pdf/read-pdf.ts';
import { readCsv } from './read-csv.ts';
import { readDocx } from './read-docx.ts';
import { readEml } from './read-eml.ts';
import { readEpub } from './read-epub.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readOdt } from './read-odt.ts';
import { readPptx } from './read-pptx.ts';
import { readText } from './read-text.ts';
import { readXlsx } from './read-xlsx.ts';
import { sniffFormat } from './sniff.ts';

/** Kinds of text are told which encoding the server that sent them named. */
const READERS: Readonly<Record<DocumentFormat, (bytes: Uint8Array, charset: string | null) => ReadContent | Promise<ReadContent>>> = {
  pdf: async (bytes) => assemblePdf([await readPdfPart(bytes, { index: 0, of: 1 })]),
  docx: readDocx, pptx: readPptx, odt: readOdt, epub: readEpub, xlsx: readXlsx, csv: readCsv, html: readHtml, eml: readEml, md: readMarkdown, txt: readText,
};

/**
 * Bytes to a document or a reason. Synchronous CPU work on hostile input without a bound in time or memory: run it in the
 * parser's own process (`createParserPool`), never in the server's.
 */
export async function parseDocument(bytes: Uint8Array, claim: FileClaim): Promise<ParseResult> {
  try {
    const { format, warnings } = await sniffFormat(bytes, claim);
    return { ok: true, document: finishDocument(await READERS[format](bytes, charsetOf(claim.mimeType)), warnings) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** The reason a person is told. A library's own message never is: it may quote the file. */
export function failureOf(error: unknown): ParseFailure {
  if (error instanceof ParseError) return { code: error.code, message: error.message };
  if (error instanceof RangeError) {
    return { code: 'too-complex', message: 'This file is nested too deeply or too complex to read. Simplify it or export it in another format.' };
  }
  return { code: 'damaged', message: 'This file is damaged or uses features that cannot be read. Export it again or in another format, such as PDF.' };
}
