import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';
import { eachSetting, splitItems, wholeScope } from '../each-item.ts';
import { textOf } from '../values.ts';
import { compare, COMPARISONS } from './compare.ts';
import { Conditions, conditionsHold, hasConditions } from './conditions.ts';

export const logicIf = defineNode({
  type: 'logic.if',
  title: 'If',
  description: 'Sends the message one of two ways, or every item its own way. What hangs on a way that nothing takes is skipped.',
  family: 'logic',
  expressions: true,
  config: z.strictObject({
    conditions: Conditions.prefault({}).meta({ title: 'Conditions' }),
    each: eachSetting(false),
    operator: z.enum(COMPARISONS).default('equals').meta({ title: 'Comparison', description: 'Compares the text of the input where no conditions are listed.' }),
    value: z.string().max(10_000).default('').meta({ title: 'Compared with' }),
    caseSensitive: z.boolean().default(false).meta({ title: 'Capital letters count' }),
  }),
  inputs: [{ name: 'input', required: true }, { name: 'message' }],
  outputs: [{ name: 'true' }, { name: 'false' }],
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    const message = inputAt(inputs, 'message') ?? input;
    if (config.each && hasConditions(config.conditions)) return splitItems(context, input, (_item, scope) => [String(conditionsHold(config.conditions, scope))]);
    const fits = hasConditions(config.conditions)
      ? conditionsHold(config.conditions, wholeScope(context, input))
      : compare(textOf(input), config.operator, config.value, config.caseSensitive);
    return { [String(fits)]: message };
  },
});
