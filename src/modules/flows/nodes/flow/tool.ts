import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import { defineNode } from '../define-node.ts';
import { ONE_QUERY } from '../tool-arguments.ts';
import { isRow, scalarText } from '../values.ts';
import { innerFlow, runInner } from './call.ts';

export const flowTool = defineNode({
  type: 'flow.tool',
  title: 'Flow for agents',
  description: 'Lets an agent run a flow that is part of this step, with arguments it chooses. What the flow gives is the answer.',
  family: 'tool',
  expressions: true,
  config: z.strictObject({
    flow: innerFlow.meta({ title: 'Flow', ui: { widget: 'code' } }),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/).default('flow').meta({ title: 'Name for agents' }),
    description: z.string().max(2_000).default('').meta({ title: 'Description for agents', ui: { widget: 'textarea' } }),
    /** JSON Schema of the arguments. */
    parameters: z.record(z.string(), z.unknown()).default(ONE_QUERY).meta({ title: 'Arguments', ui: { widget: 'code' } }),
    /** What the flow gets: fields whose templates see the arguments as `item`; the arguments themselves where there are none. */
    fields: z.record(z.string(), z.unknown()).default({}).meta({ title: 'Fields it gets', ui: { widget: 'code' } }),
  }),
  inputs: [],
  outputs: [{ name: 'tool' }],
  run: async (context, config) => ({
    tool: {
      kind: 'tool',
      tool: {
        name: config.name, description: config.description, parameters: config.parameters,
        call: async (given) => {
          const args = isRow(given) ? given : {};
          const fields = resolve(config.fields, scopeFor(context, [args], 0));
          const data = isRow(fields) && Object.keys(fields).length > 0 ? { ...args, ...fields } : args;
          return { kind: 'text', text: scalarText(await runInner(context, config.flow, typeof args['query'] === 'string' ? args['query'] : '', [data])) };
        },
      },
    },
  }),
});
