import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { documentIndexed } from '../events.ts';
import { INDEXED_DIMENSIONS, knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';

export type ChunkRow = Omit<typeof knowledgeChunks.$inferInsert, 'approximate' | 'documentId' | 'generation' | 'edition' | 'knowledgeBaseId' | 'dimensions'>;
type DocumentRow = typeof knowledgeDocuments.$inferSelect;

/** What the parser found out about a document. */
export interface DocumentFacts { title: string; author: string | null; language: string | null; pages: number | null; authoredAt: Date | null; warnings: string[] }

/** Chunks of one knowledge base that are compared one by one; what comes on top goes to the approximate index. */
export const EXACT_CHUNKS_MAX = 4000;
/** Rows written in one transaction: the embedded database serves nobody else meanwhile. */
const ROWS_PER_TRANSACTION = 128;

/** The knowledge base written to, and which edition of it. */
interface WrittenBase { id: string; dimensions: number; edition: number; subscriptionId: string | null }

interface Piece { document: DocumentRow; rows: readonly ChunkRow[]; percent: number; /** Set with the last rows of a document. */ facts: DocumentFacts | null }

/**
 * Writes chunks in transactions of bounded size, shared by short documents. A document's rows stay invisible until its
 * last ones are written: that transaction makes the new generation the one that is searched and drops the old one.
 */
export class IndexWriter {
  readonly #process: Process;
  readonly #base: WrittenBase;
  #pieces: Piece[] = [];
  #rows = 0;

  constructor(process: Process, base: WrittenBase) {
    this.#process = process;
    this.#base = base;
  }

  /** Rows of a document, and with the last of them its facts. */
  async add(piece: Piece): Promise<void> {
    this.#pieces.push(piece);
    this.#rows += piece.rows.length;
    if (this.#rows >= ROWS_PER_TRANSACTION) await this.flush();
  }

  async flush(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#rows = 0;
    if (pieces.length > 0) await this.#process.run(async (ctx) => this.#write(ctx, pieces));
  }

  async #write(ctx: Ctx, pieces: readonly Piece[]): Promise<void> {
    // The knowledge base before its documents, as everywhere: two that lock in different orders wait for ever.
    const [base] = await ctx.tx.select({ chunks: knowledgeBases.chunks }).from(knowledgeBases).where(eq(knowledgeBases.id, this.#base.id)).for('update');
    if (!base) return;
    // Held until the end, so that a document is not deleted, or made anew, between its rows and its state.
    const current = await ctx.tx.select().from(knowledgeDocuments).where(inArray(knowledgeDocuments.id, [...new Set(pieces.map((piece) => piece.document.id))]))
      .orderBy(knowledgeDocuments.id).for('update');
    const alive = pieces.filter(({ document }) => current.some((row) => row.id === document.id && row.building === document.building && row.generation < row.building));
    const approximate = base.chunks >= EXACT_CHUNKS_MAX && INDEXED_DIMENSIONS.some((dimensions) => dimensions === this.#base.dimensions);
    const rows = alive.flatMap(({ document, rows: own }) => own.map((row) => ({
      ...row, knowledgeBaseId: this.#base.id, documentId: document.id, generation: document.building, edition: this.#base.edition, dimensions: this.#base.dimensions, approximate,
    })));
    // A job that was given up and the one that took over may write the same rows.
    if (rows.length > 0) await ctx.tx.insert(knowledgeChunks).values(rows).onConflictDoNothing();
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

  async #publish(ctx: Ctx, document: DocumentRow, { title, author, language, pages, authoredAt, warnings }: DocumentFacts): Promise<{ chunks: number; length: number }> {
    const { tx } = ctx;
    const [written] = await tx.select({ chunks: sql<number>`count(*)::int`, length: sql<number>`coalesce(sum(${knowledgeChunks.length}), 0)::int` }).from(knowledgeChunks)
      .where(and(eq(knowledgeChunks.documentId, document.id), eq(knowledgeChunks.generation, document.building), eq(knowledgeChunks.edition, this.#base.edition)));
    const { chunks, length } = written ?? { chunks: 0, length: 0 };
    await tx.update(knowledgeDocuments).set({
      title, author, language, pages, authoredAt, warnings, chunks, length, generation: document.building, state: 'indexed', percent: 100, error: null, charge: 'none',
      indexedAt: ctx.now(), updatedAt: ctx.now(),
    }).where(eq(knowledgeDocuments.id, document.id));
    await tx.delete(knowledgeChunks).where(and(eq(knowledgeChunks.documentId, document.id), ne(knowledgeChunks.generation, document.building)));
    if (document.kind !== 'qa') {
      const subject = { subscriptionId: this.#base.subscriptionId, documentId: document.id, attempt: document.building, charged: document.charge !== 'none' };
      await ctx.emit(documentIndexed, { ...subject, chunks, bytes: document.bytes });
    }
    return { chunks: chunks - document.chunks, length: length - document.length };
  }
}

/** Keeps the totals of a knowledge base. */
export async function addToBase({ tx }: Ctx, knowledgeBaseId: string, growth: { chunks: number; length: number }): Promise<void> {
  await tx.update(knowledgeBases).set({ chunks: sql`greatest(0, ${knowledgeBases.chunks} + ${growth.chunks})`, length: sql`greatest(0, ${knowledgeBases.length} + ${growth.length})` })
    .where(eq(knowledgeBases.id, knowledgeBaseId));
}
