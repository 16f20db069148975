import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import { isFunctionName, isMethodName } from './functions/table.ts';
import { references, resolve } from './resolve.ts';
import type { Scope } from './scope.ts';
import { evaluate, isTemplate, parseTemplate, renderText } from './template.ts';

const scope: Scope = {
  item: { name: 'Ada Lovelace', amount: 21, price: '4.50', tags: ['b', 'a', 'b'], nested: { list: [{ id: 1 }, { id: 2 }] }, 'odd name': true, empty: '', none: null },
  index: 1,
  items: [{ amount: 1, kind: 'x' }, { amount: 21, kind: 'y' }, { amount: 5, kind: 'x' }],
  input: { text: 'Hello <b>there</b>, write to me@example.org', data: { body: { id: 7 } } },
  steps: (id) => (id === 'Get it' || id === 'fetch' ? { item: { url: 'https://a.example/x' }, items: [{ url: 'https://a.example/x' }], text: 'T', json: [{ url: 'https://a.example/x' }], outputs: { body: 'B' } } : undefined),
  parameters: { limit: 3 },
  state: new Map<string, unknown>([['count', 4]]),
  now: new Date('2026-01-31T10:30:15.250Z'),
  loop: { index: 2 },
};
const value = (expression: string): unknown => evaluate(`{{ ${expression} }}`, scope);

describe('values', () => {
  test.each<[string, unknown]>([
    ['item.amount * 2', 42], ['item["odd name"]', true], ['item.nested.list[1].id', 2], ['item?.nested?.list?.[0]?.id', 1], ['item.missing.deeper', undefined],
    ['index', 1], ['items.length', 3], ['input.text.length', 43], ['input.data.body.id', 7], ['parameters.limit', 3], ['state.count', 4], ['loop.index', 2],
    ['steps["Get it"].item.url', 'https://a.example/x'], ['steps.fetch.text', 'T'], ['steps.fetch.items[0].url', 'https://a.example/x'], ['steps.fetch.json[0].url', 'https://a.example/x'],
    ['steps.fetch.outputs.body', 'B'], ['steps.unknown.item', undefined], ['steps.fetch[0].url', 'https://a.example/x'],
    ['1 + 2 * 3 ** 2 - -1', 20], ['(1 + 2) * 3', 9], ['7 % 4', 3], ['"a" + 1 + null', 'a1'], ['item.price * 2', 9], ['+item.price', 4.5],
    ['!item.empty && "yes"', 'yes'], ['item.none ?? "d"', 'd'], ['item.empty || "d"', 'd'], ['item.amount > 20 ? "big" : "small"', 'big'], ['false ? 1 : true ? 2 : 3', 2],
    ['item.amount == "21"', true], ['item.amount === "21"', false], ['item.none == item.missing', true], ['"b" > "a"', true], ['true == "true"', true], ['item.missing == 0', false],
    ['`${item.name}: ${[1, 2].length}`', 'Ada Lovelace: 2'], ['{ a: 1, "b-c": [1, ...item.tags], ...{ d: 2 } }', { a: 1, 'b-c': [1, 'b', 'a', 'b'], d: 2 }], ['{ [item.price]: index }', { '4.50': 1 }], ['{ index }', { index: 1 }],
    ['typeof item.amount', 'number'], ['"\\u00e9\\n\\x41"', 'é\nA'], ['.5 + 1e2', 100.5], ['"}}"', '}}'], ['{a:{b:1}}', { a: { b: 1 } }],
  ])('%s', (expression, expected) => { expect(value(expression)).toEqual(expected); });
});

describe('functions', () => {
  test.each<[string, unknown]>([
    ['item.name.toUpperCase()', 'ADA LOVELACE'], ['toUpperCase(item.name)', 'ADA LOVELACE'], ['item.name.split(" ").map(x => x.length).join("-")', '3-8'], ['item.missing.toUpperCase()', undefined],
    ['"a.b.c".replaceAll(".", "$&")', 'a$&b$&c'], ['"a1b22".replace(/\\d+/g, "<$&>")', 'a<1>b<22>'], ['"2026-01".replace(/(\\d+)-(\\d+)/, "$2/$1")', '01/2026'], ['"k=v; x=y".match(/(\\w)=(\\w)/g)', ['k=v', 'x=y']],
    ['"id: 42".match(/id: (?<n>\\d+)/)[1]', '42'], ['"a, b;c".split(/[,;] ?/)', ['a', 'b', 'c']], ['"<p>Hi <i>you</i></p>".removeTags()', 'Hi you'], ['input.text.extractEmail()', 'me@example.org'], ['"https://x.example/a?b".extractDomain()', 'x.example'],
    ['"ada lovelace".titleCase()', 'Ada Lovelace'], ['"Some Title Here".toSnakeCase()', 'some_title_here'], ['"x".padStart(3, "0")', '00x'], ['"é".base64Encode().base64Decode()', 'é'],
    ['"abc".hash("sha256")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'], ['"[1,{\\"a\\":2}]".parseJson()[1].a', 2], ['{a: [1, "x", null]}.toJson()', '{"a":[1,"x",null]}'], ['JSON.stringify({a: 1}, null, 2)', '{\n  "a": 1\n}'],
    ['items.filter(x => x.kind === "x").map("amount")', [1, 5]], ['items.reduce((sum, x) => sum + x.amount, 0)', 27], ['items.sort((a, b) => b.amount - a.amount)[0].amount', 21], ['items.sort("amount", "desc").pluck("amount")', [21, 5, 1]],
    ['items.groupBy("kind")', { x: [{ amount: 1, kind: 'x' }, { amount: 5, kind: 'x' }], y: [{ amount: 21, kind: 'y' }] }], ['items.find(x => x.amount > items.length).amount', 21], ['items.some(x => x.amount === 5) && !items.every(x => x.amount === 5)', true],
    ['item.tags.unique()', ['b', 'a']], ['[[1], [2, [3]]].flat()', [1, 2, [3]]], ['[1, 2, 3].chunk(2)', [[1, 2], [3]]], ['[0, null, "", 2].compact()', [0, 2]], ['[3, 1].sum() + [3, 1].average()', 6], ['Math.max(...items.pluck("amount"))', 21],
    ['items.map(x => items.map(y => x.amount * y.amount).sum()).max()', 567], ['[1,2].includes("2")', true], ['[3, 1, 2].sort().last()', 3], ['[{a: 1}].merge([{b: 2}])', [{ a: 1, b: 2 }]],
    ['item.nested.keys()', ['list']], ['Object.entries({a: 1})', [['a', 1]]], ['{a: 1, b: 2}.removeField("a")', { b: 2 }], ['{a: "x y"}.urlEncode()', 'a=x%20y'], ['item.missing.isEmpty()', true], ['isNotEmpty(item.tags)', true], ['item.none.default("d")', 'd'],
    ['1.005.round(2)', 1.01], ['(2.5).toFixed(2)', '2.50'], ['Math.round(2.4)', 2], ['parseInt("42px")', 42], ['Number("x") == 1', false], ['round(-2.345, 2)', -2.35], ['(1234.5).format("de")', '1.234,5'], ['range(2, 5)', [2, 3, 4]],
    ['now', '2026-01-31T10:30:15.250Z'], ['today', '2026-01-31T00:00:00.000Z'], ['now.plus({months: 1}).toISODate()', '2026-02-28'], ['now.minus(2, "days").format("yyyy-MM-dd")', '2026-01-29'], ['now.format("EEE, d MMM yyyy HH:mm")', 'Sat, 31 Jan 2026 10:30'],
    ['now.format("HH:mm ZZ", "Europe/Berlin")', '11:30 +01:00'], ['"2026-03-01".toDate().diff(today, "days")', 29], ['new Date("2026-02-01T00:00:00Z").toISOString()', '2026-02-01T00:00:00.000Z'], ['now.year + now.weekday', 2032], ['{ at: [now] }', { at: ['2026-01-31T10:30:15.250Z'] }],
    ['now > "2026-01-01".toDate()', true], ['now.startOf("month").toISO()', '2026-01-01T00:00:00.000Z'], ['"31 Jan 2026".toDate().isSame(now, "day")', true], ['DateTime.fromISO("2026-01-01").isBefore(now)', true], ['Date.now()', 1769855415250],
  ])('%s', (expression, expected) => { expect(value(expression)).toEqual(expected); });
});

describe('templates', () => {
  test('text around expressions makes a text; exactly one expression keeps its value', () => {
    expect(evaluate('Dear {{ item.name }}, {{ item.missing }}{{ item.tags }}!', scope)).toBe('Dear Ada Lovelace, ["b","a","b"]!');
    expect(evaluate(' {{ item.tags }}\n', scope)).toEqual(['b', 'a', 'b']);
    expect(evaluate('{{ }}', scope)).toBeUndefined();
    expect(renderText('{{ now }} {{ 1 }}', scope)).toBe('2026-01-31T10:30:15.250Z 1');
    expect([isTemplate('a { b }'), isTemplate('{{x}}')]).toEqual([false, true]);
    expect(evaluate('no expression } }}', scope)).toBe('no expression } }}');
  });

  test('a value is never read as a template', () => {
    expect(evaluate('{{ item.name }}', { ...scope, item: { name: '{{ state.count }}' } })).toBe('{{ state.count }}');
  });

  test('settings are resolved at any depth, and what holds no template is handed on as it is', () => {
    const fixed = { a: [1] };
    const settings = { url: 'https://x/{{ index }}', body: { n: '{{ item.amount }}', fixed }, list: ['{{ item.tags[1] }}', true] };
    const resolved = resolve(settings, scope);
    expect(resolved).toEqual({ url: 'https://x/1', body: { n: 21, fixed }, list: ['a', true] });
    expect(resolve(settings, { ...scope, index: 2 })).toMatchObject({ url: 'https://x/2' });
    expect(resolve(fixed, scope)).toBe(fixed);
  });

  test('the steps that templates name are found at any depth', () => {
    expect(references({ a: '{{ steps["Get it"].item.x + steps.fetch.text }}', b: ['{{ items.map(x => steps["three"].item) }}', 'steps["four"]', '{{ steps[ }}'] })).toEqual(['Get it', 'fetch', 'three']);
  });

  test.each<[string, number, string]>([
    ['{{ item. }}', 9, 'name is missing'], ['{{ 1 + }}', 7, 'not expected'], ['a {{ item.name', 14, 'not closed'], ['{{ nobody.x }}', 3, 'not known'], ['{{ item.name.explode() }}', 13, 'no function "explode"'],
    ['{{ item() }}', 3, 'no function "item"'], ['{{ item.x()() }}', 8, 'no function'], ['{{ x => 1 }}', 3, 'not known'], ['{{ item.name.trim(x => x) }}', 18, 'only be given to a function of lists'], ['{{ "abc }}', 3, 'not closed'],
    ['{{ steps[item.name] }}', 3, 'written out'], ['{{ item.a = 1 }}', 10, 'not part of'], ['{{ item.name; }}', 12, 'not part of'], ['{{ 3x }}', 4, 'letter'], ['{{ items.map(x => { x }) }}', 13, 'without braces'], ['{{ new Map() }}', 7, 'Only dates'],
  ])('%s is refused with its place and the reason', (source, position, words) => {
    const error = catchError(() => parseTemplate(source));
    expect(error.position).toBe(position);
    expect(error.message).toContain(words);
    expect(error.code).toBe('node-expression-invalid');
  });

  test.each(['item.amount.toUpperCase()', '"x".hash("rot13")', '"soon".toDate()', 'now.format("HH", "Mars/Base")', '"{".parseJson()', '"%".urlDecode()', 'items.map()', '"a".replace(/(a/, "b")', 'now.plus({ fortnights: 1 })'])('%s fails with words when it is worked out', (expression) => {
    expect(catchError(() => value(expression)).message.length).toBeGreaterThan(10);
  });
});

test('every function that the documentation names exists', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/expressions.md'), 'utf8');
  const rows = page.split('## Functions')[1]?.split('## Limits')[0]?.split('\n').filter((line) => /^\| (texts|lists|numbers|objects|dates|anything|alone) /.test(line)) ?? [];
  const named = rows.flatMap((row) => (row.split('|')[2] ?? '').replace(/;.*|`[^`]*`/g, '').trim().split(/\s+/));
  expect(named.length).toBeGreaterThan(150);
  expect(named.filter((name) => !isMethodName(name) && !isFunctionName(name))).toEqual([]);
});

function catchError(work: () => unknown): ExpressionError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
