import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';
import { PYTHON_DIALECTS } from './preludes.ts';
import { codeConfig, runCodeStep } from './run-code-step.ts';

export const pythonCode = defineNode({
  type: 'code.python',
  title: 'Python',
  description: 'Runs Python with its standard library on what comes in, without network or files. What it returns goes on.',
  family: 'code',
  expressions: true,
  config: z.strictObject({
    ...codeConfig,
    mode: z.enum(['all', 'each']).default('all').meta({ title: 'Run', description: 'Once for all items, or once for each.' }),
    dialect: z.enum(PYTHON_DIALECTS).default('plain').meta({ title: 'Written for' }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }],
  run: async (context, config, inputs) => ({ result: await runCodeStep(context, { ...config, language: 'python', each: config.mode === 'each' }, inputAt(inputs, 'input')) }),
});
