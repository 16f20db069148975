import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';

export const filesInput = defineNode({
  type: 'input.files',
  title: 'Files',
  description: 'The files that came with the message, already read: a table of name, mediaType and text, and all their text. In a flow with this step models get no files by themselves.',
  family: 'input',
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'files' }, { name: 'text' }],
  run: async (context) => {
    const files = context.input.files ?? [];
    return {
      files: { kind: 'table', rows: files.map(({ name, mediaType, text: content }) => ({ name, mediaType, text: content })) },
      text: text(files.map((file) => file.text).filter((content) => content !== '').join('\n\n')),
    };
  },
});
