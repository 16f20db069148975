import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '#modules/models/ports.ts';
import type { NodeContext, Value } from '../node-type.ts';
import { passage, runContext, scriptedModel } from '../engine/testing/run-context.ts';
import { NodeError } from './node-error.ts';
import { nodeTypes } from './registry.ts';
import { collectStream, previewOf, textOf } from './values.ts';

const text = (value: string): Value => ({ kind: 'text', text: value });
const json = (value: unknown): Value => ({ kind: 'json', json: value });
async function run(type: string, config: Record<string, unknown>, inputs: Record<string, Value | readonly Value[]>, context: NodeContext = runContext('hi')): Promise<Record<string, Value>> {
  const node = nodeTypes.get(type);
  if (!node) throw new Error(`no ${type}`);
  return node.run(context, node.config.parse(config), inputs);
}
const textFrom = async (value: Value | undefined) => textOf(value && await collectStream(value));
const toolAt = (result: Record<string, Value>) => {
  const value = result['tool'];
  if (value?.kind !== 'tool') throw new Error('no tool');
  return value.tool;
};

test('every node type has a family in its name, a description, and a configuration with defaults', () => {
  for (const [name, type] of nodeTypes) {
    expect(type.type).toBe(name);
    expect(type.description).not.toBe('');
    expect(type.config.safeParse({}).success).toBe(true);
    expect(type.config.safeParse({ surprise: 1 }).success).toBe(false);
  }
});

describe('prompt.template', () => {
  test('variables are filled, literal braces and JSON stay', async () => {
    const result = await run('prompt.template', { template: '{{x}} {name} {"a": 1} {missing} {with default}', defaults: { 'with default': 'D' } }, { name: text('Bo') });
    expect(textOf(result['prompt'])).toBe('{x} Bo {"a": 1}  D');
    expect(textOf((await run('prompt.template', { template: '{a} {{b}}', doubleBraces: true }, { b: text('B') }))['prompt'])).toBe('{a} B');
  });

  test('a value is never read as a template', async () => {
    expect(textOf((await run('prompt.template', { template: '{a} {b}' }, { a: text('{b}'), b: text('B') }))['prompt'])).toBe('{b} B');
  });

  test.each([
    ['{{constructor.constructor("return process")()}}', true], ['{constructor}', false], ['{__proto__}', false], ['{a.__class__.__init__}', false], ['{a[0]}', false], ['{a!r:>10}', false],
  ])('%s reaches nothing', async (template, doubleBraces) => {
    const result = textOf((await run('prompt.template', { template, doubleBraces }, {}))['prompt']);
    expect(result === '' || result === template).toBe(true);
  });

  test('templates of 10 MB and of a million braces take no time', async () => {
    const started = performance.now();
    for (const template of ['{'.repeat(1_000_000), '{a}'.repeat(300_000), 'x'.repeat(10_000_000), '{{'.repeat(500_000)]) await run('prompt.template', { template }, { a: text('1') });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('logic.if', () => {
  const way = async (operator: string, value: string, input: string, caseSensitive = false) => Object.keys(await run('logic.if', { operator, value, caseSensitive }, { input: text(input) }));

  test.each([
    ['equals', 'Yes', 'yes', 'true'], ['not equals', 'yes', 'no', 'true'], ['contains', 'fun', 'reFUNd', 'true'], ['starts with', 're', 'refund', 'true'], ['ends with', 'x', 'refund', 'false'],
    ['matches', '\\d{2,3}-[a-f]+$', '123-abc', 'true'], ['matches', 'b', 'ab', 'false'], ['matches', '(?:yes|no)\\b', 'YES!', 'true'], ['matches', '^[^@\\s]+@x\\.com$', 'me@x.com', 'true'],
    ['less', '10', '9', 'true'], ['greater', '10', '9', 'false'], ['less', 'b', 'a', 'true'], ['empty', '', ' ', 'true'],
  ])('%s %s against %s goes %s', async (operator, value, input, expected) => {
    expect(await way(operator, value, input)).toEqual([expected]);
  });

  test('case counts only when asked', async () => {
    expect(await way('equals', 'Yes', 'yes', true)).toEqual(['false']);
    expect(await way('matches', 'YES', 'yes', true)).toEqual(['false']);
  });

  test.each(['(a+)+$', '(a|aa)+$', '(.*a){12}$', '([a-zA-Z]+)*$'])('the pattern %s ends on a megabyte of text', async (pattern) => {
    const started = performance.now();
    await way('matches', pattern, `${'a'.repeat(1_000_000)}!`).catch((error: unknown) => { expect(error).toBeInstanceOf(NodeError); });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each(['(', 'a{300}', '(?=x)', '(a)\\1', '[z-a]', '*', `${'('.repeat(500)}`])('the pattern %s is refused in words', async (pattern) => {
    await expect(way('matches', pattern, 'x')).rejects.toThrow(NodeError);
  });
});

describe('transforms', () => {
  const rows: Value = { kind: 'table', rows: [{ name: 'Ada', age: 36 }, { name: 'Bo', age: 7 }] };

  test('data becomes text by template or whole', async () => {
    expect(textOf((await run('transform.to-text', { template: '{name} is {age}', separator: '; ' }, { data: rows }))['text'])).toBe('Ada is 36; Bo is 7');
    expect(textOf((await run('transform.to-text', { mode: 'stringify' }, { data: json({ a: 1 }) }))['text'])).toBe('{"a":1}');
    expect(textOf((await run('transform.to-text', {}, { data: text('plain') }))['text'])).toBe('plain');
  });

  test('fields are own fields only', async () => {
    expect(await run('transform.select', { key: 'a.b' }, { data: json({ a: { b: 5 } }) })).toEqual({ value: json(5) });
    expect(await run('transform.select', { key: '__proto__' }, { data: json({}) })).toEqual({ value: json(null) });
    expect(await run('transform.select', { key: 'constructor.name' }, { data: json({}) })).toEqual({ value: json(null) });
  });

  test('rows are filtered, texts joined and split', async () => {
    expect(await run('transform.filter', { key: 'age', operator: 'greater', value: '10' }, { data: rows })).toMatchObject({ data: { rows: [{ name: 'Ada' }] } });
    expect(textOf((await run('transform.combine-text', { separator: '+' }, { first: text('a'), second: text('b') }))['text'])).toBe('a+b');
    const chunks = (await run('transform.split-text', { chunkSize: 20, overlap: 5, separator: ' ' }, { data: text('word '.repeat(30).trim()) }))['chunks'];
    if (chunks?.kind !== 'table') throw new Error('no table');
    expect(chunks.rows.length).toBeGreaterThan(7);
    for (const row of chunks.rows) expect(String(row['text']).length).toBeLessThanOrEqual(20);
    expect(chunks.rows.map((row) => row['text']).join(' ').split(' ').length).toBeGreaterThanOrEqual(30);
  });

  test('JSON is read also from a fence, without prototype keys, and nonsense is an error in words', async () => {
    expect(await run('transform.json', {}, { data: text('Here:\n```json\n{"a": 1, "__proto__": {"x": 1}}\n```') })).toEqual({ json: json({ a: 1 }) });
    await expect(run('transform.json', {}, { data: text('no') })).rejects.toThrow('The text is not JSON.');
  });
});

describe('transform.structured-output', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const asked = async (...answers: string[]) => {
    const model = scriptedModel((_request, call) => answers[call - 1] ?? '');
    return { result: run('transform.structured-output', { schema }, { input: text('x') }, runContext('x', { model: () => model })), model };
  };

  test('data of the right form passes, a wrong form is repaired once, then it is an error', async () => {
    expect(await (await asked('{"n": 3}')).result).toEqual({ json: json({ n: 3 }) });
    const repaired = await asked('{"n": "three"}', '{"n": 3}');
    expect(await repaired.result).toEqual({ json: json({ n: 3 }) });
    expect(repaired.model.requests).toHaveLength(2);
    const hopeless = await asked('no', 'still no', '{"n": 1}');
    await expect(hopeless.result).rejects.toMatchObject({ code: 'node-output-invalid' });
    expect(hopeless.model.requests).toHaveLength(2);
  });

  test('traps in a schema are ignored or refused', async () => {
    const model = scriptedModel(() => '{"n": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}');
    const trapped = { type: 'object', properties: { n: { type: 'string', pattern: '(a+)+$' }, r: { $ref: 'file:///etc/passwd' } } };
    expect(await run('transform.structured-output', { schema: trapped }, { input: text('x') }, runContext('x', { model: () => model }))).toMatchObject({ json: { json: { n: expect.any(String) } } });
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 100; i++) deep = { type: 'object', properties: { a: deep } };
    await expect(run('transform.structured-output', { schema: deep }, { input: text('x') }, runContext('x', { model: () => model }))).rejects.toThrow('too large');
  });
});

describe('agent.tools', () => {
  const finish = (reason: 'stop' | 'tool-calls'): ChatEvent => ({ type: 'finish', reason, usage: { inputTokens: 3, outputTokens: 2 } });
  const call = (name: string, args: unknown): readonly ChatEvent[] => [{ type: 'tool-call', call: { id: `id-${name}`, name, arguments: args } }, finish('tool-calls')];
  const calculator = async () => (await run('tool.calculator', {}, {}))['tool'] ?? text('');

  test('tools are called until the model answers, and their results go back to it', async () => {
    const model = scriptedModel((_request, turn) => (turn === 1 ? call('calculator', { expression: '6*7' }) : 'It is 42.'));
    let tokens = 0;
    const result = await run('agent.tools', { system: 'Be exact.' }, { input: text('6 by 7?'), tools: [await calculator()] }, runContext('', { model: () => model, countTokens: (usage) => { tokens += usage.inputTokens; } }));
    expect(await textFrom(result['response'])).toBe('It is 42.');
    expect(model.requests[0]?.tools?.map((tool) => tool.name)).toEqual(['calculator']);
    expect(model.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: '', toolCalls: [{ id: 'id-calculator', name: 'calculator', arguments: { expression: '6*7' } }] },
      { role: 'tool', toolCallId: 'id-calculator', name: 'calculator', content: '42' },
    ]);
    expect(tokens).toBe(13);
  });

  test.each([
    ['calculator', { expression: 'process.exit()' }, 'Error (node-input-invalid)'], ['calculator', { wrong: 1 }, 'The arguments do not fit'], ['nothing', {}, 'there is no tool "nothing"'],
  ])('a failing call of %s with %o is shown to the model', async (name, args, expected) => {
    const model = scriptedModel((_request, turn) => (turn === 1 ? call(name, args) : 'Sorry.'));
    await textFrom((await run('agent.tools', {}, { input: text('?'), tools: [await calculator()] }, runContext('', { model: () => model })))['response']);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining(expected) });
  });

  test('an agent that never stops calling is stopped at its limit and answers without tools', async () => {
    const model = scriptedModel((request) => (request.tools ? call('calculator', { expression: '1' }) : 'Enough.'));
    const notes: string[] = [];
    const result = await run('agent.tools', { iterationsMax: 4 }, { input: text('?'), tools: [await calculator()] }, { ...runContext('', { model: () => model }), note: (remark) => notes.push(remark) });
    expect(await textFrom(result['response'])).toBe('Enough.');
    expect(model.requests).toHaveLength(4);
    expect(notes.at(-1)).toMatch(/limit of 4 turns/);
  });

  test('a model without tool support gets one knowledge search instead, and the trace says so', async () => {
    const context = runContext('How long can I return it?', { knowledge: [passage('a', 'You can return it within 30 days.')] });
    const notes: string[] = [];
    const search = (await run('knowledge.retrieve', {}, {}, context))['tool'] ?? text('');
    const result = await run('agent.tools', {}, { input: text('How long can I return it?'), tools: [search] }, { ...context, note: (remark) => notes.push(remark) });
    expect(await textFrom(result['response'])).toContain('“You can return it within 30 days.” [1]');
    expect(notes[0]).toMatch(/cannot call tools; the knowledge was searched/);
  });

  test('two tools of the same kind get names of their own', async () => {
    const model = scriptedModel(() => 'ok');
    await textFrom((await run('agent.tools', {}, { input: text('?'), tools: [await calculator(), await calculator()] }, runContext('', { model: () => model })))['response']);
    expect(model.requests[0]?.tools?.map((tool) => tool.name)).toEqual(['calculator', 'calculator_2']);
  });
});

describe('tool.calculator', () => {
  const result = async (expression: string) => textOf((await run('tool.calculator', {}, { expression: text(expression) }))['result']);

  test.each([['1 + 2 * 3', '7'], ['(1+2)*3', '9'], ['2 ** 3 ** 2', '512'], ['-2^2', '-4'], ['0.1 + 0.2', '0.3'], ['7 // 2', '3'], ['7 % 4', '3'], ['max(1, sqrt(16), 3)', '4'], ['1e3/4', '250'], ['round(pi)', '3']])('%s is %s', async (expression, expected) => {
    expect(await result(expression)).toBe(expected);
  });

  test.each(['1/0', '2 ** 99999', 'process.exit()', 'constructor("x")', '__proto__', '(((', '1 2', '', `${'('.repeat(900)}1`])('%s is refused in words', async (expression) => {
    await expect(result(expression)).rejects.toThrow(NodeError);
  });
});

describe('http', () => {
  const page = async () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html><title>Our <b>page</b></title><body><script>evil()</script><nav>Menu</nav><h1>Refunds</h1><p>Within&nbsp;30 days.</p></body></html>' });

  test('pages are read as text without scripts and menus, by configuration, input and tool', async () => {
    const context = runContext('', { fetch: page });
    const result = await run('http.fetch-pages', { urls: ['https://example.com/a'] }, { urls: text('example.com/b') }, context);
    expect(result['pages']).toMatchObject({ rows: [{ url: 'https://example.com/a', text: 'Refunds\nWithin 30 days.' }, { url: 'https://example.com/b' }] });
    expect(textOf(await toolAt(result).call({ urls: ['https://example.com/c'] }))).toContain('Within 30 days.');
  });

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'https://user:pw@example.com/', 'http://', 'x'.repeat(3000)])('the address %s is refused before anything is fetched', async (url) => {
    await expect(run('http.request', { url }, {}, runContext('', { fetch: page }))).rejects.toThrow();
  });

  test('a request carries its headers, query and body, and JSON comes back as data', async () => {
    const seen: unknown[] = [];
    const fetch: NodeContext['fetch'] = async (url, init) => { seen.push(url, init); return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }; };
    const result = await run('http.request', { method: 'POST', url: 'https://api.example.com/x', headers: { 'X-Mine': '1' }, query: { q: 'a b' } }, { body: json({ a: 1 }) }, runContext('', { fetch }));
    expect(result['response']).toEqual(json({ ok: true }));
    expect(seen).toEqual(['https://api.example.com/x?q=a+b', { method: 'POST', headers: { 'content-type': 'application/json', 'x-mine': '1' }, body: '{\n  "a": 1\n}' }]);
  });

  test.each([{ Host: 'x' }, { 'Transfer-Encoding': 'chunked' }, { 'a b': 'c' }, { ok: 'x\r\nEvil: 1' }])('the headers %o are refused', async (headers) => {
    await expect(run('http.request', { url: 'https://example.com', headers }, {}, runContext('', { fetch: page }))).rejects.toMatchObject({ code: 'node-config-invalid' });
  });

  test('a failing status is an error in words, and an agent cannot change a fixed address', async () => {
    const fetched: string[] = [];
    const context = runContext('', { fetch: async (url) => { fetched.push(url); return { status: url.includes('bad') ? 500 : 200, headers: {}, body: '' }; } });
    await expect(run('http.request', { url: 'https://bad.example.com' }, {}, context)).rejects.toThrow('bad.example.com answered with status 500.');
    const tool = toolAt(await run('http.request', { url: 'https://good.example.com/' }, {}, context));
    await tool.call({ url: 'https://evil.example.com/' });
    expect(fetched.at(-1)).toBe('https://good.example.com/');
  });
});

test('the current date is told in the asked time zone', async () => {
  expect(textOf((await run('tool.current-date', { timezone: 'Asia/Tokyo' }, {}))['text'])).toMatch(/Friday,? 2 January 2026.*12:04:05/);
  await expect(run('tool.current-date', { timezone: 'Mars/Base' }, {})).rejects.toThrow();
});

test('passages are numbered as the run cites them', async () => {
  const context = runContext('q', { knowledge: [passage('a', 'A text', { page: 3 }), passage('b', 'B text')] });
  expect(textOf((await run('knowledge.retrieve', {}, { query: text('q') }, context))['text'])).toBe('[1] Document a (page 3)\nA text\n\n[2] Document b\nB text');
});

test('a preview is short and quick whatever the value', () => {
  let deep: unknown = 'x';
  for (let i = 0; i < 5_000; i++) deep = [deep];
  for (const value of [json(deep), json({ big: 'x'.repeat(1_000_000), ['__proto__']: 1 }), text('y'.repeat(1_000_000)), json(Array.from({ length: 100_000 }, (_, i) => ({ i })))]) {
    expect(previewOf(value, 500).length).toBeLessThanOrEqual(500);
  }
});
