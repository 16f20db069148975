import { z } from 'zod';
import { asNumber, isData } from '../../expression/data.ts';
import { formatDate } from '../../expression/functions/date-format.ts';
import { dateField, difference, endOf, readDate, shift, startOf, UNITS } from '../../expression/functions/dates.ts';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { withField } from '../field-path.ts';

const Config = z.strictObject({
  operation: z.enum(['format', 'add', 'subtract', 'start of', 'end of', 'difference', 'part']).default('format').meta({ title: 'What' }),
  value: z.unknown().default('{{ now }}').meta({ title: 'Date', description: 'An expression, ISO 8601, or milliseconds.' }),
  amount: z.union([z.number(), z.string().max(1_000)]).default(1).meta({ title: 'Amount', description: 'To add or subtract.' }),
  unit: z.enum(UNITS).default('days').meta({ title: 'Unit' }),
  other: z.unknown().default('{{ now }}').meta({ title: 'Other date', description: 'The difference is counted from it.' }),
  pattern: z.string().max(200).default('').meta({ title: 'Written as', description: 'Such as yyyy-MM-dd HH:mm; ISO 8601 where it is empty.' }),
  zone: z.string().max(100).default('UTC').meta({ title: 'Time zone', description: 'Of the written date, e.g. Europe/Berlin.' }),
  as: z.string().max(500).default('').meta({ title: 'Called', description: 'Field of the item for the result; the result alone where it is empty.' }),
  each: eachSetting(false),
});

export const dateNode = defineNode({
  type: 'transform.date',
  title: 'Date',
  description: 'Writes a date in another way, moves it, takes a part of it, or counts the time between two.',
  family: 'transform',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => ({
    output: mapItems(context, inputAt(inputs, 'input') ?? json({}), config.each, (item, scope) => {
      const result = worked(config, scope);
      return config.as === '' ? result : withField(isData(item) ? item : {}, config.as, result, true);
    }),
  }),
});

function worked(config: z.output<typeof Config>, scope: Scope): string | number {
  const date = readDate(resolve(config.value, scope));
  const amount = (): number => asNumber(resolve(config.amount, scope)) || 0;
  switch (config.operation) {
    case 'format': return written(date, config);
    case 'add': return written(shift(date, config.unit, amount()), config);
    case 'subtract': return written(shift(date, config.unit, -amount()), config);
    case 'start of': return written(startOf(date, config.unit), config);
    case 'end of': return written(endOf(date, config.unit), config);
    case 'difference': return difference(date, readDate(resolve(config.other, scope)), config.unit);
    case 'part': return Number(dateField(date, PARTS[config.unit]) ?? 0);
  }
}

/** What a date calls the part that belongs to a unit. */
const PARTS: Readonly<Record<(typeof UNITS)[number], string>> = {
  years: 'year', quarters: 'quarter', months: 'month', weeks: 'week', days: 'day', hours: 'hour', minutes: 'minute', seconds: 'second', milliseconds: 'millisecond',
};

const written = (date: Date, { pattern, zone }: { pattern: string; zone: string }): string => (pattern === '' ? date.toISOString() : formatDate(date, pattern, zone));
