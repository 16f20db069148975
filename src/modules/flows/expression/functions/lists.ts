import { asNumber, asText, dataFrom, fieldsOf, isData, isList, looselyEqual, order, plain, readMember } from '../data.ts';
import type { Evaluation } from '../evaluation.ts';
import { ListFunction } from '../evaluation.ts';
import { ExpressionError } from '../expression-error.ts';
import { eachAt, numberAt, same, textAt } from './arguments.ts';
import type { Method, Methods } from './arguments.ts';

type List = readonly unknown[];
const FLAT_DEPTH_MAX = 20;

/** Methods that take a function such as `x => x.name`; a field name serves as well. */
export const FUNCTION_METHODS: ReadonlySet<string> = new Set([
  'map', 'filter', 'find', 'findIndex', 'findLast', 'some', 'every', 'reduce', 'sort', 'toSorted', 'sortBy', 'flatMap', 'groupBy', 'keyBy', 'sumBy', 'countBy', 'sum', 'unique', 'removeDuplicates', 'uniqueBy', 'mapValues',
]);

/** Functions of lists. None of them changes its list. */
export const listMethods: Methods<List> = new Map<string, Method<List>>([
  ['map', (list, args) => { const each = eachAt(args, 0, 'map'); return list.map((item, index) => each(plain(item), index, list)); }],
  ['flatMap', (list, args, evaluation) => { const each = eachAt(args, 0, 'flatMap'); return flattened(list.map((item, index) => each(plain(item), index, list)), 1, evaluation); }],
  ['filter', (list, args) => { const each = eachAt(args, 0, 'filter'); return list.filter((item, index) => each(plain(item), index, list)); }],
  ['find', (list, args) => { const each = eachAt(args, 0, 'find'); return list.find((item, index) => each(plain(item), index, list)); }],
  ['findIndex', (list, args) => { const each = eachAt(args, 0, 'findIndex'); return list.findIndex((item, index) => each(plain(item), index, list)); }],
  ['findLast', (list, args) => { const each = eachAt(args, 0, 'findLast'); return list.findLast((item, index) => each(plain(item), index, list)); }],
  ['some', (list, args) => { const each = eachAt(args, 0, 'some'); return list.some((item, index) => each(plain(item), index, list)); }],
  ['every', (list, args) => { const each = eachAt(args, 0, 'every'); return list.every((item, index) => each(plain(item), index, list)); }],
  ['reduce', reduce],
  ...same<List>(['sort', 'toSorted', 'sortBy'], sorted),
  ['groupBy', (list, args, evaluation) => {
    const each = eachAt(args, 0, 'groupBy');
    const groups = Map.groupBy(list, (item) => asText(each(plain(item), 0, list), evaluation));
    return dataFrom(groups);
  }],
  ['keyBy', (list, args, evaluation) => { const each = eachAt(args, 0, 'keyBy'); return dataFrom(list.map((item, index) => [asText(each(plain(item), index, list), evaluation), item])); }],
  ['countBy', (list, args, evaluation) => {
    const each = eachAt(args, 0, 'countBy');
    return dataFrom([...Map.groupBy(list, (item) => asText(each(plain(item), 0, list), evaluation))].map(([key, group]) => [key, group.length]));
  }],
  ['sumBy', (list, args) => { const each = eachAt(args, 0, 'sumBy'); return total(list.map((item, index) => each(plain(item), index, list))); }],
  ['join', (list, args, evaluation) => {
    const separator = textAt(args, 0, evaluation, ',');
    const parts = list.map((item) => asText(plain(item), evaluation));
    evaluation.write(parts.reduce((chars, part) => chars + part.length + separator.length, 0));
    return parts.join(separator);
  }],
  ['first', (list, args) => (args[0] === undefined ? list[0] : list.slice(0, numberAt(args, 0, 1)))],
  ['last', (list, args) => (args[0] === undefined ? list.at(-1) : list.slice(-numberAt(args, 0, 1)))],
  ['at', (list, args) => list.at(numberAt(args, 0, 0))],
  ...same<List>(['length', 'count', 'size'], (list) => list.length),
  ...same<List>(['includes', 'contains'], (list, args) => list.some((item) => looselyEqual(plain(item), args[0]))),
  ['indexOf', (list, args) => list.findIndex((item) => looselyEqual(plain(item), args[0]))],
  ['lastIndexOf', (list, args) => list.findLastIndex((item) => looselyEqual(plain(item), args[0]))],
  ['slice', (list, args) => list.slice(numberAt(args, 0, 0), numberAt(args, 1, list.length))],
  ...same<List>(['reverse', 'toReversed'], (list) => list.toReversed()),
  ['concat', (list, args, evaluation) => { const made = args.flatMap((one) => (isList(one) ? one : [one])); evaluation.list(list.length + made.length); return [...list, ...made]; }],
  ['append', (list, args) => [...list, ...args]],
  ['flat', (list, args, evaluation) => flattened(list, Math.min(numberAt(args, 0, 1), FLAT_DEPTH_MAX), evaluation)],
  ...same<List>(['unique', 'removeDuplicates', 'uniqueBy'], unique),
  ['compact', (list) => list.filter((item) => item !== null && item !== undefined && item !== '' && item !== false)],
  ['chunk', (list, args, evaluation) => chunks(list, numberAt(args, 0, 1), evaluation)],
  ['pluck', (list, args, evaluation) => {
    const fields = args.map((one) => asText(one, evaluation));
    const [only] = fields;
    return list.map((item) => (fields.length === 1 ? readMember(item, only) : dataFrom(fields.map((field) => [field, readMember(item, field)]))));
  }],
  ['merge', (list, args, evaluation) => { const other = isList(args[0]) ? args[0] : []; evaluation.list(list.length); return list.map((item, index) => dataFrom([...entries(item), ...entries(other[index])])); }],
  ['union', (list, args, evaluation) => unique([...list, ...(isList(args[0]) ? args[0] : [])], [], evaluation)],
  ['difference', (list, args, evaluation) => { const known = keysOf(args[0], evaluation); return list.filter((item) => !known.has(keyOf(item, evaluation))); }],
  ['intersection', (list, args, evaluation) => { const known = keysOf(args[0], evaluation); return list.filter((item) => known.has(keyOf(item, evaluation))); }],
  ['sum', (list, args) => { const each = args[0] === undefined ? null : eachAt(args, 0, 'sum'); return total(each ? list.map((item, index) => each(plain(item), index, list)) : list); }],
  ...same<List>(['average', 'avg', 'mean'], (list) => (list.length === 0 ? null : total(list) / list.length)),
  ['min', (list) => extreme(list, -1)],
  ['max', (list) => extreme(list, 1)],
  ['keys', (list) => [...list.keys()]],
  ['values', (list) => list],
  ['entries', (list) => [...list.entries()].map(([index, item]) => [index, item])],
  ['fromEntries', (list, _args, evaluation) => fromEntries(list, evaluation)],
  ['smartJoin', (list, args, evaluation) => dataFrom(list.map((item) => [asText(readMember(item, args[0]), evaluation), readMember(item, args[1])]))],
]);

const entries = (item: unknown): [string, unknown][] => (isData(item) ? fieldsOf(item) : []);

function reduce(list: List, args: readonly unknown[]): unknown {
  const [step] = args;
  if (!(step instanceof ListFunction)) throw new ExpressionError('"reduce" needs a function such as (sum, x) => sum + x');
  const started = args.length > 1;
  let result = started ? args[1] : plain(list[0]);
  for (let index = started ? 0 : 1; index < list.length; index++) result = step.call(result, plain(list[index]), index, list);
  return result;
}

/** By a comparison `(a, b) => a - b`, by a field or function of one item, or as they are; missing ones last. */
function sorted(list: List, args: readonly unknown[], evaluation: Evaluation): unknown[] {
  // Comparisons are about n log n.
  evaluation.work(list.length * Math.log2(list.length + 1));
  const [given, direction] = args;
  if (given instanceof ListFunction && given.parameters > 1) return list.toSorted((left, right) => asNumber(given.call(plain(left), plain(right))) || 0);
  const key = given === undefined ? (item: unknown) => item : eachAt(args, 0, 'sort');
  const sign = direction === 'desc' || direction === 'descending' ? -1 : 1;
  const keyed = list.map((item, index) => ({ item, key: key(plain(item), index, list) }));
  return keyed.toSorted((left, right) => ordered(left.key, right.key, sign)).map(({ item }) => item);
}

/** Numbers and dates by size, texts by the alphabet, what is missing last in either direction. */
export function ordered(left: unknown, right: unknown, sign: 1 | -1): number {
  const [noLeft, noRight] = [left === null || left === undefined, right === null || right === undefined];
  if (noLeft || noRight) return noLeft && noRight ? 0 : noLeft ? 1 : -1;
  return sign * (order(left, right) || 0);
}

function unique(list: List, args: readonly unknown[], evaluation: Evaluation): unknown[] {
  const each = args[0] === undefined ? null : eachAt(args, 0, 'unique');
  const seen = new Set<string>();
  return list.filter((item, index) => {
    const key = keyOf(each ? each(plain(item), index, list) : item, evaluation);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Equal data has an equal key. */
const keyOf = (item: unknown, evaluation: Evaluation): string => `${typeof item}:${asText(plain(item), evaluation)}`;

const keysOf = (list: unknown, evaluation: Evaluation): ReadonlySet<string> => new Set((isList(list) ? list : []).map((item) => keyOf(item, evaluation)));

function flattened(list: List, depth: number, evaluation: Evaluation): unknown[] {
  const flat: unknown[] = [];
  const add = (item: unknown, left: number): void => {
    if (!isList(item) || left < 0) flat.push(item);
    else {
      evaluation.list(flat.length + item.length);
      for (const inner of item) add(inner, left - 1);
    }
  };
  for (const item of list) add(item, depth - 1);
  return flat;
}

function chunks(list: List, size: number, evaluation: Evaluation): unknown[][] {
  const step = Math.max(1, Math.trunc(size));
  evaluation.list(list.length / step);
  const made: unknown[][] = [];
  for (let at = 0; at < list.length; at += step) made.push(list.slice(at, at + step));
  return made;
}

/** What is no number does not count. */
function total(list: List): number {
  let sum = 0;
  for (const item of list) sum += asNumber(plain(item)) || 0;
  return sum;
}

function extreme(list: List, sign: 1 | -1): unknown {
  let best: unknown;
  for (const item of list) {
    const value = plain(item);
    if (value !== null && value !== undefined && (best === undefined || sign * order(value, best) > 0)) best = value;
  }
  return best ?? null;
}

/** Fields from `[name, value]` pairs. */
export function fromEntries(list: List, evaluation: Evaluation): unknown {
  return dataFrom(list.flatMap((pair): [string, unknown][] => (isList(pair) ? [[asText(pair[0], evaluation), pair[1]]] : [])));
}
