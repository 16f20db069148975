import { z } from 'zod';
import type { LoopPlan, NodeContext, NodeInputs, Value } from '../../node-type.ts';
import { defineNode, inputAt, json, text } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { NodeError } from '../node-error.ts';

const Config = z.strictObject({
  batchSize: z.number().int().min(1).max(1_000).default(1).meta({ title: 'Items at a time', description: 'More than one goes through the loop as a list.' }),
  concurrency: z.number().int().min(1).max(20).default(1).meta({ title: 'Passes at the same time' }),
  itemsMax: z.number().int().min(1).max(10_000).default(1_000).meta({ title: 'Most items', description: 'A longer list ends the run with an error instead of running for long.' }),
});

async function plan(_context: NodeContext, config: z.output<typeof Config>, inputs: NodeInputs): Promise<LoopPlan> {
  const items = itemsOf(inputAt(inputs, 'items'));
  if (items.length > config.itemsMax) throw new NodeError('node-limit', `The list has ${items.length} items; the loop takes at most ${config.itemsMax}.`);
  const { batchSize } = config;
  return {
    concurrency: config.concurrency,
    next: (pass) => {
      const batch = items.slice(pass * batchSize, (pass + 1) * batchSize);
      if (batch.length === 0) return null;
      return { item: batchSize === 1 ? valueOf(batch[0]) : listOf(batch), index: json(pass) };
    },
    // A loop that is there for what it does outside gives nothing back; what comes after it goes on with the items.
    end: (results) => ({ done: results.every((result) => result === undefined) ? listOf(items) : listOf(results.flatMap((result) => itemsOf(result))) }),
  };
}

/** One item as a value. */
export const valueOf = (item: unknown): Value => (typeof item === 'string' ? text(item) : json(item));

export const forEach = defineNode({
  type: 'logic.for-each',
  title: 'For each',
  description: 'Does everything that hangs on "item" once for every item of a list, one after the other or several at a time, and collects what comes back.',
  family: 'logic',
  config: Config,
  inputs: [{ name: 'items', required: true }, { name: 'feedback' }],
  outputs: [{ name: 'item' }, { name: 'index' }, { name: 'done' }],
  loop: { item: 'item', feedback: 'feedback', kind: 'each', plan },
  run: async (context, config, inputs) => (await plan(context, config, inputs)).end([]),
});
