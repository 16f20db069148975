import { BlockWriter } from '../block-writer.ts';
import { dateOf } from '../file-date.ts';
import { ParseError, type ReadContent } from '../parsed-document.ts';
import { joinLines } from './line-text.ts';
import type { Paragraph } from './page-paragraphs.ts';
import type { PdfPage, PdfPart, Recognition } from './pdf-part.ts';
import { listed } from './read-pdf.ts';
import { runningLines } from './running-lines.ts';

const HEADING_LEVELS = 4;

/**
 * Puts the shares together: finds headings by their size, drops running titles and page numbers. Of several readings of
 * one page the last counts, as text recognition adds them.
 * @throws ParseError `no-text` for scans, `damaged` when no page could be read.
 */
export function assemblePdf(parts: readonly PdfPart[], recognition: Recognition = 'not-tried'): ReadContent {
  const all = pagesOf(parts);
  const running = runningLines(all);
  const pages = all.map((page) => ({ ...page, paragraphs: glued(page.paragraphs, running) }));
  const paragraphs = pages.flatMap((page) => page.paragraphs);
  const body = bodySize(paragraphs);
  const levels = headingSizes(paragraphs, body);
  const writer = new BlockWriter();
  for (const { page, paragraphs: own, fields } of pages) {
    for (const paragraph of own) {
      const level = isHeading(paragraph, body) ? levels.indexOf(paragraph.size) : -1;
      if (level >= 0) writer.heading(level + 1, paragraph.text, page);
      else if (paragraph.kind === 'table') writer.table(paragraph.text, page);
      else writer.text(paragraph.text, page);
    }
    writer.text(fields.join('\n'), page);
  }
  return contentOf(parts, pages, writer, recognition);
}

/** Pages that show something which may be text and have none. */
export const scannedPages = (parts: readonly PdfPart[]): number[] => pagesOf(parts).filter((page) => page.scan).map(({ page }) => page);

function pagesOf(parts: readonly PdfPart[]): PdfPage[] {
  const pages = new Map<number, PdfPage>();
  for (const page of parts.flatMap((part) => part.pages)) pages.set(page.page, page);
  return [...pages.values()].sort((a, b) => a.page - b.page);
}

function contentOf(parts: readonly PdfPart[], pages: readonly PdfPage[], writer: BlockWriter, recognition: Recognition): ReadContent {
  const [first] = parts;
  const scans = pages.filter((page) => page.scan).map(({ page }) => page);
  if (writer.blocks.length === 0) throw noTextError(pages.length, scans.length, recognition);
  return {
    format: 'pdf', title: first?.title ?? null, author: first?.author ?? null, createdAt: dateOf(first?.createdAt ?? null), language: first?.language ?? null,
    metadata: first?.metadata ?? {}, blocks: writer.blocks, pages: first?.pageCount ?? null, warnings: [...parts.flatMap((part) => part.warnings), ...recognisedWarning(pages.filter((page) => page.recognised).map(({ page }) => page)), ...scanWarning(scans, recognition)],
  };
}

const noTextError = (pagesRead: number, scans: number, recognition: Recognition): ParseError => {
  if (pagesRead === 0) return new ParseError('damaged', 'No page of this PDF could be read. Export it again from the program that made it.');
  return scans > 0
    ? new ParseError('no-text', `This PDF is a scan: its pages are pictures, and ${WHY_UNREAD[recognition]}. Upload a version with text, or run it through text recognition first.`)
    : new ParseError('no-text', 'This PDF contains no text, only drawings or empty pages. Upload a version with text.');
};

const WHY_UNREAD: Readonly<Record<Recognition, string>> = {
  tried: 'no text could be recognised in them', 'not-installed': 'text recognition is not installed here', 'not-tried': 'pictures are not read',
};

const recognisedWarning = (pages: readonly number[]): string[] =>
  pages.length === 0 ? [] : [`${pages.length === 1 ? 'Page' : 'Pages'} ${listed(pages)} ${pages.length === 1 ? 'is a picture' : 'are pictures'} and ${pages.length === 1 ? 'was' : 'were'} read by text recognition, which can make mistakes.`];

const scanWarning = (pages: readonly number[], recognition: Recognition): string[] =>
  pages.length === 0 ? [] : [`${pages.length === 1 ? 'Page' : 'Pages'} ${listed(pages)} ${pages.length === 1 ? 'is a picture' : 'are pictures'} without text and ${pages.length === 1 ? 'was' : 'were'} left out: ${WHY_UNREAD[recognition]}.`];

/** Without what is dropped; lines that only their place at the edge had parted are joined again. */
function glued(paragraphs: readonly Paragraph[], dropped: ReadonlySet<Paragraph>): Paragraph[] {
  const joined: Paragraph[] = [];
  let previous: Paragraph | null = null;
  for (const paragraph of paragraphs) {
    const kept = !dropped.has(paragraph);
    const last = joined.at(-1);
    if (kept && paragraph.glue !== null && last && previous && !dropped.has(previous)) {
      last.text = paragraph.glue === 'space' ? joinLines(last.text, paragraph.text) : `${last.text}\n${paragraph.text}`;
      last.lines += paragraph.lines;
    } else if (kept) joined.push({ ...paragraph });
    previous = paragraph;
  }
  return joined;
}

function bodySize(paragraphs: readonly Paragraph[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of paragraphs) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The largest sizes of headings, so that level 1 is the largest. */
const headingSizes = (paragraphs: readonly Paragraph[], body: number): number[] =>
  [...new Set(paragraphs.filter((paragraph) => isHeading(paragraph, body)).map(({ size }) => size))].sort((a, b) => b - a).slice(0, HEADING_LEVELS);

const isHeading = ({ size, text, lines, kind }: Paragraph, body: number): boolean =>
  kind === 'text' && size > body * 1.15 && lines <= 3 && text.length >= 2 && text.length <= 200 && /\p{L}/u.test(text);
