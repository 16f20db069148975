import { z } from 'zod';
import { renderText } from '../../expression/template.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { NodeError } from '../node-error.ts';

export const humanApproval = defineNode({
  type: 'human.approval',
  title: 'Approval',
  description: 'A person has to decide before the flow goes on. A run that answers at once cannot wait for that: it ends here and says what is to be decided.',
  family: 'human',
  effect: true,
  expressions: true,
  config: z.strictObject({ question: z.string().max(10_000).default('Shall this go on?').meta({ title: 'Question', description: 'What the person is asked; may hold expressions.' }) }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'approved' }, { name: 'rejected' }],
  run: async (context, config, inputs) => {
    throw new NodeError('node-stopped', `A person must decide before this can go on: ${renderText(config.question, wholeScope(context, inputAt(inputs, 'input')))}`);
  },
});
