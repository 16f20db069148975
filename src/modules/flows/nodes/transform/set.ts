import { z } from 'zod';
import { isData, isList } from '../../expression/data.ts';
import type { Data } from '../../expression/data.ts';
import { readDate } from '../../expression/functions/dates.ts';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { setField, withField, withoutField } from '../field-path.ts';
import { NodeError } from '../node-error.ts';
import { fieldOf, scalarText } from '../values.ts';
import { parseJson } from './json.ts';

const TYPES = ['as it is', 'text', 'number', 'boolean', 'list', 'object', 'date'] as const;

const Config = z.strictObject({
  fields: z.array(z.strictObject({
    name: z.string().max(500).default('').meta({ title: 'Field', description: 'A name, or a dot path for a field inside another.' }),
    value: z.unknown().default('').meta({ title: 'Value', description: 'A fixed value or an expression.' }),
    type: z.enum(TYPES).default('as it is').meta({ title: 'Kind' }),
  })).max(500).default([]).meta({ title: 'Fields' }),
  keep: z.enum(['all', 'none', 'listed', 'all but listed']).default('all').meta({ title: 'Other fields', description: 'Which fields of the item stay.' }),
  listed: z.array(z.string().max(500)).max(500).default([]).meta({ title: 'Listed fields' }),
  dotPaths: z.boolean().default(true).meta({ title: 'Dots lead inside' }),
  each: eachSetting(true),
});

export const setFields = defineNode({
  type: 'transform.set',
  title: 'Set fields',
  description: 'Sets fields of every item to fixed values or expressions, and keeps or drops the others.',
  family: 'transform',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => {
    // Without an input there is one empty item to begin with.
    const input = inputAt(inputs, 'input') ?? json({});
    return { output: mapItems(context, input, config.each, (item, scope) => changed(isData(item) ? item : item === null ? {} : { value: item }, config, scope)) };
  },
});

function changed(item: Data, config: z.output<typeof Config>, scope: Scope): Data {
  const made = { ...kept(item, config) };
  for (const { name, value, type } of config.fields) if (name !== '') setField(made, name, asType(resolve(value, scope), type, name), config.dotPaths);
  return made;
}

function kept(item: Data, { keep, listed }: z.output<typeof Config>): Data {
  switch (keep) {
    case 'all': return item;
    case 'none': return {};
    case 'listed': return listed.reduce<Data>((made, path) => { const value = fieldOf(item, path); return value === undefined ? made : withField(made, path, value, !Object.hasOwn(item, path)); }, {});
    case 'all but listed': return listed.reduce<Data>((made, path) => withoutField(made, path), item);
  }
}

/** A value as the kind a field should have; throws NodeError where it cannot be that. */
function asType(value: unknown, type: (typeof TYPES)[number], name: string): unknown {
  const refuse = (): never => { throw new NodeError('node-input-invalid', `The field "${name}" should be a ${type}, but is ${JSON.stringify(value ?? null).slice(0, 60)}.`); };
  if (value === undefined || value === null) return type === 'text' ? '' : null;
  switch (type) {
    case 'as it is': return value;
    case 'text': return scalarText(value);
    case 'number': { const number = typeof value === 'boolean' ? Number(value) : Number(scalarText(value).trim() || 'none'); return Number.isNaN(number) ? refuse() : number; }
    case 'boolean': return typeof value === 'string' ? !['', 'false', '0', 'no', 'off'].includes(value.trim().toLowerCase()) : Boolean(value);
    case 'date': return readDate(value).toISOString();
    case 'list': { const list = typeof value === 'string' ? parseJson(value) : value; return isList(list) ? list : [value]; }
    case 'object': { const object = typeof value === 'string' ? parseJson(value) : value; return isData(object) ? object : refuse(); }
  }
}
