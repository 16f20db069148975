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
