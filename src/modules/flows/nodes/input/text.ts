import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';

export const textInput = defineNode({
  type: 'input.text',
  title: 'Text input',
  description: "A text the seller wrote. In a flow without a chat input it takes the run's input instead.",
  family: 'input',
  config: z.strictObject({ value: z.string().default('') }),
  inputs: [],
  outputs: [{ name: 'text' }],
  run: async (context, config) => ({ text: text(context.entry && context.input.text !== '' ? context.input.text : config.value) }),
});
