import { z } from 'zod';
import { callOutside, valueOf } from '../connector/call-connector.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';

export const visionCreate = defineNode({
  type: 'vision.create',
  title: 'Make pictures',
  description: 'Makes pictures from a description, as a list with addresses or Base64.',
  family: 'vision',
  calls: true,
  config: z.strictObject({
    connector: z.enum(['openai']).default('openai').meta({ title: 'Service' }),
    connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
    size: z.string().regex(/^(?:auto|\d{2,5}x\d{2,5})$/).default('1024x1024').meta({ title: 'Size' }),
    count: z.number().int().min(1).max(4).default(1).meta({ title: 'Pictures' }),
  }),
  inputs: [{ name: 'prompt', required: true }],
  outputs: [{ name: 'pictures' }],
  run: async (context, config, inputs) => {
    const prompt = textOf(inputAt(inputs, 'prompt')).trim();
    if (prompt === '') throw new NodeError('node-input-missing', 'There is no description of the picture.');
    return { pictures: valueOf(await callOutside(context, { connector: config.connector, action: 'create-image', connection: config.connection }, { prompt, size: config.size, n: config.count })) };
  },
});
