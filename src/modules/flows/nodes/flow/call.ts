import { z } from 'zod';
import { Flow } from '../../contract.ts';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import type { NodeContext } from '../../node-type.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { eachSetting } from '../each-item.ts';
import { itemsOf, listOf, madeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';

const ITEMS_MAX = 200;

/** The flow of such a step; none does nothing until there is one. */
export const innerFlow = Flow.default({ nodes: [], edges: [], parameters: [], requires: { models: [], connections: [], secrets: [], mcpServers: [] }, origin: { format: 'cmp', version: null, sha256: '' } });

/** Runs a flow inside this one. Throws NodeError where runs cannot hold others. */
export async function runInner(context: NodeContext, flow: Flow, text: string, data: unknown): Promise<unknown> {
  if (!context.runFlow) throw new NodeError('node-flow-failed', 'A flow cannot be run inside another here.');
  const result = await context.runFlow(flow, { text, data });
  return result.data ?? result.text;
}

export const flowCall = defineNode({
  type: 'flow.call',
  title: 'Run a flow',
  description: 'Runs a flow that is part of this step, once with all items or once for each, and goes on with what it gives.',
  family: 'logic',
  effect: true,
  config: z.strictObject({
    flow: innerFlow.meta({ title: 'Flow', ui: { widget: 'code' } }),
    /** What the flow gets instead of the items: fields with templates. */
    fields: z.record(z.string(), z.unknown()).nullable().default(null).meta({ title: 'Fields it gets', ui: { widget: 'code' } }),
    each: eachSetting(false),
  }),
  expressions: true,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }],
  run: async (context, config, inputs) => {
    const items = itemsOf(inputAt(inputs, 'input'));
    const given = config.fields === null ? items : items.map((_item, index) => resolve(config.fields, scopeFor(context, items, index)));
    if (!config.each) return { result: asItems(await runInner(context, config.flow, context.input.text, given)) };
    if (given.length > ITEMS_MAX) throw new NodeError('node-limit', `${given.length} items came in; a flow is run for at most ${ITEMS_MAX}.`);
    const results: unknown[] = [];
    for (const [index, item] of given.entries()) results.push(...listItems(await runInner(context, config.flow, context.input.text, [item])).map((one) => madeOf(one, items[index])));
    return { result: listOf(results) };
  },
});

const listItems = (data: unknown): readonly unknown[] => (Array.isArray(data) ? data : data === '' || data === null ? [] : [typeof data === 'string' ? { text: data } : data]);
const asItems = (data: unknown) => listOf(listItems(data));
