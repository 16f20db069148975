import { z } from 'zod';
import { asNumber, dataFrom, isList, order } from '../../expression/data.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { fieldOf, scalarText } from '../values.ts';

const OPERATIONS = ['count', 'sum', 'average', 'min', 'max', 'first', 'last', 'list', 'flat list', 'text', 'count different'] as const;

const Measure = z.strictObject({
  operation: z.enum(OPERATIONS).default('count').meta({ title: 'What' }),
  field: z.string().max(500).default('').meta({ title: 'Of field', description: 'Name or dot path; the whole item where it is empty.' }),
  as: z.string().max(500).default('').meta({ title: 'Called', description: 'Name of the result; the field and what is done with it where it is empty.' }),
  separator: z.string().max(100).default(', ').meta({ title: 'Between texts' }),
});
type Measure = z.output<typeof Measure>;

export const aggregate = defineNode({
  type: 'transform.aggregate',
  title: 'Aggregate',
  description: 'Sums up a list: one item for each group of equal fields, or one for all, with counts, sums, averages, extremes, texts or lists.',
  family: 'transform',
  config: z.strictObject({
    groupBy: z.array(z.string().max(500)).max(20).default([]).meta({ title: 'Group by', description: 'Names or dot paths of fields.' }),
    measures: z.array(Measure).max(100).default([]).meta({ title: 'Results', description: 'Without any, the items themselves are collected as "items".' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (_context, config, inputs) => {
    const items = itemsOf(inputAt(inputs, 'input'));
    const groups = config.groupBy.length === 0 ? [items] : [...Map.groupBy(items, (item) => JSON.stringify(config.groupBy.map((path) => fieldOf(item, path) ?? null))).values()];
    return {
      output: listOf(groups.map((group) => dataFrom([
        ...config.groupBy.map((path): [string, unknown] => [path.split('.').at(-1) ?? path, fieldOf(group[0], path) ?? null]),
        ...(config.measures.length === 0 ? [['items', group] satisfies [string, unknown]] : config.measures.map((measure): [string, unknown] => [nameOf(measure), measured(group, measure)])),
      ]))),
    };
  },
});

const nameOf = ({ as, field, operation }: Measure): string =>
  (as !== '' ? as : field === '' ? operation.replace(' ', '_') : `${operation.replace(' ', '_')}_${field.replaceAll('.', '_')}`);

function measured(group: readonly unknown[], { operation, field, separator }: Measure): unknown {
  const values = group.map((item) => (field === '' ? item : fieldOf(item, field))).filter((value) => value !== undefined && value !== null);
  const numbers = values.map(asNumber).filter((number) => !Number.isNaN(number));
  switch (operation) {
    case 'count': return values.length;
    case 'count different': return new Set(values.map(scalarText)).size;
    case 'sum': return numbers.reduce((sum, number) => sum + number, 0);
    case 'average': return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    case 'min': return extreme(values, -1);
    case 'max': return extreme(values, 1);
    case 'first': return values[0] ?? null;
    case 'last': return values.at(-1) ?? null;
    case 'list': return values;
    case 'flat list': return values.flatMap((value) => (isList(value) ? value : [value]));
    case 'text': return values.map(scalarText).join(separator);
  }
}

function extreme(values: readonly unknown[], sign: 1 | -1): unknown {
  return values.reduce<unknown>((best, value) => (best === null || sign * order(value, best) > 0 ? value : best), null);
}
