import { z } from 'zod';
import { defineNode, inputAt, json } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { listOf, wholeOf } from '../items.ts';
import { queryJsonPath } from './json-path-query.ts';

export const jsonPath = defineNode({
  type: 'transform.json-path',
  title: 'JSONPath',
  description: 'Finds values in data by a JSONPath such as $.orders[?@.total > 100].id.',
  family: 'transform',
  config: z.strictObject({
    path: z.string().max(10_000).default('$').meta({ title: 'Path' }),
    first: z.boolean().default(false).meta({ title: 'Only the first', description: 'Instead of a list of all.' }),
    each: eachSetting(false),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, { path, first, each }, inputs) => {
    const input = inputAt(inputs, 'input');
    if (each) return { output: mapItems(context, input, true, (item) => { const found = queryJsonPath(path, item); return first ? found[0] ?? null : found; }) };
    const found = queryJsonPath(path, wholeOf(input));
    return { output: first ? json(found[0] ?? null) : listOf(found) };
  },
});
