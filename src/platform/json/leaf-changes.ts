import type { LeafChange } from '../contract/leaf-change.ts';

/** A text longer than this shows only the part around the difference, in characters. */
const TEXT_SHOWN_MAX = 600;
/** Kept before and behind the part that differs, in characters. */
const TEXT_AROUND = 80;
const DEPTH_MAX = 24;

export interface LeafChanges { changes: LeafChange[]; /** How many more there are than were listed. */ omitted: number }

/**
 * The values in which two JSON values differ, by path and in a stable order. Objects are compared by key and lists of
 * objects by place; a list of plain values is one value. Below 24 levels the rest counts as one value. At most
 * `changesMax` are listed, the others counted. Pure; neither argument is changed.
 */
export function leafChanges(before: unknown, after: unknown, changesMax = 500): LeafChanges {
  const changes: LeafChange[] = [];
  let count = 0;
  const add = (path: readonly string[], from: unknown, to: unknown): void => {
    count += 1;
    if (changes.length >= changesMax) return;
    const [shownBefore, shownAfter] = shown(from, to);
    changes.push({ path: path.join('.'), kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed', before: shownBefore ?? null, after: shownAfter ?? null });
  };
  const walk = (from: unknown, to: unknown, path: readonly string[]): void => {
    if (from === to) return;
    const [inside, other] = [partsOf(from), partsOf(to)];
    // One side missing is told part by part too: which settings appeared, not that an object did.
    const open = inside && other ? true : inside ? to === undefined && inside.size > 0 : from === undefined && other !== null && other.size > 0;
    if (!open || path.length >= DEPTH_MAX) {
      if (JSON.stringify(from) !== JSON.stringify(to)) add(path, from, to);
      return;
    }
    for (const key of new Set([...(inside?.keys() ?? []), ...(other?.keys() ?? [])])) walk(inside?.get(key), other?.get(key), [...path, key]);
  };
  walk(before, after, []);
  return { changes, omitted: count - changes.length };
}

/** Whether two JSON values say the same, whatever the order of their keys. */
export const sameJson = (one: unknown, other: unknown): boolean => leafChanges(one, other, 1).changes.length === 0;

/** What can be compared part by part; null for a plain value and a list of plain values. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value) && value.some((item) => typeof item !== 'object' || item === null)) return null;
  return new Map(Object.entries(value).filter(([, part]) => part !== undefined));
}

/** Two values as a person compares them: of long texts only what surrounds the difference. */
function shown(before: unknown, after: unknown): [unknown, unknown] {
  if (typeof before !== 'string' || typeof after !== 'string') return [cut(before), cut(after)];
  if (before.length <= TEXT_SHOWN_MAX && after.length <= TEXT_SHOWN_MAX) return [before, after];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const around = (text: string): string => {
    const [from, to] = [Math.max(0, start - TEXT_AROUND), Math.min(text.length, text.length - end + TEXT_AROUND)];
    const part = text.slice(from, Math.min(to, from + TEXT_SHOWN_MAX)).toWellFormed();
    return `${from > 0 ? '…' : ''}${part}${from + part.length < text.length ? '…' : ''}`;
  };
  return [around(before), around(after)];
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.length > TEXT_SHOWN_MAX ? `${value.slice(0, TEXT_SHOWN_MAX).toWellFormed()}…` : value;
  const text = value === undefined ? '' : JSON.stringify(value);
  return text.length > TEXT_SHOWN_MAX * 4 ? `${text.slice(0, TEXT_SHOWN_MAX).toWellFormed()}…` : value;
}
