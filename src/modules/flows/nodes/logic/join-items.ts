import { dataFrom, fieldsOf, isData } from '../../expression/data.ts';
import { NodeError } from '../node-error.ts';
import { fieldOf, scalarText } from '../values.ts';

type Items = readonly unknown[];
/** Fields of two items that have the same name: of which the value is kept. */
export type Preferred = 'first' | 'second';
export type Join = 'inner' | 'left' | 'right' | 'outer' | 'unmatched';

const ITEMS_MAX = 100_000;

/** Items at the same place become one; `outer` keeps those of the longer list. */
export function joinByPosition(left: Items, right: Items, outer: boolean, preferred: Preferred): unknown[] {
  const length = outer ? Math.max(left.length, right.length) : Math.min(left.length, right.length);
  return Array.from({ length }, (_, index) => merged(left[index], right[index], preferred));
}

/**
 * Items whose key has the same text become one, every match of each. `left`, `right` and `outer` also keep the items of
 * that side or both that have no match; `unmatched` keeps only those. Throws NodeError past the limit of items.
 */
export function joinByKey(left: Items, right: Items, keys: { left: string; right: string }, join: Join, preferred: Preferred): unknown[] {
  const byKey = Map.groupBy(right, (item) => keyOf(item, keys.right));
  const used = new Set<string>();
  const made: unknown[] = [];
  for (const item of left) {
    const key = keyOf(item, keys.left);
    const matches = key === null ? [] : byKey.get(key) ?? [];
    if (key !== null && matches.length > 0) used.add(key);
    if (matches.length === 0 && join !== 'inner' && join !== 'right') made.push(item);
    if (join !== 'unmatched') for (const match of matches) made.push(merged(item, match, preferred));
    bound(made.length);
  }
  if (join === 'right' || join === 'outer' || join === 'unmatched') {
    for (const item of right) {
      const key = keyOf(item, keys.right);
      if (key === null || !used.has(key)) made.push(item);
    }
  }
  return made;
}

/** Every item of one list with every item of the other. */
export function combineAll(left: Items, right: Items, preferred: Preferred): unknown[] {
  bound(left.length * right.length);
  return left.flatMap((item) => right.map((other) => merged(item, other, preferred)));
}

function bound(items: number): void {
  if (items > ITEMS_MAX) throw new NodeError('node-limit', `Bringing the lists together makes more than ${ITEMS_MAX} items.`);
}

function keyOf(item: unknown, path: string): string | null {
  const value = path === '' ? item : fieldOf(item, path);
  return value === undefined || value === null ? null : scalarText(value);
}

function merged(left: unknown, right: unknown, preferred: Preferred): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const [under, over] = preferred === 'second' ? [left, right] : [right, left];
  return dataFrom([...named(under), ...named(over)]);
}

const named = (item: unknown): [string, unknown][] => (isData(item) ? fieldsOf(item) : [['value', item]]);
