import { joinLines } from './line-text.ts';
import { pagePicture } from './page-picture.ts';
import type { Paragraph } from './page-paragraphs.ts';
import { withPdf } from './pdfium.ts';
import type { Language } from './languages.ts';
import type { PdfPart, RecognisedPages } from './pdf-part.ts';
import { pictureLanguage, recogniseText } from './text-recognition.ts';

/** Size given to all recognised text: how large letters are in a scan says little. */
const SIZE = 10;

/**
 * Reads pages of a PDF by how they look. Pages nothing was found on stay scans.
 * @param language as found on an earlier page; null to find it
 * @throws ParseError as {@link withPdf}
 */
export const recognisePages = (bytes: Uint8Array, pages: readonly number[], language: Language | null): Promise<RecognisedPages> => withPdf(bytes, async (pdf) => {
  let found = language;
  const read: PdfPart['pages'] = [];
  for (const page of pages) {
    const picture = pagePicture(pdf, page);
    found ??= picture === null ? null : await pictureLanguage(picture);
    const text = picture === null || found === null ? '' : await recogniseText(picture, found);
    const paragraphs = paragraphsOf(text);
    if (paragraphs.length > 0) read.push({ page, paragraphs, fields: [], scan: false, recognised: true, hidden: 0 });
    else if (language === null) found = null; // an empty page tells nothing of the others
  }
  return { language: found, part: { pageCount: pdf.pages, title: null, author: null, createdAt: null, language: null, metadata: {}, pages: read, warnings: [] } };
});

/** Lines of a paragraph belong together; an empty line ends it. */
const paragraphsOf = (text: string): Paragraph[] => text.split(/\n[ \t]*\n/)
  .map((lines) => lines.split('\n').map((line) => line.trim()).filter((line) => line !== ''))
  .filter((lines) => lines.some((line) => /[\p{L}\p{N}]/u.test(line)))
  .map((lines) => ({ text: lines.reduce(joinLines, ''), size: SIZE, lines: lines.length, kind: 'text', edge: null, glue: null }));
