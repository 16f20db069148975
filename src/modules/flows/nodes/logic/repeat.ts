import { z } from 'zod';
import { asNumber } from '../../expression/data.ts';
import { resolve } from '../../expression/resolve.ts';
import type { LoopPlan, NodeContext, NodeInputs } from '../../node-type.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { itemsOf, listOf } from '../items.ts';
import { NodeError } from '../node-error.ts';

const TIMES_MAX = 1_000;

const Config = z.strictObject({
  times: z.union([z.number().int().min(0).max(TIMES_MAX), z.string().max(1_000)]).default(3).meta({ title: 'Times', description: `A number up to ${TIMES_MAX}, or an expression that gives one.` }),
  carry: z.boolean().default(true).meta({ title: 'Carry on', description: 'Every pass gets what came back from the one before. Otherwise all get the same, and may run at the same time.' }),
  concurrency: z.number().int().min(1).max(20).default(1).meta({ title: 'Passes at the same time', description: 'Only where passes do not carry on.' }),
});

async function plan(context: NodeContext, config: z.output<typeof Config>, inputs: NodeInputs): Promise<LoopPlan> {
  const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
  const times = asNumber(resolve(config.times, wholeScope(context, input)));
  if (!Number.isInteger(times) || times < 0 || times > TIMES_MAX) throw new NodeError('node-config-invalid', `A loop is repeated a whole number of times, at most ${TIMES_MAX}.`);
  return {
    concurrency: config.carry ? 1 : config.concurrency,
    next: (pass, last) => (pass < times ? { item: (config.carry ? last : undefined) ?? input, index: json(pass) } : null),
    end: (results) => ({
      done: listOf(results.flatMap((result) => itemsOf(result))),
      last: results.findLast((result) => result !== undefined) ?? input,
    }),
  };
}

export const repeat = defineNode({
  type: 'logic.repeat',
  title: 'Repeat',
  description: 'Does everything that hangs on "item" a number of times and collects what comes back.',
  family: 'logic',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input', required: true }, { name: 'feedback' }],
  outputs: [{ name: 'item' }, { name: 'index' }, { name: 'done' }, { name: 'last' }],
  loop: { item: 'item', feedback: 'feedback', kind: 'each', plan },
  run: async (context, config, inputs) => (await plan(context, config, inputs)).end([]),
});
