import { and, asc, eq, gt, inArray, isNotNull, ne, notInArray, or, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one } from '#platform/db/database.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { knowledgeEndpoints } from '../contract.ts';
import { engineChoice } from '../engine/engine-service.ts';
import { documentAbandoned } from '../events.ts';
import { DOCUMENTS_PER_JOB, indexDocuments } from '../jobs.ts';
import { requireBase, type BaseRow, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { openQuestions } from '../questions/open-questions.ts';
import { failingSources } from '../sources/source-store.ts';
import { knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { chunkingOf } from './admission.ts';
import { listDocuments } from './list-documents.ts';
import { presentDocument, type DocumentRow } from './present.ts';
import { removeDocuments } from './remove-documents.ts';

type E = typeof knowledgeEndpoints;

const CANCELLED = { code: 'cancelled', message: 'Processing was cancelled. Process it again, or delete it.' };

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
        questions_open: await openQuestions(ctx, base.id),
        limits: {
          documents: entitlements.documentsMax, urls: entitlements.urlsMax, bytes: entitlements.storageBytes, document_bytes: entitlements.documentBytesMax, chunks: entitlements.chunksMax,
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

    async update(ctx: Ctx, { params, body }: Input<E['updateDocument']>): Promise<Output<E['updateDocument']>> {
      const { row, owner } = await find(ctx, params, 'update');
      if (body.metadata !== undefined && !owner.entitlements.features.customMetadata) throw new Problem(problems['fields-not-open']);
      const changed = one(await ctx.tx.update(knowledgeDocuments).set({
        ...(body.category === undefined ? {} : { category: body.category || null }), ...(body.metadata === undefined ? {} : { metadata: body.metadata }), updatedAt: ctx.now(),
      }).where(eq(knowledgeDocuments.id, row.id)).returning());
      return presentDocument(changed, ctx.now());
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

    /** What was searchable before stays so; a document that never was fails as cancelled and costs nothing. */
    async cancel(ctx: Ctx, { params }: Input<E['cancelDocument']>): Promise<Output<E['cancelDocument']>> {
      const { row, base } = await find(ctx, params, 'update');
      if (row.state === 'indexed' || row.state === 'failed') throw new Problem(problems['nothing-to-cancel']);
      const ended = row.generation > 0 ? { state: 'indexed' as const, percent: 100, building: row.generation } : { state: 'failed' as const, percent: 0, error: CANCELLED };
      const after = one(await ctx.tx.update(knowledgeDocuments).set({ ...ended, charge: 'none', updatedAt: ctx.now() }).where(eq(knowledgeDocuments.id, row.id)).returning());
      await ctx.tx.delete(knowledgeChunks).where(and(eq(knowledgeChunks.documentId, row.id), gt(knowledgeChunks.generation, row.generation)));
      if (row.charge !== 'none') await ctx.emit(documentAbandoned, { subscriptionId: base.subscriptionId, documentId: row.id, attempt: row.building, charged: true });
      return presentDocument(after, ctx.now());
    },

    async reindexAll(ctx: Ctx, { params }: Input<E['reindexAll']>): Promise<Output<E['reindexAll']>> {
      const owned = await requireBase(ctx, owners, params.subscriptionId, 'update');
      const again = await ctx.tx.update(knowledgeDocuments).set({
        state: 'queued', percent: 0, error: null, startedAt: null, building: sql`greatest(${knowledgeDocuments.building}, ${knowledgeDocuments.generation}) + 1`, chunking: chunkingOf(owned), updatedAt: ctx.now(),
      }).where(and(eq(knowledgeDocuments.knowledgeBaseId, owned.base.id), eq(knowledgeDocuments.state, 'indexed'), or(isNotNull(knowledgeDocuments.fileKey), eq(knowledgeDocuments.kind, 'qa')))).returning({ id: knowledgeDocuments.id });
      const ids = again.map(({ id }) => id).sort();
      for (let from = 0; from < ids.length; from += DOCUMENTS_PER_JOB) await ctx.enqueue(indexDocuments, { documentIds: ids.slice(from, from + DOCUMENTS_PER_JOB) });
      return { queued: ids.length };
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

async function figuresOf(ctx: Ctx, base: BaseRow): Promise<Pick<Output<E['status']>, 'documents' | 'used' | 'sources' | 'failing_sources' | 'bytes' | 'qa_pairs' | 'last_indexed_at'>> {
  const { tx } = ctx;
  const own = ne(knowledgeDocuments.kind, 'qa');
  const counted = (condition: ReturnType<typeof and>) => sql<number>`count(*) filter (where ${condition})::int`;
  const row = one(await tx.select({
    total: counted(own), failed: counted(and(own, eq(knowledgeDocuments.state, 'failed'))),
    indexed: counted(and(own, eq(knowledgeDocuments.state, 'indexed'))),
    sent: counted(inArray(knowledgeDocuments.kind, ['upload', 'api'])), pages: counted(eq(knowledgeDocuments.kind, 'website')),
    pairs: counted(eq(knowledgeDocuments.kind, 'qa')), bytes: sql<string>`coalesce(sum(${knowledgeDocuments.bytes}), 0)`, last: sql<string | null>`max(${knowledgeDocuments.indexedAt})::text`,
  }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, base.id)));
  const read = await tx.$count(knowledgeSources, and(eq(knowledgeSources.knowledgeBaseId, base.id), notInArray(knowledgeSources.kind, ['upload', 'qa', 'api'])));
  const failing = (await failingSources(ctx, [base.id])).get(base.id) ?? [];
  return {
    used: { documents: row.sent, urls: row.pages }, sources: { total: read, failing: failing.length }, failing_sources: failing,
    documents: { total: row.total, indexed: row.indexed, failed: row.failed, processing: row.total - row.indexed - row.failed },
    bytes: Number(row.bytes), qa_pairs: row.pairs, last_indexed_at: row.last ? new Date(row.last).toISOString() : null,
  };
}
