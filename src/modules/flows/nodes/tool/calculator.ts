import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';
import { textOf } from '../values.ts';
import { calculate } from './arithmetic.ts';

const Arguments = z.object({ expression: z.string().max(1000).describe('For example (4 + 5) * 3 or sqrt(2) ** 3.') });

/** At most fifteen digits, so that 0.1 + 0.2 is 0.3. */
const shown = (value: number): string => String(Number(value.toPrecision(15)));

export const calculator = defineNode({
  type: 'tool.calculator',
  title: 'Calculator',
  description: 'Works out arithmetic.',
  family: 'other',
  config: z.strictObject({}),
  inputs: [{ name: 'expression' }],
  outputs: [{ name: 'result' }, { name: 'tool' }],
  run: async (_context, _config, inputs): Promise<Record<string, Value>> => {
    const tool = toolValue('calculator', 'Works out an arithmetic expression.', Arguments, async ({ expression }) => text(shown(calculate(expression))));
    const expression = inputAt(inputs, 'expression');
    return expression ? { result: text(shown(calculate(textOf(expression)))), tool } : { tool };
  },
});
