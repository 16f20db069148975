import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt, json, text } from '../define-node.ts';
import { listOf } from '../items.ts';
import { stepArguments } from '../tool/step-arguments.ts';
import { textOf } from '../values.ts';
import { callOperation } from './call-operation.ts';
import { Operation } from './operation-config.ts';

export const openApiOperation = defineNode({
  type: 'openapi.operation',
  title: 'API operation',
  description: 'Calls an operation of an API. Arguments come from its values, which may be expressions, and from what is connected.',
  family: 'openapi',
  effect: true,
  expressions: true,
  config: z.strictObject({
    ...Operation.shape,
    /** Once for every item that comes in, instead of once for all of it. */
    each: z.boolean().default(false).meta({ title: 'Once for each item' }),
  }),
  inputs: [{ name: 'arguments', leads: true }, { name: 'server' }],
  outputs: [{ name: 'response' }, { name: 'text' }],
  run: async (context, { each, ...operation }, inputs): Promise<Record<string, Value>> => {
    const address = inputAt(inputs, 'server');
    const server = address ? textOf(address) : operation.server;
    const answers: unknown[] = [];
    // One after the other: the other server decides how fast it wants to be asked.
    for (const [index, given] of stepArguments(context, operation.values, inputAt(inputs, 'arguments'), each).entries()) {
      answers.push(await callOperation(context, operation, server, given, context.idempotencyKey === undefined ? undefined : `${context.idempotencyKey}-${index}`));
    }
    const response = each ? listOf(answers) : json(answers[0] ?? null);
    return { response, text: text(textOf(response)) };
  },
});
