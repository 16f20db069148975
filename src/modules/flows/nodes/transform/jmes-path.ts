import { z } from 'zod';
import { isList, plain } from '../../expression/data.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { listOf, wholeOf } from '../items.ts';
import { queryJmesPath } from './jmes-path-query.ts';

export const jmesPath = defineNode({
  type: 'transform.jmespath',
  title: 'JMESPath',
  description: 'Finds and reshapes data by a JMESPath such as orders[?total > `100`].{id: id, total: total}.',
  family: 'transform',
  config: z.strictObject({
    expression: z.string().max(10_000).default('@').meta({ title: 'Expression' }),
    each: eachSetting(false),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, { expression, each }, inputs) => {
    const input = inputAt(inputs, 'input');
    const query = (data: unknown): unknown => plain(queryJmesPath(expression, data)) ?? null;
    if (each) return { output: mapItems(context, input, true, query) };
    const found = query(wholeOf(input));
    return { output: isList(found) ? listOf(found) : json(found) };
  },
});
