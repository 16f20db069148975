import { describe, expect, test } from 'vitest';
import { runContext } from '../../engine/testing/run-context.ts';
import type { NodeContext, Value } from '../../node-type.ts';
import { nodeTypes } from '../registry.ts';
import { dataOf } from '../values.ts';

const text = (value: string): Value => ({ kind: 'text', text: value });
const json = (value: unknown): Value => ({ kind: 'json', json: value });
const table = (...rows: Record<string, unknown>[]): Value => ({ kind: 'table', rows });

async function run(type: string, config: Record<string, unknown>, inputs: Record<string, Value>, context: NodeContext = runContext('hi')) {
  const node = nodeTypes.get(type)!;
  const results = await node.run(context, node.config.parse(config), inputs);
  return Object.fromEntries(Object.entries(results).map(([port, value]) => [port, dataOf(value)]));
}
const output = async (type: string, config: Record<string, unknown>, input: Value, context?: NodeContext) => (await run(type, config, { input }, context))['output'];

const people = table({ name: 'Ada', age: 36, city: { name: 'London' } }, { name: 'Bo', age: 20, city: { name: 'Oslo' } }, { name: 'Cy', age: 20, city: { name: 'Oslo' } });

describe('items', () => {
  test('fields are set for every item by expressions, dot paths lead inside, kinds are kept', async () => {
    const fields = [{ name: 'greeting', value: 'Hi {{ item.name }}, number {{ index + 1 }}' }, { name: 'city.code', value: '{{ item.city.name.slice(0, 2).toUpperCase() }}' }, { name: 'age', value: '{{ item.age }}', type: 'text' }];
    expect(await output('transform.set', { fields }, table({ name: 'Bo', age: 20, city: { name: 'Oslo' } }))).toEqual([{ name: 'Bo', age: '20', city: { name: 'Oslo', code: 'OS' }, greeting: 'Hi Bo, number 1' }]);
  });

  test('other fields are kept as asked', async () => {
    const item = json({ a: 1, b: { c: 2, d: 3 } });
    expect(await output('transform.set', { keep: 'none', fields: [{ name: 'x', value: '{{ item.a }}' }] }, item)).toEqual([{ x: 1 }]);
    expect(await output('transform.set', { keep: 'listed', listed: ['b.c'], each: false }, item)).toEqual({ b: { c: 2 } });
    expect(await output('transform.set', { keep: 'all but listed', listed: ['b.c', 'a'], each: false }, item)).toEqual({ b: { d: 3 } });
    expect((await run('transform.set', { fields: [{ name: 'n', value: 5 }] }, {}))['output']).toEqual([{ n: 5 }]);
  });

  test('a value that cannot be of its kind is refused by name; a name that leads to prototypes is ignored', async () => {
    await expect(output('transform.set', { fields: [{ name: 'age', value: 'old', type: 'number' }] }, json({}))).rejects.toMatchObject({ code: 'node-input-invalid', message: expect.stringContaining('"age"') });
    expect(await output('transform.set', { each: false, fields: [{ name: '__proto__.polluted', value: 1 }, { name: 'constructor.x', value: 1 }, { name: 'l', value: '[1,2]', type: 'list' }] }, json({}))).toEqual({ l: [1, 2] });
    expect('polluted' in {}).toBe(false);
  });

  test('items are mapped, filtered and reduced by expressions', async () => {
    expect(await output('transform.map', { value: { who: '{{ item.name }}', old: '{{ item.age > 30 }}' } }, people)).toEqual([{ who: 'Ada', old: true }, { who: 'Bo', old: false }, { who: 'Cy', old: false }]);
    expect(await output('transform.map', { value: '{{ item.age }}' }, people)).toEqual([36, 20, 20]);
    expect(await run('transform.filter', { conditions: { conditions: [{ left: '{{ item.age }}', operator: 'less', right: 30 }, { left: '{{ index }}', operator: 'greater', right: 1 }] } }, { data: people })).toMatchObject({ data: [{ name: 'Cy' }], rest: [{ name: 'Ada' }, { name: 'Bo' }] });
    expect(await output('transform.reduce', { value: '{{ loop.last + item.age }}' }, people)).toBe(76);
    expect(await output('transform.reduce', { start: [], value: '{{ [...loop.last, item.name] }}' }, people)).toEqual(['Ada', 'Bo', 'Cy']);
  });

  test('lists are grouped and summed up', async () => {
    const measures = [{ operation: 'count' }, { operation: 'average', field: 'age' }, { operation: 'text', field: 'name', as: 'names' }, { operation: 'count different', field: 'age', as: 'ages' }];
    expect(await output('transform.aggregate', { groupBy: ['city.name'], measures }, people)).toEqual([{ name: 'London', count: 1, average_age: 36, names: 'Ada', ages: 1 }, { name: 'Oslo', count: 2, average_age: 20, names: 'Bo, Cy', ages: 1 }]);
    expect(await output('transform.aggregate', { measures: [{ operation: 'max', field: 'age' }, { operation: 'list', field: 'name' }, { operation: 'sum', field: 'age' }] }, people)).toEqual([{ max_age: 36, list_name: ['Ada', 'Bo', 'Cy'], sum_age: 76 }]);
    expect(await output('transform.aggregate', {}, json([1, 2]))).toEqual([{ items: [1, 2] }]);
  });

  test('lists are sorted, cut and freed of duplicates', async () => {
    const names = async (type: string, config: Record<string, unknown>) => (await output(type, config, people) as { name: string }[]).map(({ name }) => name);
    expect(await names('transform.sort', { by: [{ field: 'age' }, { field: 'name', direction: 'descending' }] })).toEqual(['Cy', 'Bo', 'Ada']);
    expect(await output('transform.sort', { by: [{ kind: 'number' }] }, json(['10', '9', null, 'x', '1']))).toEqual(['1', '9', '10', null, 'x']);
    expect(await names('transform.limit', { count: '{{ items.length - 1 }}' })).toEqual(['Ada', 'Bo']);
    expect(await names('transform.limit', { count: 1, from: 'end', skip: 1 })).toEqual(['Bo']);
    expect(await names('transform.unique', { fields: ['city.name'] })).toEqual(['Ada', 'Bo']);
    expect(await names('transform.unique', { fields: ['age'], keep: 'last' })).toEqual(['Ada', 'Cy']);
  });

  test('elements of a list inside become items, with the fields they take along', async () => {
    const orders = table({ id: 1, lines: [{ sku: 'a' }, { sku: 'b' }], tags: ['x', 'y'] }, { id: 2, lines: [] });
    expect(await output('transform.split-out', { field: 'lines' }, orders)).toEqual([{ sku: 'a' }, { sku: 'b' }]);
    expect(await output('transform.split-out', { field: 'tags' }, orders)).toEqual([{ tags: 'x' }, { tags: 'y' }]);
    expect(await output('transform.split-out', { field: 'lines', as: 'line', keep: 'listed', listed: ['id'] }, orders)).toEqual([{ id: 1, line: { sku: 'a' } }, { id: 1, line: { sku: 'b' } }]);
    expect(await output('transform.split-out', {}, json([1, 2]))).toEqual([1, 2]);
  });

  test('fields are renamed, joined, removed and reordered', async () => {
    expect(await output('transform.fields', { rename: [{ from: 'city.name', to: 'town' }], join: [{ fields: ['name', 'town'], to: 'label', separator: ', ' }], remove: ['city'], keepOnly: ['label', 'age'] }, people)).toEqual([{ label: 'Ada, London', age: 36 }, { label: 'Bo, Oslo', age: 20 }, { label: 'Cy, Oslo', age: 20 }]);
  });

  test('two lists are compared by a key', async () => {
    const result = await run('transform.compare-lists', { key: ['id'], ignore: ['at'] }, { first: json([{ id: 1, v: 1 }, { id: 2, v: 1, at: 1 }, { id: 3, v: 1 }]), second: json([{ at: 2, v: 1, id: 2 }, { id: 3, v: 2 }, { id: 4 }]) });
    expect(result).toEqual({ onlyFirst: [{ id: 1, v: 1 }], onlySecond: [{ id: 4 }], same: [{ id: 2, v: 1, at: 1 }], different: [{ first: { id: 3, v: 1 }, second: { id: 3, v: 2 } }] });
  });
});

describe('texts, dates and variables', () => {
  test('a template writes a text once or for every item', async () => {
    expect((await run('transform.template', { template: 'There are {{ items.length }}.' }, { input: people }))['text']).toBe('There are 3.');
    expect((await run('transform.template', { template: '- {{ item.name }}', each: true }, { input: people }))['text']).toBe('- Ada\n- Bo\n- Cy');
    await expect(run('transform.template', { template: '{{ item.' }, { input: people })).rejects.toMatchObject({ code: 'node-expression-invalid' });
  });

  test.each<[Record<string, unknown>, unknown]>([
    [{ operation: 'upper case' }, 'ID: A-1, B-22 '], [{ operation: 'trim' }, 'Id: a-1, b-22'], [{ operation: 'replace', search: '(\\w)-(\\d+)', pattern: true, replacement: '$2$1' }, 'Id: 1a, 22b '], [{ operation: 'replace', search: '-', replacement: '$1' }, 'Id: a$11, b$122 '],
    [{ operation: 'extract', search: '-(\\d+)', pattern: true }, '1'], [{ operation: 'extract all', search: '-(\\d+)', pattern: true }, ['1', '22']], [{ operation: 'extract', search: 'zzz' }, null], [{ operation: 'split', search: ', ' }, ['Id: a-1', 'b-22 ']],
    [{ operation: 'slice', from: 4, to: 7 }, 'a-1'], [{ operation: 'length' }, 14], [{ operation: 'words' }, 3], [{ operation: 'replace', search: 'ID', ignoreCase: true, replacement: 'x' }, 'x: a-1, b-22 '],
  ])('%j', async (config, expected) => { expect(await output('transform.text', config, text('Id: a-1, b-22 '))).toEqual(expected); });

  test('the result can become a field of every item', async () => {
    expect(await output('transform.text', { operation: 'upper case', value: '{{ item.a }}', as: 'b', each: true }, table({ a: 'x' }, { a: 'y' }))).toEqual([{ a: 'x', b: 'X' }, { a: 'y', b: 'Y' }]);
  });

  test.each<[Record<string, unknown>, unknown]>([
    [{ pattern: 'dd.MM.yyyy' }, '02.01.2026'], [{ operation: 'add', amount: 1, unit: 'months', value: '2026-01-31' }, '2026-02-28T00:00:00.000Z'], [{ operation: 'subtract', amount: '{{ 1 + 1 }}', unit: 'hours', pattern: 'HH:mm' }, '01:04'],
    [{ operation: 'start of', unit: 'years' }, '2026-01-01T00:00:00.000Z'], [{ operation: 'end of', unit: 'days' }, '2026-01-02T23:59:59.999Z'], [{ operation: 'difference', value: '2026-01-12', other: '2026-01-02' }, 10], [{ operation: 'part', unit: 'weeks' }, 1],
    [{ pattern: 'HH:mm', zone: 'America/New_York' }, '22:04'],
  ])('%j', async (config, expected) => { expect((await run('transform.date', config, {}))['output']).toBe(expected); });

  test('a variable is set, extended, counted up and read', async () => {
    const context = runContext('', { state: new Map<string, unknown>([['n', 1]]) });
    expect(await run('transform.variable', { operation: 'add', name: 'n', value: '{{ item.by }}' }, { input: json({ by: 4 }) }, context)).toEqual({ output: { by: 4 }, value: 5 });
    await run('transform.variable', { operation: 'append', name: 'list', value: 'a' }, {}, context);
    expect((await run('transform.variable', { operation: 'extend', name: 'list', value: ['b', '{{ state.n }}'] }, {}, context))['value']).toEqual(['a', 'b', 5]);
    expect((await run('transform.variable', { operation: 'get', name: 'list' }, {}, context))['value']).toEqual(['a', 'b', 5]);
    expect((await run('transform.variable', { operation: 'clear', name: 'list' }, {}, context))['value']).toEqual([]);
    await expect(run('transform.variable', { name: 'n' }, {})).rejects.toMatchObject({ code: 'node-config-invalid' });
  });
});

describe('reading and writing', () => {
  test('CSV in, CSV out: quotes, semicolons and formulas', async () => {
    expect(await output('transform.parse', { format: 'csv' }, text('name;note\n"A; B";"said ""hi"""\nC;=1+1\n'))).toEqual([{ name: 'A; B', note: 'said "hi"' }, { name: 'C', note: '=1+1' }]);
    expect(await output('transform.parse', { format: 'csv', header: false }, text('1,2\n3,4'))).toEqual([['1', '2'], ['3', '4']]);
    expect((await run('transform.format', { format: 'csv' }, { input: table({ a: 'x,y', b: -5 }, { a: '=1+1', c: 'say "hi"' }) }))['text']).toBe("a,b,c\r\n\"x,y\",-5,\r\n'=1+1,,\"say \"\"hi\"\"\"");
  });

  test('XML becomes data; its own entities and hostile names stay without effect', async () => {
    expect(await output('transform.parse', { format: 'xml' }, text('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r a="1"><item>A &amp; B</item><item id="2">C<b/></item><c><![CDATA[<raw>]]></c><x>&x;</x></r>'))).toEqual({ r: { '@a': '1', item: ['A & B', { '@id': '2', b: '', '#text': 'C' }], c: '<raw>', x: '&x;' } });
    await expect(output('transform.parse', { format: 'xml' }, text('no markup'))).rejects.toMatchObject({ code: 'node-input-invalid' });
    await expect(output('transform.parse', { format: 'xml' }, text('<a>'.repeat(5_000)))).rejects.toMatchObject({ code: 'node-limit' });
  });

  test('HTML gives what selectors name', async () => {
    const page = text('<title>T</title><h1> Big  one </h1><ul><li data-k="1">a<li data-k="2">b</ul><script>x()</script><a href="/y">go</a>');
    const extract = [{ name: 'h', selector: 'h1' }, { name: 'keys', selector: 'li', take: 'attribute', attribute: 'data-k', all: true }, { name: 'none', selector: '.none' }];
    expect(await output('transform.parse', { format: 'html', extract }, page)).toEqual({ h: 'Big one', keys: ['1', '2'], none: null });
    expect(await output('transform.parse', { format: 'html' }, page)).toMatchObject({ title: 'T', text: 'Big one\na\nb\ngo', links: [{ text: 'go', url: '/y' }] });
    await expect(output('transform.parse', { format: 'html', extract: [{ name: 'x', selector: '<<' }] }, page)).rejects.toMatchObject({ code: 'node-config-invalid' });
  });

  test('tables are written for people without breaking their markup', async () => {
    const rows = table({ a: 'x|y', b: '<b>' });
    expect((await run('transform.format', { format: 'markdown table' }, { input: rows }))['text']).toBe('| a | b |\n| --- | --- |\n| x\\|y | <b> |');
    expect((await run('transform.format', { format: 'html table' }, { input: rows }))['text']).toBe('<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>x|y</td><td>&lt;b&gt;</td></tr></tbody></table>');
    expect((await run('transform.format', { format: 'json', indent: 0 }, { input: json({ a: 1 }) }))['text']).toBe('{"a":1}');
  });
});
