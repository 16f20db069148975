import { z } from 'zod';
import { Citation } from '#modules/knowledge/citation-contract.ts';

/** What a durable run was asked, as it is kept until it has ended. */
export const DurableQuestion = z.object({
  channel: z.string(),
  keyId: z.string().nullable(),
  text: z.string(),
  data: z.unknown().optional(),
  /** Turns before, oldest first. */
  history: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() })),
  conversationId: z.string().nullable(),
  visitor: z.object({ id: z.string(), user_id: z.string().optional(), name: z.string().optional(), email: z.string().optional() }).nullable(),
});
export type DurableQuestion = z.infer<typeof DurableQuestion>;

export const DurableAnswer = z.object({
  text: z.string(),
  data: z.unknown(),
  citations: z.array(Citation),
  conversationId: z.string().nullable(),
  tokensIn: z.number().int(),
  tokensOut: z.number().int(),
  credits: z.object({ used: z.number().int(), balance: z.number().int() }).nullable(),
});
export type DurableAnswer = z.infer<typeof DurableAnswer>;
