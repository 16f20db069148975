/** Where a value sits in a form: property names and list positions. */
export type Path = readonly string[];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Names that would reach into every object's prototype. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export const pathKey = (path: Path): string => path.join('.');

/** `persona.name`, `persona[0].name` or `/persona/name` as a path; a leading `body` is the API's own prefix. */
export const parsePath = (text: string): string[] => {
  const parts = text.startsWith('/')
    ? text.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : text.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const path = parts.filter((part) => part !== '');
  return path[0] === 'body' ? path.slice(1) : path;
};

/** The value at `path`, or undefined where there is none. Own properties only. */
export const getAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
};

/** A copy with `value` at `path`; parts that do not change stay the same objects. @throws on a forbidden name. */
export const setAt = (root: unknown, path: Path, value: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (FORBIDDEN.has(key)) throw new TypeError(`A field may not be called ${key}`);
  if (Array.isArray(root)) {
    const copy = [...root];
    copy[Number(key)] = setAt(copy[Number(key)], rest, value);
    return copy;
  }
  const copy: Record<string, unknown> = isRecord(root) ? { ...root } : {};
  copy[key] = setAt(Object.hasOwn(copy, key) ? copy[key] : undefined, rest, value);
  return copy;
};

/** Deep equality of plain data; a property that is undefined equals one that is missing. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameValue(a[name], b[name]));
};
