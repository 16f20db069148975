import { z } from 'zod';
import { asNumber } from '../../expression/data.ts';
import { readDate } from '../../expression/functions/dates.ts';
import { ordered } from '../../expression/functions/lists.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { fieldOf, scalarText } from '../values.ts';

const KINDS = ['as it is', 'text', 'number', 'date'] as const;

export const sortItems = defineNode({
  type: 'transform.sort',
  title: 'Sort',
  description: 'Puts a list in order, by one field or several. Items without the field come last.',
  family: 'transform',
  config: z.strictObject({
    by: z.array(z.strictObject({
      field: z.string().max(500).default('').meta({ title: 'Field', description: 'Name or dot path; the item itself where it is empty.' }),
      direction: z.enum(['ascending', 'descending']).default('ascending').meta({ title: 'Direction' }),
      kind: z.enum(KINDS).default('as it is').meta({ title: 'Compared as' }),
    })).max(20).default([{ field: '', direction: 'ascending', kind: 'as it is' }]).meta({ title: 'By' }),
    reverse: z.boolean().default(false).meta({ title: 'Turn around' }),
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (_context, config, inputs) => {
    const keyed = itemsOf(inputAt(inputs, 'input')).map((item) => ({ item, keys: config.by.map(({ field, kind }) => keyFrom(field === '' ? item : fieldOf(item, field), kind)) }));
    keyed.sort((left, right) => {
      for (const [place, { direction }] of config.by.entries()) {
        const by = ordered(left.keys[place], right.keys[place], direction === 'ascending' ? 1 : -1);
        if (by !== 0) return by;
      }
      return 0;
    });
    const items = keyed.map(({ item }) => item);
    return { output: listOf(config.reverse ? items.toReversed() : items) };
  },
});

function keyFrom(value: unknown, kind: (typeof KINDS)[number]): unknown {
  if (value === undefined || value === null) return null;
  switch (kind) {
    case 'as it is': return value;
    case 'text': return scalarText(value).toLocaleLowerCase('en');
    case 'number': { const number = asNumber(value); return Number.isNaN(number) ? null : number; }
    case 'date': return readDate(value).getTime();
  }
}
