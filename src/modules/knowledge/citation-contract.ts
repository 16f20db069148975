import { z } from 'zod';

/** A quotation an answer marks as coming from a passage. */
export const CitedQuote = z.object({
  text: z.string(),
  /** Whether the passage says exactly this, apart from spaces, kinds of quotation marks and emphasis. */
  verified: z.boolean(),
});
export type CitedQuote = z.infer<typeof CitedQuote>;

/** What an answer rests on. Made by the server from the passages it retrieved; a model only chooses numbers. */
export const Citation = z.object({
  /** The number in the answer's `[n]` markers, from 1. */
  id: z.number().int().positive(),
  chunk_id: z.string(),
  document_id: z.string(),
  title: z.string(),
  /** 1-based page of the source; null where it has no pages. */
  page: z.number().int().positive().nullable(),
  url: z.string().nullable(),
  /** The part of the passage that fits the answer best, for display. */
  snippet: z.string(),
  /** Quotations directly before a marker of this citation, in order. */
  quotes: z.array(CitedQuote),
});
export type Citation = z.infer<typeof Citation>;

/** Whether a document still says what was cited: it does, it was changed since, or it is gone. */
export const CitationState = z.enum(['current', 'changed', 'deleted']);
export type CitationState = z.infer<typeof CitationState>;

/** A citation of a kept answer: what was cited then, and what has become of it when somebody looks. */
export const KeptCitation = Citation.extend({ state: CitationState });
export type KeptCitation = z.infer<typeof KeptCitation>;
