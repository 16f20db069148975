import { isRecord, read, readFlag, readList, readNumber, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import type { LocalRefs } from './local-refs.ts';
import { plainText } from './tool-text.ts';

const PROPERTIES_MAX = 100;
const ENUM_MAX = 100;
const ALTERNATIVES_MAX = 12;

/** How much of a schema is kept: levels, schemas in all, characters of a description. What lies beyond is left open. */
export interface SchemaBounds { depth: number; schemas: number; description: number }

/** From generous to terse; a tool whose arguments come out too long is read again with the next. */
export const SCHEMA_BOUNDS: readonly SchemaBounds[] = [
  { depth: 10, schemas: 400, description: 300 }, { depth: 6, schemas: 120, description: 160 }, { depth: 4, schemas: 50, description: 80 }, { depth: 2, schemas: 20, description: 60 },
];

/** Longest arguments of one tool as JSON, in characters: all tools of an agent go to the model with every question. */
export const ARGUMENTS_CHARS_MAX = 16_000;

const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);
const NUMBER_LIMITS = ['minimum', 'maximum', 'multipleOf'] as const;
const COUNT_LIMITS = ['minLength', 'maxLength', 'minItems', 'maxItems'] as const;
const NEVER_A_NAME: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A schema of OpenAPI 2, 3.0 or 3.1, or any JSON Schema, as the plain JSON Schema a tool's arguments are described and checked
 * with: references and `allOf` inlined, `nullable` and boolean bounds as today's JSON Schema writes them, `oneOf` as
 * `anyOf`. Patterns and conditions are left to the other server. Bounded in depth and size; what is recursive or too large is open.
 */
export function toolSchema(schema: unknown, refs: LocalRefs, bounds: SchemaBounds): PlainRecord {
  return new Reader(refs, bounds).read(schema, 0, []);
}

/** The most generous reading that is short enough; the tersest where none is. */
export function boundedSchema<T>(read: (bounds: SchemaBounds) => T): T {
  let result: T | undefined;
  for (const bounds of SCHEMA_BOUNDS) {
    result = read(bounds);
    if (JSON.stringify(result).length <= ARGUMENTS_CHARS_MAX) return result;
  }
  if (result === undefined) throw new Error('There are no bounds.');
  return result;
}

class Reader {
  readonly #refs: LocalRefs;
  readonly #bounds: SchemaBounds;
  #left: number;

  constructor(refs: LocalRefs, bounds: SchemaBounds) {
    this.#refs = refs;
    this.#bounds = bounds;
    this.#left = bounds.schemas;
  }

  read(given: unknown, depth: number, above: readonly string[]): PlainRecord {
    if (depth > this.#bounds.depth || --this.#left < 0) return {};
    const path = [...above];
    const schema = this.#refs.resolve(given, (ref) => path.push(ref));
    if (!isRecord(schema) || path.slice(above.length).some((ref) => above.includes(ref))) return describe({}, schema, this.#bounds.description);
    const whole = this.#withAllOf(schema, path, depth);
    const types = typesOf(whole);
    const result: PlainRecord = describe({}, whole, this.#bounds.description);
    if (types.length > 0) result['type'] = types.length === 1 ? types[0] : types;
    const choices = readList(whole, 'enum').filter(isScalar).slice(0, ENUM_MAX);
    if (choices.length > 0 && choices.length === readList(whole, 'enum').length) result['enum'] = types.includes('null') && !choices.includes(null) ? [...choices, null] : choices;
    const fixed = read(whole, 'const');
    if (isScalar(fixed)) result['enum'] = [fixed];
    const initial = read(whole, 'default');
    if (isScalar(initial) && initial !== null) result['default'] = typeof initial === 'string' ? initial.slice(0, 300) : initial;
    limits(whole, result);
    if (types.includes('array') || isRecord(whole['items'])) result['items'] = this.read(whole['items'], depth + 1, path);
    if (types.includes('object')) this.#properties(whole, result, depth, path);
    const alternatives = [...readList(whole, 'anyOf'), ...readList(whole, 'oneOf')];
    if (alternatives.length > 0 && alternatives.length <= ALTERNATIVES_MAX) {
      const read = alternatives.map((one) => this.read(one, depth + 1, path));
      // An open alternative accepts everything, so nothing is said by listing them.
      if (read.every((one) => Object.keys(one).some((key) => key !== 'description'))) result['anyOf'] = types.includes('null') ? [...read, { type: 'null' }] : read;
    }
    return result;
  }

  #properties(whole: PlainRecord, result: PlainRecord, depth: number, path: readonly string[]): void {
    const properties: [string, PlainRecord][] = [];
    for (const [name, schema] of Object.entries(readRecord(whole, 'properties') ?? {})) {
      if (NEVER_A_NAME.has(name) || properties.length >= PROPERTIES_MAX || this.#left <= 0) continue;
      if (readFlag(this.#refs.resolve(schema), 'readOnly')) continue;
      properties.push([name, this.read(schema, depth + 1, path)]);
    }
    result['properties'] = Object.fromEntries(properties);
    const names = new Set(properties.map(([name]) => name));
    const required = [...new Set(readList(whole, 'required').filter((name) => typeof name === 'string' && names.has(name)))];
    if (required.length > 0) result['required'] = required;
    const additional = read(whole, 'additionalProperties');
    if (additional === false) result['additionalProperties'] = false;
    else if (isRecord(additional) && Object.keys(additional).length > 0) result['additionalProperties'] = this.read(additional, depth + 1, path);
  }

  /** The schema with the parts of its `allOf` merged in: properties and required together, everything else the first that says it. */
  #withAllOf(schema: PlainRecord, path: string[], depth: number): PlainRecord {
    const parts = readList(schema, 'allOf');
    if (parts.length === 0) return schema;
    let merged: PlainRecord = { ...schema };
    for (const part of parts.slice(0, ALTERNATIVES_MAX)) {
      if (--this.#left < 0) break;
      const visited: string[] = [];
      const resolved = this.#refs.resolve(part, (ref) => visited.push(ref));
      if (!isRecord(resolved) || visited.some((ref) => path.includes(ref)) || depth + path.length > 200) continue;
      path.push(...visited);
      const inner = this.#withAllOf(resolved, path, depth + 1);
      const properties = { ...readRecord(inner, 'properties'), ...readRecord(merged, 'properties') };
      const required = [...readList(merged, 'required'), ...readList(inner, 'required')];
      merged = { ...inner, ...merged, ...(Object.keys(properties).length > 0 ? { properties } : {}), ...(required.length > 0 ? { required } : {}) };
      // Parts that close themselves would forbid what the other parts add.
      if (inner['additionalProperties'] === false) merged['additionalProperties'] = undefined;
    }
    return merged;
  }
}

const isScalar = (value: unknown): value is string | number | boolean | null => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The types a schema names or plainly means; `null` added where it is nullable. */
function typesOf(schema: PlainRecord): string[] {
  const named = [schema['type']].flat().flatMap((type) => (typeof type === 'string' ? [type === 'file' ? 'string' : type] : [])).filter((type) => TYPES.has(type));
  const meant = named.length > 0 ? named : isRecord(schema['properties']) || isRecord(schema['additionalProperties']) ? ['object'] : isRecord(schema['items']) ? ['array'] : [];
  const nullable = readFlag(schema, 'nullable') || readFlag(schema, 'x-nullable');
  return meant.length > 0 && nullable ? [...new Set([...meant, 'null'])] : [...new Set(meant)];
}

function describe(result: PlainRecord, schema: unknown, charsMax: number): PlainRecord {
  const words = plainText(readText(schema, 'description') ?? readText(schema, 'title') ?? '', charsMax);
  if (words !== '') result['description'] = words;
  const format = readText(schema, 'format');
  if (format !== null && /^[a-z0-9-]{1,30}$/i.test(format)) result['format'] = format;
  return result;
}

function limits(schema: PlainRecord, result: PlainRecord): void {
  for (const key of NUMBER_LIMITS) {
    const limit = readNumber(schema, key);
    if (limit !== null && (key !== 'multipleOf' || limit > 0)) result[key] = limit;
  }
  for (const key of COUNT_LIMITS) {
    const limit = readNumber(schema, key);
    if (limit !== null && limit >= 0) result[key] = limit;
  }
  for (const [exclusive, inclusive] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    const limit = readNumber(schema, exclusive);
    if (limit !== null) result[exclusive] = limit;
    else if (readFlag(schema, exclusive) && result[inclusive] !== undefined) {
      result[exclusive] = result[inclusive];
      delete result[inclusive];
    }
  }
}
