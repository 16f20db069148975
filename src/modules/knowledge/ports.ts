import type { Ctx, Process } from '#platform/context.ts';
import type { EffectiveConfiguration, Entitlements } from '#modules/capabilities/contract.ts';
import type { Passage } from '#modules/models/ports.ts';
import type { Citation } from './citation-contract.ts';

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

/** A document to be paid for. `attempt` grows when it is processed anew after a failure or a change of its content. */
export interface ChargedDocument { subscriptionId: string; documentId: string; attempt: number }

/** What processing a document costs its organization; filled by billing. All three are idempotent by document and attempt. */
export interface DocumentCharges {
  /** Reserves before work starts. Throws a Problem (402) when the organization cannot pay. */
  reserve(process: Process, document: ChargedDocument): Promise<void>;
  /** The document is indexed: takes what was reserved. */
  settle(process: Process, document: ChargedDocument): Promise<void>;
  /** The document failed or was deleted before it was indexed: costs nothing. */
  release(process: Process, document: ChargedDocument): Promise<void>;
}

/** The subscription a knowledge base serves, and what it may do. */
export interface KnowledgeOwner {
  subscriptionId: string;
  /** Null until the subscription is provisioned, and where its product has no knowledge. */
  knowledgeBaseId: string | null;
  entitlements: Entitlements;
  rag: EffectiveConfiguration['rag'];
}

/** Subscriptions as knowledge needs them; they come later in the order of modules. */
export interface KnowledgeOwners {
  /** A subscription of the acting organization; 404 when it is not theirs. */
  forSubscription(ctx: Ctx, subscriptionId: string): Promise<KnowledgeOwner>;
}

/** Answers a question of the test panel exactly as the product would; filled by the runtime. */
export interface AnswerPreview {
  answer(process: Process, question: { subscriptionId: string; query: string }): Promise<{ answer: string; citations: readonly Citation[] }>;
}
