import { z } from 'zod';
import { ChunkOptions } from '../chunk/chunk-contract.ts';
import { ParsedDocument, ParseFailure } from './parsed-document.ts';
import { Language } from './pdf/languages.ts';
import { Recognition } from './pdf/pdf-part.ts';

/** What the pool asks of its children. A request is two frames, this as JSON and a body; an answer is one frame: a status byte and JSON. */
export const ParserRequest = z.discriminatedUnion('kind', [
  /** Body: the file. Answer: a ParsedDocument. */
  z.object({ kind: z.literal('parse'), fileName: z.string(), mimeType: z.string().nullable() }),
  /** Body: a PDF. Answer: a PdfPart. */
  z.object({ kind: z.literal('pdf-part'), index: z.number().int(), of: z.number().int() }),
  /** Body: JSON array of PdfParts. Answer: a PdfAssembled. */
  z.object({ kind: z.literal('pdf-assemble'), fileName: z.string(), mimeType: z.string().nullable(), recognition: Recognition }),
  /** Body: a PDF. Answer: RecognisedPages. */
  z.object({ kind: z.literal('pdf-recognise'), pages: z.array(z.number().int().positive()), language: Language.nullable() }),
  /** Body: a ParsedDocument as JSON. Answer: an array of Chunks. */
  z.object({ kind: z.literal('chunk'), options: ChunkOptions }),
]);
export type ParserRequest = z.infer<typeof ParserRequest>;

/** A PDF put together, or why it cannot be; in both cases the pages that are pictures. */
export const PdfAssembled = z.object({ document: ParsedDocument.nullable(), failure: ParseFailure.nullable(), scans: z.array(z.number().int().positive()) });
export type PdfAssembled = z.infer<typeof PdfAssembled>;

/** First byte of an answer. A failure's JSON is a ParseFailure. */
export const STATUS = { ok: 1, failed: 2 } as const;
