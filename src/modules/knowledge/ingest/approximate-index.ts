import { and, eq, inArray, not } from 'drizzle-orm';
import { z } from 'zod';
import type { Process } from '#platform/context.ts';
import { defineJob } from '#platform/jobs/job.ts';
import { INDEXED_DIMENSIONS, knowledgeBases, knowledgeChunks } from '../tables.ts';

/** Chunks of one knowledge base that are compared one by one. With more of them all are found through the approximate index. */
export const EXACT_CHUNKS_MAX = 4000;
/** Rows moved in one transaction: the embedded database serves nobody else meanwhile. */
const MOVED_AT_ONCE = 32;
/** One job works so long, then queues the next, so that others get their turn. */
const TURN_MS = 5 * 60_000;

/** Whether what is added to a knowledge base that holds so many chunks goes to the approximate index at once. */
export const isApproximate = (chunks: number, dimensions: number): boolean => chunks >= EXACT_CHUNKS_MAX && isIndexed(dimensions);

/** Whether vectors of this length have an index. */
export const isIndexed = (dimensions: number): boolean => INDEXED_DIMENSIONS.some((known) => known === dimensions);

/** Moves what a knowledge base that has grown large still keeps outside the approximate index into it. Goes on with itself. */
export const fillApproximateIndex = defineJob('knowledge.fill-approximate-index', z.object({ knowledgeBaseId: z.string() }), { retriesMax: 5, timeoutSeconds: 1800, concurrency: 1 });

/**
 * Does it, a few rows at a time; what has not moved yet is compared one by one beside the index, so that searches find
 * everything all the while. Safe to repeat at any point.
 */
export async function moveToApproximateIndex(process: Process, knowledgeBaseId: string): Promise<void> {
  const until = Date.now() + TURN_MS;
  for (;;) {
    const moved = await process.run(async ({ tx }) => {
      const [base] = await tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId));
      if (!base || base.chunks <= EXACT_CHUNKS_MAX || !isIndexed(base.dimensions)) return 0;
      // What is being deleted or replaced at the moment need not move.
      const rows = await tx.select({ id: knowledgeChunks.id }).from(knowledgeChunks)
        .where(and(eq(knowledgeChunks.knowledgeBaseId, base.id), eq(knowledgeChunks.edition, base.edition), not(knowledgeChunks.approximate))).limit(MOVED_AT_ONCE).for('update', { skipLocked: true });
      if (rows.length > 0) await tx.update(knowledgeChunks).set({ approximate: true }).where(inArray(knowledgeChunks.id, rows.map(({ id }) => id)));
      return rows.length;
    });
    if (moved === 0) return;
    process.signal.throwIfAborted();
    if (Date.now() > until) {
      await process.run(async (ctx) => ctx.enqueue(fillApproximateIndex, { knowledgeBaseId }));
      return;
    }
  }
}
