import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import { compare, COMPARISONS } from '../logic/compare.ts';
import { Conditions, conditionsHold, hasConditions } from '../logic/conditions.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { fieldOf, rowsOf, scalarText } from '../values.ts';

export const filterRows = defineNode({
  type: 'transform.filter',
  title: 'Filter',
  description: 'Keeps the items that fit, by conditions or by one field.',
  family: 'transform',
  expressions: true,
  config: z.strictObject({
    conditions: Conditions.prefault({}).meta({ title: 'Conditions' }),
    key: z.string().max(500).default('').meta({ title: 'Field', description: 'Looked at where no conditions are listed.' }),
    operator: z.enum(COMPARISONS).default('equals').meta({ title: 'Comparison' }),
    value: z.string().max(10_000).default('').meta({ title: 'Compared with' }),
  }),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'data' }, { name: 'rest' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const data = inputAt(inputs, 'data');
    if (hasConditions(config.conditions)) {
      const items = itemsOf(data);
      const fits = items.map((_item, index) => conditionsHold(config.conditions, scopeFor(context, items, index)));
      if (data?.kind === 'passages') return { data: { kind: 'passages', passages: data.passages.filter((_one, index) => fits[index]) } };
      return { data: listOf(items.filter((_item, index) => fits[index])), rest: listOf(items.filter((_item, index) => !fits[index])) };
    }
    const fits = (row: unknown) => compare(scalarText(config.key === '' ? row : fieldOf(row, config.key)), config.operator, config.value, false);
    if (data?.kind === 'passages') return { data: { kind: 'passages', passages: data.passages.filter(fits) } };
    return { data: { kind: 'table', rows: rowsOf(data).filter(fits) } };
  },
});
