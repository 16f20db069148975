import { z } from 'zod';
import { scopeFor } from '../../expression/scope-for.ts';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf } from '../items.ts';
import { isRow, type Row } from '../values.ts';
import { actionOf, callConfig, callOutside, checkLiterals, resolveInput, valueOf } from './call-connector.ts';

export const connectorTool = defineNode({
  type: 'connector.tool',
  title: 'Tool of another system',
  description: 'Lets an agent run an action of a connector. What is set here is fixed; the agent gives the rest.',
  family: 'connector',
  expressions: true,
  config: z.strictObject({
    ...callConfig,
    /** As the agent knows it; made from connector and action unless told. */
    name: z.string().max(64).default('').meta({ title: 'Name for agents' }),
    description: z.string().max(2_000).default('').meta({ title: 'Description for agents', ui: { widget: 'textarea' } }),
    /** JSON Schema of arguments of its own: then templates of the input see the arguments as `item`. */
    parameters: z.record(z.string(), z.unknown()).nullable().default(null).meta({ title: 'Own arguments', ui: { widget: 'code' } }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const action = await actionOf(context, config);
    await checkLiterals(context, config);
    const items = itemsOf(inputAt(inputs, 'input'));
    const fixed = config.parameters === null ? resolveInput(config.input, scopeFor(context, items, 0)) : {};
    return {
      tool: {
        kind: 'tool',
        tool: {
          name: config.name || `${config.connector}_${config.action}`.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64),
          description: config.description || action.description,
          parameters: config.parameters ?? openFields(action.input, fixed),
          call: async (given) => {
            const args = isRow(given) ? given : {};
            // What the seller fixed wins over what the model writes.
            const input = config.parameters === null ? { ...args, ...fixed } : resolveInput(config.input, scopeFor(context, [args], 0));
            return valueOf(await callOutside(context, config, input));
          },
        },
      },
    };
  },
});

/** The action's JSON Schema without the fields that are fixed already. */
function openFields(schema: Row, fixed: Row): Row {
  const properties = isRow(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !Object.hasOwn(fixed, name))),
    required: required.filter((name: unknown) => typeof name === 'string' && !Object.hasOwn(fixed, name)),
  };
}
