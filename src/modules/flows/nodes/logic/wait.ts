import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { asNumber } from '../../expression/data.ts';
import { resolve } from '../../expression/resolve.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { NodeError } from '../node-error.ts';

const SECONDS_MAX = 300;

export const wait = defineNode({
  type: 'logic.wait',
  title: 'Wait',
  description: 'Waits before it hands on what it gets. Ends at once when the run is cancelled.',
  family: 'logic',
  expressions: true,
  config: z.strictObject({
    seconds: z.union([z.number().min(0).max(SECONDS_MAX), z.string().max(1_000)]).default(1).meta({ title: 'Seconds', description: `Up to ${SECONDS_MAX}, or an expression that gives them.` }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    const seconds = asNumber(resolve(config.seconds, wholeScope(context, input)));
    if (!(seconds >= 0 && seconds <= SECONDS_MAX)) throw new NodeError('node-config-invalid', `A step waits between 0 and ${SECONDS_MAX} seconds.`);
    await sleep(seconds * 1_000, undefined, { signal: context.signal });
    return { output: input };
  },
});
