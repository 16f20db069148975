import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';

const BRANCHES_MAX = 20;

export const parallel = defineNode({
  type: 'logic.parallel',
  title: 'Parallel',
  description: 'Starts several branches at the same time with the same message. A merge brings them together again.',
  family: 'logic',
  config: z.strictObject({ branches: z.number().int().min(1).max(BRANCHES_MAX).default(2).meta({ title: 'Branches', description: 'Their outputs are branch0, branch1 and so on.' }) }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  dynamicOutputs: ({ branches }) => Array.from({ length: branches }, (_, index) => ({ name: `branch${index}` })),
  acceptsStream: true,
  run: async (_context, { branches }, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    return { output: input, ...Object.fromEntries(Array.from({ length: branches }, (_, index) => [`branch${index}`, input])) };
  },
});
