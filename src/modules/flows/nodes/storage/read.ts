import { z } from 'zod';
import { renderText } from '../../expression/template.ts';
import { callOutside, valueOf } from '../connector/call-connector.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { fieldOf, scalarText } from '../values.ts';
import { bucketConfig, objectKey } from './object-key.ts';

export const storageRead = defineNode({
  type: 'storage.read',
  title: 'Read a file',
  description: 'Reads a file from a bucket: text as text, anything else in Base64.',
  family: 'storage',
  expressions: true,
  config: z.strictObject(bucketConfig),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'text' }, { name: 'file' }],
  run: async (context, config, inputs) => {
    const key = objectKey(renderText(config.key, wholeScope(context, inputAt(inputs, 'input'))));
    const file = await callOutside(context, { connector: config.connector, action: 'get', connection: config.connection }, { key });
    return { text: text(scalarText(fieldOf(file, 'content'))), file: valueOf(file) };
  },
});
