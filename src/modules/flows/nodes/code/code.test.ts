import { afterAll, describe, expect, test, vi } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { isInstalled } from '#adapters/code-sandbox/language.ts';
import { runLive } from '../../engine/live.ts';
import { flowOf, runContext } from '../../engine/testing/run-context.ts';
import type { NodeContext, Value } from '../../node-type.ts';
import { javascriptCode } from './javascript.ts';
import { pythonCode } from './python.ts';
import { codeTool } from './tool.ts';

vi.setConfig({ testTimeout: 120_000 });
const pool = createCodePool({ cacheDir: 'node_modules/.cache/code' });
afterAll(async () => pool.close());

const table = (...rows: Record<string, unknown>[]): Value => ({ kind: 'table', rows });
const withCode = (parts: Partial<NodeContext> = {}): NodeContext =>
  runContext('hello', { runId: 'run-1', runCode: async (call) => pool.run('tenant', { ...call, timeoutMs: 10_000 }, new AbortController().signal), ...parts });
const javascript = async (config: Record<string, unknown>, input?: Value, context = withCode()): Promise<Value | undefined> =>
  (await javascriptCode.run(context, javascriptCode.config.parse(config), input ? { input } : {}))['result'];
const python = async (config: Record<string, unknown>, input?: Value, context = withCode()): Promise<Value | undefined> =>
  (await pythonCode.run(context, pythonCode.config.parse(config), input ? { input } : {}))['result'];

/** A context in which the step `found` produced two rows, and `quiet` was skipped. */
const afterSteps = (parts: Partial<NodeContext> = {}): NodeContext =>
  withCode({ step: (id) => (id === 'found' ? { result: table({ city: 'Bern' }, { city: 'Rome' }) } : undefined), ...parts });

describe('plain code', () => {
  test('sees what comes in, the steps it names, the message and the parameters; a list becomes a table', async () => {
    const code = 'return items.map((item) => ({ name: item.name, from: steps.places.items[0].city, said: message.text, limit: parameters.limit }))';
    const context = afterSteps({ parameters: { limit: 3 } });
    expect(await javascript({ code, references: ['found'], names: { places: 'found' } }, table({ name: 'a' }, { name: 'b' }), context))
      .toEqual(table({ name: 'a', from: 'Bern', said: 'hello', limit: 3 }, { name: 'b', from: 'Bern', said: 'hello', limit: 3 }));
    expect(await javascript({ code: 'return input.name.length' }, table({ name: 'abc' }))).toEqual({ kind: 'json', json: 3 });
    expect(await javascript({ code: 'return input' }, { kind: 'text', text: 'as it is' })).toEqual({ kind: 'json', json: 'as it is' });
  });

  test('runs once for each item when asked, and its arguments may be expressions', async () => {
    expect(await javascript({ code: 'return { ...item, place: index + offset }', mode: 'each', arguments: { offset: '{{ 2 * 5 }}' } }, table({ a: 1 }, { a: 2 })))
      .toEqual(table({ a: 1, place: 10 }, { a: 2, place: 11 }));
  });

  test('changes variables of the run, and what it prints becomes notes', async () => {
    const state = new Map<string, unknown>([['count', 1], ['kept', { a: 1 }]]);
    const notes: string[] = [];
    await javascript({ code: 'state.count += 1; console.log("counted", state.count)' }, undefined, withCode({ state, note: (remark) => { notes.push(remark); } }));
    expect([...state]).toEqual([['count', 2], ['kept', { a: 1 }]]);
    expect(notes).toEqual(['counted 2']);
  });

  test('runs in a flow after the step it only names', async () => {
    const flow = flowOf(
      [['in', 'input.chat'], ['made', 'code.javascript', { code: 'return [{ n: 20 }, { n: 22 }]' }], ['sum', 'code.javascript', { code: 'return steps.made.items.reduce((sum, { n }) => sum + n, 0)', references: ['made'] }], ['out', 'output.chat']],
      ['in.message -> made.input', 'in.message -> sum.input', 'sum.result -> out.input'],
    );
    expect((await runLive(flow, withCode()).done).text).toBe('42');
  });
});

describe("n8n's code", () => {
  const n8n = async (code: string, input?: Value, parts: Record<string, unknown> = {}): Promise<Value | undefined> =>
    javascript({ code, dialect: 'n8n', references: ['found', 'quiet'], names: { 'Find places': 'found', 'Was skipped': 'quiet' }, ...parts }, input, afterSteps());

  test('takes items with $input, $json and items, and gives items or plain objects', async () => {
    const rows = table({ n: 1 }, { n: 2 });
    expect(await n8n('for (const item of $input.all()) item.json.double = item.json.n * 2;\nreturn $input.all();', rows)).toEqual(table({ n: 1, double: 2 }, { n: 2, double: 4 }));
    expect(await n8n('return [{ json: { first: $input.first().json.n, last: $input.last().json.n, own: $json.n } }]', rows)).toEqual(table({ first: 1, last: 2, own: 1 }));
    expect(await n8n('total = items.reduce((sum, { json }) => sum + json.n, 0); return { total }', rows)).toEqual(table({ total: 3 }));
    expect(await n8n('const items = $input.all(); return items.map(({ json }) => ({ id: json.n }))', rows)).toEqual(table({ id: 1 }, { id: 2 }));
  });

  test('for each item it sees that one, and the item of another step beside it', async () => {
    const code = 'const { n } = $input.item.json;\nreturn { n, city: $("Find places").item.json.city, at: $itemIndex, same: $json.n === item.json.n }';
    expect(await n8n(code, table({ n: 1 }, { n: 2 }), { mode: 'each' })).toEqual(table({ n: 1, city: 'Bern', at: 0, same: true }, { n: 2, city: 'Rome', at: 1, same: true }));
  });

  test('reads other steps by their names, in each of the ways there are', async () => {
    const code = 'return { all: $("Find places").all().length, last: $("Find places").last().json.city, node: $node["Find places"].json.city, items: $items("Find places").length, ran: $("Was skipped").isExecuted }';
    expect(await n8n(code)).toEqual(table({ all: 2, last: 'Rome', node: 'Bern', items: 2, ran: false }));
    await expect(n8n('return $("Nobody").all()')).rejects.toMatchObject({ message: expect.stringContaining('There is no step "Nobody"') });
    await expect(n8n('return $("Was skipped").first()')).rejects.toMatchObject({ message: expect.stringContaining('The step "Was skipped" has not run') });
  });

  test('has dates, the execution and simple paths; no environment, no modules', async () => {
    const code = `return { day: $now.plus({ months: 1, days: 1 }).toISODate(), text: DateTime.fromISO('2026-02-03T04:05:06Z').toFormat("dd LLL yyyy 'at' HH:mm"),
      month: $today.startOf('month').toISO(), between: DateTime.fromISO('2026-03-01').diff(DateTime.fromISO('2026-02-01'), 'days').days, read: DateTime.fromFormat('31.12.2025', 'dd.MM.yyyy').toISODate(),
      run: $execution.id, env: Object.keys($env).length, path: $jmespath({ a: [{ b: 1 }, { b: 2 }] }, 'a[*].b') }`;
    expect(await n8n(code)).toEqual(table({ day: '2026-02-03', text: '03 Feb 2026 at 04:05', month: '2026-01-01T00:00:00.000Z', between: 28, read: '2025-12-31', run: 'run-1', env: 0, path: [1, 2] }));
    await expect(n8n('return require("fs")')).rejects.toMatchObject({ message: expect.stringContaining('code runs without modules') });
    await expect(n8n('console.log("nothing")')).rejects.toMatchObject({ message: expect.stringContaining('returned nothing') });
  });
});

test("Dify's code takes the variables of its main by name", async () => {
  expect(await javascript({ dialect: 'dify', code: 'function main({ left, right }) {\n  return { result: left + right }\n}', arguments: { left: 'a', right: '{{ input.text }}' } })).toEqual({ kind: 'json', json: { result: 'ahello' } });
  await expect(javascript({ dialect: 'dify', code: 'const other = 1' })).rejects.toMatchObject({ message: expect.stringContaining('no function "main"') });
});

test("Flowise's code reads $input, $flow, $vars and its own variables", async () => {
  const context = withCode({ state: new Map([['topic', 'tea']]), parameters: { tone: 'warm' } });
  expect(await javascript({ dialect: 'flowise', code: 'return `${$input} ${$flow.state.topic} ${$vars.tone} ${$sqlQuery}`', arguments: { sqlQuery: 'select 1' } }, { kind: 'text', text: 'about' }, context))
    .toEqual({ kind: 'json', json: 'about tea warm select 1' });
});

test('an agent runs code as a tool, with the arguments it chose', async () => {
  const config = codeTool.config.parse({ code: 'return [].concat(query.split(",")).length', dialect: 'n8n', name: 'count', description: 'Counts.' });
  const { tool } = await codeTool.run(withCode(), config, {});
  if (tool?.kind !== 'tool') throw new Error('no tool');
  expect(tool.tool).toMatchObject({ name: 'count', parameters: { required: ['query'] } });
  expect(await tool.tool.call({ query: 'a,b,c' })).toEqual({ kind: 'json', json: 3 });
  expect(codeTool.config.safeParse({ code: 'x', language: 'python', dialect: 'flowise' }).success).toBe(false);
});

describe.skipIf(!isInstalled('python'))('in Python', () => {
  test('plain code and the code of n8n, Dify and Langflow each find what they know', async () => {
    const rows = table({ n: 1 }, { n: 2 });
    const [plain, items, each, dify, printed] = await Promise.all([
      python({ code: 'return [{"n": item["n"] * 2, "said": message["text"]} for item in items]' }, rows),
      python({ dialect: 'n8n', code: 'for item in _input.all():\n  item.json.double = item.json["n"] * 2\nreturn _input.all()' }, rows),
      python({ dialect: 'n8n', mode: 'each', code: 'return {"n": _json.n, "city": _("Find places").item.json.city}', references: ['found'], names: { 'Find places': 'found' } }, rows, afterSteps()),
      python({ dialect: 'dify', code: 'import json\ncount = 0\ndef main(text: str) -> dict:\n    global count\n    count += len(json.loads(text))\n    return {"result": count}', arguments: { text: '[1, 2, 3]' } }),
      python({ dialect: 'langflow', code: 'for n in range(2):\n    print(n)' }),
    ]);
    expect(plain).toEqual(table({ n: 2, said: 'hello' }, { n: 4, said: 'hello' }));
    expect(items).toEqual(table({ n: 1, double: 2 }, { n: 2, double: 4 }));
    expect(each).toEqual(table({ n: 1, city: 'Bern' }, { n: 2, city: 'Rome' }));
    expect(dify).toEqual({ kind: 'json', json: { result: 3 } });
    expect(printed).toEqual({ kind: 'json', json: '0\n1' });
  });
});
