import { asNumber, fieldsOf, isData, isList, order, plain, toJson } from '../data.ts';
import type { Evaluation } from '../evaluation.ts';
import { numberAt, textAt } from './arguments.ts';
import type { FreeFunction } from './arguments.ts';
import { dayOf, readDate } from './dates.ts';
import { parseJsonText } from './json.ts';
import { fromEntries } from './lists.ts';
import { between, rounded } from './others.ts';
import { decodeUrl } from './text.ts';

const NUMBERS_MAX = 10_000;

const math = (apply: (number: number) => number): FreeFunction => (args) => apply(asNumber(args[0]));

/** Functions that are called without a receiver. */
export const freeFunctions: ReadonlyMap<string, FreeFunction> = new Map<string, FreeFunction>([
  ['Math.abs', math(Math.abs)], ['Math.floor', math(Math.floor)], ['Math.ceil', math(Math.ceil)], ['Math.round', math(Math.round)], ['Math.trunc', math(Math.trunc)],
  ['Math.sign', math(Math.sign)], ['Math.sqrt', math(Math.sqrt)], ['Math.cbrt', math(Math.cbrt)], ['Math.exp', math(Math.exp)], ['Math.log', math(Math.log)],
  ['Math.log2', math(Math.log2)], ['Math.log10', math(Math.log10)], ['Math.sin', math(Math.sin)], ['Math.cos', math(Math.cos)], ['Math.tan', math(Math.tan)],
  ['Math.pow', (args) => asNumber(args[0]) ** asNumber(args[1])],
  ['Math.hypot', (args) => Math.hypot(...args.slice(0, NUMBERS_MAX).map(asNumber))],
  ['Math.min', (args) => best(args, -1)], ['Math.max', (args) => best(args, 1)], ['min', (args) => best(args, -1)], ['max', (args) => best(args, 1)],
  ['round', (args) => rounded(asNumber(args[0]), numberAt(args, 1, 0))],
  ['Number', (args) => (args[0] === '' ? 0 : asNumber(args[0]))],
  ['parseInt', (args, evaluation) => Number.parseInt(textAt(args, 0, evaluation).slice(0, 400), between(numberAt(args, 1, 10), 2, 36))], ['Number.parseInt', (args, evaluation) => Number.parseInt(textAt(args, 0, evaluation).slice(0, 400), 10)],
  ['parseFloat', (args, evaluation) => Number.parseFloat(textAt(args, 0, evaluation).slice(0, 400))], ['Number.parseFloat', (args, evaluation) => Number.parseFloat(textAt(args, 0, evaluation).slice(0, 400))],
  ['Number.isInteger', (args) => Number.isInteger(args[0])], ['Number.isFinite', (args) => Number.isFinite(args[0])], ['Number.isNaN', (args) => Number.isNaN(args[0])],
  ['isNaN', (args) => Number.isNaN(asNumber(args[0]))], ['isFinite', (args) => Number.isFinite(asNumber(args[0]))],
  ['String', (args, evaluation) => textAt(args, 0, evaluation)],
  ['Boolean', (args) => Boolean(args[0])],
  ['Array.isArray', (args) => isList(args[0])],
  ['Array.from', (args, evaluation) => listFrom(args[0], evaluation)],
  ['Object.keys', (args) => (isData(args[0]) ? fieldsOf(args[0]).map(([name]) => name) : [])],
  ['Object.values', (args) => (isData(args[0]) ? fieldsOf(args[0]).map(([, value]) => value) : [])],
  ['Object.entries', (args) => (isData(args[0]) ? fieldsOf(args[0]) : [])],
  ['Object.fromEntries', (args, evaluation) => fromEntries(isList(args[0]) ? args[0] : [], evaluation)],
  ['JSON.stringify', (args, evaluation) => (args[0] === undefined ? undefined : toJson(args[0], evaluation, between(numberAt(args, 2, 0), 0, 8)))],
  ['JSON.parse', (args, evaluation) => parsed(args, evaluation)],
  ['encodeURIComponent', (args, evaluation) => encodeURIComponent(textAt(args, 0, evaluation).toWellFormed())],
  ['encodeURI', (args, evaluation) => encodeURI(textAt(args, 0, evaluation).toWellFormed())],
  ['decodeURIComponent', (args, evaluation) => decodeUrl(textAt(args, 0, evaluation), evaluation)],
  ['Date', (args, evaluation) => dated(evaluation, args[0] === undefined ? evaluation.scope.now : args[1] === undefined ? readDate(args[0]) : fromFields(args))],
  ['DateTime.fromISO', (args, evaluation) => dated(evaluation, readDate(args[0]))], ['DateTime.fromMillis', (args, evaluation) => dated(evaluation, readDate(asNumber(args[0])))],
  ['DateTime.fromSeconds', (args, evaluation) => dated(evaluation, readDate(asNumber(args[0]) * 1_000))], ['DateTime.fromJSDate', (args, evaluation) => dated(evaluation, readDate(args[0]))],
  ['DateTime.now', (_args, evaluation) => dated(evaluation, evaluation.scope.now)], ['DateTime.utc', (_args, evaluation) => dated(evaluation, evaluation.scope.now)],
  ['DateTime.local', (_args, evaluation) => dated(evaluation, evaluation.scope.now)],
  ['Date.now', (_args, evaluation) => evaluation.scope.now.getTime()], ['Date.parse', (args) => readDate(args[0]).getTime()],
  ['now', (_args, evaluation) => dated(evaluation, evaluation.scope.now)], ['today', (_args, evaluation) => dated(evaluation, dayOf(evaluation.scope.now))],
  ['range', (args, evaluation) => range(args, evaluation)],
]);

function dated(evaluation: Evaluation, date: Date): Date {
  evaluation.dated = true;
  return date;
}

const fromFields = (args: readonly unknown[]): Date =>
  readDate(Date.UTC(asNumber(args[0]), numberAt(args, 1, 0), numberAt(args, 2, 1), numberAt(args, 3, 0), numberAt(args, 4, 0), numberAt(args, 5, 0), numberAt(args, 6, 0)));

function parsed(args: readonly unknown[], evaluation: Evaluation): unknown {
  const text = textAt(args, 0, evaluation);
  evaluation.read(text.length * 4);
  return parseJsonText(text);
}

/** The smallest or largest number; of one list, its own. */
function best(args: readonly unknown[], sign: 1 | -1): unknown {
  const values = args.length === 1 && isList(args[0]) ? args[0] : args;
  let found: unknown;
  for (const item of values) {
    const value = plain(item);
    if (found === undefined || sign * order(value, found) > 0) found = value;
  }
  return found ?? null;
}

function listFrom(value: unknown, evaluation: Evaluation): unknown[] {
  if (isList(value)) return [...value];
  if (typeof value === 'string') { evaluation.list(value.length); return [...value]; }
  const length = isData(value) ? between(asNumber(value['length']) || 0, 0, Number.MAX_SAFE_INTEGER) : 0;
  evaluation.list(length);
  return Array.from({ length }, () => undefined);
}

/** `range(3)` is 0, 1, 2; `range(1, 4)` is 1, 2, 3. */
function range(args: readonly unknown[], evaluation: Evaluation): number[] {
  const [from, to] = args[1] === undefined ? [0, numberAt(args, 0, 0)] : [numberAt(args, 0, 0), numberAt(args, 1, 0)];
  const length = Math.max(0, Math.ceil(to - from));
  evaluation.list(length);
  return Array.from({ length }, (_, index) => from + index);
}
