import { dataFrom, fieldsOf, isData, isList, plain } from '../../expression/data.ts';
import { NodeError } from '../node-error.ts';
import type { JmesRun } from './jmes-path-query.ts';
import { Reference } from './jmes-path-reference.ts';

type Kind = 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null' | 'expref';
type List = readonly unknown[];

/** What a function is told of its arguments: they are checked by reading them. */
class Args {
  readonly #name: string;
  readonly #args: List;

  constructor(name: string, args: List) {
    this.#name = name;
    this.#args = args;
  }

  any(index: number): unknown { return this.#args[index] ?? null; }
  all(): List { return this.#args; }

  number(index: number): number { const value = this.any(index); return typeof value === 'number' ? value : this.refuse(index, 'a number'); }
  text(index: number): string { const value = this.any(index); return typeof value === 'string' ? value : this.refuse(index, 'a string'); }
  list(index: number): List { const value = this.any(index); return isList(value) ? value : this.refuse(index, 'an array'); }
  object(index: number): ReturnType<typeof fieldsOf> { const value = this.any(index); return isData(value) ? fieldsOf(value) : this.refuse(index, 'an object'); }
  reference(index: number): Reference { const value = this.any(index); return value instanceof Reference ? value : this.refuse(index, 'an expression after "&"'); }
  numbers(index: number): readonly number[] { return this.list(index).map((item) => (typeof item === 'number' ? item : this.refuse(index, 'an array of numbers'))); }
  texts(index: number): readonly string[] { return this.list(index).map((item) => (typeof item === 'string' ? item : this.refuse(index, 'an array of strings'))); }

  /** Numbers alone or strings alone. */
  sortable(index: number, values: List): readonly (string | number)[] {
    if (values.every((value) => typeof value === 'number') || values.every((value) => typeof value === 'string')) return values.map((value) => (typeof value === 'number' ? value : String(value)));
    return this.refuse(index, 'numbers alone or strings alone');
  }

  refuse(index: number, wanted: string): never {
    throw new NodeError('node-input-invalid', `The JMESPath function ${this.#name} takes ${wanted} as value ${index + 1}, not ${kindOf(this.any(index))}.`);
  }
}

/** Number of values each function takes, and what it does; the functions of the JMESPath specification. */
const FUNCTIONS: ReadonlyMap<string, { min: number; max: number; call: (args: Args, run: JmesRun) => unknown }> = new Map([
  ...exactly(1, {
    abs: (args) => Math.abs(args.number(0)), ceil: (args) => Math.ceil(args.number(0)), floor: (args) => Math.floor(args.number(0)),
    avg: (args) => { const numbers = args.numbers(0); return numbers.length === 0 ? null : sum(numbers) / numbers.length; },
    sum: (args) => sum(args.numbers(0)),
    keys: (args) => args.object(0).map(([name]) => name), values: (args) => args.object(0).map(([, value]) => value),
    length: (args) => lengthOf(args), max: (args) => extreme(args, 1), min: (args) => extreme(args, -1),
    reverse: (args) => { const value = args.any(0); return typeof value === 'string' ? [...value].toReversed().join('') : args.list(0).toReversed(); },
    sort: (args, run) => { const list = args.sortable(0, args.list(0)); run.spend(list.length * Math.log2(list.length + 1)); return list.toSorted(order); },
    to_array: (args) => { const value = args.any(0); return isList(value) ? value : [value]; },
    to_number: (args) => toNumber(args.any(0)),
    to_string: (args) => { const value = args.any(0); return typeof value === 'string' ? value : JSON.stringify(plain(value) ?? null); },
    type: (args) => { const kind = kindOf(args.any(0)); return kind === 'expref' ? args.refuse(0, 'a value') : kind; },
  }),
  ...exactly(2, {
    contains: (args, run) => { const whole = args.any(0); return typeof whole === 'string' ? typeof args.any(1) === 'string' && whole.includes(args.text(1)) : args.list(0).some((item) => run.equal(plain(item), args.any(1))); },
    starts_with: (args) => args.text(0).startsWith(args.text(1)), ends_with: (args) => args.text(0).endsWith(args.text(1)),
    join: (args) => args.texts(1).join(args.text(0)),
    map: (args) => { const each = args.reference(0); return args.list(1).map((item) => plain(each.of(plain(item))) ?? null); },
    max_by: (args) => extremeBy(args, 1), min_by: (args) => extremeBy(args, -1),
    sort_by: (args, run) => { const list = args.list(0); run.spend(list.length * Math.log2(list.length + 1)); return keyed(args).toSorted((left, right) => order(left.key, right.key)).map(({ item }) => item); },
  }),
  ['merge', { min: 1, max: 50, call: (args: Args) => dataFrom(args.all().flatMap((_one, index) => args.object(index))) }],
  ['not_null', { min: 1, max: 50, call: (args: Args) => args.all().find((value) => value !== null && value !== undefined) ?? null }],
]);

function exactly(count: number, functions: Readonly<Record<string, (args: Args, run: JmesRun) => unknown>>) {
  return Object.entries(functions).map(([name, call]) => [name, { min: count, max: count, call }] as const);
}

/** Calls a function by name. Throws NodeError for one that does not exist and for arguments it does not take. */
export function callJmesFunction(run: JmesRun, name: string, args: List): unknown {
  const found = FUNCTIONS.get(name);
  if (!found) throw new NodeError('node-config-invalid', `JMESPath has no function "${name.slice(0, 40)}".`);
  if (args.length < found.min || args.length > found.max) throw new NodeError('node-config-invalid', `The JMESPath function ${name} takes ${found.min} value${found.min === 1 ? '' : 's'}, not ${args.length}.`);
  run.spend(args.reduce<number>((size, arg) => size + (typeof arg === 'string' ? arg.length / 16 : isList(arg) ? arg.length : 1), 1));
  return found.call(new Args(name, args), run);
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Reference) return 'expref';
  if (isList(value)) return 'array';
  return typeof value === 'number' ? 'number' : typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'object';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const order = (left: string | number, right: string | number): number => (left < right ? -1 : left > right ? 1 : 0);

function lengthOf(args: Args): number {
  const value = args.any(0);
  return typeof value === 'string' ? [...value].length : isList(value) ? value.length : isData(value) ? args.object(0).length : args.refuse(0, 'a string, an array or an object');
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value.slice(0, 400)) ? Number(value) : null;
}

function extreme(args: Args, sign: 1 | -1): unknown {
  return args.sortable(0, args.list(0)).reduce<string | number | null>((best, value) => (best === null || sign * order(value, best) > 0 ? value : best), null);
}

function keyed(args: Args): readonly { item: unknown; key: string | number }[] {
  const each = args.reference(1);
  const list = args.list(0);
  const keys = args.sortable(0, list.map((item) => each.of(plain(item))));
  return list.map((item, index) => ({ item: plain(item), key: keys[index] ?? 0 }));
}

function extremeBy(args: Args, sign: 1 | -1): unknown {
  return keyed(args).reduce<{ item: unknown; key: string | number } | null>((best, one) => (best === null || sign * order(one.key, best.key) > 0 ? one : best), null)?.item ?? null;
}
