import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import type { ModelDirectory, Passage } from '#modules/models/index.ts';
import type { KnowledgeSearch, SearchOutcome, SearchRequest } from '../ports.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';
import { CommonTermsMemory } from './common-terms.ts';
import { confidenceOf } from './confidence.ts';
import { conversationTerms } from './conversation-terms.ts';
import { rankByKeywords, type KeywordRanking, type WeightedGroup } from './keyword-ranking.ts';
import { BaseFacts, Remembered } from './known-bases.ts';
import { orderAgain, orderFound, termsOf, type Found } from './order-passages.ts';
import { wordsOf, type QuestionTerms } from './query-terms.ts';
import { fuseRankings, type Fused } from './rank-fusion.ts';
import { lookAgain } from './second-look.ts';
import { documentsOf } from './search-filters.ts';
import { rankByVector } from './vector-ranking.ts';

/** Chunks each kind of search brings; more than are shown, since they are ordered again together. */
const CANDIDATES_MIN = 30;
/** Candidates whose text is read when they are looked at a second time. */
const READ_AGAIN = { min: 20, more: 10 } as const;
/** Passages that confidence looks at; the rest rarely answers. */
const JUDGED = 5;
const BASES_MAX = 2000;

/** A passage with where it came from. */
export interface FoundPassage extends Passage { externalId: string | null }
export interface DetailedOutcome extends SearchOutcome { passages: readonly FoundPassage[] }
export interface DetailedSearch extends KnowledgeSearch { search(request: SearchRequest): Promise<DetailedOutcome> }

export function createKnowledgeSearch({ platform, models }: { platform: Platform; models: ModelDirectory }): DetailedSearch {
  const searcher = new Searcher(models);
  return { search: async (request) => searcher.search(systemProcess(platform, 'search knowledge', request.tenant), request) };
}

/** What a question asks for, and the words of the knowledge base that may answer it. */
interface Asked { request: SearchRequest; question: QuestionTerms; groups: readonly WeightedGroup[] }

class Searcher {
  readonly #models: ModelDirectory;
  readonly #bases = new Remembered<BaseFacts>(BASES_MAX);
  readonly #common = new CommonTermsMemory();

  constructor(models: ModelDirectory) {
    this.#models = models;
  }

  async search(process: Process, request: SearchRequest): Promise<DetailedOutcome> {
    const asked: Asked = { request, ...conversationTerms(request.query, request.conversation ?? []) };
    const base = await this.#base(process, request.knowledgeBaseId);
    if (!base) return { passages: [], confidence: 0 };
    let found = await this.#once(process, asked, base);
    // It moved to another model, or a document was indexed anew between ranking and reading: what is new is there by now.
    if (found === 'again') {
      this.#forget(process, base.id);
      const fresh = await this.#base(process, base.id);
      found = fresh ? await this.#once(process, asked, fresh) : null;
    }
    return found === null || found === 'again' ? { passages: [], confidence: 0 } : found;
  }

  /** What is remembered of a knowledge base is checked when its words are ranked. */
  async #base(process: Process, id: string): Promise<BaseFacts | null> {
    const known = this.#bases.get(`${process.tenant} ${id}`);
    if (known) return known;
    const row = await process.run(async ({ tx }) => {
      const [found] = await tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, id));
      return found ? BaseFacts.parse(found) : null;
    });
    if (row) this.#bases.set(`${process.tenant} ${id}`, row);
    return row;
  }

  #forget(process: Process, id: string): void {
    this.#bases.delete(`${process.tenant} ${id}`);
  }

  async #once(process: Process, asked: Asked, base: BaseFacts): Promise<DetailedOutcome | 'again' | null> {
    const { request, groups } = asked;
    const [vector, common] = await Promise.all([request.method === 'keyword' ? null : this.#embed(base, request), this.#common.of(process, base)]);
    // Asked in any case: how rare the words are is what confidence is made of.
    const ranked = await process.asOperator('search the terms of a knowledge base', async ({ tx }) => rankByKeywords(tx, { tenant: request.tenant, base, common, only: onlyOf(request) }, groups, limitOf(request)));
    if (!ranked.base) {
      this.#forget(process, base.id);
      return null;
    }
    if (ranked.base.edition !== base.edition || ranked.base.embeddingModel !== base.embeddingModel) return 'again';
    this.#bases.set(`${process.tenant} ${base.id}`, ranked.base);
    const read = await readFound(process, request, ranked.base, ranked, vector);
    return read.vanished ? 'again' : this.#order(process, asked, ranked, read);
  }

  async #embed({ embeddingModel, dimensions }: BaseFacts, { query, signal }: SearchRequest): Promise<Float32Array | null> {
    const model = this.#models.embedding(embeddingModel);
    // The model the knowledge was embedded with is gone from this installation: another's vectors would mean nothing.
    if (model.id !== embeddingModel || model.dimensions !== dimensions) return null;
    const [vector] = await model.embed([query], signal, 'query');
    return vector ?? null;
  }

  async #order(process: Process, { request, question, groups }: Asked, ranked: KeywordRanking, { found, first, rows }: Read): Promise<DetailedOutcome> {
    const read = new Map([...rows.values()].map((row) => [row.chunkId, lazily(() => termsOf(row))]));
    const termsFor = (id: string) => read.get(id)?.() ?? [];
    const ordered = request.reranking ? await this.#again(process, request, rows) ?? orderAgain(found, { groups, rarity: ranked.rarity, averageLength: ranked.averageLength }, [...rows.keys()].map((id) => ({ id, terms: termsFor(id) }))) : first;
    const passages = ordered.slice(0, request.topK).flatMap(({ id, score }): FoundPassage[] => {
      const row = rows.get(id);
      if (!row) return [];
      const { context: _context, ...passage } = row;
      return [{ ...passage, score }];
    });
    const confidence = confidenceOf({
      ...wordsOf(question, ranked.rarity), texts: passages.slice(0, JUDGED).map(({ chunkId }) => termsFor(chunkId)), similarity: found.near?.[0]?.similarity ?? null, embeddingModel: found.embeddingModel,
    });
    return { passages, confidence };
  }

  /** What a model has read it knows better than any ranking before. */
  async #again(process: Process, request: SearchRequest, rows: Rows): Promise<Fused[] | null> {
    const ids = await lookAgain(this.#models, process.log, request, [...rows.values()].map(({ chunkId, text, title, context }) => ({ id: chunkId, text, context: `${title}\n${context}` })));
    return ids && fuseRankings([{ ids }]);
  }
}

const onlyOf = ({ filters, tenant, knowledgeBaseId }: SearchRequest) => (filters ? documentsOf(filters, { tenant, knowledgeBaseId }) : null);

const limitOf = ({ topK }: SearchRequest): number => Math.max(CANDIDATES_MIN, topK * 2);

interface CandidateRow extends FoundPassage { context: string }
/** In the order of the first ranking. */
type Rows = ReadonlyMap<string, CandidateRow>;
interface Read { found: Found; first: readonly Fused[]; rows: Rows; /** Some of what was ranked is gone. */ vanished: boolean }

/** The vector ranking, and the texts of the best of both rankings, as the tenant. */
async function readFound(process: Process, request: SearchRequest, base: BaseFacts, ranked: KeywordRanking, vector: Float32Array | null): Promise<Read> {
  return process.run(async ({ tx }) => {
    const words = request.method === 'vector' && vector ? [] : ranked.found;
    const { near, named } = vector
      ? await rankByVector(tx, { knowledgeBaseId: base.id, edition: base.edition, chunks: base.chunks, only: onlyOf(request) }, vector, limitOf(request), words.map(({ id }) => id))
      : { near: null, named: [] };
    const found: Found = { words, near, similarity: new Map([...near ?? [], ...named].map(({ id, similarity }) => [id, similarity])), embeddingModel: base.embeddingModel };
    const first = orderFound(found);
    const ids = first.slice(0, request.reranking ? Math.max(READ_AGAIN.min, request.topK + READ_AGAIN.more) : request.topK).map(({ id }) => id);
    const rows = ids.length === 0 ? [] : await tx.select({
      chunkId: knowledgeChunks.id, documentId: knowledgeDocuments.id, title: knowledgeDocuments.title, page: knowledgeChunks.page, url: knowledgeDocuments.url,
      text: knowledgeChunks.content, context: knowledgeChunks.context, externalId: knowledgeDocuments.externalId, score: sql<number>`0`,
    }).from(knowledgeChunks).innerJoin(knowledgeDocuments, and(eq(knowledgeDocuments.id, knowledgeChunks.documentId), eq(knowledgeDocuments.generation, knowledgeChunks.generation)))
      .where(and(inArray(knowledgeChunks.id, ids), eq(knowledgeChunks.knowledgeBaseId, base.id)));
    const byId = new Map(rows.map((row) => [row.chunkId, row]));
    return { found, first, rows: new Map(ids.flatMap((id) => { const row = byId.get(id); return row ? [[id, row] as const] : []; })), vanished: rows.length < ids.length };
  });
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
