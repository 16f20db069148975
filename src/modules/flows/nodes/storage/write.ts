import { z } from 'zod';
import { renderText } from '../../expression/template.ts';
import { callOutside, valueOf } from '../connector/call-connector.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { textOf } from '../values.ts';
import { bucketConfig, objectKey } from './object-key.ts';

export const storageWrite = defineNode({
  type: 'storage.write',
  title: 'Write a file',
  description: 'Writes what comes in as a file into a bucket, replacing one of the same name, and hands it on.',
  family: 'storage',
  effect: true,
  expressions: true,
  config: z.strictObject({
    ...bucketConfig,
    content: z.string().max(1_000_000).default('').meta({ title: 'Content', description: 'May hold expressions; the text of the input where it is empty.', ui: { widget: 'textarea' } }),
    contentType: z.string().max(200).default('text/plain; charset=utf-8').meta({ title: 'Kind of file' }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }, { name: 'file' }],
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input');
    const scope = wholeScope(context, input);
    const content = config.content === '' ? textOf(input) : renderText(config.content, scope);
    const file = await callOutside(context, { connector: config.connector, action: 'put', connection: config.connection }, { key: objectKey(renderText(config.key, scope)), content, contentType: config.contentType });
    return { output: input ?? text(content), file: valueOf(file) };
  },
});
