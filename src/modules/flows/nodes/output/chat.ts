import { z } from 'zod';
import { defineNode, inputAt, text } from '../define-node.ts';

export const chatOutput = defineNode({
  type: 'output.chat',
  title: 'Chat output',
  description: 'The answer the person sees, streamed as it is produced.',
  family: 'output',
  config: z.strictObject({}),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'message' }],
  acceptsStream: true,
  run: async (_context, _config, inputs) => ({ message: inputAt(inputs, 'input') ?? text('') }),
});
