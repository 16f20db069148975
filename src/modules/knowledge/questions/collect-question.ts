import { and, asc, count, desc, eq, inArray, isNotNull, isNull, ne, notInArray, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Ctx, Process } from '#platform/context.ts';
import { ModelError, writtenLanguage, type ModelDirectory } from '#modules/models/index.ts';
import { requireBaseRow, type BaseRow } from '../knowledge-bases.ts';
import { knowledgeBases, wireVector } from '../tables.ts';
import type { questionUnanswered } from './events.ts';
import { draftProposal } from './jobs.ts';
import { bestWording, isSameQuestion, sharedWords, withoutNumbers, wordsOf } from './same-question.ts';
import { isSmallTalk } from './small-talk.ts';
import { knowledgeQuestionGroups, knowledgeQuestions } from './tables.ts';

export type Unanswered = z.output<typeof questionUnanswered.schema>;
export type GroupRow = typeof knowledgeQuestionGroups.$inferSelect;

/** Asked so often, an answer is proposed without being asked for. */
const PROPOSED_FROM = 3;
/** Wordings of a group that are kept; the count goes on. */
const WORDINGS_MAX = 100;
const GROUPS_MAX = 1_000;
const NEAREST = 8;
const EMBEDDED_AT_ONCE = 64;
const LANGUAGES_MAX = 20;

/** Keeps a question that was not answered, with those that ask the same. Once for each run; courtesy is left out. */
export async function collectQuestion(models: ModelDirectory, process: Process, asked: Unanswered): Promise<void> {
  if (isSmallTalk(asked.question)) return;
  const [base] = await process.run(async ({ tx }) => tx.select().from(knowledgeBases).where(eq(knowledgeBases.subscriptionId, asked.subscriptionId)));
  if (!base) return;
  const vector = await vectorOf(models, base, asked.question, process.signal);
  if (vector) await embedAnew(models, process, base);
  await process.run(async (ctx) => {
    // Two that ask the same at one moment must not begin two groups.
    await requireBaseRow(ctx, base.id, 'update');
    const [known] = await ctx.tx.select({ id: knowledgeQuestions.id }).from(knowledgeQuestions).where(eq(knowledgeQuestions.runId, asked.runId));
    if (known) return;
    const group = await nearestGroup(ctx, base, asked.question, vector) ?? await beginGroup(ctx, base, asked, vector);
    await join(ctx, group, asked);
  });
}

/** A question that cannot be embedded is kept all the same, and grouped by its words. */
async function vectorOf(models: ModelDirectory, base: BaseRow, question: string, signal: AbortSignal): Promise<Float32Array | null> {
  const model = models.embedding(base.embeddingModel);
  if (model.id !== base.embeddingModel || model.dimensions !== base.dimensions) return null;
  try {
    return (await model.embed([withoutNumbers(question) || question], signal))[0] ?? null;
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

/** An operator may correct the length of a model that keeps its name. */
const lengthOf = sql<number>`vector_dims(${knowledgeQuestionGroups.embedding})`;

/** Groups of the time before the knowledge base changed its model, or when the model was not there, get a vector to be found by. */
async function embedAnew(models: ModelDirectory, process: Process, base: BaseRow): Promise<void> {
  const stale = await process.run(async ({ tx }) => tx.select({ id: knowledgeQuestionGroups.id, question: knowledgeQuestionGroups.question }).from(knowledgeQuestionGroups)
    .where(and(eq(knowledgeQuestionGroups.knowledgeBaseId, base.id), or(isNull(knowledgeQuestionGroups.embeddingModel), ne(knowledgeQuestionGroups.embeddingModel, base.embeddingModel), ne(lengthOf, base.dimensions)))).limit(EMBEDDED_AT_ONCE));
  if (stale.length === 0) return;
  const vectors = await models.embedding(base.embeddingModel).embed(stale.map(({ question }) => withoutNumbers(question) || question), process.signal);
  await process.run(async ({ tx }) => {
    for (const [index, { id }] of stale.entries()) {
      const vector = vectors[index];
      if (vector) await tx.update(knowledgeQuestionGroups).set({ embedding: vector, embeddingModel: base.embeddingModel }).where(eq(knowledgeQuestionGroups.id, id));
    }
  });
}

/** The group that asks the same, whatever became of it: what was put aside stays aside. */
async function nearestGroup({ tx }: Ctx, base: BaseRow, question: string, vector: Float32Array | null): Promise<GroupRow | null> {
  const similarity = vector ? sql<number>`-(${knowledgeQuestionGroups.embedding} <#> ${wireVector(vector)}::vector)` : sql<number | null>`null`;
  const rows = await tx.select({ row: knowledgeQuestionGroups, similarity }).from(knowledgeQuestionGroups).where(and(
    eq(knowledgeQuestionGroups.knowledgeBaseId, base.id), vector ? and(isNotNull(knowledgeQuestionGroups.embedding), eq(knowledgeQuestionGroups.embeddingModel, base.embeddingModel), eq(lengthOf, vector.length)) : undefined,
  )).orderBy(vector ? desc(similarity) : desc(knowledgeQuestionGroups.lastAskedAt)).limit(vector ? NEAREST : GROUPS_MAX);
  const words = wordsOf(question);
  const same = rows.map((found) => ({ ...found, shared: sharedWords(words, wordsOf(found.row.question)) })).filter((found) => isSameQuestion(found, base.embeddingModel));
  return same.toSorted((a, b) => (b.similarity ?? 0) + b.shared - (a.similarity ?? 0) - a.shared)[0]?.row ?? null;
}

async function beginGroup({ tx }: Ctx, base: BaseRow, asked: Unanswered, vector: Float32Array | null): Promise<GroupRow | null> {
  const [held] = await tx.select({ groups: count() }).from(knowledgeQuestionGroups).where(eq(knowledgeQuestionGroups.knowledgeBaseId, base.id));
  if ((held?.groups ?? 0) >= GROUPS_MAX) {
    // What is closed goes first, then what was asked least and longest ago.
    const last = tx.select({ id: knowledgeQuestionGroups.id }).from(knowledgeQuestionGroups).where(eq(knowledgeQuestionGroups.knowledgeBaseId, base.id))
      .orderBy(asc(sql`${knowledgeQuestionGroups.state} = 'open'`), asc(knowledgeQuestionGroups.asked), asc(knowledgeQuestionGroups.lastAskedAt)).limit(1);
    await tx.delete(knowledgeQuestionGroups).where(inArray(knowledgeQuestionGroups.id, last));
  }
  const [group] = await tx.insert(knowledgeQuestionGroups).values({
    knowledgeBaseId: base.id, question: asked.question, lastAskedAt: new Date(asked.askedAt), embedding: vector, embeddingModel: vector ? base.embeddingModel : null,
  }).returning();
  return group ?? null;
}

async function join(ctx: Ctx, group: GroupRow | null, asked: Unanswered): Promise<void> {
  if (!group) return;
  const { tx } = ctx;
  const askedAt = new Date(asked.askedAt);
  const language = writtenLanguage(asked.question)?.tag ?? null;
  await tx.insert(knowledgeQuestions).values({
    groupId: group.id, runId: asked.runId, conversationId: asked.conversationId, content: asked.question, language, reason: asked.reason, outcome: asked.outcome,
    confidence: asked.confidence, channel: asked.channel, askedAt,
  });
  const wordings = await wordingsOf(ctx, group.id);
  const total = group.asked + 1;
  // Answered then and not now: it is open again. What was asked before that, and only arrives now, changes nothing.
  const reopens = group.state === 'answered' && (group.closedAt === null || askedAt > group.closedAt);
  await tx.update(knowledgeQuestionGroups).set({
    asked: total, question: bestWording(wordings.map(({ content }) => content)), lastAskedAt: askedAt > group.lastAskedAt ? askedAt : group.lastAskedAt,
    languages: [...new Set([...group.languages, ...(language === null ? [] : [language])])].slice(0, LANGUAGES_MAX), updatedAt: ctx.now(),
    ...(reopens ? { state: 'open' as const, closedBecause: null, closedAt: null } : {}),
  }).where(eq(knowledgeQuestionGroups.id, group.id));
  if (wordings.length > WORDINGS_MAX) await tx.delete(knowledgeQuestions).where(and(eq(knowledgeQuestions.groupId, group.id), notInArray(knowledgeQuestions.id, wordings.slice(0, WORDINGS_MAX).map(({ id }) => id))));
  const isOpen = reopens || group.state === 'open';
  if (isOpen && total >= PROPOSED_FROM && group.proposal === null) await ctx.enqueue(draftProposal, { groupId: group.id }, { key: `${group.id}:${total}` });
}

/** How a question was asked, newest first. */
export const wordingsOf = async ({ tx }: Ctx, groupId: string): Promise<(typeof knowledgeQuestions.$inferSelect)[]> =>
  tx.select().from(knowledgeQuestions).where(eq(knowledgeQuestions.groupId, groupId)).orderBy(desc(knowledgeQuestions.askedAt), desc(knowledgeQuestions.id));

/** A bad rating was taken back: what was collected because of it goes. */
export async function withdrawRating(process: Process, runId: string): Promise<void> {
  await process.run(async (ctx) => removeQuestions(ctx, and(eq(knowledgeQuestions.runId, runId), eq(knowledgeQuestions.reason, 'rated-down'))));
}

/** Forgets what was asked in conversations that are deleted. A question nobody else asked goes with them. */
export async function forgetQuestions(ctx: Ctx, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length > 0) await removeQuestions(ctx, inArray(knowledgeQuestions.conversationId, [...conversationIds]));
}

async function removeQuestions(ctx: Ctx, which: ReturnType<typeof and>): Promise<void> {
  const { tx } = ctx;
  const gone = await tx.delete(knowledgeQuestions).where(which).returning({ groupId: knowledgeQuestions.groupId });
  for (const [groupId, rows] of Map.groupBy(gone, (row) => row.groupId)) {
    const wordings = await wordingsOf(ctx, groupId);
    if (wordings.length === 0) await tx.delete(knowledgeQuestionGroups).where(eq(knowledgeQuestionGroups.id, groupId));
    else {
      await tx.update(knowledgeQuestionGroups).set({
        asked: sql`greatest(${wordings.length}, ${knowledgeQuestionGroups.asked} - ${rows.length})`, question: bestWording(wordings.map(({ content }) => content)), updatedAt: ctx.now(),
      }).where(eq(knowledgeQuestionGroups.id, groupId));
    }
  }
}
