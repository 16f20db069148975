import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { CHUNKING_STRATEGIES, SEARCH_METHODS } from '#modules/capabilities/contract.ts';
import { Citation } from './citation-contract.ts';
import { AnswerOutcome, KnowledgeGap } from './grounding-contract.ts';
import { EngineChoice } from './engine/contract.ts';
import { SearchFilters } from './filter-contract.ts';
import { FailingSource, SourceKind } from './sources/contract.ts';

/** Where a document stands: queued → parsing → chunking → embedding → indexed, or failed with a reason. */
export const DocumentState = z.enum(['queued', 'parsing', 'chunking', 'embedding', 'indexed', 'failed']);
export type DocumentState = z.infer<typeof DocumentState>;

/** Fields by name; searches can be narrowed by them. */
export const Metadata = z.record(z.string().max(80), z.union([z.string().max(500), z.number(), z.boolean()]));
export type Metadata = z.infer<typeof Metadata>;

export const KnowledgeDocument = z.object({
  id: Id, title: z.string(), source: SourceKind, source_id: Id, file_name: z.string().nullable(), content_type: z.string(), bytes: z.number().int(), external_id: z.string().nullable(),
  state: DocumentState,
  /** 0 to 100 over all stages. */
  percent: z.number().int(),
  /** Seconds until indexed, as far as can be told; null when unknown or done. */
  eta_seconds: z.number().int().nullable(),
  chunks: z.number().int(), pages: z.number().int().nullable(), author: z.string().nullable(), language: z.string().nullable(), category: z.string().nullable(),
  /** Fields of its own: what was sent with it, what its source or the file itself says, what the buyer added. */
  metadata: Metadata,
  error: z.object({ code: z.string(), message: z.string() }).nullable(), warnings: z.array(z.string()),
  /** Where people can open the original; null where it has no address. */
  url: z.string().nullable(),
  /** The document of the same content that is searched for both. */
  duplicate_of: Id.nullable(),
  /** When its author made it, as the document says. */
  authored_at: Timestamp.nullable(),
  created_at: Timestamp, indexed_at: Timestamp.nullable(),
}).meta({ id: 'KnowledgeDocument' });
export type KnowledgeDocument = z.infer<typeof KnowledgeDocument>;

/** What documents can be sorted by; a minus turns the order round. */
export const DOCUMENT_SORTS = ['created_at', '-created_at', 'title', '-title', 'bytes', '-bytes', 'chunks', '-chunks'] as const;

export const KnowledgeStatus = z.object({
  documents: z.object({ total: z.number().int(), indexed: z.number().int(), processing: z.number().int(), failed: z.number().int() }),
  chunks: z.number().int(), bytes: z.number().int(), qa_pairs: z.number().int(), last_indexed_at: Timestamp.nullable(),
  /** What counts against the limits: files and sent texts, and pages of websites. */
  used: z.object({ documents: z.number().int(), urls: z.number().int() }),
  /** Sources that are read from elsewhere, and how many of them are in `failing_sources`. */
  sources: z.object({ total: z.number().int(), failing: z.number().int() }),
  failing_sources: z.array(FailingSource),
  /** What people asked without getting an answer; see `/knowledge/questions`. */
  questions_open: z.number().int(),
  limits: z.object({ documents: z.number().int(), urls: z.number().int(), bytes: z.number().int(), document_bytes: z.number().int(), chunks: z.number().int(), qa_pairs: z.number().int(), formats: z.array(z.string()) }),
  embedding: z.object({ model: z.string(), title: z.string(), offline: z.boolean() }),
  engine: EngineChoice,
}).meta({ id: 'KnowledgeStatus' });

export const QaPair = z.object({ id: Id, question: z.string(), answer: z.string(), state: DocumentState, updated_at: Timestamp }).meta({ id: 'QaPair' });
export const NewQaPair = z.strictObject({
  question: z.string().trim().min(3).max(1000).meta({ title: 'Question', ui: { widget: 'textarea' } }),
  answer: z.string().trim().min(1).max(8000).meta({ title: 'Answer', ui: { widget: 'textarea' } }),
});

const Place = z.number().int().nullable().optional();
/**
 * Why a passage was found: its places among those found by words and by meaning, from 1; null where it is not among the best of that
 * ranking, absent where that was not asked. `reranked`: a model read the best and decided their order.
 */
export const FoundBy = z.object({ words: Place, meaning: Place, reranked: z.boolean() });
export type FoundBy = z.infer<typeof FoundBy>;

export const SearchHit = z.object({
  external_id: z.string().nullable(), document_id: Id, chunk_id: Id, title: z.string(), page: z.number().int().nullable(), url: z.string().nullable(), snippet: z.string(), text: z.string(), score: z.number(),
  /** Absent where another engine searched. */
  found_by: FoundBy.optional(),
});

const subscriptionParams = z.object({ subscriptionId: Id });
const documentParams = subscriptionParams.extend({ documentId: Id });
const read = { member: 'member', scope: 'knowledge:read' } as const;
const write = { member: 'member', scope: 'knowledge:write' } as const;
const tags = ['Knowledge'];
const base = '/api/v1/subscriptions/:subscriptionId/knowledge';

/** Documents sent as text; repeated calls with the same `external_id` replace. */
export const TextDocuments = z.strictObject({
  documents: z.array(z.strictObject({
    external_id: z.string().min(1).max(200), title: z.string().max(500).default(''), text: z.string().max(2_000_000),
    metadata: Metadata.default({}), url: z.url({ protocol: /^https?$/ }).max(2048).nullable().default(null),
  })).min(1).max(1000),
});

export const knowledgeEndpoints = {
  status: endpoint({
    method: 'GET', path: `${base}/status`, aliases: ['/instances/:subscriptionId/training/status'], access: read, summary: 'Counts, sizes and limits', tags, params: subscriptionParams, response: KnowledgeStatus,
  }),
  listDocuments: endpoint({
    method: 'GET', path: `${base}/documents`, aliases: ['/api/customer-agent-configs/:subscriptionId/training_documents'], access: read, summary: 'Documents', tags, params: subscriptionParams,
    query: z.object({
      search: z.string().trim().max(200).optional(),
      /** `processing`: any state on the way. */
      state: z.enum([...DocumentState.options, 'processing']).optional(),
      source_id: Id.optional(), kind: SourceKind.exclude(['qa']).optional(), sort: z.enum(DOCUMENT_SORTS).default('-created_at'),
      cursor: z.string().max(1000).optional(), limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: page(KnowledgeDocument),
  }),
  /**
   * Multipart: one or more fields `file` (and before them `category`, and `metadata` as JSON); or JSON `{documents: [...]}` of at most 32 MB. Files
   * that are refused do not stop the others.
   */
  addDocuments: endpoint({
    method: 'POST', path: `${base}/documents`, aliases: ['/api/customer-agent-configs/:subscriptionId/training_documents'], access: write, summary: 'Add documents', tags, params: subscriptionParams,
    bodyKind: 'multipart', bodyBytesMax: 32 * 1024 * 1024, status: 202,
    response: z.object({ data: z.array(KnowledgeDocument), refused: z.array(z.object({ name: z.string(), code: z.string(), message: z.string() })) }),
  }),
  getDocument: endpoint({ method: 'GET', path: `${base}/documents/:documentId`, access: read, summary: 'A document', tags, params: documentParams, response: KnowledgeDocument }),
  previewDocument: endpoint({
    method: 'GET', path: `${base}/documents/:documentId/chunks`, access: read, summary: 'The text of a document, chunk by chunk', tags, params: documentParams,
    query: z.object({ cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: page(z.object({ id: Id, index: z.number().int(), text: z.string(), heading: z.string(), page: z.number().int().nullable(), tokens: z.number().int() })),
  }),
  /** Fields of one's own need a product that lets buyers add them. What is left out stays as it is. */
  updateDocument: endpoint({
    method: 'PATCH', path: `${base}/documents/:documentId`, access: write, summary: 'Sort a document into a category, or give it fields', tags, params: documentParams,
    body: z.strictObject({ category: z.string().trim().max(80).nullable().optional(), metadata: Metadata.refine((fields) => Object.keys(fields).length <= 50, 'At most 50 fields.').optional() }), response: KnowledgeDocument,
  }),
  reindexDocument: endpoint({ method: 'POST', path: `${base}/documents/:documentId/reindex`, access: write, summary: 'Process a document again', tags, params: documentParams, status: 202, response: KnowledgeDocument }),
  cancelDocument: endpoint({
    method: 'POST', path: `${base}/documents/:documentId/cancel`, access: write, summary: 'End the processing of a document; what was searchable before stays', tags, params: documentParams, status: 202, response: KnowledgeDocument,
  }),
  reindexAll: endpoint({
    method: 'POST', path: `${base}/reindex`, access: write, summary: 'Process everything again, as it is set now', tags, params: subscriptionParams, status: 202, response: z.object({ queued: z.number().int() }),
  }),
  deleteDocument: endpoint({ method: 'DELETE', path: `${base}/documents/:documentId`, access: write, summary: 'Delete a document', tags, params: documentParams, status: 204, response: z.undefined() }),
  deleteDocuments: endpoint({
    method: 'POST', path: `${base}/documents/delete`, access: write, summary: 'Delete several documents', tags, params: subscriptionParams, body: z.strictObject({ ids: z.array(Id).min(1).max(500) }), response: z.object({ deleted: z.number().int() }),
  }),
  listQa: endpoint({ method: 'GET', path: `${base}/qa`, access: read, summary: 'Question and answer pairs', tags, params: subscriptionParams, query: z.object({ search: z.string().trim().max(200).optional() }), response: z.object({ data: z.array(QaPair) }) }),
  addQa: endpoint({ method: 'POST', path: `${base}/qa`, access: write, summary: 'Add a pair', tags, params: subscriptionParams, body: NewQaPair, status: 201, response: QaPair }),
  updateQa: endpoint({ method: 'PUT', path: `${base}/qa/:documentId`, access: write, summary: 'Change a pair', tags, params: documentParams, body: NewQaPair, response: QaPair }),
  /** Multipart field `file`: CSV with the columns question and answer, or JSON `[{question, answer}]`. */
  importQa: endpoint({
    method: 'POST', path: `${base}/qa/import`, access: write, summary: 'Import pairs from CSV or JSON', tags, params: subscriptionParams, bodyKind: 'multipart', bodyBytesMax: 12 * 1024 * 1024, status: 201,
    response: z.object({ added: z.number().int(), errors: z.array(z.object({ row: z.number().int(), message: z.string() })) }),
  }),
  search: endpoint({
    method: 'POST', path: `${base}/search`, access: read, summary: 'Search the knowledge', tags, params: subscriptionParams,
    body: z.strictObject({
      query: z.string().trim().min(1).max(2000).meta({ title: 'Question' }), top_k: z.int().min(1).max(50).optional(), method: z.enum(SEARCH_METHODS).optional(),
      filters: SearchFilters.optional(),
      /** What was said before, oldest first; a follow-up question is understood from it. */
      conversation: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(8000) })).max(20).optional(),
    }), response: z.object({ data: z.array(SearchHit), took_ms: z.number() }),
  }),
  answer: endpoint({
    method: 'POST', path: `${base}/answer`, access: read, summary: 'Try a question: what the product would say, and what it rests on. Free; nothing is recorded', tags, params: subscriptionParams,
    body: z.strictObject({ query: z.string().trim().min(1).max(2000) }),
    response: z.object({
      answer: z.string(), citations: z.array(Citation), outcome: AnswerOutcome,
      /** Why the knowledge does not answer it; null when it does. */
      gap: KnowledgeGap.nullable(),
      /** 0 to 1: how well the knowledge fits the question, and from where on that counts as an answer. */
      confidence: z.number(), threshold: z.number(), strict: z.boolean(),
      /** What was found, best first, also where it was not sure enough to answer from. */
      retrieved: z.array(SearchHit), took_ms: z.number(),
    }),
  }),
};

/** How a knowledge base cuts and searches; from the subscription's effective configuration. */
export const KnowledgeSettings = z.object({
  chunking: z.object({ strategy: z.enum(CHUNKING_STRATEGIES), chunkSize: z.number().int(), overlap: z.number().int() }),
  embeddingModel: z.string().nullable(),
});
export type KnowledgeSettings = z.infer<typeof KnowledgeSettings>;
