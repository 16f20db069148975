import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';
import { textOf } from '../values.ts';
import { compare, COMPARISONS } from './compare.ts';

export const logicIf = defineNode({
  type: 'logic.if',
  title: 'If',
  description: 'Sends the message one of two ways. What hangs on the other way is skipped.',
  family: 'logic',
  config: z.strictObject({
    operator: z.enum(COMPARISONS).default('equals'),
    value: z.string().max(10_000).default(''),
    caseSensitive: z.boolean().default(false),
  }),
  inputs: [{ name: 'input', required: true }, { name: 'message' }],
  outputs: [{ name: 'true' }, { name: 'false' }],
  run: async (_context, config, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    const message = inputAt(inputs, 'message') ?? input;
    const way = compare(textOf(input), config.operator, config.value, config.caseSensitive) ? 'true' : 'false';
    return { [way]: message };
  },
});
