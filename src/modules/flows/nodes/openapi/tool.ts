import type { NodeTool, Value } from '../../node-type.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { withoutArguments } from '../tool/check-arguments.ts';
import { isRow, textOf } from '../values.ts';
import { callOperation } from './call-operation.ts';
import { Operation } from './operation-config.ts';

export const openApiTool = defineNode({
  type: 'openapi.tool',
  title: 'API operation as a tool',
  description: 'An operation of an API that an agent may call. Its arguments are checked before anything is sent.',
  family: 'openapi',
  config: Operation,
  inputs: [{ name: 'server' }],
  outputs: [{ name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const address = inputAt(inputs, 'server');
    const server = address ? textOf(address) : config.server;
    // As they are: words of the document may look like expressions, and a tool is offered before any item is there.
    const { values } = config;
    const tool: NodeTool = {
      name: config.name,
      description: config.description || `${config.method} ${config.path}`,
      parameters: withoutArguments(config.arguments, Object.keys(values)),
      // What is set here wins over anything a model makes up.
      call: async (given) => json(await callOperation(context, config, server, { ...(isRow(given) ? given : {}), ...values })),
    };
    return { tool: { kind: 'tool', tool } };
  },
});
