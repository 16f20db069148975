import { z } from 'zod';
import { defineNode } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { ONE_QUERY } from '../tool-arguments.ts';
import { isRow } from '../values.ts';
import { JAVASCRIPT_DIALECTS, PYTHON_DIALECTS } from './preludes.ts';
import { codeConfig, runCodeStep } from './run-code-step.ts';

const Config = z.strictObject({
  ...codeConfig,
  language: z.enum(['javascript', 'python']).default('javascript').meta({ title: 'Language' }),
  dialect: z.enum([...JAVASCRIPT_DIALECTS, 'langflow']).default('plain').meta({ title: 'Written for' }),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/).default('code').meta({ title: 'Name for agents' }),
  description: z.string().max(2_000).default('').meta({ title: 'Description for agents', ui: { widget: 'textarea' } }),
  /** JSON Schema of the arguments; the code finds each by its name. */
  parameters: z.record(z.string(), z.unknown()).default(ONE_QUERY).meta({ title: 'Arguments of the tool', ui: { widget: 'code' } }),
}).refine(({ language, dialect }) => (language === 'python' ? PYTHON_DIALECTS : JAVASCRIPT_DIALECTS).some((known) => known === dialect), { path: ['dialect'], message: 'There is no such code in this language.' });

export const codeTool = defineNode({
  type: 'code.tool',
  title: 'Code for agents',
  description: 'Lets an agent run JavaScript or Python of yours with arguments it chooses. What the code returns is the answer.',
  family: 'code',
  expressions: true,
  config: Config,
  inputs: [],
  outputs: [{ name: 'tool' }],
  run: async (context, config) => ({
    tool: {
      kind: 'tool',
      tool: {
        name: config.name, description: config.description, parameters: config.parameters,
        call: async (given) => {
          if (!isRow(given)) throw new NodeError('node-input-invalid', 'The arguments must be an object.');
          return runCodeStep(context, { ...config, each: false }, { kind: 'json', json: given }, given);
        },
      },
    },
  }),
});
