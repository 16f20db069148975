import { and, asc, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one } from '#platform/db/database.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { knowledgeEndpoints } from '../contract.ts';
import { engineChoice } from '../engine/engine-service.ts';
import { indexDocuments } from '../jobs.ts';
import { requireBase, type BaseRow, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { knowledgeChunks, knowledgeDocuments } from '../tables.ts';
import { chunkingOf } from './admission.ts';
import { listDocuments } from './list-documents.ts';
import { presentDocument, type DocumentRow } from './present.ts';
import { removeDocuments } from './remove-documents.ts';

type E = typeof knowledgeEndpoints;

/** Reading, redoing and deleting documents. */
export function documentService({ owners, models, engine }: KnowledgeParts) {
  const find = async (ctx: Ctx, { subscriptionId, documentId }: { subscriptionId: string; documentId: string }, lock?: 'update'): Promise<OwnedBase & { row: DocumentRow }> => {
    const owned = await requireBase(ctx, owners, subscriptionId, lock);
    const [row] = await ctx.tx.select().from(knowledgeDocuments).where(and(eq(knowledgeDocuments.id, documentId), eq(knowledgeDocuments.knowledgeBaseId, owned.base.id)));
    if (!row) throw new Problem(kernel['not-found']);
    return { ...owned, row };
  };

  return {
    async status(ctx: Ctx, { params }: Input<E['status']>): Promise<Output<E['status']>> {
      const { owner: { entitlements }, base } = await requireBase(ctx, owners, params.subscriptionId);
      const figures = await figuresOf(ctx, base);
      const { entry } = models.choose(base.embeddingModel, 'embedding');
      return {
        ...figures,
        chunks: base.chunks,
        limits: {
          documents: entitlements.documentsMax, bytes: entitlements.storageBytes, document_bytes: entitlements.documentBytesMax, chunks: entitlements.chunksMax,
          qa_pairs: entitlements.qaPairsMax, formats: [...entitlements.features.documentFormats],
        },
        embedding: { model: base.embeddingModel, title: entry.title, offline: entry.provider === 'offline' },
        engine: await engineChoice(ctx, base, engine),
      };
    },

    async list(ctx: Ctx, { params, query }: Input<E['listDocuments']>): Promise<Output<E['listDocuments']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      return listDocuments(ctx, base.id, query);
    },

    async get(ctx: Ctx, { params }: Input<E['getDocument']>): Promise<Output<E['getDocument']>> {
      return presentDocument((await find(ctx, params)).row, ctx.now());
    },

    async preview(ctx: Ctx, { params, query }: Input<E['previewDocument']>): Promise<Output<E['previewDocument']>> {
      const { row, base } = await find(ctx, params);
      const position = readCursor(query.cursor);
      const rows = await ctx.tx.select({ id: knowledgeChunks.id, index: knowledgeChunks.position, text: knowledgeChunks.content, heading: knowledgeChunks.heading, page: knowledgeChunks.page, tokens: knowledgeChunks.tokens })
        .from(knowledgeChunks).where(and(eq(knowledgeChunks.documentId, row.id), eq(knowledgeChunks.generation, row.generation), eq(knowledgeChunks.edition, base.edition), position ? gt(knowledgeChunks.position, Number(position[0]) || 0) : undefined))
        .orderBy(asc(knowledgeChunks.position)).limit(query.limit + 1);
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return { data: shown, next_cursor: rows.length > query.limit && last ? writeCursor(String(last.index), last.id) : null, total: row.chunks };
    },

    /** Also the second try of a document that failed; that one is paid for again, since failing cost nothing. */
    async reindex(ctx: Ctx, { params }: Input<E['reindexDocument']>): Promise<Output<E['reindexDocument']>> {
      const { row, ...owned } = await find(ctx, params, 'update');
      if (row.state !== 'indexed' && row.state !== 'failed') return presentDocument(row, ctx.now());
      if (row.kind !== 'qa' && row.fileKey === null) throw new Problem(problems['original-missing']);
      const again = one(await ctx.tx.update(knowledgeDocuments).set({
        state: 'queued', percent: 0, error: null, startedAt: null, building: Math.max(row.building, row.generation) + 1, chunking: chunkingOf(owned),
        charge: row.generation === 0 && row.kind !== 'qa' ? 'due' : 'none', updatedAt: ctx.now(),
      }).where(eq(knowledgeDocuments.id, row.id)).returning());
      await ctx.enqueue(indexDocuments, { documentIds: [row.id] });
      return presentDocument(again, ctx.now());
    },

    async remove(ctx: Ctx, { params }: Input<E['deleteDocument']>): Promise<void> {
      const { base, row } = await find(ctx, params, 'update');
      await removeDocuments(ctx, base, [row.id]);
    },

    async removeMany(ctx: Ctx, { params, body }: Input<E['deleteDocuments']>): Promise<Output<E['deleteDocuments']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId, 'update');
      return { deleted: await removeDocuments(ctx, base, body.ids) };
    },
  };
}

async function figuresOf({ tx }: Ctx, base: BaseRow): Promise<Pick<Output<E['status']>, 'documents' | 'bytes' | 'qa_pairs' | 'last_indexed_at'>> {
  const own = ne(knowledgeDocuments.kind, 'qa');
  const counted = (condition: ReturnType<typeof and>) => sql<number>`count(*) filter (where ${condition})::int`;
  const row = one(await tx.select({
    total: counted(own), failed: counted(and(own, eq(knowledgeDocuments.state, 'failed'))),
    indexed: counted(and(own, eq(knowledgeDocuments.state, 'indexed'))),
    pairs: counted(eq(knowledgeDocuments.kind, 'qa')), bytes: sql<string>`coalesce(sum(${knowledgeDocuments.bytes}), 0)`, last: sql<string | null>`max(${knowledgeDocuments.indexedAt})::text`,
  }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, base.id)));
  return {
    documents: { total: row.total, indexed: row.indexed, failed: row.failed, processing: row.total - row.indexed - row.failed },
    bytes: Number(row.bytes), qa_pairs: row.pairs, last_indexed_at: row.last ? new Date(row.last).toISOString() : null,
  };
}
