import { createHash } from 'node:crypto';
import { and, asc, eq, ilike, or } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { ChunkOptions } from '../chunk/chunk-contract.ts';
import type { knowledgeEndpoints } from '../contract.ts';
import { chunkingOf, heldBy } from '../documents/admission.ts';
import { DEFAULT_CHUNKING } from '../documents/add-texts.ts';
import { indexDocuments } from '../jobs.ts';
import { requireBase, requireBaseRow, sourceOf, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { knowledgeDocuments } from '../tables.ts';

type E = typeof knowledgeEndpoints;
type Row = typeof knowledgeDocuments.$inferSelect;
export interface Pair { question: string; answer: string }

const LISTED_MAX = 2000;

/** Questions with their answers. Each is a document of one chunk. */
export function pairService({ owners }: KnowledgeParts) {
  const open = async (ctx: Ctx, subscriptionId: string): Promise<OwnedBase> => {
    const owned = await requireBase(ctx, owners, subscriptionId, 'update');
    if (!owned.owner.entitlements.features.knowledgeSources.includes('qaPairs')) throw new Problem(problems['source-not-included'], 'This product does not take question and answer pairs.');
    return owned;
  };

  return {
    async list(ctx: Ctx, { params, query }: Input<E['listQa']>): Promise<Output<E['listQa']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      const pattern = query.search ? `%${query.search.replace(/[\\%_]/g, '\\$&')}%` : null;
      const rows = await ctx.tx.select().from(knowledgeDocuments).where(and(
        eq(knowledgeDocuments.knowledgeBaseId, base.id), eq(knowledgeDocuments.kind, 'qa'),
        pattern ? or(ilike(knowledgeDocuments.question, pattern), ilike(knowledgeDocuments.answer, pattern)) : undefined,
      )).orderBy(asc(knowledgeDocuments.createdAt), asc(knowledgeDocuments.id)).limit(LISTED_MAX);
      return { data: rows.map(present) };
    },

    async add(ctx: Ctx, { params, body }: Input<E['addQa']>): Promise<Output<E['addQa']>> {
      const owned = await open(ctx, params.subscriptionId);
      const { qaPairsMax } = owned.owner.entitlements;
      if ((await heldBy(ctx, owned.base.id)).pairs >= qaPairsMax) throw new Problem(problems['pairs-full'], `All ${qaPairsMax} pairs included are used. Delete pairs you no longer need, or choose a larger plan.`);
      const row = await insertPair(ctx, owned.base.id, chunkingOf(owned), body);
      if (!row) throw new Problem(problems['pair-exists']);
      await ctx.enqueue(indexDocuments, { documentIds: [row.id] });
      return present(row);
    },

    async update(ctx: Ctx, { params, body }: Input<E['updateQa']>): Promise<Output<E['updateQa']>> {
      const { base } = await open(ctx, params.subscriptionId);
      const [before] = await ctx.tx.select().from(knowledgeDocuments).where(and(eq(knowledgeDocuments.id, params.documentId), eq(knowledgeDocuments.knowledgeBaseId, base.id), eq(knowledgeDocuments.kind, 'qa')));
      if (!before) throw new Problem(kernel['not-found']);
      const [same] = await ctx.tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(and(eq(knowledgeDocuments.knowledgeBaseId, base.id), eq(knowledgeDocuments.kind, 'qa'), eq(knowledgeDocuments.question, body.question)));
      if (same && same.id !== before.id) throw new Problem(problems['pair-exists']);
      const changed = await changePair(ctx, before, body);
      if (changed) await ctx.enqueue(indexDocuments, { documentIds: [before.id] });
      return present(changed ?? before);
    },
  };
}

/** Adds a pair to a locked knowledge base, or returns null when its question is there already. Does not queue it. */
export async function insertPair(ctx: Ctx, knowledgeBaseId: string, chunking: ChunkOptions, { question, answer }: Pair): Promise<Row | null> {
  const [known] = await findByQuestion(ctx, knowledgeBaseId, question);
  if (known) return null;
  const [row] = await ctx.tx.insert(knowledgeDocuments).values({
    knowledgeBaseId, sourceId: await sourceOf(ctx, knowledgeBaseId, 'qa'), kind: 'qa', chunking, ...pairColumns({ question, answer }),
  }).returning();
  return row ?? null;
}

export const findByQuestion = async ({ tx }: Ctx, knowledgeBaseId: string, question: string): Promise<Row[]> =>
  tx.select().from(knowledgeDocuments).where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), eq(knowledgeDocuments.kind, 'qa'), eq(knowledgeDocuments.question, question))).limit(1);

/** Replaces a pair; null when nothing changes. Does not queue it. The old words stay searchable until the new ones are. */
export async function changePair(ctx: Ctx, before: Row, pair: Pair): Promise<Row | null> {
  if (before.question === pair.question && before.answer === pair.answer && before.state !== 'failed') return null;
  const [row] = await ctx.tx.update(knowledgeDocuments).set({
    ...pairColumns(pair), state: 'queued', percent: 0, error: null, startedAt: null, building: Math.max(before.building, before.generation) + 1, updatedAt: ctx.now(),
  }).where(eq(knowledgeDocuments.id, before.id)).returning();
  return row ?? null;
}

/** What a pair is stored as. */
export const pairColumns = ({ question, answer }: Pair) => ({
  question, answer, title: question.slice(0, 300).toWellFormed(), contentType: 'text/plain', bytes: Buffer.byteLength(question) + Buffer.byteLength(answer),
  sha256: createHash('sha256').update(`${question}\u0000${answer}`).digest('hex'),
});

const present = (row: Row): Output<E['addQa']> => ({ id: row.id, question: row.question ?? '', answer: row.answer ?? '', state: row.state, updated_at: row.updatedAt.toISOString() });

/** Adds pairs to a seller's own knowledge base and changes those whose question is there. Returns what is to be indexed. */
export async function fillPairs(process: Process, knowledgeBaseId: string, pairs: readonly Pair[]): Promise<readonly string[]> {
  return process.run(async (ctx) => {
    await requireBaseRow(ctx, knowledgeBaseId, 'update');
    const due: string[] = [];
    for (const pair of pairs) {
      const [known] = await findByQuestion(ctx, knowledgeBaseId, pair.question);
      const row = (known ? await changePair(ctx, known, pair) : await insertPair(ctx, knowledgeBaseId, DEFAULT_CHUNKING, pair)) ?? known;
      // Also one that an interrupted call left behind.
      if (row && row.generation < row.building) due.push(row.id);
    }
    return due;
  });
}
