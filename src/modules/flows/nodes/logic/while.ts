import { z } from 'zod';
import { scopeFor } from '../../expression/scope-for.ts';
import type { LoopPlan, NodeContext, NodeInputs, Value } from '../../node-type.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { itemsOf, wholeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { Conditions, conditionsHold } from './conditions.ts';

const Config = z.strictObject({
  conditions: Conditions.prefault({}).meta({ title: 'Goes on while', description: 'Looked at before every pass; "item" is what comes into it. Without any, the loop goes on as long as something comes back.' }),
  iterationsMax: z.number().int().min(1).max(1_000).default(100).meta({ title: 'Most passes' }),
  atMax: z.enum(['end', 'fail']).default('end').meta({ title: 'At the most passes', description: 'Goes on after the loop, or ends the run with an error.' }),
});

async function plan(context: NodeContext, config: z.output<typeof Config>, inputs: NodeInputs): Promise<LoopPlan> {
  const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
  let latest: Value = input;
  return {
    concurrency: 1,
    next: (pass, last) => {
      if (pass > 0 && last === undefined) return null;
      latest = last ?? input;
      const item = wholeOf(latest);
      if (!conditionsHold(config.conditions, scopeFor(context, itemsOf(latest), pass, item, { index: pass, last: last && item }))) return null;
      if (pass >= config.iterationsMax) {
        if (config.atMax === 'fail') throw new NodeError('node-limit', `The loop was not done after ${config.iterationsMax} passes.`);
        context.note?.(`The loop ended after ${config.iterationsMax} passes, its most.`);
        return null;
      }
      return { item: latest, index: json(pass) };
    },
    end: () => ({ done: latest }),
  };
}

export const whileLoop = defineNode({
  type: 'logic.while',
  title: 'While',
  description: 'Goes through the steps between "item" and "feedback" again and again, each time with what came back, as long as the conditions hold and something comes back.',
  family: 'logic',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input', required: true }, { name: 'feedback' }],
  outputs: [{ name: 'item' }, { name: 'index' }, { name: 'done' }],
  loop: { item: 'item', feedback: 'feedback', kind: 'while', plan },
  run: async (context, config, inputs) => (await plan(context, config, inputs)).end([]),
});
