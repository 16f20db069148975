import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';

export const chatInput = defineNode({
  type: 'input.chat',
  title: 'Chat input',
  description: 'What the person wrote.',
  family: 'input',
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'message' }],
  run: async (context) => ({ message: text(context.input.text) }),
});
