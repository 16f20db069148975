import { z } from 'zod';
import { defineNode } from './define-node.ts';
import { NodeError } from './node-error.ts';

export const unsupported = defineNode({
  type: 'unsupported',
  title: 'Unsupported step',
  description: 'A step of an imported file that the built-in engine cannot run.',
  family: 'other',
  config: z.strictObject({ originalType: z.string().default(''), reason: z.string().default('') }),
  inputs: [],
  outputs: [],
  run: async (_context, config) => {
    throw new NodeError('node-unsupported', `The step "${config.originalType}" cannot run on the built-in engine${config.reason === '' ? '' : `: ${config.reason}`}.`);
  },
});
