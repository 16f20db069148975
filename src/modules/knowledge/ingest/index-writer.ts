import { and, eq, gt, inArray, isNull, ne, notInArray, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { documentAbandoned, documentIndexed } from '../events.ts';
import { DOCUMENTS_PER_JOB, indexDocuments } from '../jobs.ts';
import { EXACT_CHUNKS_MAX, fillApproximateIndex, isApproximate } from './approximate-index.ts';
import { insertChunks, type NewChunk } from './insert-chunks.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';

export type ChunkRow = Omit<NewChunk, 'approximate' | 'documentId' | 'generation' | 'edition' | 'knowledgeBaseId' | 'dimensions'>;
type DocumentRow = typeof knowledgeDocuments.$inferSelect;

/** What the parser found out about a document. */
export interface DocumentFacts { /** Of the text as it was read; null for what is never the same as something else. */ textHash: string | null; title: string; author: string | null; language: string | null; pages: number | null; authoredAt: Date | null; metadata: Readonly<Record<string, string>>; warnings: string[] }

/** Rows written in one transaction: the embedded database serves nobody else meanwhile. */
const ROWS_PER_TRANSACTION = 128;

/** The knowledge base written to, and which edition of it. */
interface WrittenBase { id: string; dimensions: number; edition: number; subscriptionId: string | null }

interface Piece { document: DocumentRow; rows: readonly ChunkRow[]; percent: number; /** Set with the last rows of a document. */ facts: DocumentFacts | null }

/**
 * Writes chunks in transactions of bounded size, shared by short documents. A document's rows stay invisible until its
 * last ones are written: that transaction makes the new generation the one that is searched and drops the old one.
 * One transaction is written while the rows of the next are made; what fails in it is thrown by the next call.
 */
export class IndexWriter {
  readonly #process: Process;
  readonly #base: WrittenBase;
  #pieces: Piece[] = [];
  #rows = 0;
  #writing = Promise.resolve();

  constructor(process: Process, base: WrittenBase) {
    this.#process = process;
    this.#base = base;
  }

  /** Rows of a document, and with the last of them its facts. */
  async add(piece: Piece): Promise<void> {
    this.#pieces.push(piece);
    this.#rows += piece.rows.length;
    if (this.#rows >= ROWS_PER_TRANSACTION) await this.#begin();
  }

  /** Returns when everything is written. */
  async flush(): Promise<void> {
    await this.#begin();
    await this.#writing;
  }

  /** Returns when nothing is on its way any more, written or not: who gives up leaves nobody behind who still writes. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #begin(): Promise<void> {
    await this.#writing;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#rows = 0;
    if (pieces.length === 0) return;
    this.#writing = this.#process.run(async (ctx) => this.#write(ctx, pieces));
    // Who gives up before the next call has an error of their own to tell.
    this.#writing.catch(() => undefined);
  }

  async #write(ctx: Ctx, pieces: readonly Piece[]): Promise<void> {
    // The knowledge base before its documents, as everywhere: two that lock in different orders wait for ever.
    const [base] = await ctx.tx.select({ chunks: knowledgeBases.chunks, edition: knowledgeBases.edition }).from(knowledgeBases).where(eq(knowledgeBases.id, this.#base.id)).for('update');
    if (!base) return;
    // Another model took over meanwhile: what was embedded with the old one would never be found. The job begins anew.
    if (base.edition !== this.#base.edition) throw new Error('the knowledge base moved to another embedding model');
    // Held until the end, so that a document is not deleted, or made anew, between its rows and its state.
    const current = await ctx.tx.select().from(knowledgeDocuments).where(inArray(knowledgeDocuments.id, [...new Set(pieces.map((piece) => piece.document.id))]))
      .orderBy(knowledgeDocuments.id).for('update');
    const alive = pieces.filter(({ document }) => current.some((row) => row.id === document.id && row.building === document.building && row.generation < row.building && row.state !== 'failed'));
    const approximate = isApproximate(base.chunks, this.#base.dimensions);
    const rows = alive.flatMap(({ document, rows: own }) => own.map((row) => ({
      ...row, knowledgeBaseId: this.#base.id, documentId: document.id, generation: document.building, edition: this.#base.edition, dimensions: this.#base.dimensions, approximate,
    })));
    // A job that was given up and the one that took over may write the same rows.
    await insertChunks(ctx.tx, rows);
    const growth = { chunks: 0, length: 0 };
    for (const { document, percent, facts } of alive) {
      if (!facts) {
        await ctx.tx.update(knowledgeDocuments).set({ percent, updatedAt: ctx.now() }).where(eq(knowledgeDocuments.id, document.id));
        continue;
      }
      const published = await this.#publish(ctx, document, facts);
      growth.chunks += published.chunks;
      growth.length += published.length;
    }
    if (growth.chunks !== 0 || growth.length !== 0) await addToBase(ctx, this.#base.id, growth);
  }

  async #publish(ctx: Ctx, document: DocumentRow, { textHash, title, author, language, pages, authoredAt, metadata, warnings }: DocumentFacts): Promise<{ chunks: number; length: number }> {
    const { tx } = ctx;
    if (document.textHash !== null && document.textHash !== textHash) await inheritChunks(ctx, this.#base.id, [document.id]);
    const duplicateOf = await findSameText(ctx, this.#base.id, document, textHash);
    if (duplicateOf !== null) await tx.delete(knowledgeChunks).where(eq(knowledgeChunks.documentId, document.id));
    const [written] = await tx.select({ chunks: sql<number>`count(*)::int`, length: sql<number>`coalesce(sum(${knowledgeChunks.length}), 0)::int` }).from(knowledgeChunks)
      .where(and(eq(knowledgeChunks.documentId, document.id), eq(knowledgeChunks.generation, document.building), eq(knowledgeChunks.edition, this.#base.edition)));
    const { chunks, length } = written ?? { chunks: 0, length: 0 };
    await tx.update(knowledgeDocuments).set({
      title, author, language, pages, authoredAt, warnings, metadata: { ...metadata, ...document.metadata }, chunks, length, textHash, duplicateOf, generation: document.building, state: 'indexed', percent: 100, error: null, charge: 'none',
      indexedAt: ctx.now(), updatedAt: ctx.now(),
    }).where(eq(knowledgeDocuments.id, document.id));
    await tx.delete(knowledgeChunks).where(and(eq(knowledgeChunks.documentId, document.id), ne(knowledgeChunks.generation, document.building)));
    if (document.kind !== 'qa') {
      const subject = { subscriptionId: this.#base.subscriptionId, documentId: document.id, attempt: document.building, charged: document.charge !== 'none' && duplicateOf === null };
      await ctx.emit(documentIndexed, { ...subject, chunks, bytes: document.bytes });
      // What is there already costs nothing.
      if (document.charge !== 'none' && duplicateOf !== null) await ctx.emit(documentAbandoned, { ...subject, charged: true });
    }
    return { chunks: chunks - document.chunks, length: length - document.length };
  }
}

/** The document of a knowledge base that keeps the chunks of this text already; null where none does. */
export async function findSameText({ tx }: Ctx, knowledgeBaseId: string, document: Pick<DocumentRow, 'id' | 'kind'>, textHash: string | null): Promise<string | null> {
  if (textHash === null || document.kind === 'qa') return null;
  const [same] = await tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(and(
    eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), eq(knowledgeDocuments.textHash, textHash), ne(knowledgeDocuments.id, document.id), isNull(knowledgeDocuments.duplicateOf), gt(knowledgeDocuments.generation, 0),
  )).limit(1);
  return same?.id ?? null;
}

/** Documents whose text these kept for them are processed for themselves again. */
export async function inheritChunks({ tx, now, enqueue }: Ctx, knowledgeBaseId: string, originals: readonly string[]): Promise<void> {
  const heirs = await tx.update(knowledgeDocuments).set({
    duplicateOf: null, textHash: null, state: 'queued', percent: 0, startedAt: null, building: sql`greatest(${knowledgeDocuments.building}, ${knowledgeDocuments.generation}) + 1`, updatedAt: now(),
  }).where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), inArray(knowledgeDocuments.duplicateOf, [...originals]), notInArray(knowledgeDocuments.id, [...originals])))
    .returning({ id: knowledgeDocuments.id });
  for (let from = 0; from < heirs.length; from += DOCUMENTS_PER_JOB) await enqueue(indexDocuments, { documentIds: heirs.slice(from, from + DOCUMENTS_PER_JOB).map(({ id }) => id) });
}

/** Keeps the totals of a knowledge base. One that has become too large to compare every chunk moves into the index. */
export async function addToBase({ tx, enqueue }: Ctx, knowledgeBaseId: string, growth: { chunks: number; length: number }): Promise<void> {
  const [base] = await tx.update(knowledgeBases).set({ chunks: sql`greatest(0, ${knowledgeBases.chunks} + ${growth.chunks})`, length: sql`greatest(0, ${knowledgeBases.length} + ${growth.length})` })
    .where(eq(knowledgeBases.id, knowledgeBaseId)).returning({ chunks: knowledgeBases.chunks });
  const grownLarge = base !== undefined && base.chunks > EXACT_CHUNKS_MAX && base.chunks - growth.chunks <= EXACT_CHUNKS_MAX;
  if (grownLarge) await enqueue(fillApproximateIndex, { knowledgeBaseId });
}
