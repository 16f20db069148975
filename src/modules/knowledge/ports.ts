import type { Ctx, Process } from '#platform/context.ts';
import { ServerCallError } from '#platform/egress/server-call.ts';
import type { Mailer } from '#platform/mail/mailer.ts';
import type { EffectiveConfiguration, Entitlements } from '#modules/capabilities/contract.ts';
import type { Passage } from '#modules/models/ports.ts';
import type { Citation } from './citation-contract.ts';
import type { SearchFilters } from './filter-contract.ts';
import type { AnswerOutcome, KnowledgeGap } from './grounding-contract.ts';

/** Something said before a question. */
export interface Turn { role: 'user' | 'assistant'; content: string }

/** A question to one knowledge base. */
export interface SearchRequest {
  tenant: string;
  knowledgeBaseId: string;
  query: string;
  topK: number;
  method: 'vector' | 'hybrid' | 'keyword';
  reranking: boolean;
  /** Which model looks a second time, by its id in the catalogue; null or empty for the installation's own, or words where none serves. */
  rerankModel?: string | null;
  /** What was said before, oldest first; a follow-up question is understood from it. */
  conversation?: readonly Turn[];
  /** Only these documents are searched. */
  filters?: SearchFilters;
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
  /** What its organization calls it. */
  name: string;
  /** Null until the subscription is provisioned, and where its product has no knowledge. */
  knowledgeBaseId: string | null;
  entitlements: Entitlements;
  rag: EffectiveConfiguration['rag'];
}

/** Somebody who is told when something goes wrong. */
export interface AlertedPerson { userId: string; name: string; email: string }

/** How people are told of what they would else find out late. */
export interface Alerts {
  mailer: Mailer;
  /** Who may configure the products of an organization: its owners and administrators. Outside transactions. */
  people(organizationId: string): Promise<readonly AlertedPerson[]>;
  /** Where the console is, without a trailing slash, and what the marketplace is called. */
  baseUrl: string;
  brand: string;
}

/** Subscriptions as knowledge needs them; they come later in the order of modules. */
export interface KnowledgeOwners {
  /** A subscription of the acting organization; 404 when it is not theirs. */
  forSubscription(ctx: Ctx, subscriptionId: string): Promise<KnowledgeOwner>;
}

/** What a product says to a question that is only tried. */
export interface PreviewedAnswer {
  answer: string;
  citations: readonly Citation[];
  outcome: AnswerOutcome;
  gap: KnowledgeGap | null;
  /** 0..1, of the product's own search; null where it made none. */
  confidence: number | null;
}

/** Answers a question of the test panel exactly as the product would, free and without a record; filled by the gateway. */
export interface AnswerPreview {
  answer(process: Process, question: { subscriptionId: string; query: string }): Promise<PreviewedAnswer>;
}

/**
 * Why an outside engine did not do what it was asked. `message` is for the owner of the knowledge and the operator: it may
 * quote the engine's own words, never a credential.
 */
export class EngineError extends Error {
  override name = 'EngineError';
  /** `failed`: it understood and could not do it. */
  readonly code: 'unreachable' | 'refused' | 'not-found' | 'bad-answer' | 'failed';
  /** Whether the same call may well succeed later. */
  readonly retryable: boolean;

  constructor(code: EngineError['code'], message: string, options: ErrorOptions & { retryable?: boolean } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? code === 'unreachable';
  }

  /** A failed call as an engine's error; anything else (an abort, a bug) stays what it is. */
  static from(error: unknown, server: string): unknown {
    if (!(error instanceof ServerCallError)) return error;
    const code = ({ unreachable: 'unreachable', timeout: 'unreachable', refused: 'refused', 'too-large': 'bad-answer' } as const)[error.kind];
    return new EngineError(code, error.message.replace(/^The server/, server), { cause: error });
  }
}

/** A file handed to an outside engine. */
export interface EngineFile {
  /** Of our own ids with an extension, never what a person wrote; unique to this content of this document. */
  name: string;
  contentType: string;
  bytes: Uint8Array;
  /** Kept beside the document there; may be empty. */
  metadata: Readonly<Record<string, string | number | boolean>>;
}

/** Where a document of an outside engine stands. */
export interface EngineDocument {
  id: string;
  name: string;
  state: 'waiting' | 'parsing' | 'done' | 'failed';
  /** 0 to 100. */
  percent: number;
  chunks: number;
  /** Why it failed, in the engine's words; null otherwise. */
  message: string | null;
}

export interface EngineQuery {
  /** Id of the one dataset that is searched. */
  dataset: string;
  query: string;
  topK: number;
  /** 0..1: passages below are left out. */
  similarityMin: number;
  /** 0..1: what nearness of meaning counts beside that of words; the engine's own weight unless told. */
  vectorWeight?: number;
  /** Ids of the documents that are searched; all of the dataset unless told. */
  documents?: readonly string[];
}

/** A piece of a document as an outside engine cut it. */
export interface EngineChunk {
  id: string;
  document: string;
  text: string;
  /** From 1; null where the engine does not know it. */
  page: number | null;
}

/** A passage an outside engine found. Untrusted: it may name a document of somebody else. */
export interface EnginePassage extends EngineChunk {
  /** 0..1, of words and meaning together. */
  similarity: number;
}

/**
 * A server of its own that keeps, cuts and searches documents instead of us. Every call ends within bounds of time and size,
 * passes the egress guard, and throws {@link EngineError}, or the signal's reason when the caller aborts.
 */
export interface KnowledgeEngine {
  /** As people know it, e.g. for messages. */
  title: string;
  /** Waits between looks at what it is parsing, in ms; after the last the job ends and another takes over later. */
  pausesMs: readonly number[];
  /** Whether it is there and takes our credential; how many datasets it keeps, null where it does not tell. */
  probe(signal: AbortSignal): Promise<{ datasets: number | null }>;
  /** The dataset of exactly this name, made if it is not there. Returns its id. */
  ensureDataset(name: string, signal: AbortSignal): Promise<string>;
  /** The id of the dataset of exactly this name; null where there is none. */
  findDataset(name: string, signal: AbortSignal): Promise<string | null>;
  /** Deletes the dataset of exactly this name with all in it; what is not there is no error. */
  removeDataset(name: string, signal: AbortSignal): Promise<void>;
  /** Adds a file and has it parsed; one of this name that is there already is taken instead. Returns the document's id. */
  addDocument(dataset: string, file: EngineFile, signal: AbortSignal): Promise<string>;
  /** Has documents parsed, also again after a failure. Those under way are left alone. */
  parse(dataset: string, documents: readonly string[], signal: AbortSignal): Promise<void>;
  /** All documents of a dataset. */
  documents(dataset: string, signal: AbortSignal): Promise<EngineDocument[]>;
  /** Deletes documents; those that are not there are no error. */
  removeDocuments(dataset: string, documents: readonly string[], signal: AbortSignal): Promise<void>;
  /** Best first. */
  search(query: EngineQuery, signal: AbortSignal): Promise<EnginePassage[]>;
  /** The pieces of a document, in order. */
  chunks(dataset: string, document: string, signal: AbortSignal): Promise<EngineChunk[]>;
  close(): Promise<void>;
}
