import { dateOf } from '../file-date.ts';
import { PARSE_LIMITS } from '../limits.ts';
import { ParseError } from '../parsed-document.ts';
import { withFields } from './form-fields.ts';
import { pageParagraphs, type Paragraph } from './page-paragraphs.ts';
import { type Box, pageShapes } from './page-shapes.ts';
import { pageText } from './page-text.ts';
import type { PdfPage, PdfPart } from './pdf-part.ts';
import { type PdfFile, withPdf } from './pdfium.ts';

/** Bit 5 of the permissions, ISO 32000 table 22. */
const COPY_PERMISSION = 0x10;
/** Share of a page a picture covers, or outlines on it, from which a page without text may be a scan. */
const SCAN_IMAGE_SHARE = 0.25;
const SCAN_OUTLINES_MIN = 100;
const ATTACHMENTS_NAMED_MAX = 20;

/**
 * Reads share `index` of `of` of the pages. A page that cannot be read becomes a warning.
 * @throws ParseError as {@link withPdf}; `too-large` past the limit of text.
 */
export const readPdfPart = (bytes: Uint8Array, { index, of }: { index: number; of: number }): Promise<PdfPart> => withPdf(bytes, (pdf) => {
  const from = Math.floor((pdf.pages * index) / of) + 1;
  const to = Math.floor((pdf.pages * (index + 1)) / of);
  const { pages, broken } = withFields(pdf, (fieldsOf) => readPages(pdf, from, to, fieldsOf));
  const facts = index === 0 ? documentFacts(pdf) : NO_FACTS;
  const hidden = pages.reduce((sum, page) => sum + page.hidden, 0);
  return {
    ...facts, pageCount: pdf.pages, pages,
    warnings: [...facts.warnings, ...brokenWarning(broken), ...(hidden === 0 ? [] : [HIDDEN_WARNING])],
  };
});

const HIDDEN_WARNING = 'Text that cannot be seen on the page (for example white on white, or outside of it) was left out.';

function readPages(pdf: PdfFile, from: number, to: number, fieldsOf: (page: number) => string[]): { pages: PdfPage[]; broken: number[] } {
  const pages: PdfPage[] = [];
  const broken: number[] = [];
  let characters = 0;
  let before = 0;
  for (let number = from; number <= to; number++) {
    const handle = pdf.calls.FPDF_LoadPage(pdf.document, number - 1);
    // One page stays open behind the one being read: what they share, such as fonts, is then loaded once.
    if (before !== 0) pdf.calls.FPDF_ClosePage(before);
    before = handle;
    if (handle === 0) { broken.push(number); continue; }
    const page = { ...readPage(pdf, handle, number), fields: fieldsOf(handle) };
    pages.push(page);
    for (const paragraph of page.paragraphs) characters += paragraph.text.length;
    if (characters > PARSE_LIMITS.charactersMax) throw new ParseError('too-large', 'This PDF holds more text than one document may have. Split it into smaller files.');
  }
  if (before !== 0) pdf.calls.FPDF_ClosePage(before);
  return { pages, broken };
}

function readPage(pdf: PdfFile, handle: number, page: number): Omit<PdfPage, 'fields'> {
  const visible = visibleBox(pdf, handle);
  const shapes = pageShapes(pdf, handle);
  const { runs, hidden } = pageText(pdf, handle, shapes, visible);
  const area = (box: Box): number => Math.max(0, box.right - box.left) * Math.max(0, box.top - box.bottom);
  const scan = runs.length === 0 && (shapes.images.some((image) => area(image) >= area(visible) * SCAN_IMAGE_SHARE) || shapes.outlines >= SCAN_OUTLINES_MIN);
  const paragraphs: Paragraph[] = runs.length === 0 ? [] : pageParagraphs(runs, shapes, visible);
  return { page, paragraphs, scan, recognised: false, hidden };
}

/** The part of the page that is shown. */
function visibleBox({ calls, scratch }: PdfFile, page: number): Box {
  const { at } = scratch;
  if (!calls.FPDFPage_GetCropBox(page, at, at + 4, at + 8, at + 12) && !calls.FPDFPage_GetMediaBox(page, at, at + 4, at + 8, at + 12)) {
    return { left: 0, bottom: 0, right: calls.FPDF_GetPageWidthF(page) || 612, top: calls.FPDF_GetPageHeightF(page) || 792 };
  }
  const [left, bottom, right, top] = [scratch.float(0), scratch.float(1), scratch.float(2), scratch.float(3)];
  return { left: Math.min(left, right), bottom: Math.min(bottom, top), right: Math.max(left, right), top: Math.max(bottom, top) };
}

const brokenWarning = (pages: readonly number[]): string[] =>
  pages.length === 0 ? [] : [`${pages.length === 1 ? 'Page' : 'Pages'} ${listed(pages)} could not be read and ${pages.length === 1 ? 'was' : 'were'} left out.`];

export const listed = (pages: readonly number[]): string => `${pages.slice(0, 20).join(', ')}${pages.length > 20 ? ' and more' : ''}`;

type Facts = Omit<PdfPart, 'pageCount' | 'pages'>;
const NO_FACTS: Facts = { title: null, author: null, createdAt: null, language: null, metadata: {}, warnings: [] };

function documentFacts({ engine, calls, document, scratch }: PdfFile): Facts {
  const meta = (name: string): string => scratch.text((at, bytes) => engine.FPDF_GetMetaText(document, name, at, bytes)).trim().slice(0, 500);
  const warnings: string[] = [];
  if ((calls.FPDF_GetDocPermissions(document) & COPY_PERMISSION) === 0) warnings.push('The owner of this PDF marked its text as not to be copied. Make sure you may use it.');
  const attached = calls.FPDFDoc_GetAttachmentCount(document);
  if (attached > 0) {
    const names = Array.from({ length: Math.min(attached, ATTACHMENTS_NAMED_MAX) }, (_, index) => {
      const file = calls.FPDFDoc_GetAttachment(document, index);
      return scratch.text((at, bytes) => calls.FPDFAttachment_GetName(file, at, bytes)).slice(0, 100) || 'unnamed';
    });
    warnings.push(`Files attached inside this PDF were not read: ${names.join(', ')}${attached > names.length ? ` and ${attached - names.length} more` : ''}.`);
  }
  return {
    title: meta('Title') || null, author: meta('Author') || null, createdAt: dateOf(meta('CreationDate') || null)?.toISOString() ?? null,
    language: scratch.text((at, bytes) => calls.FPDFCatalog_GetLanguage(document, at, bytes)).split('-')[0]?.toLowerCase() || null,
    metadata: { subject: meta('Subject'), keywords: meta('Keywords'), producer: meta('Creator') }, warnings,
  };
}
