import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import { ModelError, OFFLINE_EMBEDDING_ID, type ModelDirectory, type Passage } from '#modules/models/index.ts';
import type { FoundBy } from '../contract.ts';
import type { KnowledgeSearch, SearchOutcome, SearchRequest } from '../ports.ts';
import { knowledgeBases, wireVector } from '../tables.ts';
import { CommonTermsMemory } from './common-terms.ts';
import { confidenceOf } from './confidence.ts';
import { conversationTerms } from './conversation-terms.ts';
import { rankByKeywords, type KeywordRanking, type WeightedGroup } from './keyword-ranking.ts';
import { BaseFacts, Remembered } from './known-bases.ts';
import { orderFound, orderRead, termsOf, type Found } from './order-passages.ts';
import { wordsOf, type QuestionTerms } from './query-terms.ts';
import { fuseRankings, type Fused } from './rank-fusion.ts';
import { lookAgain } from './second-look.ts';
import { documentsOf } from './search-filters.ts';
import { rankByVector } from './vector-ranking.ts';

/** Chunks each kind of search brings; more than are shown, since they are ordered again together. */
const CANDIDATES_MIN = 30;
/** Candidates whose text is read: more than are shown, since how words stand together may lift them. */
const READ = { min: 12, more: 7 } as const;
/** Passages that confidence looks at; the rest rarely answers. */
const JUDGED = 5;
/**
 * How broadly the approximate index is searched. The built-in vectors lie far from each other: among 50,000 chunks 400 candidates
 * hold 0.956 of the five nearest, 800 hold 0.972 to 0.992 as the index happens to be built, and 1,000 hold 0.984. Beside words, which find the same chunks, 64 hold 0.982 of what comparing
 * all would show and 120 no more; a trained model finds what words do not.
 */
const BREADTH = { alone: 1000, besideWords: 200, besideWordsOffline: 64 } as const;
const BASES_MAX = 2000;
/** Passages whose words stay at hand, a kilobyte or two each: people ask about the same things. */
const READ_KEPT = 4000;
/** A person waits for the answer: better found by words than late. */
const EMBEDDING_PATIENCE_MS = 6_000;

/** A passage with where it came from. */
export interface FoundPassage extends Passage { externalId: string | null }
export interface DetailedOutcome extends SearchOutcome {
  passages: readonly FoundPassage[];
  /** Why a passage was found, for those who ask; absent where another engine searched. */
  foundBy?: (chunkId: string) => FoundBy;
}
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
  readonly #read = new Remembered<readonly string[]>(READ_KEPT);

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
    const [vector, common] = await Promise.all([request.method === 'keyword' ? null : this.#embed(process, base, request), this.#common.of(process, base)]);
    const [ranked, near] = await Promise.all([
      // Asked in any case: how rare the words are is what confidence is made of.
      process.asOperator('search the terms of a knowledge base', async ({ tx }) => rankByKeywords(tx, { tenant: request.tenant, base, common, only: onlyOf(request) }, groups, limitOf(request))),
      vector && process.run(async ({ tx }) => rankByVector(tx, { knowledgeBaseId: base.id, edition: base.edition, chunks: base.chunks, only: onlyOf(request), breadth: breadthOf(request, base) }, vector, limitOf(request))),
    ]);
    if (!ranked.base) {
      this.#forget(process, base.id);
      return null;
    }
    if (ranked.base.edition !== base.edition || ranked.base.embeddingModel !== base.embeddingModel) return 'again';
    this.#bases.set(`${process.tenant} ${base.id}`, ranked.base);
    const read = await readFound(process, request, ranked.base, { words: request.method === 'vector' && near ? [] : ranked.found, near }, vector);
    return read.vanished ? 'again' : this.#order(process, asked, ranked, read);
  }

  /** Null where words alone are searched: its model is gone from this installation, or does not answer in time. */
  async #embed(process: Process, { embeddingModel, dimensions }: BaseFacts, { query, signal }: SearchRequest): Promise<Float32Array | null> {
    const model = this.#models.embedding(embeddingModel);
    // Another's vectors would mean nothing.
    if (model.id !== embeddingModel || model.dimensions !== dimensions) return null;
    try {
      const [vector] = await model.embed([query], AbortSignal.any([AbortSignal.timeout(EMBEDDING_PATIENCE_MS), ...(signal ? [signal] : [])]), 'query');
      return vector ?? null;
    } catch (error) {
      if (signal?.aborted) throw error;
      process.log.warn({ err: error, model: model.id, code: error instanceof ModelError ? error.code : 'timeout' }, 'the question could not be embedded; words alone are searched');
      return null;
    }
  }

  async #order(process: Process, { request, question, groups }: Asked, ranked: KeywordRanking, { found, rows }: Read): Promise<DetailedOutcome> {
    const terms = new Map([...rows.values()].map((row) => [row.chunkId, this.#termsOf(row)]));
    const again = request.reranking ? await this.#again(process, request, rows) : null;
    const ordered = again ?? orderRead(found, { groups, worth: ranked.worth, averageLength: ranked.averageLength }, [...rows.keys()].map((id) => ({ id, terms: terms.get(id) ?? [] })));
    const passages = ordered.flatMap(({ id, score }): FoundPassage[] => {
      const row = rows.get(id);
      if (!row) return [];
      const { context: _context, ...passage } = row;
      return [{ ...passage, score }];
    }).slice(0, request.topK);
    const confidence = confidenceOf({
      ...wordsOf(question, ranked.rarity), texts: passages.slice(0, JUDGED).map(({ chunkId }) => terms.get(chunkId) ?? []), similarity: found.near?.[0]?.similarity ?? null, embeddingModel: found.embeddingModel,
    });
    return { passages, confidence, foundBy: (id) => ({ ...placesIn(found, request.method !== 'vector', id), reranked: again !== null }) };
  }

  /** A chunk keeps its id only as long as its text. */
  #termsOf(row: CandidateRow): readonly string[] {
    const key = `${row.chunkId} ${row.title}`;
    const known = this.#read.get(key) ?? termsOf(row);
    this.#read.set(key, known);
    return known;
  }

  /** What a model has read it knows better than any ranking before. */
  async #again(process: Process, request: SearchRequest, rows: Rows): Promise<Fused[] | null> {
    const ids = await lookAgain(this.#models, process.log, request, [...rows.values()].map(({ chunkId, text, title, context }) => ({ id: chunkId, text, context: `${title}\n${context}` })));
    return ids && fuseRankings([{ ids }]);
  }
}

function placesIn({ words, near }: Found, asksWords: boolean, id: string): Omit<FoundBy, 'reranked'> {
  const placeIn = (ranking: readonly { id: string }[]) => {
    const index = ranking.findIndex((one) => one.id === id);
    return index < 0 ? null : index + 1;
  };
  return { ...(asksWords || near === null ? { words: placeIn(words) } : {}), ...(near === null ? {} : { meaning: placeIn(near) }) };
}

const onlyOf = ({ filters, tenant, knowledgeBaseId }: SearchRequest) => (filters ? documentsOf(filters, { tenant, knowledgeBaseId }) : null);

const breadthOf = ({ method }: SearchRequest, { embeddingModel }: BaseFacts): number =>
  (method === 'vector' ? BREADTH.alone : embeddingModel === OFFLINE_EMBEDDING_ID ? BREADTH.besideWordsOffline : BREADTH.besideWords);

const limitOf = ({ topK }: SearchRequest): number => Math.max(CANDIDATES_MIN, topK * 2);

const CandidateRows = z.array(z.object({
  chunkId: z.string(), documentId: z.string(), title: z.string(), page: z.number().nullable(), url: z.string().nullable(), text: z.string(), context: z.string(), externalId: z.string().nullable(), similarity: z.number(),
}));
interface CandidateRow extends FoundPassage { context: string }
/** In the order of the first ranking. */
type Rows = ReadonlyMap<string, CandidateRow>;
interface Read { found: Found; rows: Rows; /** Some of what was ranked is gone. */ vanished: boolean }

/** The texts of the best of both rankings, as the tenant, with how near each is. */
async function readFound(process: Process, request: SearchRequest, base: BaseFacts, ranked: Pick<Found, 'words' | 'near'>, vector: Float32Array | null): Promise<Read> {
  const first = orderFound({ ...ranked, similarity: new Map(ranked.near?.map(({ id, similarity }) => [id, similarity])), embeddingModel: base.embeddingModel });
  const ids = first.slice(0, Math.max(READ.min, request.topK + READ.more)).map(({ id }) => id);
  const rows = ids.length === 0 ? [] : await process.run(async ({ tx }) => CandidateRows.parse((await tx.execute(sql`
    select c.id as "chunkId", d.id as "documentId", d.title, c.page, d.url, c.content as text, c.context, d.external_id as "externalId", ${vector ? sql`-(c.embedding <#> ${wireVector(vector)}::vector)` : sql`0::float8`} as similarity
    from knowledge_chunks c join knowledge_documents d on d.id = c.document_id and d.generation = c.generation
    where c.id = any(${`{${ids.join(',')}}`}::uuid[]) and c.knowledge_base_id = ${base.id}`)).rows));
  const byId = new Map(rows.map(({ similarity: _similarity, ...row }) => [row.chunkId, { ...row, score: 0 }]));
  return {
    found: { ...ranked, similarity: new Map(rows.map(({ chunkId, similarity }) => [chunkId, similarity])), embeddingModel: base.embeddingModel },
    rows: new Map(ids.flatMap((id) => { const row = byId.get(id); return row ? [[id, row] as const] : []; })), vanished: rows.length < ids.length,
  };
}
