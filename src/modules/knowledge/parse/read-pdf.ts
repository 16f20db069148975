import { z } from 'zod';
import { BlockWriter } from './block-writer.ts';
import { dateOf } from './file-date.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { openPdf, type PdfDocument } from './pdf-engine.ts';
import { pageParagraphs, type Paragraph, type TextRun } from './pdf-layout.ts';

/** One share of a PDF's pages, as one process reads it; several shares make the document. */
export const PdfPart = z.object({
  pageCount: z.number().int().positive(),
  title: z.string().nullable(),
  author: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
  pages: z.array(z.object({
    page: z.number().int().positive(),
    paragraphs: z.array(z.object({ text: z.string(), size: z.number(), lines: z.number() })),
  })),
  /** Values typed into form fields, which are not part of the pages' text. */
  fields: z.array(z.object({ page: z.number().int().positive(), text: z.string() })),
  warnings: z.array(z.string()),
});
export type PdfPart = z.infer<typeof PdfPart>;

/** Pages read at once: while one waits for its streams to be unpacked, another is laid out. */
const PAGES_AT_ONCE = 4;
const FIELDS_MAX = 2000;
/** Bit 5 of the permissions, ISO 32000 table 22. */
const COPY_PERMISSION = 0x10;

/**
 * Reads share `index` of `of` of the pages. A page that cannot be read becomes a warning.
 * @throws ParseError as {@link openPdf}; `too-large` past the limit of text.
 */
export async function readPdfPart(bytes: Uint8Array, { index, of }: { index: number; of: number }): Promise<PdfPart> {
  const pdf = await openPdf(bytes);
  try {
    const from = Math.floor((pdf.numPages * index) / of) + 1;
    const to = Math.floor((pdf.numPages * (index + 1)) / of);
    const { pages, broken } = await readPages(pdf, from, to);
    const { warnings, ...facts } = index === 0 ? await documentFacts(pdf) : NO_FACTS;
    return { pageCount: pdf.numPages, ...facts, pages, warnings: [...warnings, ...brokenWarning(broken)] };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

/**
 * Puts the shares together and finds headings by their size.
 * @throws ParseError `no-text` for scans, `damaged` when no page could be read.
 */
export function assemblePdf(parts: readonly PdfPart[]): ReadContent {
  const pages = parts.flatMap((part) => part.pages);
  const warnings = parts.flatMap((part) => part.warnings);
  const body = bodySize(pages.flatMap((page) => page.paragraphs));
  const levels = headingSizes(pages.flatMap((page) => page.paragraphs), body);
  const writer = new BlockWriter();
  for (const { page, paragraphs } of pages) {
    for (const paragraph of paragraphs) {
      const level = isHeading(paragraph, body) ? levels.indexOf(paragraph.size) : -1;
      if (level >= 0) writer.heading(level + 1, paragraph.text, page);
      else writer.text(paragraph.text, page);
    }
    writer.text((parts[0]?.fields ?? []).filter((field) => field.page === page).map((field) => field.text).join('\n'), page);
  }
  const first = parts[0];
  if (writer.blocks.length === 0) throw noTextError(pages.length);
  return {
    format: 'pdf', title: first?.title ?? null, author: first?.author ?? null, createdAt: dateOf(first?.createdAt ?? null),
    blocks: writer.blocks, pages: first?.pageCount ?? null, warnings,
  };
}

const noTextError = (pagesRead: number): ParseError =>
  pagesRead === 0
    ? new ParseError('damaged', 'No page of this PDF could be read. Export it again from the program that made it.')
    : new ParseError('no-text', 'This PDF contains only images; text recognition is not available yet. Upload a version with text, or run it through text recognition first.');

async function readPages(pdf: PdfDocument, from: number, to: number) {
  const pages: PdfPart['pages'] = [];
  const broken: number[] = [];
  let next = from;
  let characters = 0;
  const reader = async (): Promise<void> => {
    while (next <= to) {
      const number = next++;
      const paragraphs = await readPage(pdf, number);
      if (paragraphs === null) { broken.push(number); continue; }
      pages.push({ page: number, paragraphs });
      for (const paragraph of paragraphs) characters += paragraph.text.length;
      if (characters > PARSE_LIMITS.charactersMax) throw new ParseError('too-large', 'This PDF holds more text than one document may have. Split it into smaller files.');
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, reader));
  return { pages: pages.sort((a, b) => a.page - b.page), broken: broken.sort((a, b) => a - b) };
}

async function readPage(pdf: PdfDocument, number: number): Promise<Paragraph[] | null> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: false, disableNormalization: true });
    const paragraphs = pageParagraphs(items.filter((item): item is typeof item & TextRun => 'str' in item));
    page.cleanup();
    return paragraphs;
  } catch (error) {
    if (error instanceof RangeError) throw error; // stack exhausted: the whole file is too complex
    return null; // one broken page must not cost the others; the caller reports it
  }
}

const brokenWarning = (pages: readonly number[]): string[] =>
  pages.length === 0 ? [] : [`${pages.length === 1 ? 'Page' : 'Pages'} ${pages.slice(0, 20).join(', ')}${pages.length > 20 ? ' and more' : ''} could not be read and ${pages.length === 1 ? 'was' : 'were'} left out.`];

const PdfInfo = z.object({ Title: z.string().optional(), Author: z.string().optional(), CreationDate: z.string().optional(), IsAcroFormPresent: z.boolean().optional() });

type Facts = Pick<PdfPart, 'title' | 'author' | 'createdAt' | 'fields' | 'warnings'>;
const NO_FACTS: Facts = { title: null, author: null, createdAt: null, fields: [], warnings: [] };

async function documentFacts(pdf: PdfDocument): Promise<Facts> {
  try {
    const { info } = await pdf.getMetadata();
    const known = PdfInfo.safeParse(info).data ?? {};
    const permissions = await pdf.getPermissions();
    const attached = Object.keys(await pdf.getAttachments() ?? {}).length;
    const warnings: string[] = [];
    if (permissions && !permissions.includes(COPY_PERMISSION)) warnings.push('The owner of this PDF marked its text as not to be copied. Make sure you may use it.');
    if (attached > 0) warnings.push(`${attached === 1 ? 'A file is' : `${attached} files are`} attached inside this PDF and ${attached === 1 ? 'was' : 'were'} not read.`);
    return {
      title: known.Title?.trim().slice(0, 500) || null, author: known.Author?.trim().slice(0, 500) || null,
      createdAt: dateOf(known.CreationDate ?? null)?.toISOString() ?? null,
      fields: known.IsAcroFormPresent ? await formFields(pdf) : [], warnings,
    };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return { ...NO_FACTS, warnings: ['The properties of this PDF (title, author, form fields) could not be read.'] };
  }
}

const FormField = z.object({ name: z.string(), page: z.number().int().nonnegative(), value: z.string().trim().min(1), hidden: z.boolean().optional(), password: z.boolean().optional() });

async function formFields(pdf: PdfDocument): Promise<PdfPart['fields']> {
  const fields: PdfPart['fields'] = [];
  for (const object of Object.values(await pdf.getFieldObjects() ?? {}).flat()) {
    const field = FormField.safeParse(object).data;
    if (!field || field.hidden || field.password || field.value === 'Off') continue;
    const name = field.name.split('.').at(-1)?.replace(/\[\d+\]$/, '') ?? field.name;
    fields.push({ page: field.page + 1, text: `${name}: ${field.value}` });
    if (fields.length >= FIELDS_MAX) break;
  }
  return fields;
}

function bodySize(paragraphs: readonly Paragraph[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of paragraphs) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The four largest sizes of headings, so that level 1 is the largest. */
const headingSizes = (paragraphs: readonly Paragraph[], body: number): number[] =>
  [...new Set(paragraphs.filter((paragraph) => isHeading(paragraph, body)).map(({ size }) => size))].sort((a, b) => b - a).slice(0, 4);

const isHeading = ({ size, text, lines }: Paragraph, body: number): boolean =>
  size > body * 1.15 && lines <= 3 && text.length >= 2 && text.length <= 200 && /\p{L}/u.test(text);
