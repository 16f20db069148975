import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import { PARSE_LIMITS } from '../limits.ts';
import { ParseError } from '../parsed-document.ts';

/** Functions of the engine that take and give numbers only. The library's own wrappers cost many times what most of them do. */
const CALLS = [
  'FPDF_GetPageCount', 'FPDF_CloseDocument', 'FPDF_GetLastError', 'FPDF_LoadPage', 'FPDF_ClosePage', 'FPDF_GetPageWidthF', 'FPDF_GetPageHeightF', 'FPDF_GetDocPermissions', 'FPDF_GetFormType',
  'FPDFPage_GetCropBox', 'FPDFPage_GetMediaBox', 'FPDFPage_CountObjects', 'FPDFPage_GetObject', 'FPDFFormObj_CountObjects', 'FPDFFormObj_GetObject',
  'FPDFPageObj_GetType', 'FPDFPageObj_GetBounds', 'FPDFPageObj_GetMatrix', 'FPDFPageObj_GetFillColor', 'FPDFPageObj_GetClipPath', 'FPDFPageObj_HasTransparency', 'FPDFClipPath_CountPaths',
  'FPDFPath_GetDrawMode', 'FPDFPath_CountSegments', 'FPDFPath_GetPathSegment', 'FPDFPathSegment_GetPoint', 'FPDFPathSegment_GetType', 'FPDFPathSegment_GetClose',
  'FPDFText_LoadPage', 'FPDFText_ClosePage', 'FPDFText_CountChars', 'FPDFText_GetUnicode', 'FPDFText_GetTextObject', 'FPDFText_GetLooseCharBox', 'FPDFText_GetCharOrigin', 'FPDFText_GetMatrix',
  'FPDFTextObj_GetFontSize', 'FPDFTextObj_GetTextRenderMode',
  'FPDFPage_GetAnnotCount', 'FPDFPage_GetAnnot', 'FPDFPage_CloseAnnot', 'FPDFAnnot_GetSubtype', 'FPDFAnnot_GetFlags', 'FPDFAnnot_GetFormFieldType', 'FPDFAnnot_GetFormFieldFlags',
  'FPDFAnnot_GetFormFieldName', 'FPDFAnnot_GetFormFieldAlternateName', 'FPDFAnnot_GetFormFieldValue', 'FPDFAnnot_GetFormFieldExportValue',
  'PDFiumExt_OpenFormFillInfo', 'PDFiumExt_CloseFormFillInfo', 'PDFiumExt_InitFormFillEnvironment', 'PDFiumExt_ExitFormFillEnvironment',
  'FPDFDoc_GetAttachmentCount', 'FPDFDoc_GetAttachment', 'FPDFAttachment_GetName', 'FPDFCatalog_GetLanguage',
  'FPDFBitmap_CreateEx', 'FPDFBitmap_Destroy', 'FPDFBitmap_FillRect', 'FPDFBitmap_GetBuffer', 'FPDFBitmap_GetStride', 'FPDF_RenderPageBitmap',
] as const;
type Calls = Readonly<Record<(typeof CALLS)[number], (...values: number[]) => number>>;
const hasCalls = (exports: object): exports is Calls => CALLS.every((name) => typeof Reflect.get(exports, name) === 'function');

/** Chrome's PDF engine in WebAssembly, without JavaScript and without any door to files or the network. */
interface Pdfium { library: WrappedPdfiumModule; calls: Calls }

/** An open document; all numbers are addresses in the engine's memory but for the count of pages. */
export interface PdfFile { engine: WrappedPdfiumModule; calls: Calls; document: number; pages: number; scratch: Scratch }

/** Past this the engine is let go after a document, as its memory never shrinks. */
const KEPT_BYTES_MAX = 256 * 1024 * 1024;
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;

let loaded: Promise<Pdfium> | null = null;

/** Loads the engine ahead of the first document. */
export const loadPdfium = (): Promise<Pdfium> => loaded ??= start();

async function start(): Promise<Pdfium> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm'));
  const engine = await init({ wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength), print: () => {}, printErr: () => {} });
  engine.PDFiumExt_Init();
  const calls: object = engine.pdfium.wasmExports;
  if (!hasCalls(calls)) throw new Error('the PDF engine lacks a function this module calls');
  return { library: engine, calls };
}

/**
 * Opens a PDF, trying the empty password as readers do, and closes it after `work`. Nothing outside the bytes is read.
 * @throws ParseError `password`, `damaged`, `empty` or `too-large`, and what `work` throws.
 */
export async function withPdf<Result>(bytes: Uint8Array, work: (pdf: PdfFile) => Result | Promise<Result>): Promise<Result> {
  const engine = await loadPdfium();
  try {
    return await openAndWork(engine, bytes, work);
  } catch (error) {
    // Anything but a reason of ours left the engine in the middle of something: the next document gets a fresh one.
    if (!(error instanceof ParseError)) loaded = null;
    throw error;
  } finally {
    if (engine.library.pdfium.HEAPU8.length > KEPT_BYTES_MAX) loaded = null;
  }
}

async function openAndWork<Result>({ library: engine, calls }: Pdfium, bytes: Uint8Array, work: (pdf: PdfFile) => Result | Promise<Result>): Promise<Result> {
  const { malloc, free } = engine.pdfium.wasmExports;
  const file = malloc(Math.max(1, bytes.length));
  if (file === 0) throw new RangeError('no memory for the file');
  engine.pdfium.HEAPU8.set(bytes, file);
  const scratch = new Scratch(engine);
  const document = engine.FPDF_LoadMemDocument(file, bytes.length, '');
  try {
    if (document === 0) throw openError(calls.FPDF_GetLastError());
    const pages = calls.FPDF_GetPageCount(document);
    checkPages(pages);
    return await work({ engine, calls, document, pages, scratch });
  } finally {
    if (document !== 0) calls.FPDF_CloseDocument(document);
    scratch.free();
    free(file);
  }
}

function openError(code: number): ParseError {
  if (code === ERROR_PASSWORD || code === ERROR_SECURITY) {
    return new ParseError('password', 'This PDF is protected with a password. Save a copy without the password and upload that.');
  }
  return new ParseError('damaged', 'This PDF is damaged and cannot be opened. Export it again from the program that made it.');
}

function checkPages(pages: number): void {
  if (pages === 0) throw new ParseError('empty', 'This PDF has no pages. Export it again from the program that made it.');
  if (pages > PARSE_LIMITS.pagesMax) {
    throw new ParseError('too-large', `This PDF has ${pages} pages; ${PARSE_LIMITS.pagesMax} is the most one file may have. Split it into smaller files.`);
  }
}

const SCRATCH_BYTES = 64;
const STRING_BYTES_MAX = 64 * 1024;

/** A few bytes of the engine's memory into which it writes its answers. */
export class Scratch {
  readonly at: number;
  readonly #engine: WrappedPdfiumModule;
  /** A view goes empty when the memory grows; looking it up for each number would cost more than most calls. */
  #floats: Float32Array;

  constructor(engine: WrappedPdfiumModule) {
    this.#engine = engine;
    this.#floats = engine.pdfium.HEAPF32;
    this.at = engine.pdfium.wasmExports.malloc(SCRATCH_BYTES);
  }

  free(): void {
    this.#engine.pdfium.wasmExports.free(this.at);
  }

  /** The 32-bit number at this place, counted in numbers. */
  float(index: number): number {
    if (this.#floats.length === 0) this.#floats = this.#engine.pdfium.HEAPF32;
    return this.#floats[(this.at >> 2) + index] ?? 0;
  }

  double(index: number): number {
    return this.#engine.pdfium.HEAPF64[(this.at >> 3) + index] ?? 0;
  }

  byte(index: number): number {
    return this.#engine.pdfium.HEAPU8[this.at + index] ?? 0;
  }

  /** A text of the engine (UTF-16 with its end, told in bytes); `read` is called with an address and the bytes there. */
  text(read: (address: number, bytes: number) => number): string {
    const bytes = Math.min(read(0, 0), STRING_BYTES_MAX);
    if (bytes <= 2) return '';
    const { malloc, free } = this.#engine.pdfium.wasmExports;
    const address = malloc(bytes + 2);
    try {
      if (read(address, bytes) > bytes) return '';
      const from = address >> 1;
      return Buffer.from(this.#engine.pdfium.HEAPU8.slice(from * 2, address + bytes)).toString('utf16le').replace(/\0+$/, '');
    } finally {
      free(address);
    }
  }
}
