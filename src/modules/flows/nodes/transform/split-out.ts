import { z } from 'zod';
import { dataFrom, fieldsOf, isData, isList } from '../../expression/data.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { withField, withoutField } from '../field-path.ts';
import { itemsOf, listOf, madeOf, wholeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { fieldOf } from '../values.ts';

const ITEMS_MAX = 100_000;

const Config = z.strictObject({
  field: z.string().max(500).default('').meta({ title: 'Field', description: 'Name or dot path of the list; the item itself where it is empty.' }),
  as: z.string().max(500).default('').meta({ title: 'Called', description: 'Field for the element; the name of the list where it is empty.' }),
  keep: z.enum(['none', 'all', 'listed']).default('none').meta({ title: 'Other fields', description: 'Which fields of the item every element takes along.' }),
  listed: z.array(z.string().max(500)).max(100).default([]).meta({ title: 'Listed fields' }),
});

export const splitOut = defineNode({
  type: 'transform.split-out',
  title: 'Split out',
  description: 'Makes one item of every element of a list inside the items.',
  family: 'transform',
  config: Config,
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (_context, config, inputs) => {
    const input = inputAt(inputs, 'input');
    const made = (config.field === '' ? [wholeOf(input)] : itemsOf(input)).flatMap((item) => elementsOf(item, config).map((element) => madeOf(element, item)));
    if (made.length > ITEMS_MAX) throw new NodeError('node-limit', `Splitting makes more than ${ITEMS_MAX} items.`);
    return { output: listOf(made) };
  },
});

function elementsOf(item: unknown, config: z.output<typeof Config>): readonly unknown[] {
  const found = config.field === '' ? item : fieldOf(item, config.field);
  if (found === undefined || found === null) return [];
  const elements = isList(found) ? found : isData(found) ? fieldsOf(found).map(([, value]) => value) : [found];
  if (config.keep === 'none' && config.as === '') return elements.map((element) => (isData(element) || config.field === '' ? element : { [lastOf(config.field)]: element }));
  const along = !isData(item) || config.keep === 'none' ? {} : config.keep === 'all' ? withoutField(item, config.field) : dataFrom(config.listed.map((path) => [lastOf(path), fieldOf(item, path)]));
  return elements.map((element) => withField(along, config.as === '' ? lastOf(config.field) : config.as, element, false));
}

const lastOf = (path: string): string => path.split('.').at(-1) || 'value';
