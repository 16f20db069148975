import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

/** A document can be searched. Pairs are not announced. `subscriptionId` is null for a seller's own knowledge. */
export const documentIndexed = defineEvent('document.indexed', z.object({
  subscriptionId: z.string().nullable(), documentId: z.string(), chunks: z.number(), bytes: z.number(),
  /** Differs each time the document was processed. */
  generation: z.number(),
}));

export const documentFailed = defineEvent('document.failed', z.object({ subscriptionId: z.string().nullable(), documentId: z.string(), code: z.string(), message: z.string() }));
