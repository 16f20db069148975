import { z } from 'zod';
import { defineNode, inputAt, text } from '../define-node.ts';

export const textOutput = defineNode({
  type: 'output.text',
  title: 'Text output',
  description: 'A result of the run.',
  family: 'output',
  config: z.strictObject({}),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'text' }],
  acceptsStream: true,
  run: async (_context, _config, inputs) => ({ text: inputAt(inputs, 'input') ?? text('') }),
});
