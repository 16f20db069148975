import { z } from 'zod';

/**
 * How a document is cut.
 * - `fixed`: windows of `chunkSize` tokens that share `overlap` tokens, whatever the structure.
 * - `semantic`: cuts only between sections, paragraphs and sentences; a chunk never mixes sections; no overlap.
 * - `hybrid`: as semantic, but short neighbouring sections share a chunk, and a chunk begins with the last sentences of
 *   the one before it, up to `overlap` tokens, where the cut fell inside a section.
 * In all three no chunk exceeds `chunkSize`.
 */
export const ChunkOptions = z.object({
  strategy: z.enum(['fixed', 'semantic', 'hybrid']).default('hybrid').meta({ title: 'Strategy' }),
  /** Tokens, with the context. */
  chunkSize: z.number().int().min(32).max(8192).default(512).meta({ title: 'Chunk size', description: 'Tokens in one chunk' }),
  /** Tokens; at most half of `chunkSize` is used. */
  overlap: z.number().int().min(0).max(4096).default(50).meta({ title: 'Overlap', description: 'Tokens two neighbouring chunks share' }),
});
export type ChunkOptions = z.infer<typeof ChunkOptions>;

/** A piece of a document as it is embedded and quoted. */
export const Chunk = z.object({
  index: z.number().int().nonnegative(),
  /** Exactly `documentText(document).slice(start, end)`, so that quotes can be checked against it. */
  text: z.string(),
  /** What a reader needs to know before the text: the path of headings and, inside a table, its header row. Embed it with the text. */
  context: z.string(),
  /** Of context and text together, in the o200k vocabulary. */
  tokens: z.number().int().positive(),
  /** 1-based page the chunk begins on; null where the format has no pages. */
  page: z.number().int().positive().nullable(),
  /** Titles of the sections the chunk begins in, outermost first. */
  heading: z.array(z.string()),
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
});
export type Chunk = z.infer<typeof Chunk>;
