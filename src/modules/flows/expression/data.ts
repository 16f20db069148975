import { dataFrom, fieldsOf, isData, isList, plain } from '#platform/json/plain-data.ts';
import type { Evaluation } from './evaluation.ts';
import { ExpressionError } from './expression-error.ts';
import { DATA_DEPTH_MAX } from './limits.ts';

/** What is data, and how it is read, is the same for all that looks into it. */
export { dataFrom, fieldsOf, isData, isList, isReadable, ownField, plain, readMember, type Data } from '#platform/json/plain-data.ts';

/** A value inside text: nothing for what is missing, ISO 8601 for dates, JSON for lists and objects. */
export function asText(value: unknown, evaluation: Evaluation): string {
  switch (typeof value) {
    case 'string': return value;
    case 'number': case 'boolean': return String(value);
    case 'object': return value === null ? '' : value instanceof Date ? isoOf(value) : toJson(value, evaluation, 0);
    default: return '';
  }
}

export const isoOf = (date: Date): string => (Number.isNaN(date.getTime()) ? '' : date.toISOString());

/** As JavaScript does, but NaN instead of a surprise for texts without a number, lists and objects. */
export function asNumber(value: unknown): number {
  switch (typeof value) {
    case 'number': return value;
    case 'boolean': return value ? 1 : 0;
    case 'string': return value.length > 400 || value.trim() === '' ? Number.NaN : Number(value);
    case 'object': return value === null ? 0 : value instanceof Date ? value.getTime() : Number.NaN;
    default: return Number.NaN;
  }
}

/**
 * `==`: as `===`, but null equals undefined, a number equals the text that writes it, true and false equal their words,
 * and dates are equal when they are the same moment. `===` only adds the dates.
 */
export function looselyEqual(left: unknown, right: unknown): boolean {
  if (strictlyEqual(left, right)) return true;
  if (left === null || left === undefined) return right === null || right === undefined;
  if (typeof left === 'string') return typeof right === 'number' ? asNumber(left) === right : typeof right === 'boolean' && left === String(right);
  if (typeof right === 'string') return typeof left === 'number' ? asNumber(right) === left : typeof left === 'boolean' && right === String(left);
  return false;
}

export function strictlyEqual(left: unknown, right: unknown): boolean {
  return left === right || (left instanceof Date && right instanceof Date && left.getTime() === right.getTime());
}

/** Below 0, 0 or above 0: numbers and dates by size, two texts by code unit, null and undefined last; NaN when they cannot be ordered. */
export function order(left: unknown, right: unknown): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return asNumber(left) - asNumber(right);
}

/**
 * JSON of own fields; dates in ISO 8601. `indent` in spaces. Nothing of the data is called, and the work is counted, so
 * neither `toJSON` nor the size of the data matters.
 */
export function toJson(value: unknown, evaluation: Evaluation, indent: number): string {
  let chars = 0;
  const piece = (text: string): string => {
    chars += text.length;
    evaluation.write(text.length);
    if (chars > text.length) evaluation.fits(chars);
    return text;
  };
  const write = (one: unknown, depth: number): string => {
    if (depth > DATA_DEPTH_MAX) throw new ExpressionError(`The data is nested deeper than ${DATA_DEPTH_MAX} levels`);
    if (typeof one === 'string') return piece(JSON.stringify(one));
    if (typeof one === 'number') return piece(Number.isFinite(one) ? String(one) : 'null');
    if (typeof one === 'boolean') return piece(String(one));
    if (one instanceof Date) return piece(JSON.stringify(isoOf(one)));
    const [open, close, parts] = isList(one)
      ? ['[', ']', one.map((item) => write(plain(item), depth + 1))]
      : isData(one)
        ? ['{', '}', fieldsOf(one).flatMap(([name, field]) => (field === undefined ? [] : [`${piece(JSON.stringify(name))}:${indent > 0 ? ' ' : ''}${write(field, depth + 1)}`]))]
        : [piece('null'), '', []];
    if (parts.length === 0) return open + close;
    const [line, end] = indent > 0 ? [`\n${' '.repeat(indent * (depth + 1))}`, `\n${' '.repeat(indent * depth)}`] : ['', ''];
    return open + line + parts.join(`,${line}`) + end + close;
  };
  return write(value, 0);
}

/** A result without dates: those inside become ISO 8601 texts. */
export function withoutDates(value: unknown, evaluation: Evaluation, depth = 0): unknown {
  if (value instanceof Date) return isoOf(value);
  if (depth > DATA_DEPTH_MAX) throw new ExpressionError(`The data is nested deeper than ${DATA_DEPTH_MAX} levels`);
  if (isList(value)) {
    evaluation.list(value.length);
    return value.map((item) => withoutDates(plain(item), evaluation, depth + 1));
  }
  if (!isData(value)) return value;
  const fields = fieldsOf(value);
  evaluation.list(fields.length);
  return dataFrom(fields.map(([name, field]) => [name, withoutDates(field, evaluation, depth + 1)]));
}
