import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { KnowledgeDocument } from '../contract.ts';

/** A knowledge base of the organization with what it holds. */
export const KnowledgeBase = z.object({
  id: Id, subscription_id: Id.nullable(), name: z.string(), engine: z.enum(['builtin', 'ragflow']), embedding_model: z.string(),
  document_count: z.number().int(), chunk_count: z.number().int(), total_size_bytes: z.number().int(), status: z.enum(['active', 'indexing']),
  last_indexed_at: Timestamp.nullable(), created_at: Timestamp,
}).meta({ id: 'KnowledgeBase' });
export type KnowledgeBase = z.infer<typeof KnowledgeBase>;

const access = { member: 'member' } as const;
const tags = ['Knowledge'];
/** One of both says which; a knowledge base of a subscription has either. */
const which = z.object({ knowledge_base_id: Id.optional(), subscription_id: Id.optional() });

export const knowledgeBaseEndpoints = {
  list: endpoint({ method: 'GET', path: '/api/v1/knowledge-bases', aliases: ['/api/marketplace-ai-knowledge-bases'], access, summary: 'Knowledge bases of the organization', tags, response: z.object({ data: z.array(KnowledgeBase) }) }),
  /** A subscription gets its knowledge base when it is provisioned; this answers with it, however often it is asked. */
  create: endpoint({
    method: 'POST', path: '/api/v1/knowledge-bases', aliases: ['/api/marketplace-ai-knowledge-bases'], access, summary: 'The knowledge base of a subscription', tags,
    body: z.strictObject({ subscription_id: Id }), status: 201, response: KnowledgeBase,
  }),
  listDocuments: endpoint({
    method: 'GET', path: '/api/v1/knowledge-documents', aliases: ['/api/marketplace-ai-knowledge-documents'], access, summary: 'Documents of a knowledge base', tags,
    query: which.extend({ search: z.string().trim().max(200).optional(), cursor: z.string().max(1000).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), response: page(KnowledgeDocument),
  }),
  /** Multipart or JSON, as for the documents of a subscription. */
  addDocuments: endpoint({
    method: 'POST', path: '/api/v1/knowledge-documents', aliases: ['/api/marketplace-ai-knowledge-documents'], access, summary: 'Add documents to a knowledge base', tags, query: which,
    bodyKind: 'multipart', bodyBytesMax: 32 * 1024 * 1024, status: 202, response: z.object({ data: z.array(KnowledgeDocument), refused: z.array(z.object({ name: z.string(), code: z.string(), message: z.string() })) }),
  }),
};
