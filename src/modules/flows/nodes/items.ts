import type { Value } from '../node-type.ts';
import { dataOf, isRow, rowsOf } from './values.ts';
import type { Row } from './values.ts';

/*
 * The convention of items. A list of items on an edge is a `table` or a JSON array. A node with `each: true` does its
 * work once for every item, with `item` and `index` in its expressions, and puts out a list again. With `each: false` it
 * does its work once, with the whole value as `item`; a table of one row counts as that row.
 */

/** The items of a value: rows of a table, passages as rows, elements of a JSON array; anything else is one item, nothing is none. */
export function itemsOf(value: Value | undefined): readonly unknown[] {
  if (!value || value.kind === 'none') return [];
  if (value.kind === 'table' || value.kind === 'passages') return rowsOf(value);
  const data = dataOf(value);
  return isList(data) ? data : [data];
}

/** The whole value as one item. */
export function wholeOf(value: Value | undefined): unknown {
  if (value?.kind === 'table' && value.rows.length === 1) return value.rows[0];
  return dataOf(value);
}

/** Items as a value: a table where all are rows, else a JSON array. */
export function listOf(items: readonly unknown[]): Value {
  return isRows(items) ? { kind: 'table', rows: items } : { kind: 'json', json: items };
}

const isRows = (items: readonly unknown[]): items is readonly Row[] => items.every(isRow);
const isList = (data: unknown): data is readonly unknown[] => Array.isArray(data);

/** Which item an item was made of. Items that are handed on as they are need no entry. */
const origins = new WeakMap<object, unknown>();
const ANCESTORS_MAX = 50;

/** Remembers that an item was made of another one, so that later steps find what belongs together after lists were filtered or sorted. */
export function madeOf<Item>(made: Item, from: unknown): Item {
  if (isObject(made) && isObject(from) && made !== from && !origins.has(made)) origins.set(made, from);
  return made;
}

/** The element of a list that an item is, or was made of in any number of steps; undefined where none is known. */
export function ancestorIn(item: unknown, list: readonly unknown[]): unknown {
  const known = membersOf(list);
  let current = item;
  for (let steps = 0; steps < ANCESTORS_MAX && isObject(current); steps++) {
    if (known.has(current)) return current;
    current = origins.get(current);
  }
  return undefined;
}

const members = new WeakMap<object, ReadonlySet<unknown>>();

function membersOf(list: readonly unknown[]): ReadonlySet<unknown> {
  let known = members.get(list);
  if (known === undefined) members.set(list, known = new Set(list));
  return known;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
