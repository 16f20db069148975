import { z } from 'zod';
import { defineNode, inputAt, json } from '../define-node.ts';
import { dataOf, fieldOf, rowsOf } from '../values.ts';

export const select = defineNode({
  type: 'transform.select',
  title: 'Select field',
  description: 'Takes one field out of data, by name or dot path. From several rows it takes the field of each.',
  family: 'transform',
  config: z.strictObject({ key: z.string().max(500).default('') }),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'value' }],
  run: async (_context, config, inputs) => {
    const data = inputAt(inputs, 'data');
    if (config.key === '') return { value: json(dataOf(data)) };
    if (data?.kind === 'json' && !Array.isArray(data.json)) return { value: json(fieldOf(data.json, config.key) ?? null) };
    return { value: json(rowsOf(data).map((row) => fieldOf(row, config.key) ?? null)) };
  },
});
