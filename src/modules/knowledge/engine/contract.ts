import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';

/** Where knowledge is searched: in our own index, or by a RAGFlow server of the operator. */
export const KNOWLEDGE_ENGINES = ['builtin', 'ragflow'] as const;

export const EngineChoice = z.object({
  /** What answers now. */
  kind: z.enum(KNOWLEDGE_ENGINES),
  /** Whether there is anything to choose: the operator has connected a server. */
  available: z.boolean(),
  /** Set while documents are handed to the other engine; what answered before goes on meanwhile. */
  switching: z.object({
    documents: z.number().int(), ready: z.number().int(),
    /** Documents the other engine could not read. They are found by our own index. */
    failed: z.number().int(),
  }).nullable(),
}).meta({ id: 'KnowledgeEngine' });
export type EngineChoice = z.infer<typeof EngineChoice>;

export const engineEndpoints = {
  /** Choosing the engine that is on its way already tries again what failed. Back to `builtin` is immediate. */
  choose: endpoint({
    method: 'PUT', path: '/api/v1/subscriptions/:subscriptionId/knowledge/engine', access: { member: 'admin', scope: 'knowledge:write' }, summary: 'Choose where the knowledge is searched', tags: ['Knowledge'],
    params: z.object({ subscriptionId: Id }), body: z.strictObject({ engine: z.enum(KNOWLEDGE_ENGINES).meta({ title: 'Search engine' }) }), response: EngineChoice,
  }),
};
