import { z } from 'zod';
import { Language } from './languages.ts';

/** What is known of one page. */
const PdfPage = z.object({
  page: z.number().int().positive(),
  paragraphs: z.array(z.object({
    text: z.string(), size: z.number(), lines: z.number(), kind: z.enum(['text', 'table']), edge: z.number().nullable(), glue: z.enum(['space', 'line']).nullable(),
  })),
  /** Values typed into form fields and notes, which are not part of the page's text. */
  fields: z.array(z.string()),
  /** Whether it shows something that may be text, and has none. */
  scan: z.boolean(),
  /** Whether its text was recognised in how it looks. */
  recognised: z.boolean(),
  /** Characters left out because nobody sees them. */
  hidden: z.number().int(),
});
export type PdfPage = z.infer<typeof PdfPage>;

/** One share of a PDF's pages, as one process reads it; several shares make the document. */
export const PdfPart = z.object({
  pageCount: z.number().int().positive(),
  title: z.string().nullable(),
  author: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
  language: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  pages: z.array(PdfPage),
  warnings: z.array(z.string()),
});
export type PdfPart = z.infer<typeof PdfPart>;

/** Pages read by text recognition, as a share that replaces those pages, and the language they were read in. */
export const RecognisedPages = z.object({ part: PdfPart, language: Language.nullable() });
export type RecognisedPages = z.infer<typeof RecognisedPages>;

/** Whether scanned pages were given to text recognition, or why not. */
export const Recognition = z.enum(['tried', 'not-installed', 'not-tried']);
export type Recognition = z.infer<typeof Recognition>;
