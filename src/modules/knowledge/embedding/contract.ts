import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';

/** Which model compares meaning in a knowledge base, and the change to another. */
export const EmbeddingChoice = z.object({
  /** Its id in the catalogue; `id@dimensions` where the vectors are shorter than its own. */
  model: z.string(), title: z.string(), dimensions: z.number().int(),
  /** Compares words, not meaning: no provider serves this model. */
  offline: z.boolean(),
  /** Whether the buyer may choose another. */
  customizable: z.boolean(),
  /** With `dimensionsMin`, any length from there to `dimensions` may be chosen. */
  choices: z.array(z.object({ id: z.string(), title: z.string(), dimensions: z.number().int(), dimensionsMin: z.number().int().nullable() })),
  /** Set while everything is embedded anew; the model before goes on answering. */
  changing: z.object({ model: z.string(), title: z.string(), done: z.number().int(), total: z.number().int() }).nullable(),
}).meta({ id: 'KnowledgeEmbedding' });
export type EmbeddingChoice = z.infer<typeof EmbeddingChoice>;

const params = z.object({ subscriptionId: Id });
const path = '/api/v1/subscriptions/:subscriptionId/knowledge/embedding';
const tags = ['Knowledge'];

export const embeddingEndpoints = {
  get: endpoint({ method: 'GET', path, access: { member: 'member', scope: 'knowledge:read' }, summary: 'The embedding model, and others that may be chosen', tags, params, response: EmbeddingChoice }),
  /** The model is tried once; then everything is embedded anew in the background. Another length is another model. Naming the model that serves takes a change back that is on its way. */
  choose: endpoint({
    method: 'PUT', path, access: { member: 'admin', scope: 'knowledge:write' }, summary: 'Choose the embedding model', tags, params,
    body: z.strictObject({
      model: z.string().min(1).max(200).meta({ title: 'Embedding model' }),
      /** Numbers in a vector; the model's own length unless told. */
      dimensions: z.int().min(1).max(16_000).optional().meta({ title: 'Dimensions' }),
    }), status: 202, response: EmbeddingChoice,
  }),
};
