import { z } from 'zod';
import { defineNode, json } from '../define-node.ts';

export const embeddingModelNode = defineNode({
  type: 'model.embedding',
  title: 'Embedding model',
  description: 'Names an embedding model. Knowledge is embedded by the knowledge base it lives in, so this only keeps the graph connected.',
  family: 'model',
  config: z.strictObject({ modelId: z.string().nullable().default(null) }),
  inputs: [],
  outputs: [{ name: 'embedding' }],
  run: async (_context, config) => ({ embedding: json({ modelId: config.modelId }) }),
});
