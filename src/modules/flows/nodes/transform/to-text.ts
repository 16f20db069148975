import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { citationNumber } from '../knowledge/retrieve.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { parseTemplate, renderTemplate } from '../prompt/template-text.ts';
import { dataOf, fieldOf, rowsOf, scalarText, textOf } from '../values.ts';

export const toText = defineNode({
  type: 'transform.to-text',
  title: 'Parse data',
  description: 'Turns data into text, one piece for each row. Passages keep their citation number in front.',
  family: 'transform',
  config: z.strictObject({
    mode: z.enum(['template', 'stringify']).default('template'),
    template: z.string().default('{text}'),
    separator: z.string().default('\n'),
  }),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'text' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const data = inputAt(inputs, 'data');
    if (config.mode === 'stringify') return { text: text(data?.kind === 'text' ? data.text : data?.kind === 'json' || data?.kind === 'table' ? scalarText(dataOf(data)) : textOf(data)) };
    const parts = parseTemplate(config.template, false);
    const numberOf = citationNumber(context);
    const pieces = rowsOf(data).map((row, index) => {
      const piece = renderTemplate(parts, (name) => scalarText(fieldOf(row, name)));
      const passage = data?.kind === 'passages' ? data.passages[index] : undefined;
      return passage ? `[${numberOf(passage, index)}] ${piece}` : piece;
    });
    return { text: text(pieces.join(config.separator)) };
  },
});
