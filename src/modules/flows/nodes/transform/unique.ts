import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { fieldOf } from '../values.ts';

export const uniqueItems = defineNode({
  type: 'transform.unique',
  title: 'Remove duplicates',
  description: 'Keeps one of every set of items that are equal, as a whole or in some fields.',
  family: 'transform',
  config: z.strictObject({
    fields: z.array(z.string().max(500)).max(50).default([]).meta({ title: 'Fields', description: 'Names or dot paths; the whole item where there are none.' }),
    keep: z.enum(['first', 'last']).default('first').meta({ title: 'Which one stays' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (_context, { fields, keep }, inputs) => {
    const kept = new Map<string, unknown>();
    for (const item of itemsOf(inputAt(inputs, 'input'))) {
      const key = JSON.stringify(fields.length === 0 ? item : fields.map((field) => fieldOf(item, field) ?? null)) ?? '';
      if (keep === 'first' && kept.has(key)) continue;
      kept.delete(key);
      kept.set(key, item);
    }
    return { output: listOf([...kept.values()]) };
  },
});
