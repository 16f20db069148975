/**
 * Reading and writing data inside a page we do not control. The page may have extended Object.prototype or
 * Array.prototype (old libraries add `toJSON`, attackers add defaults), so inherited members never count.
 */

export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

const hasOwn = Object.prototype.hasOwnProperty;

/** The object's own member, or undefined: never an inherited one. */
export function own(source: unknown, key: string): unknown {
  if (source === null || (typeof source !== 'object' && typeof source !== 'function')) return undefined;
  return hasOwn.call(source, key) ? Reflect.get(source, key) : undefined;
}

/** The own member as trimmed text of at most `max` characters; `fallback` for anything but a string. */
export function text(source: unknown, key: string, max: number, fallback = ''): string {
  const value = own(source, key);
  return typeof value === 'string' ? value.trim().slice(0, max) : fallback;
}

/** The own member if it is one of the allowed words. */
export function oneOf<T extends string>(source: unknown, key: string, allowed: readonly T[]): T | undefined {
  const value = own(source, key);
  return allowed.find((word) => word === value);
}

/** The own member if it is a boolean; the words `true` and `false` count, since attributes carry text. */
export function flag(source: unknown, key: string, fallback: boolean): boolean {
  const value = own(source, key);
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return fallback;
}

/** A copy without prototype, for option bags the browser reads by name (`fetch`, `attachShadow`). */
export function bare<T extends object>(options: T): T {
  return Object.assign(Object.create(null), options);
}

/** JSON text that ignores any `toJSON` the page put on a prototype. Members that are undefined are left out. */
export function encodeJson(value: Json): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(encodeJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${encodeJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** The parsed text, or undefined if it is not JSON. */
export function decodeJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
