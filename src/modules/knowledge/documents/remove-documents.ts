import { and, eq, inArray } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { followInEngine } from '../engine/engine-service.ts';
import { documentAbandoned } from '../events.ts';
import { addToBase, inheritChunks } from '../ingest/index-writer.ts';
import { removeFiles } from '../jobs.ts';
import type { BaseRow } from '../knowledge-bases.ts';
import { knowledgeDocuments } from '../tables.ts';

/** Deletes documents of a locked knowledge base with their chunks; their files follow. Ids of others are passed over. */
export async function removeDocuments(ctx: Ctx, base: BaseRow, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  await inheritChunks(ctx, base.id, ids);
  const gone = await ctx.tx.delete(knowledgeDocuments).where(and(inArray(knowledgeDocuments.id, [...ids]), eq(knowledgeDocuments.knowledgeBaseId, base.id))).returning();
  if (gone.length === 0) return 0;
  await addToBase(ctx, base.id, { chunks: -gone.reduce((sum, row) => sum + row.chunks, 0), length: -gone.reduce((sum, row) => sum + row.length, 0) });
  const keys = gone.flatMap(({ fileKey }) => (fileKey === null ? [] : [fileKey]));
  if (keys.length > 0) await ctx.enqueue(removeFiles, { keys });
  await followInEngine(ctx, base.id);
  for (const row of gone) {
    if (row.charge !== 'none') await ctx.emit(documentAbandoned, { subscriptionId: base.subscriptionId, documentId: row.id, attempt: row.building, charged: true });
  }
  return gone.length;
}
