import { z } from 'zod';
import { dataFrom } from '../../expression/data.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { fieldOf } from '../values.ts';

export const compareLists = defineNode({
  type: 'transform.compare-lists',
  title: 'Compare lists',
  description: 'Finds what only one of two lists holds, what is in both, and what is in both but different.',
  family: 'transform',
  config: z.strictObject({
    key: z.array(z.string().max(500)).max(20).default([]).meta({ title: 'Key', description: 'Fields that tell which items belong together; the whole item where there are none.' }),
    ignore: z.array(z.string().max(500)).max(100).default([]).meta({ title: 'Fields that may differ' }),
  }),
  inputs: [{ name: 'first', required: true }, { name: 'second', required: true }],
  outputs: [{ name: 'onlyFirst' }, { name: 'onlySecond' }, { name: 'same' }, { name: 'different' }],
  run: async (_context, { key, ignore }, inputs) => {
    const keyOf = (item: unknown): string => JSON.stringify(key.length === 0 ? item : key.map((path) => fieldOf(item, path) ?? null)) ?? '';
    const compared = (item: unknown): string => JSON.stringify(typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item).filter(([name]) => !ignore.includes(name)).toSorted(([a], [b]) => (a < b ? -1 : 1)) : item) ?? '';
    const [first, second] = [itemsOf(inputAt(inputs, 'first')), itemsOf(inputAt(inputs, 'second'))];
    const others = new Map(second.map((item) => [keyOf(item), item]));
    const known = new Set(first.map(keyOf));
    const both = first.filter((item) => others.has(keyOf(item)));
    const isSame = (item: unknown): boolean => compared(item) === compared(others.get(keyOf(item)));
    return {
      onlyFirst: listOf(first.filter((item) => !others.has(keyOf(item)))),
      onlySecond: listOf(second.filter((item) => !known.has(keyOf(item)))),
      same: listOf(both.filter(isSame)),
      different: listOf(both.filter((item) => !isSame(item)).map((item) => dataFrom([['first', item], ['second', others.get(keyOf(item))]]))),
    };
  },
});
