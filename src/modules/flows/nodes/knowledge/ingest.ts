import { z } from 'zod';
import { defineNode } from '../define-node.ts';

export const knowledgeIngest = defineNode({
  type: 'knowledge.ingest',
  title: 'Knowledge store',
  description: "Stands for the place where the flow stores documents. It does nothing when the flow runs: the buyer's knowledge is filled by uploads and sources.",
  family: 'knowledge',
  config: z.strictObject({}),
  inputs: [{ name: 'data' }, { name: 'embedding' }],
  outputs: [{ name: 'passages' }],
  run: async () => ({ passages: { kind: 'passages', passages: [] } }),
});
