import { and, desc, eq } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import type { OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import type { FoundPassage } from '../retrieve/knowledge-search.ts';
import { knowledgeDocuments } from '../tables.ts';
import { wordingsOf, type GroupRow } from './collect-question.ts';
import type { ClosedBecause } from './contract.ts';
import { knowledgeQuestionGroups, knowledgeQuestions } from './tables.ts';

/** Different wordings that are asked again. */
const WORDINGS_TESTED_MAX = 20;
/** Groups one job asks again, the most frequent first. */
const GROUPS_TESTED_MAX = 200;

/** The knowledge as a product of this subscription searches it. */
export const askKnowledge = async ({ search }: Pick<KnowledgeParts, 'search'>, process: Process, { owner: { rag, entitlements }, base }: OwnedBase, query: string): Promise<{ passages: readonly FoundPassage[]; confidence: number }> =>
  search.search({ tenant: process.tenant, knowledgeBaseId: base.id, query, topK: rag.topK, method: rag.method, reranking: rag.reranking, rerankModel: entitlements.rerankModel, signal: process.signal });

type Wording = typeof knowledgeQuestions.$inferSelect;

/**
 * Asks the wordings of a group again, through the same search and with the same threshold as a product, and keeps the
 * result. The group closes for `reason` when all of them are answered; after a pair was accepted, when the wording that
 * stands for the group is. Throws ModelError when the embedding model cannot be reached.
 */
export async function retestQuestion(parts: KnowledgeParts, process: Process, owned: OwnedBase, group: GroupRow, reason: ClosedBecause): Promise<void> {
  const all = await process.run(async (ctx) => wordingsOf(ctx, group.id));
  const wordings = [...Map.groupBy(all, ({ content }) => content).values()].flatMap(([newest]) => newest ?? []).slice(0, WORDINGS_TESTED_MAX);
  const answered = new Map<string, boolean>();
  for (const wording of wordings) answered.set(wording.content, await isAnswered(parts, process, owned, group, wording));
  const count = [...answered.values()].filter(Boolean).length;
  const closes = wordings.length > 0 && (count === wordings.length || (reason === 'pair' && answered.get(group.question) === true));
  await process.run(async ({ tx, now }) => {
    for (const [content, answeredNow] of answered) await tx.update(knowledgeQuestions).set({ answeredNow }).where(and(eq(knowledgeQuestions.groupId, group.id), eq(knowledgeQuestions.content, content)));
    await tx.update(knowledgeQuestionGroups).set({ test: { answered: count, wordings: wordings.length, tested_at: now().toISOString() }, updatedAt: now() }).where(eq(knowledgeQuestionGroups.id, group.id));
    if (closes) await tx.update(knowledgeQuestionGroups).set({ state: 'answered', closedBecause: reason, closedAt: now() }).where(and(eq(knowledgeQuestionGroups.id, group.id), eq(knowledgeQuestionGroups.state, 'open')));
  });
}

/** What was rated bad was found with confidence then as well: it counts as answered only by what is new since. */
async function isAnswered(parts: KnowledgeParts, process: Process, owned: OwnedBase, group: GroupRow, { content, reason, askedAt }: Wording): Promise<boolean> {
  const { passages, confidence } = await askKnowledge(parts, process, owned, content);
  const [best] = passages;
  if (!best || confidence < owned.owner.rag.confidenceThreshold) return false;
  if (reason !== 'rated-down' || best.documentId === group.pairId) return true;
  const [document] = await process.run(async ({ tx }) => tx.select({ indexedAt: knowledgeDocuments.indexedAt }).from(knowledgeDocuments).where(eq(knowledgeDocuments.id, best.documentId)));
  return document?.indexedAt !== null && document !== undefined && document.indexedAt > askedAt;
}

/** All open questions of a knowledge base, one after the other. */
export async function retestAll(parts: KnowledgeParts, process: Process, owned: OwnedBase): Promise<void> {
  const groups = await process.run(async ({ tx }) => tx.select().from(knowledgeQuestionGroups).where(and(eq(knowledgeQuestionGroups.knowledgeBaseId, owned.base.id), eq(knowledgeQuestionGroups.state, 'open')))
    .orderBy(desc(knowledgeQuestionGroups.asked)).limit(GROUPS_TESTED_MAX));
  for (const group of groups) {
    process.signal.throwIfAborted();
    await retestQuestion(parts, process, owned, group, 'knowledge');
  }
}
