import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { questionUnanswered, ratingWithdrawn } from '#modules/knowledge/index.ts';
import type { ChatMessage } from '#modules/models/index.ts';
import { problems } from './problems.ts';
import { conversations, messages } from './tables.ts';

/** A conversation that goes on. */
export interface Resumed { id: string; unanswered: number; history: ChatMessage[]; /** Variables that its flow keeps. */ state: Readonly<Record<string, unknown>> }

export interface Conversations {
  /**
   * Finds a conversation of a subscription with its last turns, oldest first. With a visitor, only that visitor's own:
   * knowing an id is not enough in a public page. 404 otherwise.
   */
  resume(process: Process, subscriptionId: string, conversationId: string, visitorId: string | null): Promise<Resumed>;
}

const TURNS_READ_MAX = 40;

export const storedConversations: Conversations = {
  resume: async (process, subscriptionId, conversationId, visitorId) => process.run(async ({ tx }) => {
    const [row] = await tx.select().from(conversations).where(and(eq(conversations.id, conversationId), eq(conversations.subscriptionId, subscriptionId)));
    const visible = row && (process.actor.kind !== 'key' || !process.actor.publishable || (row.visitor?.id ?? null) === visitorId);
    if (!visible) throw new Problem(problems['conversation-unknown'], 'There is no such conversation.');
    const turns = await tx.select({ role: messages.role, content: messages.content }).from(messages)
      .where(eq(messages.conversationId, conversationId)).orderBy(desc(messages.createdAt), desc(messages.id)).limit(TURNS_READ_MAX);
    return { id: row.id, unanswered: row.unanswered, history: turns.toReversed(), state: row.state };
  }),
};

/** Different questions that people asked of a subscription lately, newest first. Only those that began a conversation: others need what was said before. */
export async function latestQuestions({ tx }: Ctx, subscriptionId: string, max: number): Promise<string[]> {
  const firsts = tx.selectDistinctOn([messages.conversationId], { content: messages.content, at: messages.createdAt }).from(messages)
    .where(and(eq(messages.subscriptionId, subscriptionId), eq(messages.role, 'user'), gt(messages.createdAt, sql`now() - interval '180 days'`)))
    .orderBy(messages.conversationId, messages.createdAt, messages.id).as('firsts');
  const rows = await tx.select({ content: firsts.content }).from(firsts).where(sql`length(${firsts.content}) between 1 and ${QUESTION_CHARS_MAX}`).orderBy(desc(firsts.at)).limit(QUESTIONS_READ_MAX);
  return [...new Set(rows.map(({ content }) => content.trim()))].filter((text) => text !== '').slice(0, max);
}

const QUESTION_CHARS_MAX = 4_000;
const QUESTIONS_READ_MAX = 200;

/**
 * Keeps what somebody thought of an answer; a bad one is told to the knowledge it should have come from. 404 when the run is
 * not one of the subscription.
 */
export async function rateAnswer(ctx: Ctx, rating: { subscriptionId: string; runId: string; rating: 'up' | 'down'; comment: string | null }): Promise<void> {
  const { tx, emit } = ctx;
  const { subscriptionId, runId } = rating;
  const ofRun = and(eq(messages.runId, runId), eq(messages.subscriptionId, subscriptionId));
  const [answer] = await tx.select({ id: messages.id, rating: messages.rating }).from(messages).where(and(ofRun, eq(messages.role, 'assistant'))).for('update');
  if (!answer) throw new Problem(kernel['not-found']);
  await tx.update(messages).set({ rating: rating.rating, ratingComment: rating.comment }).where(eq(messages.id, answer.id));
  if (rating.rating === answer.rating) return;
  if (rating.rating === 'up') {
    if (answer.rating === 'down') await emit(ratingWithdrawn, { subscriptionId, runId });
    return;
  }
  const [asked] = await tx.select({ question: messages.content, conversationId: messages.conversationId, at: messages.createdAt, channel: conversations.channel })
    .from(messages).innerJoin(conversations, eq(conversations.id, messages.conversationId)).where(and(ofRun, eq(messages.role, 'user')));
  if (asked) await emit(questionUnanswered, { subscriptionId, runId, conversationId: asked.conversationId, question: asked.question, reason: 'rated-down', outcome: 'answered', confidence: null, channel: asked.channel, askedAt: asked.at.toISOString() });
}
