import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { compare, COMPARISONS } from '../logic/compare.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { fieldOf, rowsOf, scalarText } from '../values.ts';

export const filterRows = defineNode({
  type: 'transform.filter',
  title: 'Filter',
  description: 'Keeps the rows whose field fits.',
  family: 'transform',
  config: z.strictObject({
    key: z.string().max(500).default(''),
    operator: z.enum(COMPARISONS).default('equals'),
    value: z.string().max(10_000).default(''),
  }),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'data' }],
  run: async (_context, config, inputs): Promise<Record<string, Value>> => {
    const data = inputAt(inputs, 'data');
    const fits = (row: unknown) => compare(scalarText(config.key === '' ? row : fieldOf(row, config.key)), config.operator, config.value, false);
    if (data?.kind === 'passages') return { data: { kind: 'passages', passages: data.passages.filter(fits) } };
    return { data: { kind: 'table', rows: rowsOf(data).filter(fits) } };
  },
});
