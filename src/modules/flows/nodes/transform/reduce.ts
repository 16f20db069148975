import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { itemsOf } from '../items.ts';

export const reduceItems = defineNode({
  type: 'transform.reduce',
  title: 'Reduce',
  description: 'Makes one value of a list, item by item: "loop.last" is what the items before have made.',
  family: 'transform',
  expressions: true,
  config: z.strictObject({
    start: z.unknown().default(0).meta({ title: 'Begins with' }),
    value: z.unknown().default('{{ loop.last + item }}').meta({ title: 'Becomes', description: 'Worked out for every item, e.g. {{ loop.last + item.amount }}.' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    const items = itemsOf(inputAt(inputs, 'input'));
    const start = resolve(config.start, scopeFor(context, items, 0));
    return { output: json(items.reduce((last, item, index) => resolve(config.value, scopeFor(context, items, index, item, { index, last })), start) ?? null) };
  },
});
