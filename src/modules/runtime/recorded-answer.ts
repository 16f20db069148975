import { and, eq } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import { messages, runs } from './tables.ts';

export interface RecordedAnswer {
  state: 'succeeded' | 'failed' | 'cancelled';
  errorCode: string | null;
  text: string;
  data: null;
  citations: Citation[];
  conversationId: string | null;
  tokensIn: number;
  tokensOut: number;
}

/** What was recorded of a run; null when it has not come to its record. */
export async function recordedAnswer({ tx }: Ctx, runId: string): Promise<RecordedAnswer | null> {
  const [row] = await tx.select().from(runs).where(eq(runs.id, runId));
  if (!row) return null;
  const [answer] = await tx.select({ content: messages.content, citations: messages.citations }).from(messages).where(and(eq(messages.runId, runId), eq(messages.role, 'assistant')));
  const { state, errorCode, conversationId, tokensIn, tokensOut } = row;
  return { state, errorCode, text: answer?.content ?? '', data: null, citations: answer?.citations ?? [], conversationId, tokensIn, tokensOut };
}
