import { describe, expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import type { Scope } from './scope.ts';
import { evaluate, parseTemplate, renderText } from './template.ts';

let getterRan = false;
class Host { secret = 'host'; reveal() { return this.secret; } }
/** Data that no node would make: code, getters, instances, names that lead to prototypes. */
const hostile = {
  run: () => 'ran', host: new Host(), map: new Map([['a', 1]]), symbol: Symbol('s'), big: 10n, date: new Date(0), pattern: /x/,
  get trap() { getterRan = true; return 'trapped'; },
  toString: 'own toString', toJSON: () => 'called', valueOf: () => 'called',
  list: [() => 'ran', 1, new Host()], deep: { constructor: 'own', prototype: 'own', ok: 1 },
  proto: JSON.parse('{"__proto__": {"polluted": true}, "fine": 1}'),
};
const scope: Scope = {
  item: hostile, index: 0, items: [hostile, { name: 'x' }], input: { text: 'text', data: hostile },
  steps: () => ({ item: hostile, items: [hostile], text: 't', json: hostile, outputs: hostile }),
  parameters: hostile, state: new Map<string, unknown>([['run', hostile.run], ['x', 1]]), now: new Date(0), loop: { index: 0 },
};

/** The result, or undefined where a typed error says why there is none. */
function outcome(source: string): unknown {
  try {
    return evaluate(source, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** Milliseconds of this thread alone, so that a busy machine changes nothing. */
function timed(source: string): number {
  const before = process.threadCpuUsage();
  outcome(source);
  return process.threadCpuUsage(before).user / 1_000;
}

describe('nothing of JavaScript can be reached', () => {
  test.each([
    "constructor.constructor('return process')()", 'item.constructor', 'item.deep.constructor', 'item["const" + "ructor"]', 'item.__proto__', 'item["__proto__"].polluted', 'item.proto.__proto__.polluted', 'item.deep.prototype',
    'item.run', 'item.run()', 'item.host', 'item.host.secret', 'item.map', 'item.symbol', 'item.pattern', 'item.trap', 'item.hasOwnProperty', 'items.constructor', 'items.push', 'items.map', '"".constructor', '"".sub', '(1).constructor',
    'item.list[0]', 'item.list[2]', 'item.list.first()', 'item.list.at(2)', 'item.list.find(x => x !== 1)', 'now.constructor', 'now.getTime', 'input.constructor', 'steps.x.constructor', 'steps.x.outputs.run', 'state.run', 'state.get', 'state.constructor',
    'parameters.run', 'this', 'globalThis', 'process', 'require("fs")', 'import("fs")', 'eval("1")', 'Function("return 1")()', 'new Function("return 1")', 'Object.getPrototypeOf(item)', 'Object.assign(item, {})', 'Reflect.get(item, "run")',
    'items.map(item.run)', 'items.reduce(item.run, 0)', '[].map.call(1)', 'item.toJSON()["x"]', '(x => x)(1)', 'items.map(x => y => x)[0]', '({}).toString.constructor', '/a/.constructor', '/a/.source', 'Object.values(item)[0]', '[item.run][0]', '{ a: item.run }.a',
    'item.values()[1]', 'item.entries()[0][1]', '({ ["__proto__"]: { polluted: 1 } }).polluted', '"{\\"__proto__\\":{\\"polluted\\":1}}".parseJson().polluted', '[["__proto__", { polluted: 1 }]].fromEntries().polluted', 'item.merge({}).trap',
    'items.groupBy(x => "__proto__").polluted', '`${item.host}`.length || undefined', 'item.toString()["length"] && undefined',
  ])('%s', (expression) => {
    expect(outcome(`{{ ${expression} }}`)).toBeUndefined();
    expect(getterRan).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test('data written as JSON calls nothing of it and leaves code out', () => {
    expect(renderText('{{ item }}', scope)).toBe('{"big":10,"date":"1970-01-01T00:00:00.000Z","toString":"own toString","list":[null,1,null],"deep":{"ok":1},"proto":{"fine":1}}');
    expect(getterRan).toBe(false);
  });

  test('a hundred thousand random expressions reach no host object, and only typed errors are thrown', () => {
    const random = randomFrom(20_261_128);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] ?? items[0]!;
    let worked = 0;
    // Most rounds end in an error, of which the stack is the greater part of the work.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    for (let round = 0; round < 100_000; round++) {
      let expression = '';
      for (let i = 1 + Math.floor(random() * 9); i > 0; i--) expression += random() < 0.97 ? pick(WORDS) : String.fromCharCode(Math.floor(random() * 300));
      const result = outcome(`{{ ${expression} }}`);
      if (result !== undefined) worked++;
      const reached = foreign(result);
      if (reached !== null || getterRan || 'polluted' in {}) throw new Error(`${expression} reached ${String(reached)}`);
    }
    Error.stackTraceLimit = stackTraceLimit;
    expect(worked).toBeGreaterThan(500);
  }, 30_000);
});

describe('every template ends within moments', () => {
  const million = 1_000_000;
  test.each<[string, () => string]>([
    ['10 MB of text', () => 'x'.repeat(10 * million)],
    ['10 MB in an expression', () => `{{ "${'x'.repeat(10 * million)}" }}`],
    ['a million brackets', () => `{{ ${'('.repeat(million)} }}`],
    ['as many brackets as are read', () => `{{ ${'('.repeat(400_000)}1${')'.repeat(40_000)} }}`],
    ['nested lists', () => `{{ ${'['.repeat(200_000)} }}`],
    ['nested functions', () => `{{ ${'items.map(x => '.repeat(30_000)} }}`],
    ['a chain of operators', () => `{{ 1${' + 1'.repeat(100_000)} }}`],
    ['a chain of members', () => `{{ item${'.a'.repeat(200_000)} }}`],
    ['a chain of exponents', () => `{{ 2${' ** 2'.repeat(100_000)} }}`],
    ['a chain of choices', () => `{{ ${'1 ? 1 : '.repeat(60_000)}1 }}`],
    ['a chain of negations', () => `{{ ${'!'.repeat(400_000)}1 }}`],
    ['many expressions', () => '{{a}}'.repeat(90_000)],
    ['many openings', () => '{{'.repeat(240_000)],
    ['nested template texts', () => `{{ ${'`${'.repeat(100_000)} }}`],
    ['a space of half a million', () => `{{ (${' '.repeat(490_000)} }}`],
    ['a text that doubles', () => `{{ ${'[1,2,3,4,5,6,7,8,9,10].reduce((a, b) => a + a, '.repeat(5)}"xxxxxxxxxx"${')'.repeat(5)} }}`],
    ['a text that repeats', () => '{{ "x".repeat(1000000000) }}'], ['padding', () => '{{ "x".padStart(1e9).padEnd(1e9) }}'],
    ['a replacement that explodes', () => '{{ "a".repeat(1000000).replaceAll("a", "b".repeat(1000000)) }}'],
    ['a join that explodes', () => '{{ range(0, 100000).join("x".repeat(100000)) }}'],
    ['nested loops', () => '{{ range(0, 100000).map(x => range(0, 100000).map(y => range(0, 100000))) }}'],
    ['loops over the same list', () => '{{ range(0, 10000).map(x => range(0, 1000).sum()).sum() }}'],
    ['sorting', () => '{{ range(0, 200000).sort((a, b) => b - a).length }}'],
    ['a list that doubles', () => '{{ range(0, 100).reduce((a, b) => [...a, ...a], [1]) }}'],
    ['nested data', () => '{{ range(0, 5000).reduce((a, b) => [a], []).toJson() }}'],
    ['a regular expression that backtracks', () => '{{ "a".repeat(100000).match(/(a+)+$b/) }}'],
    ['a regular expression with many states', () => '{{ "a".repeat(100000).replace(/(a?){200}(a|b|c){200}x/g, "") }}'],
    ['hashes of a long text', () => '{{ range(0, 1000).map(x => "a".repeat(1000000).hash("sha512")) }}'],
    ['searching a long text often', () => '{{ range(0, 100000).map(x => "a".repeat(100000).includes("b")) }}'],
    ['comparing long lists', () => '{{ range(0, 100000).map(x => range(0, 100000).includes(-1)) }}'],
  ])('%s', (_name, source) => {
    const text = source();
    expect(Math.min(timed(text), timed(text), timed(text))).toBeLessThan(50);
  });

  test('limits are typed errors with words', () => {
    expect(() => parseTemplate('x'.repeat(600_000))).toThrow(/longer than/);
    expect(() => parseTemplate(`{{ ${'('.repeat(1_000)} }}`)).toThrow(/nested too deeply/);
    expect(() => evaluate('{{ "x".repeat(1e9) }}', scope)).toThrow(/makes a text longer/);
    expect(() => evaluate('{{ range(1e9) }}', scope)).toThrow(/makes a list/);
    expect(() => evaluate('{{ range(0, 2000).map(x => range(0, 2000).map(y => x * y)) }}', scope)).toThrow(/too much work/);
  });
});

const WORDS = [
  'item', 'items', 'index', 'input', 'steps', 'state', 'parameters', 'now', 'today', 'loop', 'constructor', '__proto__', 'prototype', 'process', 'globalThis', 'this', 'run', 'host', 'trap', 'list', 'deep', 'map', 'toString', 'valueOf', 'toJSON', 'x', 'a',
  '.', '.', '.', '?.', '[', ']', '(', ')', '(', ')', '{', '}', ',', ':', '?', '+', '-', '*', '/', '%', '**', '==', '===', '!=', '<', '>=', '&&', '||', '??', '!', '...', '=>', 'x => ', '(a, b) => ', '`', '${', "'", '"', '\\', '/a+/g', 'new ', 'typeof ',
  '"constructor"', '"__proto__"', '["__proto__"]', '.constructor', '.map(x => x)', '.filter(x => x.a)', '.reduce((a, b) => a, b)', '.values()', '.entries()', '.keys()', '.toJson()', '.first()', '.merge(item)', '.groupBy("constructor")', '.fromEntries()', '.toString()',
  '.replace("a", "b")', '.split("")', '.hash("md5")', '.plus(1, "days")', '.format("yyyy")', 'Object.entries(', 'Object.fromEntries(', 'Array.from(', 'JSON.parse(', 'JSON.stringify(', 'Math.max(', 'String(', 'range(', '1', '2.5', '1e9', '"a"', 'null', 'undefined', 'true', ' ', 'steps["x"]', 'steps.y.item',
];

/** What a result holds that is no plain data; results that are the given data as it is may hold what was in it. */
function foreign(value: unknown): string | null {
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (typeof value !== 'object' || value === null || GIVEN.has(value)) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return 'an instance';
  for (const [name, one] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (one.get) return 'a getter';
    const reached = name === 'length' ? null : foreign(one.value);
    if (reached !== null) return reached;
  }
  return null;
}

const GIVEN: ReadonlySet<object> = new Set<object>([hostile, hostile.date, hostile.list, hostile.deep, hostile.proto, scope.items, scope.input, ...scope.items.filter((one) => typeof one === 'object' && one !== null)]);

/** The same numbers from 0 to 1 in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
