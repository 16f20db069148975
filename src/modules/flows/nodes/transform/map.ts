import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { mapItems } from '../each-item.ts';

export const mapItemsNode = defineNode({
  type: 'transform.map',
  title: 'Map',
  description: 'Makes something new of every item: what the value gives for it, a text, a number, or an object of expressions.',
  family: 'transform',
  expressions: true,
  config: z.strictObject({
    value: z.unknown().default('{{ item }}').meta({ title: 'New item', description: 'An expression, or an object whose values are expressions.' }),
    skipEmpty: z.boolean().default(false).meta({ title: 'Leave out empty ones' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    const mapped = mapItems(context, inputAt(inputs, 'input'), true, (_item, scope) => resolve(config.value, scope) ?? null);
    if (!config.skipEmpty || mapped.kind !== 'json' || !Array.isArray(mapped.json)) return { output: mapped };
    return { output: { kind: 'json', json: mapped.json.filter((item: unknown) => item !== null && item !== '') } };
  },
});
