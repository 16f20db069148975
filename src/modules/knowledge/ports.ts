import type { Process } from '#platform/context.ts';
import type { Passage } from '#modules/models/ports.ts';

/** A question to one knowledge base. */
export interface SearchRequest {
  tenant: string;
  knowledgeBaseId: string;
  query: string;
  topK: number;
  method: 'vector' | 'hybrid' | 'keyword';
  reranking: boolean;
  /** What was said before, oldest first; a follow-up question is understood from it. */
  history?: readonly string[];
  signal?: AbortSignal;
}

export interface SearchOutcome {
  passages: readonly Passage[];
  /** 0..1: how well the best passage fits the question. Comparable between questions; what the confidence threshold asks. */
  confidence: number;
}

/** Finds passages. Calls the embedding model, so it must not be used inside a transaction. */
export interface KnowledgeSearch {
  search(request: SearchRequest): Promise<SearchOutcome>;
}

/** What processing a document costs its organization; filled by billing. All three are idempotent by document. */
export interface DocumentCharges {
  /** Reserves before work starts. Throws a Problem (402) when the organization cannot pay. */
  reserve(process: Process, document: { subscriptionId: string; documentId: string }): Promise<void>;
  /** The document is indexed: takes what was reserved. */
  settle(process: Process, document: { subscriptionId: string; documentId: string }): Promise<void>;
  /** The document failed or was deleted before it was indexed: costs nothing. */
  release(process: Process, document: { subscriptionId: string; documentId: string }): Promise<void>;
}
