import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

const Subject = z.object({
  /** Null for a seller's own knowledge. */
  subscriptionId: z.string().nullable(),
  documentId: z.string(),
  /** Which processing of the document this was, from 1. */
  attempt: z.number(),
  /** Whether it is paid for. */
  charged: z.boolean(),
});

/** A document can be searched. Pairs are not announced. */
export const documentIndexed = defineEvent('document.indexed', Subject.extend({ chunks: z.number(), bytes: z.number() }));
/** A document could not be processed. */
export const documentFailed = defineEvent('document.failed', Subject.extend({ code: z.string(), message: z.string() }));
/** A document was deleted before it was indexed. */
export const documentAbandoned = defineEvent('document.abandoned', Subject);
