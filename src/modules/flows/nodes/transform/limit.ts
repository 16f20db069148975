import { z } from 'zod';
import { asNumber } from '../../expression/data.ts';
import { resolve } from '../../expression/resolve.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { itemsOf, listOf } from '../items.ts';
import { NodeError } from '../node-error.ts';

export const limitItems = defineNode({
  type: 'transform.limit',
  title: 'Limit',
  description: 'Takes a number of items from the beginning or the end of a list.',
  family: 'transform',
  expressions: true,
  config: z.strictObject({
    count: z.union([z.number().int().min(0), z.string().max(1_000)]).default(1).meta({ title: 'Items', description: 'A number, or an expression that gives one.' }),
    from: z.enum(['beginning', 'end']).default('beginning').meta({ title: 'From the' }),
    skip: z.number().int().min(0).default(0).meta({ title: 'Leave out', description: 'Items passed over first.' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input');
    const count = asNumber(resolve(config.count, wholeScope(context, input)));
    if (!Number.isInteger(count) || count < 0) throw new NodeError('node-config-invalid', 'The number of items must be a whole number.');
    const items = itemsOf(input);
    const end = items.length - config.skip;
    return { output: listOf(config.from === 'beginning' ? items.slice(config.skip, config.skip + count) : items.slice(Math.max(0, end - count), Math.max(0, end))) };
  },
});
