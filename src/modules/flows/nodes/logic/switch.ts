import { z } from 'zod';
import { looselyEqual } from '../../expression/data.ts';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { eachSetting, splitItems, wholeScope } from '../each-item.ts';
import { Conditions, conditionsHold, hasConditions } from './conditions.ts';

const Config = z.strictObject({
  value: z.unknown().default('{{ item }}').meta({ title: 'Value', description: 'What decides, for cases that name a value.' }),
  cases: z.array(z.strictObject({
    name: z.string().max(100).default('').meta({ title: 'Name' }),
    equals: z.unknown().optional().meta({ title: 'Is', description: 'The case is taken when the value is this.' }),
    conditions: Conditions.optional().meta({ title: 'Conditions', description: 'Instead of a value.' }),
  })).max(50).default([]).meta({ title: 'Cases', description: 'The first that fits is taken; its output is case0, case1 and so on.' }),
  each: eachSetting(false),
  all: z.boolean().default(false).meta({ title: 'Take every case that fits' }),
});

/** The ports to take: of the first case that fits, or of all; `default` where none does. */
function waysFor(config: z.output<typeof Config>, scope: Scope): readonly string[] {
  const value = resolve(config.value, scope);
  const fits = config.cases.flatMap((one, index) => {
    const taken = one.conditions && hasConditions(one.conditions) ? conditionsHold(one.conditions, scope) : looselyEqual(value, resolve(one.equals, scope));
    return taken ? [`case${index}`] : [];
  });
  if (fits.length === 0) return ['default'];
  return config.all ? fits : fits.slice(0, 1);
}

export const logicSwitch = defineNode({
  type: 'logic.switch',
  title: 'Switch',
  description: 'Sends the message, or every item, the way of the first case that fits. What hangs on the other ways is skipped.',
  family: 'logic',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'default' }],
  dynamicOutputs: (config) => config.cases.map((_one, index) => ({ name: `case${index}` })),
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    if (!config.each) return Object.fromEntries(waysFor(config, wholeScope(context, input)).map((way) => [way, input]));
    return splitItems(context, input, (_item, scope) => waysFor(config, scope));
  },
});
