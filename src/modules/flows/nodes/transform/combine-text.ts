import { z } from 'zod';
import { defineNode, inputAt, text } from '../define-node.ts';
import { textOf } from '../values.ts';

export const combineText = defineNode({
  type: 'transform.combine-text',
  title: 'Combine text',
  description: 'Joins two texts.',
  family: 'transform',
  config: z.strictObject({ separator: z.string().max(1000).default(' ') }),
  inputs: [{ name: 'first' }, { name: 'second' }],
  outputs: [{ name: 'text' }],
  run: async (_context, config, inputs) => {
    const parts = [inputAt(inputs, 'first'), inputAt(inputs, 'second')].filter((value) => value !== undefined);
    return { text: text(parts.map(textOf).join(config.separator)) };
  },
});
