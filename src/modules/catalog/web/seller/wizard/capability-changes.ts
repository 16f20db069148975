import { getAt, isRecord, sameValue, type Path } from '#web/form/form-values.ts';

/** Parts of a declaration that are not the editor's: the category decides the first two, the third mirrors another block. */
const NOT_EDITED: readonly string[] = ['category', 'subcategory', 'configuration.knowledge'];

/**
 * What of `value` differs from `base`, as a value of the same shape: what a seller declares over what the category
 * brings. Objects are compared part by part, lists as a whole.
 */
export const declaredPart = (value: unknown, base: unknown): Record<string, unknown> => {
  const part = differences(value, base, []);
  return isRecord(part) ? part : {};
};

const differences = (value: unknown, base: unknown, path: Path): unknown => {
  if (NOT_EDITED.includes(path.join('.'))) return undefined;
  if (isRecord(value) && isRecord(base)) {
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, differences(item, Object.hasOwn(base, key) ? base[key] : undefined, [...path, key])]);
    const changed = entries.filter(([, item]) => item !== undefined);
    return changed.length === 0 ? undefined : Object.fromEntries(changed);
  }
  return sameValue(value, base) ? undefined : value;
};

/** The places where `value` differs from `base`, in the order of `value`. */
export const changedPaths = (value: unknown, base: unknown): string[][] => leaves(declaredPart(value, base), base, []);

const leaves = (part: unknown, base: unknown, path: string[]): string[][] =>
  (isRecord(part) && isRecord(getAt(base, path)) ? Object.entries(part).flatMap(([key, item]) => leaves(item, base, [...path, key])) : [path]);

/** A value as a person would say it. */
export const spoken = (value: unknown): string => {
  if (value === true) return 'On';
  if (value === false) return 'Off';
  if (value === undefined || value === null || value === '') return 'Empty';
  if (Array.isArray(value)) return value.length === 0 ? 'None' : value.map(String).join(', ');
  return typeof value === 'number' || typeof value === 'string' ? String(value) : JSON.stringify(value);
};
