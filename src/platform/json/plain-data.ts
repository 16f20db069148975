/** Data as queries and expressions see it: own fields only. */
export type Data = Readonly<Record<string, unknown>>;

/** Names that lead to JavaScript's own objects. They read as undefined, even where data carries such a field. */
const UNREADABLE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export const isReadable = (name: string): boolean => !UNREADABLE.has(name);

/** Plain data or a date as it is; undefined for everything else: functions, symbols, instances of classes. */
export function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'string': case 'number': case 'boolean': return value;
    case 'bigint': return Number(value);
    case 'object': return value === null || Array.isArray(value) || value instanceof Date || isData(value) ? value : undefined;
    default: return undefined;
  }
}

export function isData(value: unknown): value is Data {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** An own field of data that is a value and no getter; undefined for anything else. */
export function ownField(data: object, name: string): unknown {
  if (UNREADABLE.has(name)) return undefined;
  const found = Object.getOwnPropertyDescriptor(data, name);
  return found === undefined ? undefined : plain(found.value);
}

/** The own fields of data that are values and have a readable name, in order. */
export function fieldsOf(data: Data): [string, unknown][] {
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(data)) if (isReadable(name)) fields.push([name, ownField(data, name)]);
  return fields;
}

/** New data from fields; names that could change what an object inherits are left out. */
export function dataFrom(fields: Iterable<readonly [string, unknown]>): Data {
  const data: Record<string, unknown> = {};
  for (const [name, value] of fields) if (isReadable(name)) data[name] = value;
  return data;
}

/** `a.b` and `a[0]`. What is missing reads as undefined, also inside something that is missing. */
export function readMember(object: unknown, key: unknown): unknown {
  if (typeof object === 'string' || isList(object)) {
    if (key === 'length') return object.length;
    const index = typeof key === 'number' ? key : typeof key === 'string' && /^\d{1,9}$/.test(key) ? Number(key) : -1;
    if (!Number.isInteger(index) || index < 0 || index >= object.length) return undefined;
    return typeof object === 'string' ? object[index] : ownField(object, String(index));
  }
  if (!isData(object)) return undefined;
  return typeof key === 'string' ? ownField(object, key) : typeof key === 'number' || typeof key === 'boolean' ? ownField(object, String(key)) : undefined;
}
