import { z } from 'zod';

/**
 * Where a statement of an answer comes from. Made by the server from what was retrieved, never by a model; it carries
 * its snippet, so it stays readable after the source changed.
 */
export const Citation = z.object({
  /** The number in the answer's `[n]` marker, from 1. */
  id: z.number().int().min(1),
  chunk_id: z.string(),
  document_id: z.string(),
  title: z.string(),
  page: z.number().int().nullable(),
  url: z.string().nullable(),
  snippet: z.string(),
  /** The words the answer quotes, when they stand in the source to the letter; null when it quotes nothing. */
  quote: z.string().nullable(),
}).meta({ id: 'Citation' });
export type Citation = z.infer<typeof Citation>;
