import type { Logger } from '#platform/log/logger.ts';
import { ModelError, type ModelDirectory } from '#modules/models/index.ts';
import type { SearchRequest } from '../ports.ts';
import { rerankLexically, type RerankCandidate } from './lexical-rerank.ts';

/** A model that takes longer is not waited for: words order what it would have. */
const PATIENCE_MS = 4_000;

export interface SecondLook {
  /** Best first; what did not fit at all is left out. */
  ids: readonly string[];
  /** A model read the passages. Words only compare them, and count beside the rankings before. */
  byModel: boolean;
}

/** Orders candidates once more: by the reranking model that is asked for or installed, else by the words they share with the question. */
export async function lookAgain(models: ModelDirectory, log: Logger, request: Pick<SearchRequest, 'query' | 'rerankModel' | 'signal'>, candidates: readonly RerankCandidate[]): Promise<SecondLook> {
  const model = candidates.length > 1 ? models.rerank(request.rerankModel ?? null) : null;
  if (model) {
    const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(request.signal ? [request.signal] : [])]);
    try {
      const scores = await model.rerank(request.query, candidates.map(({ text, context }) => (context ? `${context.trim()}\n${text}` : text)), signal);
      const judged = candidates.map(({ id }, index) => ({ id, score: scores[index] ?? 0 }));
      return { ids: judged.toSorted((a, b) => b.score - a.score).map(({ id }) => id), byModel: true };
    } catch (error) {
      if (request.signal?.aborted) throw error;
      log.warn({ err: error, model: model.id, code: error instanceof ModelError ? error.code : 'timeout' }, 'the reranking model did not answer; words order the passages');
    }
  }
  return { ids: rerankLexically(request.query, candidates).filter(({ score }) => score > 0).map(({ id }) => id), byModel: false };
}
