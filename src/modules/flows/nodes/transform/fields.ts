import { z } from 'zod';
import { isData } from '../../expression/data.ts';
import type { Data } from '../../expression/data.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { withField, withoutField } from '../field-path.ts';
import { fieldOf, scalarText } from '../values.ts';

const Config = z.strictObject({
  rename: z.array(z.strictObject({
    from: z.string().max(500).default('').meta({ title: 'Field' }),
    to: z.string().max(500).default('').meta({ title: 'New name' }),
  })).max(200).default([]).meta({ title: 'Rename' }),
  join: z.array(z.strictObject({
    fields: z.array(z.string().max(500)).max(50).default([]).meta({ title: 'Fields' }),
    to: z.string().max(500).default('').meta({ title: 'Into' }),
    separator: z.string().max(100).default(' ').meta({ title: 'Between' }),
  })).max(50).default([]).meta({ title: 'Join as text' }),
  remove: z.array(z.string().max(500)).max(200).default([]).meta({ title: 'Remove' }),
  keepOnly: z.array(z.string().max(500)).max(200).default([]).meta({ title: 'Keep only', description: 'All other fields go, in this order; all stay where it is empty.' }),
  each: eachSetting(true),
});

export const changeFields = defineNode({
  type: 'transform.fields',
  title: 'Change fields',
  description: 'Renames, joins, removes and reorders fields of every item. Names may be dot paths.',
  family: 'transform',
  config: Config,
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => ({
    output: mapItems(context, inputAt(inputs, 'input'), config.each, (item) => (isData(item) ? changed(item, config) : item)),
  }),
});

function changed(item: Data, config: z.output<typeof Config>): Data {
  let made = item;
  for (const { from, to } of config.rename) {
    const value = fieldOf(made, from);
    if (from !== '' && to !== '' && from !== to && value !== undefined) made = withField(withoutField(made, from), to, value, true);
  }
  for (const { fields, to, separator } of config.join) {
    if (to !== '') made = withField(made, to, fields.map((field) => scalarText(fieldOf(made, field))).filter((text) => text !== '').join(separator), true);
  }
  for (const path of config.remove) made = withoutField(made, path);
  if (config.keepOnly.length === 0) return made;
  return config.keepOnly.reduce<Data>((kept, path) => { const value = fieldOf(made, path); return value === undefined ? kept : withField(kept, path, value, !Object.hasOwn(made, path)); }, {});
}
