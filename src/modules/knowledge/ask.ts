import { performance } from 'node:perf_hooks';
import type { Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { knowledgeEndpoints } from './contract.ts';
import { requireBase } from './knowledge-bases.ts';
import { modelProblem } from './model-problem.ts';
import type { KnowledgeParts } from './parts.ts';
import type { KnowledgeOwner, SearchRequest } from './ports.ts';
import type { DetailedOutcome, FoundPassage } from './retrieve/knowledge-search.ts';
import { checkFilters } from './retrieve/search-filters.ts';
import { snippetFor } from './retrieve/snippet.ts';

type E = typeof knowledgeEndpoints;

/** Searching and trying out the knowledge of a subscription. */
export function askService({ owners, search, answers }: KnowledgeParts) {
  const find = async (process: Process, owner: KnowledgeOwner, knowledgeBaseId: string, query: string, chosen: Partial<Pick<SearchRequest, 'topK' | 'method' | 'filters' | 'conversation'>> = {}): Promise<DetailedOutcome> =>
    search.search({
      tenant: process.tenant, knowledgeBaseId, query, topK: chosen.topK ?? owner.rag.topK, method: chosen.method ?? owner.rag.method, reranking: owner.rag.reranking, rerankModel: owner.entitlements.rerankModel, signal: process.signal,
      ...(chosen.filters ? { filters: chosen.filters } : {}), ...(chosen.conversation ? { conversation: chosen.conversation } : {}),
    }).catch((error: unknown) => { throw modelProblem(error); });

  return {
    async search(process: Process, { params, body }: Input<E['search']>): Promise<Output<E['search']>> {
      const started = performance.now();
      const { owner, base } = await process.run(async (ctx) => requireBase(ctx, owners, params.subscriptionId));
      const { query, top_k: topK, method, filters, conversation } = body;
      if (filters) checkFilters(owner.entitlements, filters);
      const { passages, foundBy } = await find(process, owner, base.id, query, { ...(topK ? { topK } : {}), ...(method ? { method } : {}), ...(filters ? { filters } : {}), ...(conversation ? { conversation } : {}) });
      return { data: passages.map((passage) => hit(body.query, passage, foundBy)), took_ms: Math.round(performance.now() - started) };
    },

    async answer(process: Process, { params, body: { query } }: Input<E['answer']>): Promise<Output<E['answer']>> {
      const started = performance.now();
      const { owner, base } = await process.run(async (ctx) => requireBase(ctx, owners, params.subscriptionId));
      const said = await answers.answer(process, { subscriptionId: params.subscriptionId, query });
      const { passages, confidence, foundBy } = await find(process, owner, base.id, query);
      return {
        answer: said.answer, citations: [...said.citations], outcome: said.outcome, gap: said.gap, confidence: said.confidence ?? confidence, threshold: owner.rag.confidenceThreshold,
        strict: owner.rag.strictMode, retrieved: passages.map((passage) => hit(query, passage, foundBy)), took_ms: Math.round(performance.now() - started),
      };
    },
  };
}

const hit = (query: string, { externalId, documentId, chunkId, title, page, url, text, score }: FoundPassage, foundBy: DetailedOutcome['foundBy']): Output<E['search']>['data'][number] => ({
  external_id: externalId, document_id: documentId, chunk_id: chunkId, title, page, url, snippet: snippetFor(query, text), text, score, ...(foundBy ? { found_by: foundBy(chunkId) } : {}),
});
