import { setTimeout as wait } from 'node:timers/promises';
import { and, count, eq, inArray, lt, notInArray } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { sha256 } from '#platform/crypto/seal.ts';
import { ModelError, type EmbeddingModel } from '#modules/models/index.ts';
import type { Chunk } from '../chunk/chunk-contract.ts';
import { chunkDocument, embeddingText } from '../chunk/chunk-document.ts';
import { documentText } from '../chunk/text-units.ts';
import type { DocumentState } from '../contract.ts';
import { followInEngine } from '../engine/engine-service.ts';
import { documentFailed } from '../events.ts';
import type { KnowledgeParts } from '../parts.ts';
import { finishDocument } from '../parse/finish-document.ts';
import { ParseError, type ParsedDocument } from '../parse/parsed-document.ts';
import { readMarkdown } from '../parse/read-markdown.ts';
import { readText } from '../parse/read-text.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';
import { indexTerms, termScope } from './index-terms.ts';
import { findSameText, IndexWriter, type ChunkRow, type DocumentFacts } from './index-writer.ts';

type DocumentRow = typeof knowledgeDocuments.$inferSelect;
type BaseRow = typeof knowledgeBases.$inferSelect;

/** Why a document cannot be indexed, in words for its owner. */
class IngestFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'IngestFailure';
    this.code = code;
  }
}

/** Texts embedded in one call. */
const EMBED_BATCH = 64;
/** Texts up to this length are cut here; longer ones in the parser's process. */
const CHUNK_HERE_MAX = 50_000;
const EMBED_TRIES = 4;

/**
 * Makes documents searchable: read, cut, embed, write. Safe to repeat after a crash at any point: what is written stays,
 * what is missing is done, and nothing of a document is found before all of it is.
 */
export function createIngest(parts: KnowledgeParts): (process: Process, documentIds: readonly string[]) => Promise<void> {
  return async (process, documentIds) => {
    const due = await process.run(async (ctx) => takeUp(ctx, documentIds));
    for (const [baseId, documents] of Map.groupBy(due, (document) => document.knowledgeBaseId)) {
      const base = await process.run(async (ctx) => readBase(parts, ctx, baseId));
      if (!base) continue;
      const writer = new IndexWriter(process, base.row);
      try {
        for (const document of documents) {
          try {
            await new Ingestion(parts, process, base, document, writer).run();
          } catch (error) {
            if (process.signal.aborted) throw error;
            await fail(process, base.row, document, failureOf(error));
          }
        }
        await writer.flush();
      } finally {
        await writer.settled();
      }
      await process.run(async (ctx) => followInEngine(ctx, baseId, documents.map(({ id }) => id)));
    }
  };
}

/** Documents of a job that are not done; they count as begun from now on. */
async function takeUp({ tx, now }: Ctx, documentIds: readonly string[]): Promise<DocumentRow[]> {
  if (documentIds.length === 0) return [];
  return tx.update(knowledgeDocuments).set({ state: 'parsing', percent: 2, startedAt: now(), updatedAt: now() })
    .where(and(inArray(knowledgeDocuments.id, [...documentIds]), lt(knowledgeDocuments.generation, knowledgeDocuments.building), notInArray(knowledgeDocuments.state, ['failed', 'indexed'])))
    .returning();
}

interface Base { row: BaseRow; chunksMax: number; formats: readonly string[] | null }

async function readBase({ owners }: KnowledgeParts, ctx: Ctx, id: string): Promise<Base | null> {
  const [row] = await ctx.tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, id));
  if (!row) return null;
  if (row.subscriptionId === null) return { row, chunksMax: Infinity, formats: null };
  const { entitlements } = await owners.forSubscription(ctx, row.subscriptionId);
  return { row, chunksMax: entitlements.chunksMax, formats: entitlements.features.documentFormats };
}

/** One document on its way. */
class Ingestion {
  readonly #parts: KnowledgeParts;
  readonly #process: Process;
  readonly #base: Base;
  readonly #document: DocumentRow;
  readonly #writer: IndexWriter;

  constructor(parts: KnowledgeParts, process: Process, base: Base, document: DocumentRow, writer: IndexWriter) {
    this.#parts = parts;
    this.#process = process;
    this.#base = base;
    this.#document = document;
    this.#writer = writer;
  }

  async run(): Promise<void> {
    const { row, chunksMax } = this.#base;
    const document = this.#document;
    await this.#reserve();
    const { chunks, facts } = document.kind === 'qa' ? pairChunks(document) : await this.#read();
    const room = chunksMax - row.chunks + document.chunks;
    if (chunks.length > room) {
      throw new IngestFailure('chunk-limit', `This document makes ${chunks.length} pieces of text; only ${Math.max(0, room)} more are included. Delete documents you no longer need, or choose a larger plan.`);
    }
    const model = this.#parts.models.embedding(row.embeddingModel);
    if (model.id !== row.embeddingModel || model.dimensions !== row.dimensions) {
      throw new IngestFailure('embedding-missing', `The embedding model of this knowledge base (${row.embeddingModel}) is not available on this installation.`);
    }
    // What is there already under another name is neither embedded nor stored again.
    if (await this.#process.run(async (ctx) => findSameText(ctx, row.id, document, facts.textHash)) !== null) return this.#writer.add({ document, rows: [], percent: 99, facts });
    const written = await this.#writtenBefore();
    for (let from = written; from < chunks.length; from += EMBED_BATCH) {
      const batch = chunks.slice(from, from + EMBED_BATCH);
      const rows = await this.#embed(model, batch, facts.title);
      const done = from + batch.length;
      await this.#writer.add({ document, rows, percent: 40 + Math.round((59 * done) / chunks.length), facts: done >= chunks.length ? facts : null });
    }
    if (written >= chunks.length) await this.#writer.add({ document, rows: [], percent: 99, facts });
  }

  /** Asks for the price, unless that was done when the document came. */
  async #reserve(): Promise<void> {
    const { id, charge, building } = this.#document;
    const { subscriptionId } = this.#base.row;
    if (charge !== 'due' || subscriptionId === null) return;
    await this.#parts.charges.reserve(this.#process, { subscriptionId, documentId: id, attempt: building });
    await this.#update({ charge: 'reserved' });
  }

  async #read(): Promise<{ chunks: readonly Chunk[]; facts: DocumentFacts }> {
    const { fileKey, title, kind, fileName, contentType, chunking, author, metadata } = this.#document;
    const isText = fileName === null;
    const bytes = fileKey === null ? null : await this.#parts.files.get(fileKey);
    if (!bytes) throw new IngestFailure('original-missing', 'The original of this document is no longer there. Upload it again.');
    const parsed = isText ? finishDocument(contentType === 'text/markdown' ? readMarkdown(bytes) : readText(bytes), []) : await this.#parse(bytes, { fileName: fileName ?? title, mimeType: contentType });
    const { formats } = this.#base;
    if (kind === 'upload' && formats && !formats.includes(parsed.format)) {
      throw new IngestFailure('format-not-included', `This is a ${parsed.format.toUpperCase()} file, and this product takes only ${formats.map((format) => format.toUpperCase()).join(', ')}.`);
    }
    if (!isText) await this.#update({ state: 'chunking', percent: 30 });
    const chunks = await this.#chunk(parsed, chunking);
    if (!isText) await this.#update({ state: 'embedding', percent: 40 });
    const shownTitle = isText ? title : parsed.title?.slice(0, 500) || title;
    return {
      chunks,
      facts: {
        textHash: sha256(JSON.stringify([shownTitle, kind === 'api' ? metadata : {}, documentText(parsed)])), title: shownTitle, author: parsed.author?.slice(0, 300) ?? author, language: parsed.language, pages: parsed.pages,
        authoredAt: parsed.createdAt ? new Date(parsed.createdAt) : null, metadata: kind === 'api' ? {} : parsed.metadata ?? {}, warnings: parsed.warnings,
      },
    };
  }

  async #parse(bytes: Uint8Array, claim: { fileName: string; mimeType: string }): Promise<ParsedDocument> {
    const result = await this.#parts.pool().parse(bytes, claim);
    if (!result.ok) throw new IngestFailure(result.failure.code, result.failure.message);
    return result.document;
  }

  async #chunk(parsed: ParsedDocument, options: DocumentRow['chunking']): Promise<readonly Chunk[]> {
    if (parsed.characters <= CHUNK_HERE_MAX) return chunkDocument(parsed, options);
    const result = await this.#parts.pool().chunk(parsed, options);
    if (!result.ok) throw new IngestFailure(result.failure.code, result.failure.message);
    return result.chunks;
  }

  /** How many chunks an earlier try has written. They are written in order, so the rest is what follows. */
  async #writtenBefore(): Promise<number> {
    const { id, building } = this.#document;
    const [row] = await this.#process.run(async ({ tx }) => tx.select({ chunks: count() }).from(knowledgeChunks)
      .where(and(eq(knowledgeChunks.documentId, id), eq(knowledgeChunks.generation, building), eq(knowledgeChunks.edition, this.#base.row.edition))));
    return row?.chunks ?? 0;
  }

  async #embed(model: EmbeddingModel, chunks: readonly Chunk[], title: string): Promise<ChunkRow[]> {
    const vectors = await embedPatiently(model, chunks.map(embeddingText), this.#process.signal);
    return chunks.map((chunk, index): ChunkRow => {
      const vector = vectors[index];
      if (vector?.length !== model.dimensions) throw new IngestFailure('embedding-failed', 'The embedding model gave an answer of the wrong size.');
      return {
        id: uuidv7(), position: chunk.index, content: chunk.text, context: chunk.context, heading: chunk.heading.join(' › '), page: chunk.page,
        tokens: chunk.tokens, start: chunk.start, end: chunk.end, embedding: vector, ...indexTerms(termScope(this.#base.row), chunk.text, `${title}\n${chunk.context}`),
      };
    });
  }

  async #update(change: { state?: DocumentState; percent?: number; charge?: 'reserved' }): Promise<void> {
    const { id, building } = this.#document;
    await this.#process.run(async ({ tx, now }) => {
      await tx.update(knowledgeDocuments).set({ ...change, updatedAt: now() }).where(and(eq(knowledgeDocuments.id, id), eq(knowledgeDocuments.building, building)));
    });
  }
}

/** Tries a provider that is busy a few times before the document counts as failed. */
async function embedPatiently(model: EmbeddingModel, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await model.embed(texts, signal);
    } catch (error) {
      if (!(error instanceof ModelError) || !error.retryable || tried >= EMBED_TRIES) throw error;
      await wait(500 * 3 ** tried, undefined, { signal });
    }
  }
}

/** A pair is one chunk. The question stands before the text as well, so that it weighs more than the answer. */
function pairChunks(document: DocumentRow): { chunks: readonly Chunk[]; facts: DocumentFacts } {
  const question = document.question ?? '';
  const text = `${question}\n${document.answer ?? ''}`;
  return {
    chunks: [{ index: 0, text, context: question, heading: [], page: null, tokens: Math.max(1, Math.ceil(text.length / 4)), start: 0, end: text.length }],
    facts: { textHash: null, title: document.title, author: null, language: null, pages: null, authoredAt: null, metadata: {}, warnings: [] },
  };
}

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof IngestFailure || error instanceof ParseError) return { code: error.code, message: error.message };
  if (error instanceof Problem) return { code: error.type.code, message: error.message };
  if (error instanceof ModelError && error.code === 'bad-answer' && !error.retryable) return { code: 'embedding-failed', message: error.message };
  if (error instanceof ModelError) return { code: 'embedding-failed', message: 'The embedding model cannot be reached at the moment. Try again in a few minutes.' };
  // Anything else is a fault of ours: the job fails, is logged and tried again.
  throw error;
}

async function fail(process: Process, base: BaseRow, document: DocumentRow, error: { code: string; message: string }): Promise<void> {
  await process.run(async (ctx) => {
    const failed = await ctx.tx.update(knowledgeDocuments).set({ state: 'failed', percent: 0, error, charge: 'none', updatedAt: ctx.now() })
      .where(and(eq(knowledgeDocuments.id, document.id), eq(knowledgeDocuments.building, document.building), lt(knowledgeDocuments.generation, document.building)))
      .returning({ id: knowledgeDocuments.id });
    if (failed.length === 0) return;
    await ctx.tx.delete(knowledgeChunks).where(and(eq(knowledgeChunks.documentId, document.id), eq(knowledgeChunks.generation, document.building)));
    await ctx.emit(documentFailed, { subscriptionId: base.subscriptionId, documentId: document.id, attempt: document.building, charged: document.charge !== 'none', ...error });
  });
}
