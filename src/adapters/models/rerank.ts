import { z } from 'zod';
import { ModelError, type RerankModel } from '#modules/models/ports.ts';
import { postForJson, withRetries, type ModelConnection } from './model-connection.ts';

/** Texts judged in one call; more than any search brings. */
const TEXTS_MAX = 500;
const TEXT_CHARACTERS_MAX = 8_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

const Judged = z.object({ results: z.array(z.object({ index: z.number().int().min(0), relevance_score: z.number() })) });

/** `POST {path}` with query and documents, as Cohere, Jina and vLLM take it: scores come by the place of each text. */
export function rerankModel(connection: ModelConnection, path: string, { id, remoteName }: { id: string; remoteName: string }): RerankModel {
  async function* judge(query: string, texts: readonly string[], signal: AbortSignal): AsyncGenerator<readonly number[]> {
    const documents = texts.map((text) => text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed());
    const answer = Judged.safeParse(await postForJson(connection, path, { model: remoteName, query: query.slice(0, TEXT_CHARACTERS_MAX), documents, top_n: documents.length }, signal, ANSWER_BYTES_MAX));
    if (!answer.success) throw new ModelError('bad-answer', 'The model provider did not send scores.', false);
    const scores = new Map(answer.data.results.map(({ index, relevance_score: score }) => [index, score]));
    if (scores.size !== texts.length) throw new ModelError('bad-answer', 'The model provider did not judge each text once.', false);
    yield texts.map((_, index) => scores.get(index) ?? 0);
  }
  return {
    id,
    async rerank(query, texts, signal) {
      if (texts.length === 0) return [];
      if (texts.length > TEXTS_MAX) throw new ModelError('refused', `At most ${TEXTS_MAX} texts can be judged at once.`, false);
      for await (const scores of withRetries(connection, signal, () => judge(query, texts, signal))) return scores;
      throw new ModelError('bad-answer', 'The model provider did not answer.', true);
    },
  };
}
