import { and, eq, inArray, notExists, notInArray, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { ModelError } from '#modules/models/index.ts';
import { embeddingText } from '../chunk/chunk-document.ts';
import { indexTerms, termScope } from '../ingest/index-terms.ts';
import { EXACT_CHUNKS_MAX, fillApproximateIndex, isApproximate } from '../ingest/approximate-index.ts';
import { insertChunks } from '../ingest/insert-chunks.ts';
import { requireBaseRow, type BaseRow } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';
import { buildEdition, dropEditions } from './jobs.ts';

const BATCH = 64;
/** Searches that began with the edition before end in this time. */
const KEEP_OLD_MS = 60_000;
/** One job works so long, then queues the next, so that others get their turn. */
const TURN_MS = 5 * 60_000;
const DROPPED_AT_ONCE = 500;

/**
 * Embeds chunks for the next edition until none is missing, then makes it the one that serves. Documents that are indexed
 * meanwhile are seen as missing and come along. Safe to repeat at any point.
 */
export async function buildNextEdition({ models }: Pick<KnowledgeParts, 'models'>, process: Process, knowledgeBaseId: string): Promise<void> {
  const until = Date.now() + TURN_MS;
  for (;;) {
    const next = await process.run(async (ctx) => readMissing(ctx, knowledgeBaseId));
    if (!next) return;
    if (next.missing.length === 0) {
      if (await process.run(async (ctx) => serveNext(ctx, knowledgeBaseId))) return;
      continue;
    }
    const { base, missing, model: name, dimensions } = next;
    const model = models.embedding(name);
    if (model.id !== name || model.dimensions !== dimensions) throw new ModelError('not-configured', `The embedding model ${name} is not available on this installation.`, false);
    const vectors = await model.embed(missing.map(({ content, context }) => embeddingText({ text: content, context })), process.signal);
    await process.run(async (ctx) => {
      // Somebody may have changed their mind meanwhile.
      const current = await requireBaseRow(ctx, knowledgeBaseId, 'update');
      if (current.nextEdition !== base.nextEdition || current.nextModel !== name) return;
      const scope = termScope({ id: base.id, edition: base.nextEdition });
      const rows = missing.map(({ title, ...chunk }, index) => {
        const embedding = vectors[index];
        if (embedding?.length !== dimensions) throw new ModelError('bad-answer', 'The embedding model gave an answer of the wrong size.', false);
        return { ...chunk, id: uuidv7(), edition: base.nextEdition, embedding, dimensions, approximate: isApproximate(next.done + index, dimensions), ...indexTerms(scope, chunk.content, `${title}\n${chunk.context}`) };
      });
      await insertChunks(ctx.tx, rows);
    });
    if (Date.now() > until) {
      await process.run(async (ctx) => ctx.enqueue(buildEdition, { knowledgeBaseId }));
      return;
    }
  }
}

const newer = alias(knowledgeChunks, 'newer');

/** What is the same in every edition. */
const kept = {
  knowledgeBaseId: knowledgeChunks.knowledgeBaseId, documentId: knowledgeChunks.documentId, generation: knowledgeChunks.generation, position: knowledgeChunks.position, content: knowledgeChunks.content,
  context: knowledgeChunks.context, heading: knowledgeChunks.heading, page: knowledgeChunks.page, tokens: knowledgeChunks.tokens, start: knowledgeChunks.start, end: knowledgeChunks.end,
};

/** Chunks that serve and have no counterpart in the next edition yet. */
const missingChunks = async ({ tx }: Ctx, { id, edition, nextEdition }: BaseRow) => tx.select({ ...kept, title: knowledgeDocuments.title }).from(knowledgeChunks)
  .innerJoin(knowledgeDocuments, and(eq(knowledgeDocuments.id, knowledgeChunks.documentId), eq(knowledgeDocuments.generation, knowledgeChunks.generation)))
  .where(and(eq(knowledgeChunks.knowledgeBaseId, id), eq(knowledgeChunks.edition, edition), notExists(tx.select({ one: sql`1` }).from(newer).where(and(
    eq(newer.documentId, knowledgeChunks.documentId), eq(newer.generation, knowledgeChunks.generation), eq(newer.edition, nextEdition), eq(newer.position, knowledgeChunks.position),
  ))))).limit(BATCH);

/** What is to be done; null where no edition is being built. */
async function readMissing(ctx: Ctx, knowledgeBaseId: string) {
  const [base] = await ctx.tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId));
  if (!base || base.nextModel === null || base.nextDimensions === null) return null;
  return { base, model: base.nextModel, dimensions: base.nextDimensions, missing: await missingChunks(ctx, base), done: await embeddedChunks(ctx, base) };
}

/** Chunks of the edition under construction. */
export const embeddedChunks = async ({ tx }: Ctx, { id, nextEdition }: BaseRow): Promise<number> =>
  tx.$count(knowledgeChunks, and(eq(knowledgeChunks.knowledgeBaseId, id), eq(knowledgeChunks.edition, nextEdition)));

/** Makes the next edition the one that serves, if it is whole. One row changes, so that every search sees the one or the other. */
async function serveNext(ctx: Ctx, knowledgeBaseId: string): Promise<boolean> {
  const base = await requireBaseRow(ctx, knowledgeBaseId, 'update');
  if (base.nextModel === null || base.nextDimensions === null) return true;
  if ((await missingChunks(ctx, base)).length > 0) return false;
  await ctx.tx.update(knowledgeBases).set({ embeddingModel: base.nextModel, dimensions: base.nextDimensions, edition: base.nextEdition, nextModel: null, nextDimensions: null }).where(eq(knowledgeBases.id, base.id));
  if (base.chunks > EXACT_CHUNKS_MAX) await ctx.enqueue(fillApproximateIndex, { knowledgeBaseId });
  await ctx.enqueue(dropEditions, { knowledgeBaseId }, { runAt: new Date(ctx.now().getTime() + KEEP_OLD_MS) });
  return true;
}

/** Deletes what neither serves nor is being built, a few rows at a time. */
export async function dropOtherEditions(process: Process, knowledgeBaseId: string): Promise<void> {
  for (;;) {
    const dropped = await process.run(async ({ tx }) => {
      const [base] = await tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId)).for('update');
      if (!base) return 0;
      const alive = base.nextModel === null ? [base.edition] : [base.edition, base.nextEdition];
      const rows = await tx.select({ id: knowledgeChunks.id }).from(knowledgeChunks).where(and(eq(knowledgeChunks.knowledgeBaseId, base.id), notInArray(knowledgeChunks.edition, alive))).limit(DROPPED_AT_ONCE);
      if (rows.length > 0) await tx.delete(knowledgeChunks).where(inArray(knowledgeChunks.id, rows.map(({ id }) => id)));
      return rows.length;
    });
    if (dropped === 0) return;
  }
}
