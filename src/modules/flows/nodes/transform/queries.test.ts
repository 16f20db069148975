import { describe, expect, test } from 'vitest';
import { runContext } from '../../engine/testing/run-context.ts';
import type { Value } from '../../node-type.ts';
import { NodeError } from '../node-error.ts';
import { nodeTypes } from '../registry.ts';
import { dataOf } from '../values.ts';
import { queryJmesPath } from './jmes-path-query.ts';
import { queryJsonPath } from './json-path-query.ts';

const shop = {
  orders: [{ id: 1, total: 250, lines: [{ sku: 'a', n: 2 }, { sku: 'b', n: 1 }], by: { name: 'Ada' } }, { id: 2, total: 50, lines: [], by: { name: 'Bo', 'e-mail': 'bo@x.example' } }, { id: 3, total: 120, lines: [{ sku: 'a', n: 5 }] }],
  'odd key': true, currency: 'EUR', none: null, closed: false,
};

describe('JSONPath', () => {
  test.each<[string, unknown]>([
    ['$.currency', ['EUR']], ['$["odd key"]', [true]], ['$.orders[*].id', [1, 2, 3]], ['$.orders[-1].id', [3]], ['$.orders[0:2].id', [1, 2]], ['$.orders[::-1].id', [3, 2, 1]], ['$..sku', ['a', 'b', 'a']], ['$.orders[0,2].total', [250, 120]],
    ['$.orders[?@.total > 100].id', [1, 3]], ['$.orders[?(@.total > 100 && @.by.name == "Ada")].id', [1]], ['$.orders[?!@.by].id', [3]], ['$.orders[?@.by["e-mail"]].by.name', ['Bo']], ['$.orders[?length(@.lines) == 0].id', [2]],
    ['$.orders[?count(@.lines[*]) > 1].id', [1]], ['$.orders[?match(@.by.name, "A.*")].id', [1]], ['$.orders[?search(@.by.name, "o")].id', [2]], ['$.orders[?@.total == $.orders[1].total].id', [2]], ['$.missing..x', []], ['$.orders[?@.lines[?@.n > 4]].id', [3]],
    ['$.none', [null]], ['$.orders[?@.total < 60 || @.total > 200].id', [1, 2]],
  ])('%s', (path, expected) => { expect(queryJsonPath(path, shop)).toEqual(expected); });

  test.each(['', 'orders', '$.', '$[', '$[01]', '$.orders[?@.x == ]', '$[?@.a == @..b]', '$[?1]', '$[?nope(@)]', '$ .a ', '$["a]', '$[?length(@)]', `$${'[?@'.repeat(500)}`])('%s is refused with its place', (path) => {
    expect(() => queryJsonPath(path, shop)).toThrow(NodeError);
    expect(() => queryJsonPath(path, shop)).toThrow(/at character \d+/);
  });
});

describe('JMESPath', () => {
  test.each<[string, unknown]>([
    ['currency', 'EUR'], ['"odd key"', true], ['orders[*].id', [1, 2, 3]], ['orders[-1].id', 3], ['orders[:2].id', [1, 2]], ['orders[].lines[].sku', ['a', 'b', 'a']], ['orders[?total > `100`].id', [1, 3]], ["orders[?by.name == 'Ada'] | [0].id", 1],
    ['orders[0].{id: id, first: lines[0].sku}', { id: 1, first: 'a' }], ['orders[*].[id, total]', [[1, 250], [2, 50], [3, 120]]], ['sum(orders[*].total)', 420], ['sort_by(orders, &total)[*].id', [2, 3, 1]], ['max_by(orders, &total).id', 1], ['length(orders)', 3],
    ['map(&length(lines), orders)', [2, 0, 1]], ["join(', ', orders[*].by.name)", 'Ada, Bo'], ['orders[?!by].id', [3]], ['not_null(none, missing, currency)', 'EUR'], ['closed || currency', 'EUR'], ['missing.deeper', null], ['keys(orders[1].by)', ['name', 'e-mail']], ['orders[0].by.*', ['Ada']],
    ['to_number(`"12.5"`)', 12.5], ['type(orders)', 'array'], ['merge(orders[2].lines[0], {n: `1`})', { sku: 'a', n: 1 }], ['orders[::-1].id', [3, 2, 1]],
  ])('%s', (expression, expected) => { expect(queryJmesPath(expression, shop)).toEqual(expected); });

  test.each(['', 'a..b', 'a[', '[1', '{a: }', 'foo(', 'nope(@)', 'length()', 'length(currency, currency)', 'abs(currency)', '"a"(b)', 'a b', '`{`', "'open", 'a[::0]', '@.length(`1`)', `${'('.repeat(5_000)}`, `a${'[0]'.repeat(9_000)}`])('%s is refused with words', (expression) => {
    expect(() => queryJmesPath(expression, { ...shop, a: [1] })).toThrow(NodeError);
  });
});

describe('both', () => {
  const data: Record<string, unknown> = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"constructor": 1}}');
  Object.defineProperty(data, 'trap', { enumerable: true, get: () => { throw new Error('a getter ran'); } });
  data['code'] = () => 'ran';

  test('reach no prototype, run no getter and give no code', () => {
    for (const name of ['__proto__', 'constructor', 'trap', 'code', 'toString', 'hasOwnProperty']) {
      expect(queryJsonPath(`$["${name}"]`, data)).toEqual([]);
      expect(queryJmesPath(`"${name}"`, data)).toBeNull();
      expect(queryJmesPath(`a."${name}"`, data)).toBeNull();
    }
    expect(queryJsonPath('$..*', data)).toEqual([{ constructor: 1 }]);
    expect(queryJmesPath('{"__proto__": @, b: `1`}', { x: 1 })).toEqual({ b: 1 });
    expect(queryJmesPath('[&a]', { x: 1 })).toEqual([null]);
    expect('polluted' in {}).toBe(false);
  });

  test.each<[string, () => unknown]>([
    ['a list that doubles', () => queryJmesPath(`@${' | [@,@][]'.repeat(60)}`, [1])], ['everything inside everything', () => queryJsonPath(`$${'..*'.repeat(30)}`, { a: { b: { c: { d: { e: { f: {} } } } } } })],
    ['nested filters', () => queryJsonPath('$[?@[?@[?@[?@ > 1]]]]', Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => [1]))))],
    ['a pattern that backtracks', () => queryJsonPath('$[?search(@, "(a+)+b")]', ['a'.repeat(90_000)])], ['data without end', () => { const loop: unknown[] = []; loop.push(loop); return queryJsonPath('$..a', loop); }],
    ['sorting again and again', () => queryJmesPath(`[${Array.from({ length: 300 }, () => 'sort(@)').join(',')}]`, Array.from({ length: 5_000 }, (_, index) => index))],
  ])('end within moments: %s', (_name, work) => {
    // Time of this thread alone, so that a busy machine changes nothing.
    const before = process.threadCpuUsage();
    try { work(); } catch (error) { expect(error).toBeInstanceOf(NodeError); }
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(400);
  });

  test('work on the whole value or on every item', async () => {
    const run = async (type: string, config: Record<string, unknown>, input: Value) => { const node = nodeTypes.get(type)!; return dataOf((await node.run(runContext(''), node.config.parse(config), { input }))['output']); };
    const input: Value = { kind: 'table', rows: shop.orders };
    expect(await run('transform.json-path', { path: '$[*].total' }, input)).toEqual([250, 50, 120]);
    expect(await run('transform.json-path', { path: '$.by.name', each: true, first: true }, input)).toEqual(['Ada', 'Bo', null]);
    expect(await run('transform.jmespath', { expression: '[?total > `100`].{id: id}' }, input)).toEqual([{ id: 1 }, { id: 3 }]);
    expect(await run('transform.jmespath', { expression: 'lines[0].sku', each: true }, input)).toEqual(['a', null, 'a']);
  });
});
