import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import { OFFLINE_EMBEDDING_ID, type ModelDirectory, type Passage } from '#modules/models/index.ts';
import type { KnowledgeSearch, SearchOutcome, SearchRequest } from '../ports.ts';
import { termScope } from '../ingest/index-terms.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments } from '../tables.ts';
import { confidenceOf } from './confidence.ts';
import { rankByKeywords, type KeywordRanking, type WeightedGroup } from './keyword-ranking.ts';
import type { RerankCandidate } from './lexical-rerank.ts';
import { queryTerms, queryWords } from './query-terms.ts';
import { fuseRankings, type Fused } from './rank-fusion.ts';
import { lookAgain, type SecondLook } from './second-look.ts';
import { rankByVector, type Near } from './vector-ranking.ts';

/** What came before the question and still counts: the last messages, and what their words are worth. */
const HISTORY = { messagesMax: 2, charactersMax: 600, weight: 0.25 } as const;
/** Chunks each kind of search brings; more than are shown, since fusion and reranking reorder them. */
const CANDIDATES_MIN = 40;
/** What an order counts beside that of the words. Vectors that only count words themselves add little to it. */
const WEIGHT = { trained: 1, offline: 0.35, reranked: 1 } as const;
/** Passages that confidence looks at; the rest rarely answers. */
const JUDGED = 5;

/** A passage with where it came from. */
export interface FoundPassage extends Passage { externalId: string | null }
export interface DetailedOutcome extends SearchOutcome { passages: readonly FoundPassage[] }
export interface DetailedSearch extends KnowledgeSearch { search(request: SearchRequest): Promise<DetailedOutcome> }

export function createKnowledgeSearch({ platform, models }: { platform: Platform; models: ModelDirectory }): DetailedSearch {
  return {
    async search(request) {
      const process = systemProcess(platform, 'search knowledge', request.tenant);
      const base = await process.run(async ({ tx }) => {
        const [row] = await tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, request.knowledgeBaseId));
        return row ?? null;
      });
      if (!base || base.chunks === 0) return { passages: [], confidence: 0 };
      const { groups, question } = groupsOf(request);
      const vector = request.method === 'keyword' ? null : await embedQuestion(models, base, request);
      // Asked in any case: how rare the words are is what confidence is made of.
      const read = async () => {
        const words = await process.asOperator('search the terms of a knowledge base', async ({ tx }) =>
          rankByKeywords(tx, { tenant: request.tenant, knowledgeBaseId: base.id, terms: termScope(base) }, groups, base, limitOf(request)));
        return { words, ...await readCandidates(process, request, base.edition, words, vector) };
      };
      let found = await read();
      // A document was indexed anew between ranking and reading: its new passages are there by now.
      if (found.vanished) found = await read();
      const { words, near, rows } = found;
      const rankings = rankingsOf(request, base.embeddingModel === OFFLINE_EMBEDDING_ID ? WEIGHT.offline : WEIGHT.trained, words, near, rows);
      const look = request.reranking ? await lookAgain(models, process.log, request, candidatesOf(request, fuseRankings(rankings), rows)) : null;
      const passages = order(request, rankings, look, rows);
      const confidence = confidenceOf({
        groups: groups.slice(0, question).map(({ terms }) => terms), rarity: words.rarity.slice(0, question),
        texts: passages.slice(0, JUDGED).map((passage) => `${passage.title}\n${rows.get(passage.chunkId)?.context ?? ''}\n${passage.text}`),
        similarity: near[0]?.similarity ?? null, embeddingModel: base.embeddingModel,
      });
      return { passages, confidence };
    },
  };
}

const limitOf = ({ topK }: SearchRequest): number => Math.max(CANDIDATES_MIN, topK * 3);

/** The question's words, then those of the conversation that the question does not name itself. `question`: how many are whole words of the question. */
function groupsOf({ query, history = [] }: SearchRequest): { groups: WeightedGroup[]; question: number } {
  const own = queryTerms(query);
  const words = queryWords(query).length;
  const known = new Set(own.flat());
  const before = history.slice(-HISTORY.messagesMax).flatMap((text) => queryTerms(text.slice(0, HISTORY.charactersMax)))
    .filter((group) => {
      if (group.some((term) => known.has(term))) return false;
      for (const term of group) known.add(term);
      return true;
    });
  return { groups: [...own.map((terms) => ({ terms, weight: 1 })), ...before.map((terms) => ({ terms, weight: HISTORY.weight }))], question: words || own.length };
}

async function embedQuestion(models: ModelDirectory, base: typeof knowledgeBases.$inferSelect, { query, signal }: SearchRequest): Promise<Float32Array | null> {
  const model = models.embedding(base.embeddingModel);
  // The model the knowledge was embedded with is gone from this installation: another's vectors would mean nothing.
  if (model.id !== base.embeddingModel || model.dimensions !== base.dimensions) return null;
  const [vector] = await model.embed([query], signal, 'query');
  return vector ?? null;
}

interface CandidateRow extends FoundPassage { context: string }

/**
 * The vector ranking and the rows of both rankings, as the tenant. What is not published is left out. `vanished`: whether
 * some of what was ranked is gone.
 */
async function readCandidates(process: Process, request: SearchRequest, edition: number, words: KeywordRanking, vector: Float32Array | null): Promise<{ near: readonly Near[]; rows: Map<string, CandidateRow>; vanished: boolean }> {
  return process.run(async ({ tx }) => {
    const near = vector ? await rankByVector(tx, { knowledgeBaseId: request.knowledgeBaseId, edition }, vector, limitOf(request)) : [];
    const ids = [...new Set([...(request.method === 'vector' && vector ? [] : words.ids), ...near.map(({ id }) => id)])];
    const rows = ids.length === 0 ? [] : await tx.select({
      chunkId: knowledgeChunks.id, documentId: knowledgeDocuments.id, title: knowledgeDocuments.title, page: knowledgeChunks.page, url: knowledgeDocuments.url,
      text: knowledgeChunks.content, context: knowledgeChunks.context, externalId: knowledgeDocuments.externalId,
      published: sql<boolean>`${knowledgeDocuments.generation} = ${knowledgeChunks.generation}`,
    }).from(knowledgeChunks).innerJoin(knowledgeDocuments, eq(knowledgeDocuments.id, knowledgeChunks.documentId))
      .where(and(inArray(knowledgeChunks.id, ids), eq(knowledgeChunks.knowledgeBaseId, request.knowledgeBaseId)));
    return {
      near, vanished: rows.length < ids.length,
      rows: new Map(rows.flatMap(({ published, ...row }) => published ? [[row.chunkId, { ...row, score: 0 }]] : [])),
    };
  });
}

type Rows = ReadonlyMap<string, CandidateRow>;
interface Ranking { ids: readonly string[]; weight?: number }

function rankingsOf(request: SearchRequest, vectorWeight: number, words: KeywordRanking, near: readonly Near[], rows: Rows): Ranking[] {
  return [
    ...(request.method === 'vector' && near.length > 0 ? [] : [{ ids: words.ids.filter((id) => rows.has(id)) }]),
    ...(near.length > 0 ? [{ ids: near.map(({ id }) => id).filter((id) => rows.has(id)), weight: vectorWeight }] : []),
  ];
}

const candidatesOf = (request: SearchRequest, fused: readonly Fused[], rows: Rows): RerankCandidate[] => fused.slice(0, limitOf(request)).flatMap(({ id }) => {
  const row = rows.get(id);
  return row ? [{ id, text: row.text, context: `${row.title}\n${row.context}` }] : [];
});

function order(request: SearchRequest, rankings: readonly Ranking[], look: SecondLook | null, rows: Rows): FoundPassage[] {
  // What a model has read it knows better than any ranking before.
  const fused: Fused[] = fuseRankings(look?.byModel ? [{ ids: look.ids }] : look ? [...rankings, { ids: look.ids, weight: WEIGHT.reranked }] : rankings);
  return fused.slice(0, request.topK).flatMap(({ id, score }) => {
    const row = rows.get(id);
    if (!row) return [];
    const { context: _context, ...passage } = row;
    return [{ ...passage, score }];
  });
}
