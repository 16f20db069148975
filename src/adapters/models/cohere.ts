import { z } from 'zod';
import { ModelError, type EmbeddingEntry, type EmbeddingModel, type ModelProvider } from '#modules/models/ports.ts';
import { connectionOf, postForJson, withRetries, type ModelConnection, type ProviderOptions } from './model-connection.ts';
import { rerankModel } from './rerank.ts';
import { unitVector } from './unit-vector.ts';

/** Texts the API takes in one call. */
const BATCH_MAX = 96;
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const Embedded = z.object({ embeddings: z.object({ float: z.array(z.array(z.number())) }) });

/** Cohere's embeddings and reranking by its API of version 2. The address is one without the version: `https://api.cohere.com`. */
export function cohereProvider(options: ProviderOptions): ModelProvider {
  const connection = connectionOf({ ...options, baseUrl: options.baseUrl.replace(/\/v[12]\/*$/, '') }, { authorization: `Bearer ${options.apiKey}` });
  return {
    embedding: (entry) => embeddingModel(connection, entry),
    rerank: (entry) => rerankModel(connection, '/v2/rerank', entry),
  };
}

function embeddingModel(connection: ModelConnection, entry: EmbeddingEntry): EmbeddingModel {
  const { id, remoteName, dimensions } = entry;
  async function* batch(texts: readonly string[], purpose: 'document' | 'query', signal: AbortSignal): AsyncGenerator<Float32Array[]> {
    // Questions and what is searched are embedded differently; the wrong kind finds less.
    const body = { model: remoteName, texts: texts.map((text) => (text.trim() === '' ? ' ' : text)), input_type: purpose === 'query' ? 'search_query' : 'search_document', embedding_types: ['float'], truncate: 'END' };
    const answer = Embedded.safeParse(await postForJson(connection, '/v2/embed', body, signal, ANSWER_BYTES_MAX));
    if (!answer.success || answer.data.embeddings.float.length !== texts.length) throw new ModelError('bad-answer', 'The model provider did not send one vector for each text.', false);
    yield answer.data.embeddings.float.map((vector) => unitVector(Float32Array.from(vector), entry));
  }
  return {
    id, dimensions,
    async embed(texts, signal = new AbortController().signal, purpose = 'document') {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH_MAX) {
        for await (const some of withRetries(connection, signal, () => batch(texts.slice(from, from + BATCH_MAX), purpose, signal))) vectors.push(...some);
      }
      return vectors;
    },
  };
}
