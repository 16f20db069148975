import { asText, dataFrom, fieldsOf, isData, isList, toJson } from '../data.ts';
import type { Data } from '../data.ts';
import { eachAt, numberAt, same, textAt } from './arguments.ts';
import type { Method, Methods } from './arguments.ts';
import { readDate } from './dates.ts';
import { hashOf } from './text.ts';

/** Functions of numbers. */
export const numberMethods: Methods<number> = new Map<string, Method<number>>([
  ['toFixed', (number, args) => number.toFixed(between(numberAt(args, 0, 0), 0, 100))],
  ['toPrecision', (number, args) => number.toPrecision(between(numberAt(args, 0, 6), 1, 100))],
  ['round', (number, args) => rounded(number, numberAt(args, 0, 0))],
  ['floor', (number) => Math.floor(number)],
  ['ceil', (number) => Math.ceil(number)],
  ['abs', (number) => Math.abs(number)],
  ['isEven', (number) => number % 2 === 0],
  ['isOdd', (number) => Math.abs(number % 2) === 1],
  ['isInteger', (number) => Number.isInteger(number)],
  ['format', (number, args, evaluation) => localNumber(number, textAt(args, 0, evaluation, 'en-US'))],
  ['toLocaleString', (number, args, evaluation) => localNumber(number, textAt(args, 0, evaluation, 'en-US'))],
  ['toBoolean', (number) => number !== 0 && !Number.isNaN(number)],
  ...same<number>(['toNumber', 'toFloat', 'valueOf'], (number) => number),
  ['toInt', (number) => Math.trunc(number)],
  ...same<number>(['toDate', 'toDateTime'], (number, args, evaluation) => { evaluation.dated = true; return readDate(args[0] === 's' ? number * 1_000 : number); }),
]);

/** Functions of objects; fields of the data win over nothing here, since they are never called. */
export const objectMethods: Methods<Data> = new Map<string, Method<Data>>([
  ['keys', (data) => fieldsOf(data).map(([name]) => name)],
  ['values', (data) => fieldsOf(data).map(([, value]) => value)],
  ['entries', (data) => fieldsOf(data)],
  ...same<Data>(['hasOwnProperty', 'hasField', 'has'], (data, args, evaluation) => fieldsOf(data).some(([name]) => name === textAt(args, 0, evaluation))),
  ['removeField', (data, args, evaluation) => dataFrom(fieldsOf(data).filter(([name]) => !args.some((one) => asText(one, evaluation) === name)))],
  ['keepFields', (data, args, evaluation) => dataFrom(fieldsOf(data).filter(([name]) => args.some((one) => asText(one, evaluation) === name)))],
  ['removeFieldsContaining', (data, args, evaluation) => dataFrom(fieldsOf(data).filter(([, value]) => typeof value !== 'string' || !value.includes(textAt(args, 0, evaluation))))],
  ['keepFieldsContaining', (data, args, evaluation) => dataFrom(fieldsOf(data).filter(([, value]) => typeof value === 'string' && value.includes(textAt(args, 0, evaluation))))],
  ['compact', (data) => dataFrom(fieldsOf(data).filter(([, value]) => value !== null && value !== undefined && value !== ''))],
  ['merge', (data, args) => dataFrom([...args.flatMap((one) => (isData(one) ? fieldsOf(one) : [])), ...fieldsOf(data)])],
  ['mapValues', (data, args) => { const each = eachAt(args, 0, 'mapValues'); const fields = fieldsOf(data); const values = fields.map(([, value]) => value); return dataFrom(fields.map(([name, value], index) => [name, each(value, index, values)])); }],
  ['urlEncode', (data, _args, evaluation) => fieldsOf(data).map(([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(asText(value, evaluation).toWellFormed())}`).join('&')],
  ...same<Data>(['size', 'count'], (data) => fieldsOf(data).length),
]);

/** Functions of anything, also of what is missing. */
export const anyMethods: Methods<unknown> = new Map<string, Method<unknown>>([
  ['isEmpty', (value) => isEmpty(value)],
  ['isNotEmpty', (value) => !isEmpty(value)],
  ...same<unknown>(['toJson', 'toJsonString', 'toJSON'], (value, args, evaluation) => toJson(value, evaluation, between(numberAt(args, 0, 0), 0, 8))),
  ...same<unknown>(['toString', 'toText'], (value, _args, evaluation) => asText(value, evaluation)),
  ['hash', (value, args, evaluation) => hashOf(evaluation, asText(value, evaluation), textAt(args, 0, evaluation, 'md5'))],
  ['default', (value, args) => (isEmpty(value) ? args[0] : value)],
  ['isNumber', (value) => typeof value === 'number' && !Number.isNaN(value)],
  ['isText', (value) => typeof value === 'string'],
  ['isString', (value) => typeof value === 'string'],
  ['isBoolean', (value) => typeof value === 'boolean'],
  ...same<unknown>(['isList', 'isArray'], (value) => isList(value)),
  ['isObject', (value) => isData(value)],
  ['toBoolean', (value) => Boolean(value)],
]);

/** Nothing, an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return isList(value) ? value.length === 0 : isData(value) && Object.keys(value).length === 0;
}

export const between = (number: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.trunc(number)));

/** Half away from zero, as people round: `1.005` to two places is `1.01`, although no binary number is exactly that. */
export function rounded(number: number, places: number): number {
  const digits = between(places, -20, 20);
  const shifted = Number(`${Math.abs(number)}e${digits}`);
  if (!Number.isFinite(shifted)) return number;
  return Math.sign(number) * Number(`${Math.round(shifted)}e${-digits}`);
}

function localNumber(number: number, locale: string): string {
  return number.toLocaleString(Intl.NumberFormat.supportedLocalesOf(/^[A-Za-z-]{2,20}$/.test(locale) && isLocale(locale) ? locale : 'en-US')[0] ?? 'en-US');
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}

/** For messages. */
export const kindOf = (value: unknown): string =>
  (value === null || value === undefined ? 'nothing' : isList(value) ? 'a list' : value instanceof Date ? 'a date' : typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`);
