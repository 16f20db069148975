import { asNumber, asText, isData, isoOf, ownField } from '../data.ts';
import type { Evaluation } from '../evaluation.ts';
import { ExpressionError } from '../expression-error.ts';
import { numberAt, same, textAt } from './arguments.ts';
import type { Method, Methods } from './arguments.ts';
import { formatDate } from './date-format.ts';

/** Units of time, as expressions and settings name them. */
export const UNITS = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;
type Unit = (typeof UNITS)[number];
const MILLISECONDS: Readonly<Record<'weeks' | 'days' | 'hours' | 'minutes' | 'seconds' | 'milliseconds', number>> = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000, milliseconds: 1 };

/** Functions of dates. Without a time zone they work in UTC, so that a flow gives the same result everywhere. */
export const dateMethods: Methods<Date> = new Map<string, Method<Date>>([
  ['plus', (date, args) => shifted(date, args, 1)],
  ['minus', (date, args) => shifted(date, args, -1)],
  ['startOf', (date, args, evaluation) => startOf(date, unitOf(textAt(args, 0, evaluation)))],
  ['endOf', (date, args, evaluation) => endOf(date, unitOf(textAt(args, 0, evaluation)))],
  ...same<Date>(['format', 'toFormat'], (date, args, evaluation) => formatDate(date, textAt(args, 0, evaluation, 'yyyy-MM-dd'), zoneAt(args, 1, evaluation))),
  ...same<Date>(['toISO', 'toISOString', 'toJSON', 'toString', 'toText'], (date) => isoOf(date)),
  ['toISODate', (date, args, evaluation) => formatDate(date, 'yyyy-MM-dd', zoneAt(args, 0, evaluation))],
  ['toISOTime', (date) => isoOf(date).slice(11)],
  ...same<Date>(['toMillis', 'getTime', 'valueOf'], (date) => date.getTime()),
  ...same<Date>(['toSeconds', 'toUnixInteger'], (date) => Math.floor(date.getTime() / 1_000)),
  ['toLocaleString', (date) => formatDate(date, 'd MMM yyyy, HH:mm', 'UTC')],
  ['toLocaleDateString', (date) => formatDate(date, 'd MMM yyyy', 'UTC')],
  ...same<Date>(['diff', 'diffTo'], (date, args, evaluation) => difference(date, dateAt(args, 0), unitOf(textAt(args, 1, evaluation, 'milliseconds')))),
  ['diffToNow', (date, args, evaluation) => difference(date, evaluation.scope.now, unitOf(textAt(args, 0, evaluation, 'milliseconds')))],
  ['isBefore', (date, args) => date < dateAt(args, 0)],
  ['isAfter', (date, args) => date > dateAt(args, 0)],
  ['isBetween', (date, args) => date >= dateAt(args, 0) && date <= dateAt(args, 1)],
  ['isSame', (date, args, evaluation) => { const unit = unitOf(textAt(args, 1, evaluation, 'milliseconds')); return startOf(date, unit).getTime() === startOf(dateAt(args, 0), unit).getTime(); }],
  ['isWeekend', (date) => date.getUTCDay() % 6 === 0],
  ['isValid', (date) => !Number.isNaN(date.getTime())],
  ['extract', (date, args, evaluation) => dateField(date, textAt(args, 0, evaluation, 'week'))],
  ...same<Date>(['toDate', 'toDateTime', 'toUTC', 'toJSDate'], (date) => date),
  ['getFullYear', (date) => date.getUTCFullYear()], ['getUTCFullYear', (date) => date.getUTCFullYear()],
  ['getMonth', (date) => date.getUTCMonth()], ['getUTCMonth', (date) => date.getUTCMonth()],
  ['getDate', (date) => date.getUTCDate()], ['getUTCDate', (date) => date.getUTCDate()],
  ['getDay', (date) => date.getUTCDay()], ['getUTCDay', (date) => date.getUTCDay()],
  ['getHours', (date) => date.getUTCHours()], ['getUTCHours', (date) => date.getUTCHours()],
  ['getMinutes', (date) => date.getUTCMinutes()], ['getSeconds', (date) => date.getUTCSeconds()],
]);

/** `now.year` and the like; undefined for a name that is no part of a date. Months and weekdays count from 1, Monday first. */
export function dateField(date: Date, name: string): number | boolean | undefined {
  switch (name) {
    case 'year': return date.getUTCFullYear();
    case 'quarter': return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month': return date.getUTCMonth() + 1;
    case 'week': case 'weekNumber': return weekOf(date);
    case 'day': return date.getUTCDate();
    case 'weekday': return date.getUTCDay() || 7;
    case 'ordinal': return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MILLISECONDS.days) + 1;
    case 'hour': return date.getUTCHours();
    case 'minute': return date.getUTCMinutes();
    case 'second': return date.getUTCSeconds();
    case 'millisecond': return date.getUTCMilliseconds();
    case 'ts': return date.getTime();
    case 'isValid': return !Number.isNaN(date.getTime());
    default: return undefined;
  }
}

/** Week by ISO 8601: the one with the Thursday. */
function weekOf(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * MILLISECONDS.days);
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / MILLISECONDS.days + 1) / 7);
}

const ISO = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?)?$/;
const WITH_ZONE = /(Z|GMT|UTC|[+-]\d{2}:?\d{2})$/;

/** A date from ISO 8601 (UTC without a zone), milliseconds, or another common way of writing. Throws for anything else. */
export function readDate(value: unknown): Date {
  if (value instanceof Date) return value;
  const date = typeof value === 'number' ? new Date(value) : typeof value === 'string' ? fromText(value.slice(0, 100).trim()) : null;
  if (date === null || Number.isNaN(date.getTime())) throw new ExpressionError(`${typeof value === 'string' ? `"${value.slice(0, 40)}"` : 'The value'} is no date`);
  return date;
}

function fromText(text: string): Date {
  if (/^\d{12,14}$/.test(text)) return new Date(Number(text));
  if (ISO.test(text)) return new Date(WITH_ZONE.test(text) || text.length <= 10 ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  // A way of writing without a zone would take that of the server.
  return new Date(WITH_ZONE.test(text) ? text : `${text} UTC`);
}

const dateAt = (args: readonly unknown[], index: number): Date => readDate(args[index]);

export function zoneAt(args: readonly unknown[], index: number, evaluation: Evaluation): string {
  const zone = isData(args[index]) ? asText(ownField(args[index], 'zone'), evaluation) : textAt(args, index, evaluation);
  return zone === '' ? 'UTC' : zone;
}

/** `plus({ days: 1 })`, `plus(1, 'day')` or, in milliseconds, `plus(1000)`. */
function shifted(date: Date, args: readonly unknown[], sign: 1 | -1): Date {
  const [amount, unit] = args;
  if (!isData(amount)) return shift(date, unitOf(typeof unit === 'string' ? unit : 'milliseconds'), sign * numberAt(args, 0, 0));
  return Object.keys(amount).slice(0, 20).reduce((at, name) => shift(at, unitOf(name), sign * (asNumber(ownField(amount, name)) || 0)), date);
}

/** The last day of a month stays the last day: 31 January and a month is 28 or 29 February. */
export function shift(date: Date, unit: Unit, amount: number): Date {
  if (unit !== 'years' && unit !== 'quarters' && unit !== 'months') return new Date(date.getTime() + amount * MILLISECONDS[unit]);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + Math.trunc(amount) * (unit === 'years' ? 12 : unit === 'quarters' ? 3 : 1);
  const moved = new Date(date);
  moved.setUTCDate(1);
  moved.setUTCFullYear(Math.floor(months / 12), ((months % 12) + 12) % 12);
  const days = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(date.getUTCDate(), days));
  return moved;
}

export function startOf(date: Date, unit: Unit): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'years': return new Date(Date.UTC(year, 0, 1));
    case 'quarters': return new Date(Date.UTC(year, month - (month % 3), 1));
    case 'months': return new Date(Date.UTC(year, month, 1));
    case 'weeks': return new Date(Date.UTC(year, month, day - ((date.getUTCDay() || 7) - 1)));
    default: return new Date(Math.floor(date.getTime() / MILLISECONDS[unit]) * MILLISECONDS[unit]);
  }
}

/** The last millisecond. */
export const endOf = (date: Date, unit: Unit): Date => new Date(shift(startOf(date, unit), unit, 1).getTime() - 1);

/** Whole months and years of the calendar with the days left over as a part; other units exact. */
export function difference(date: Date, other: Date, unit: Unit): number {
  if (unit !== 'years' && unit !== 'quarters' && unit !== 'months') return (date.getTime() - other.getTime()) / MILLISECONDS[unit];
  let months = (date.getUTCFullYear() - other.getUTCFullYear()) * 12 + date.getUTCMonth() - other.getUTCMonth();
  if (shift(other, 'months', months) > date) months--;
  const from = shift(other, 'months', months).getTime();
  const whole = months + (date.getTime() - from) / (shift(other, 'months', months + 1).getTime() - from);
  return unit === 'months' ? whole : whole / (unit === 'years' ? 12 : 3);
}

function unitOf(name: string): Unit {
  const unit = UNITS.find((one) => one === name || one.slice(0, -1) === name);
  if (!unit) throw new ExpressionError(`"${name.slice(0, 40)}" is no unit of time. Units are ${UNITS.join(', ')}`);
  return unit;
}

/** The start of the day in UTC. */
export const dayOf = (date: Date): Date => startOf(date, 'days');

