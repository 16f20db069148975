import { z } from 'zod';
import { scopeFor } from '../../expression/scope-for.ts';
import { renderText } from '../../expression/template.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { eachSetting, wholeScope } from '../each-item.ts';
import { itemsOf } from '../items.ts';

export const textTemplate = defineNode({
  type: 'transform.template',
  title: 'Text from template',
  description: 'Writes a text with expressions, once or once for every item.',
  family: 'transform',
  expressions: true,
  config: z.strictObject({
    template: z.string().max(200_000).default('{{ item }}').meta({ title: 'Template', description: 'Text with expressions such as {{ item.name }}.' }),
    each: eachSetting(false),
    separator: z.string().max(1_000).default('\n').meta({ title: 'Between items' }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'text' }],
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input');
    if (!config.each) return { text: text(renderText(config.template, wholeScope(context, input))) };
    const items = itemsOf(input);
    return { text: text(items.map((_item, index) => renderText(config.template, scopeFor(context, items, index))).join(config.separator)) };
  },
});
