import { performance } from 'node:perf_hooks';
import { eq } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import type { BaseRow } from '../knowledge-bases.ts';
import { EngineError, type EnginePassage, type EngineQuery, type KnowledgeEngine, type SearchRequest } from '../ports.ts';
import type { DetailedOutcome, DetailedSearch, FoundPassage } from '../retrieve/knowledge-search.ts';
import { fuseRankings } from '../retrieve/rank-fusion.ts';
import { knowledgeBases } from '../tables.ts';
import { matchPassages, missingThere } from './match-passages.ts';

/** Passages below are not worth showing; what the server itself leaves out unless told. */
const SIMILARITY_MIN = 0.2;
/** The similarity of a sure match; counted like that of a trained embedding model. */
const SIMILARITY_SURE = 0.6;
const VECTOR_WEIGHT: Readonly<Record<SearchRequest['method'], number | undefined>> = { keyword: 0, hybrid: undefined, vector: 1 };
/** Own passages that words may vouch for. */
const JUDGED = 5;
/** An engine that could not be reached is not asked for this long: each visitor would wait for it. */
const PAUSE_MS = 15_000;
/** A question of fewer words leans on what was said before. */
const OWN_WORDS_MIN = 5;
const HISTORY_CHARACTERS_MAX = 300;

/**
 * Search that asks an outside engine for the knowledge bases that chose one, and our own index for all others. The engine
 * finds; what is shown, cited and remembered are our chunks. Documents it does not have yet, or could not read, are found by
 * our own words beside it, and everything is when it cannot be reached.
 */
export function createEngineSearch({ platform, engine, own }: { platform: Platform; engine: KnowledgeEngine | null; own: DetailedSearch }): DetailedSearch {
  if (!engine) return own;
  let pausedUntil = 0;
  return {
    async search(request) {
      const process = systemProcess(platform, 'search knowledge', request.tenant);
      const [base] = await process.run(async ({ tx }) => tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, request.knowledgeBaseId)));
      if (base?.engine !== 'ragflow' || base.engineRef === null || performance.now() < pausedUntil) return own.search(request);
      // The engine knows neither sources, dates nor fields of documents.
      if (request.filters) return own.search(request);
      const signal = request.signal ?? process.signal;
      const words = own.search({ ...request, method: 'keyword', reranking: false });
      // Waited for below; what it fails with meanwhile must not end the process.
      words.catch(() => undefined);
      let passages: EnginePassage[];
      try {
        passages = await engine.search(questionOf(request, base.engineRef), signal);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (error.code === 'unreachable') pausedUntil = performance.now() + PAUSE_MS;
        process.log.warn({ knowledgeBase: base.id, code: error.code, reason: error.message }, 'the knowledge engine did not answer; our own index does');
        return own.search(request);
      }
      return merge(process, request, base, passages, await words);
    },
  };
}

function questionOf({ query, conversation = [], topK, method }: SearchRequest, dataset: string): EngineQuery {
  const before = query.split(/\s+/).length < OWN_WORDS_MIN ? conversation.findLast(({ role }) => role === 'user')?.content.slice(0, HISTORY_CHARACTERS_MAX) ?? '' : '';
  const vectorWeight = VECTOR_WEIGHT[method];
  return { dataset, query: `${query} ${before}`.trim(), topK, similarityMin: SIMILARITY_MIN, ...(vectorWeight === undefined ? {} : { vectorWeight }) };
}

async function merge(process: Process, request: SearchRequest, base: BaseRow, passages: readonly EnginePassage[], words: DetailedOutcome): Promise<DetailedOutcome> {
  const { theirs, missing } = await process.run(async (ctx) => ({
    theirs: await matchPassages(ctx, base, request.query, passages),
    missing: await missingThere(ctx, base.id, [...new Set(words.passages.map(({ documentId }) => documentId))]),
  }));
  const ours = words.passages.filter(({ documentId }) => missing.has(documentId));
  const found = ours.length === 0 ? theirs : fused(theirs, ours);
  if (found.length === 0) return { passages: [], confidence: 0 };
  const best = Math.max(0, ...theirs.map(({ score }) => score));
  const shown = new Set(found.map(({ chunkId }) => chunkId));
  // Our words vouch only for what is shown.
  const vouched = words.passages.slice(0, JUDGED).some(({ chunkId }) => shown.has(chunkId)) ? words.confidence : 0;
  return { passages: found.slice(0, request.topK), confidence: Math.max(vouched, Math.min(1, Math.max(0, (best - SIMILARITY_MIN) / (SIMILARITY_SURE - SIMILARITY_MIN)))) };
}

/** Two orders whose scores cannot be compared. */
function fused(theirs: readonly FoundPassage[], ours: readonly FoundPassage[]): FoundPassage[] {
  const byId = new Map([...ours, ...theirs].map((passage) => [passage.chunkId, passage]));
  return fuseRankings([theirs, ours].map((passages) => ({ ids: passages.map(({ chunkId }) => chunkId) }))).flatMap(({ id, score }) => {
    const passage = byId.get(id);
    return passage ? [{ ...passage, score }] : [];
  });
}
