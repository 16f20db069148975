import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';

export const pass = defineNode({
  type: 'logic.pass',
  title: 'Pass on',
  description: 'Hands on what it gets.',
  family: 'logic',
  config: z.strictObject({}),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  acceptsStream: true,
  run: async (_context, _config, inputs) => ({ output: inputAt(inputs, 'input') ?? { kind: 'none' } }),
});
