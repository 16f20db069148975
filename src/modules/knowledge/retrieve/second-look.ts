import type { Logger } from '#platform/log/logger.ts';
import { ModelError, type ModelDirectory } from '#modules/models/index.ts';
import type { SearchRequest } from '../ports.ts';

export interface RerankCandidate { id: string; text: string; /** Title and headings. */ context?: string }

/** A model that takes longer is not waited for: words order what it would have. */
const PATIENCE_MS = 4_000;

/** Candidates as the reranking model that is asked for or installed orders them, best first; null where none serves or it fails. */
export async function lookAgain(models: ModelDirectory, log: Logger, request: Pick<SearchRequest, 'query' | 'rerankModel' | 'signal'>, candidates: readonly RerankCandidate[]): Promise<readonly string[] | null> {
  const model = candidates.length > 1 ? models.rerank(request.rerankModel ?? null) : null;
  if (!model) return null;
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(request.signal ? [request.signal] : [])]);
  try {
    const scores = await model.rerank(request.query, candidates.map(({ text, context }) => (context ? `${context.trim()}\n${text}` : text)), signal);
    return candidates.map(({ id }, index) => ({ id, score: scores[index] ?? 0 })).toSorted((a, b) => b.score - a.score).map(({ id }) => id);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    log.warn({ err: error, model: model.id, code: error instanceof ModelError ? error.code : 'timeout' }, 'the reranking model did not answer; words order the passages');
    return null;
  }
}
