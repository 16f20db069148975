import { NodeError } from '../node-error.ts';
import { isRow } from '../values.ts';
import type { Row } from '../values.ts';

const PROBLEMS_MAX = 5;
const DEPTH_MAX = 12;
/** Most values one call may hold. */
const VALUES_MAX = 20_000;

type Schema = Readonly<Record<string, unknown>>;

/**
 * The arguments of a tool as its JSON Schema wants them. Models and templates write numbers, lists and objects as text, so a
 * text is read as what is wanted where that is certain, and null for an optional argument is no argument. Checks types,
 * choices, bounds, required and unknown names; patterns, formats and conditions are the other server's to judge.
 * Throws NodeError `node-input-invalid` that names every fault, in words a model can act on.
 */
export function checkArguments(schema: Schema, given: unknown): Record<string, unknown> {
  const problems: string[] = [];
  const checked = new Check(problems).value({ ...schema, type: 'object' }, given ?? {}, '', 0);
  if (problems.length > 0) throw new NodeError('node-input-invalid', `The arguments do not fit: ${problems.slice(0, PROBLEMS_MAX).join('; ')}.`);
  return isRow(checked) ? checked : {};
}

class Check {
  readonly #problems: string[];
  #left = VALUES_MAX;

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  value(schema: Schema, given: unknown, path: string, depth: number): unknown {
    if (--this.#left < 0 || depth > DEPTH_MAX) {
      this.#fault(path, 'is too large or too deep');
      return undefined;
    }
    const types = typesOf(schema);
    const value = asWanted(types, given);
    if (types.length > 0 && !types.some((type) => isOf(type, value))) {
      this.#fault(path, `must be ${listOf(types)}`);
      return value;
    }
    const choices = schema['enum'];
    if (Array.isArray(choices) && !choices.includes(value)) this.#fault(path, `must be one of ${choices.slice(0, 20).map((choice) => JSON.stringify(choice)).join(', ')}`);
    this.#bounds(schema, value, path);
    const alternatives = schema['anyOf'];
    if (Array.isArray(alternatives) && alternatives.length > 0 && !alternatives.some((one) => fits(one, value, depth))) this.#fault(path, 'has none of the forms it may have');
    if (Array.isArray(value)) return value.map((item, index) => (isRow(schema['items']) ? this.value(schema['items'], item, `${path}[${index}]`, depth + 1) : item));
    return isRow(value) ? this.#object(schema, value, path, depth) : value;
  }

  #object(schema: Schema, value: Row, path: string, depth: number): Row {
    const properties = isRow(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const additional = schema['additionalProperties'];
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    const kept: [string, unknown][] = [];
    for (const [name, item] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (isRow(known)) {
        if (item === undefined || (item === null && !required.includes(name) && !typesOf(known).includes('null'))) continue;
        kept.push([name, this.value(known, item, at(name), depth + 1)]);
      } else if (additional === false) this.#fault(at(name), `is not an argument (there are: ${Object.keys(properties).slice(0, 40).join(', ') || 'none'})`);
      else kept.push([name, isRow(additional) ? this.value(additional, item, at(name), depth + 1) : item]);
    }
    for (const name of required) if (typeof name === 'string' && !kept.some(([given, item]) => given === name && item !== undefined)) this.#fault(at(name), 'is missing');
    return Object.fromEntries(kept);
  }

  #bounds(schema: Schema, value: unknown, path: string): void {
    const limit = (name: string) => (typeof schema[name] === 'number' ? schema[name] : undefined);
    const [minimum, maximum, above, below] = [limit('minimum'), limit('maximum'), limit('exclusiveMinimum'), limit('exclusiveMaximum')];
    if (typeof value === 'number') {
      if (minimum !== undefined && value < minimum) this.#fault(path, `must be at least ${minimum}`);
      if (maximum !== undefined && value > maximum) this.#fault(path, `must be at most ${maximum}`);
      if (above !== undefined && value <= above) this.#fault(path, `must be more than ${above}`);
      if (below !== undefined && value >= below) this.#fault(path, `must be less than ${below}`);
    }
    const size = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
    if (size === undefined) return;
    const [least, most, unit] = typeof value === 'string' ? [limit('minLength'), limit('maxLength'), 'characters'] : [limit('minItems'), limit('maxItems'), 'items'];
    if (least !== undefined && size < least) this.#fault(path, `needs at least ${least} ${unit}`);
    if (most !== undefined && size > most) this.#fault(path, `takes at most ${most} ${unit}`);
  }

  #fault(path: string, words: string): void {
    this.#problems.push(`${(path || 'the arguments').slice(0, 200)} ${words}`);
  }
}

/** Whether a value fits an alternative as it stands. */
function fits(schema: unknown, value: unknown, depth: number): boolean {
  const problems: string[] = [];
  if (isRow(schema)) new Check(problems).value(schema, value, '', depth + 1);
  return problems.length === 0;
}

const typesOf = (schema: Schema): string[] => [schema['type']].flat().filter((type) => typeof type === 'string');

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'string': return typeof value === 'string';
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    case 'integer': return typeof value === 'number' && Number.isInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return isRow(value);
    default: return true;
  }
}

const WORDS: ReadonlyMap<string, string> = new Map([['string', 'text'], ['number', 'a number'], ['integer', 'a whole number'], ['boolean', 'true or false'], ['array', 'a list'], ['object', 'an object'], ['null', 'null']]);
const listOf = (types: readonly string[]): string => types.map((type) => WORDS.get(type) ?? type).join(' or ');

function asWanted(types: readonly string[], value: unknown): unknown {
  if (types.length === 0 || types.some((type) => isOf(type, value))) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return types.includes('string') ? String(value) : types.includes('array') ? [value] : value;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (types.some((type) => type === 'number' || type === 'integer') && text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (types.includes('boolean') && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if ((types.includes('array') && text.startsWith('[')) || (types.includes('object') && text.startsWith('{'))) return jsonOf(text) ?? value;
  return types.includes('array') && text !== '' ? [value] : value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A schema without the arguments that are already set: what is offered to a model. */
export function withoutArguments(schema: Schema, set: readonly string[]): Record<string, unknown> {
  if (set.length === 0) return { ...schema };
  const properties = isRow(schema['properties']) ? Object.entries(schema['properties']).filter(([name]) => !set.includes(name)) : [];
  const required = Array.isArray(schema['required']) ? schema['required'].filter((name) => typeof name !== 'string' || !set.includes(name)) : [];
  return { ...schema, properties: Object.fromEntries(properties), ...(Array.isArray(schema['required']) ? { required } : {}) };
}

/** Own property of checked arguments. */
export const argumentAt = (args: Readonly<Record<string, unknown>>, name: string): unknown => (Object.hasOwn(args, name) ? args[name] : undefined);
