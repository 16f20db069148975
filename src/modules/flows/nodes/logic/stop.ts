import { z } from 'zod';
import { renderText } from '../../expression/template.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { NodeError } from '../node-error.ts';

export const stop = defineNode({
  type: 'logic.stop',
  title: 'Stop',
  description: 'Ends the run with an error and its words, or ends only this branch.',
  family: 'logic',
  effect: true,
  expressions: true,
  config: z.strictObject({
    message: z.string().max(10_000).default('The run was stopped.').meta({ title: 'Message', description: 'What the person is told; may hold expressions.' }),
    quietly: z.boolean().default(false).meta({ title: 'Only this branch', description: 'What hangs on it is skipped, without an error.' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    const message = renderText(config.message, wholeScope(context, inputAt(inputs, 'input')));
    if (!config.quietly) throw new NodeError('node-stopped', message === '' ? 'The run was stopped.' : message);
    context.note?.(message);
    return {};
  },
});
