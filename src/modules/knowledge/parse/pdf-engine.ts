import { getDocumentProxy } from 'unpdf';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError } from './parsed-document.ts';

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * Opens a PDF, trying the empty password first as readers do. Nothing outside the bytes is read.
 * @throws ParseError `password`, `damaged`, `empty` or `too-large`.
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfDocument> {
  let pdf: PdfDocument;
  try {
    // The library takes ownership of the array it gets.
    pdf = await getDocumentProxy(Uint8Array.from(bytes), {
      useSystemFonts: false, disableFontFace: true, enableXfa: false, useWasm: false,
      stopAtErrors: false, verbosity: 0, maxImageSize: 1,
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') {
      throw new ParseError('password', 'This PDF is protected with a password. Save a copy without the password and upload that.', { cause });
    }
    throw new ParseError('damaged', 'This PDF is damaged and cannot be opened. Export it again from the program that made it.', { cause });
  }
  if (pdf.numPages === 0) throw new ParseError('empty', 'This PDF has no pages. Export it again from the program that made it.');
  if (pdf.numPages > PARSE_LIMITS.pagesMax) {
    throw new ParseError('too-large', `This PDF has ${pdf.numPages} pages; ${PARSE_LIMITS.pagesMax} is the most one file may have. Split it into smaller files.`);
  }
  return pdf;
}

interface TextState { constructor: new () => TextState; textMatrix: Float32Array; textLineMatrix: Float32Array; fontMatrix: number[] }

/**
 * Makes text extraction about a third faster. The library copies its text state with `Object.create(this)`, at every
 * font change and graphics save; that turns each state into a prototype, which the engine then treats as slow. The class
 * is not exported, so it is caught once while a one-line document is read, and its `clone` replaced by one that copies
 * the same fields into a plain instance. Where nothing is caught, nothing changes. Only for the parser's own process.
 * @returns whether the copy was replaced.
 */
export async function speedUpTextState(): Promise<boolean> {
  const create = Object.create;
  let caught: object | null = null;
  Object.create = (proto: object | null, properties?: PropertyDescriptorMap & ThisType<unknown>): unknown => {
    if (proto && Object.hasOwn(proto, 'textLineMatrix') && Object.hasOwn(proto, 'fontMatrix')) caught ??= prototypeWithClone(proto);
    return properties === undefined ? create(proto) : create(proto, properties);
  };
  try {
    const pdf = await openPdf(oneLinePdf());
    await (await pdf.getPage(1)).getTextContent();
    await pdf.loadingTask.destroy();
  } finally {
    Object.create = create;
  }
  if (caught === null) return false;
  Object.defineProperty(caught, 'clone', { value: cloneTextState, writable: true, configurable: true });
  return true;
}

/** A copy's prototype is the state it was copied from; the class is further up. */
function prototypeWithClone(state: object): object | null {
  let proto: object | null = Object.getPrototypeOf(state);
  while (proto && !Object.hasOwn(proto, 'clone')) proto = Object.getPrototypeOf(proto);
  return proto;
}

function cloneTextState(this: TextState): TextState {
  const copy: TextState = Object.assign(new this.constructor(), this);
  copy.textMatrix = this.textMatrix.slice();
  copy.textLineMatrix = this.textLineMatrix.slice();
  copy.fontMatrix = this.fontMatrix.slice();
  return copy;
}

/** The smallest document that shows text; its missing cross-reference table is rebuilt by the library. */
function oneLinePdf(): Uint8Array {
  const content = 'q BT /F1 12 Tf 10 10 Td (a) Tj ET Q';
  return new TextEncoder().encode([
    '%PDF-1.4', '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj', '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj',
    `4 0 obj<</Length ${content.length}>>stream`, content, 'endstream endobj',
    '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj', 'trailer<</Root 1 0 R>>', '%%EOF',
  ].join('\n'));
}
