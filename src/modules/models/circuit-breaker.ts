import { ModelError } from './ports.ts';
import type { ChatModel, EmbeddingModel, RerankModel } from './ports.ts';

/** Failures in a row that open the circuit, and how long it stays open. */
const FAILURES_MAX = 5;
const OPEN_MS = 15_000;

/**
 * Stops calling a provider that keeps failing: after five failures in a row every call fails at once for fifteen
 * seconds, then one call tries again. Only failures of the provider count (unavailable, timeout), not refusals of one
 * request and not a rate limit that has its own answer.
 */
export class CircuitBreaker {
  #failures = 0;
  #openUntil = 0;
  readonly #provider: string;
  readonly #now: () => number;

  constructor(provider: string, now: () => number = Date.now) {
    this.#provider = provider;
    this.#now = now;
  }

  /** Throws when the circuit is open; the first call after the pause passes and, failing, opens it again. */
  check(): void {
    if (this.#now() < this.#openUntil) throw new ModelError('unavailable', `The model provider "${this.#provider}" is failing; calls to it are paused for a moment.`, true);
  }

  succeeded(): void { this.#failures = 0; }

  failed(error: unknown): void {
    if (!(error instanceof ModelError) || (error.code !== 'unavailable' && error.code !== 'timeout')) return;
    if (++this.#failures >= FAILURES_MAX) this.#openUntil = this.#now() + OPEN_MS;
  }
}

/** A chat model behind its provider's breaker. */
export function guardChatModel(model: ChatModel, breaker: CircuitBreaker): ChatModel {
  return {
    id: model.id,
    features: model.features,
    async *stream(request, signal) {
      breaker.check();
      try {
        yield* model.stream(request, signal);
        breaker.succeeded();
      } catch (error) {
        breaker.failed(error);
        throw error;
      }
    },
  };
}

/** An embedding model behind its provider's breaker. */
export function guardEmbeddingModel(model: EmbeddingModel, breaker: CircuitBreaker): EmbeddingModel {
  return {
    id: model.id,
    dimensions: model.dimensions,
    async embed(texts, signal, purpose) {
      breaker.check();
      try {
        const vectors = await model.embed(texts, signal, purpose);
        breaker.succeeded();
        return vectors;
      } catch (error) {
        breaker.failed(error);
        throw error;
      }
    },
  };
}

/** A reranking model behind its provider's breaker. */
export function guardRerankModel(model: RerankModel, breaker: CircuitBreaker): RerankModel {
  return {
    id: model.id,
    async rerank(query, texts, signal) {
      breaker.check();
      try {
        const scores = await model.rerank(query, texts, signal);
        breaker.succeeded();
        return scores;
      } catch (error) {
        breaker.failed(error);
        throw error;
      }
    },
  };
}
