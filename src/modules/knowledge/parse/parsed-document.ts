import { z } from 'zod';

/** The formats a document may have. The content decides, not the name. */
export const DOCUMENT_FORMATS = ['pdf', 'docx', 'pptx', 'odt', 'epub', 'xlsx', 'csv', 'html', 'eml', 'md', 'txt'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** One paragraph, heading or table of a document, in reading order. */
export const ParsedBlock = z.object({
  /** 1-based page or slide; null where the format has no pages. */
  page: z.number().int().positive().nullable(),
  /** Titles of the sections around this block, outermost first. A heading does not contain itself. */
  heading: z.array(z.string()),
  text: z.string(),
  kind: z.enum(['text', 'table', 'heading']),
});
export type ParsedBlock = z.infer<typeof ParsedBlock>;

/**
 * What a file says, without its layout. Tables are text: `| a | b |` lines whose first line is the header row, or, for
 * spreadsheets and CSV, records of `Header: value` lines with an empty line between records.
 */
export const ParsedDocument = z.object({
  format: z.enum(DOCUMENT_FORMATS),
  title: z.string().nullable(),
  author: z.string().nullable(),
  /** ISO 8601 in UTC, as the file states it; null where it states none. */
  createdAt: z.iso.datetime().nullable(),
  /** ISO 639-1 where one exists, else 639-3; null when the text is too short to tell. */
  language: z.string().nullable(),
  blocks: z.array(ParsedBlock),
  pages: z.number().int().nonnegative().nullable(),
  /** Length of all block texts in UTF-16 units. */
  characters: z.number().int().nonnegative(),
  /** What a person should know about this result, in plain words. */
  warnings: z.array(z.string()),
  /** Further properties the file states, such as the front matter of Markdown, by lower-case name. Bounded by PARSE_LIMITS. */
  metadata: z.record(z.string(), z.string()).optional(),
});
export type ParsedDocument = z.infer<typeof ParsedDocument>;

export const PARSE_FAILURE_CODES = [
  'password', 'damaged', 'empty', 'mislabelled', 'too-large', 'too-complex', 'no-text', 'unsupported', 'timeout',
] as const;

/** Why a file could not be read. The message tells its owner what is wrong and what to do. */
export const ParseFailure = z.object({ code: z.enum(PARSE_FAILURE_CODES), message: z.string() });
export type ParseFailure = z.infer<typeof ParseFailure>;

/** Either the document or the reason there is none. */
export type ParseResult = { ok: true; document: ParsedDocument } | { ok: false; failure: ParseFailure };

/** Thrown inside the parser; becomes a {@link ParseFailure} at its edge. */
export class ParseError extends Error {
  readonly code: ParseFailure['code'];
  constructor(code: ParseFailure['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ParseError';
    this.code = code;
  }
}

/** What the caller knows about a file beside its bytes. Both are claims, not facts. */
export interface FileClaim { fileName: string; mimeType?: string | null }

/** What a format's reader returns; {@link finishDocument} adds the rest. */
export interface ReadContent {
  format: DocumentFormat;
  title?: string | null;
  author?: string | null;
  createdAt?: Date | null;
  language?: string | null;
  blocks: ParsedBlock[];
  pages?: number | null;
  warnings?: string[];
  /** Bounded and cleaned by {@link finishDocument}; empty values are left out. */
  metadata?: Readonly<Record<string, string | null>>;
}
