import { expect, test } from 'vitest';
import { runContext } from '../../engine/testing/run-context.ts';
import type { NodeContext, OutsideAction, OutsideCall, Value } from '../../node-type.ts';
import { parametersOf } from '../database/parameters-of.ts';
import { nodeTypes } from '../registry.ts';

const search: OutsideAction = { title: 'Search', description: 'Searches the web.', effect: 'read', input: { type: 'object', properties: { q: { type: 'string' }, country: { type: 'string' } }, required: ['q', 'country'] } };
const sql: OutsideAction = { title: 'Query', description: 'Runs a query.', effect: 'read', input: { type: 'object', properties: { sql: { type: 'string', literal: true }, values: { type: 'array' } } } };

function world(answer: (call: OutsideCall) => unknown = () => ({ ok: true })) {
  const calls: OutsideCall[] = [];
  const context: NodeContext = {
    ...runContext('hello'), idempotencyKey: 'step-1',
    outsideAction: async (connector, action) => (action === 'search' ? search : action === 'query' ? sql : action === 'write' ? { ...search, effect: 'write' } : undefined),
    callOutside: async (call) => { calls.push(call); return answer(call); },
  };
  return { calls, context };
}
const run = async (type: string, config: object, inputs: Record<string, Value>, context: NodeContext) => {
  const found = nodeTypes.get(type);
  if (!found) throw new Error(`no ${type}`);
  return found.run(context, found.config.parse(config), inputs);
};
const rows = (...items: Record<string, unknown>[]): Value => ({ kind: 'table', rows: items });

test('an action runs once for all, with templates filled from what came in', async () => {
  const { calls, context } = world();
  const out = await run('connector.action', { connector: 'web', action: 'write', input: { q: '{{ item.name }}', tags: ['{{ items.length }}'] } }, { input: rows({ name: 'Ann' }) }, context);
  expect(calls).toEqual([{ connector: 'web', action: 'write', input: { q: 'Ann', tags: [1] }, idempotencyKey: 'step-1' }]);
  expect(out['result']).toEqual({ kind: 'json', json: { ok: true } });
});

test('once for each item, in order, each call with a key of its own; lists among the answers become items', async () => {
  const { calls, context } = world(({ input }) => [{ of: input['q'] }, { of: input['q'] }]);
  const out = await run('connector.action', { connector: 'web', action: 'write', each: true, input: { q: '{{ item.name }}' }, connection: 'web:mine' }, { input: rows({ name: 'Ann' }, { name: 'Bob' }) }, context);
  expect(calls.map(({ input, idempotencyKey, connection }) => [input['q'], idempotencyKey, connection])).toEqual([['Ann', 'step-1:0', 'web:mine'], ['Bob', 'step-1:1', 'web:mine']]);
  expect(out['result']).toEqual(rows({ of: 'Ann' }, { of: 'Ann' }, { of: 'Bob' }, { of: 'Bob' }));
});

test('more items than a step may call for are refused before the first call', async () => {
  const { calls, context } = world();
  const many: Value = { kind: 'json', json: Array.from({ length: 1001 }, (_, index) => index) };
  await expect(run('connector.query', { connector: 'web', action: 'search', each: true }, { input: many }, context)).rejects.toMatchObject({ code: 'node-limit' });
  expect(calls).toEqual([]);
});

test('a step that reads refuses an action that writes, and one that does not exist', async () => {
  const { context } = world();
  await expect(run('connector.query', { connector: 'web', action: 'write' }, {}, context)).rejects.toMatchObject({ code: 'node-config-invalid' });
  await expect(run('connector.query', { connector: 'web', action: 'dance' }, {}, context)).rejects.toThrow('There is no action "dance" of a connector "web".');
});

test('an agent gets the fields that are open and cannot change those that are fixed', async () => {
  const { calls, context } = world(() => 'found');
  const { tool } = await run('connector.tool', { connector: 'web', action: 'search', input: { country: 'de' } }, {}, context);
  if (tool?.kind !== 'tool') throw new Error('no tool');
  expect(tool.tool).toMatchObject({ name: 'web_search', description: 'Searches the web.', parameters: { properties: { q: { type: 'string' } }, required: ['q'] } });
  expect(await tool.tool.call({ q: 'moon', country: 'us' })).toEqual({ kind: 'text', text: 'found' });
  expect(calls[0]?.input).toEqual({ q: 'moon', country: 'de' });
});

test('a tool with arguments of its own puts them where its templates stand', async () => {
  const { calls, context } = world();
  const parameters = { type: 'object', properties: { topic: { type: 'string' } } };
  const { tool } = await run('connector.tool', { connector: 'web', action: 'search', name: 'find', parameters, input: { q: 'news about {{ item.topic }}', country: 'de' } }, {}, context);
  if (tool?.kind !== 'tool') throw new Error('no tool');
  expect(tool.tool).toMatchObject({ name: 'find', parameters });
  await tool.tool.call({ topic: 'moon' });
  expect(calls[0]?.input).toEqual({ q: 'news about moon', country: 'de' });
});

test('a statement is never put together from data: templates become values', async () => {
  const { calls, context } = world(() => [{ id: 1 }]);
  const evil = "x'; drop table users; --";
  const out = await run('database.query', { sql: "select * from users where name = '{{ item.name }}' and age > {{ item.age }} and id = $1", values: [7] }, { input: rows({ name: evil, age: 3 }) }, context);
  expect(calls[0]).toMatchObject({ connector: 'postgres', action: 'query', input: { sql: 'select * from users where name = $2 and age > $3 and id = $1', values: [7, evil, 3], rowsMax: 1000 } });
  expect(out['result']).toEqual(rows({ id: 1 }));
  await expect(run('connector.query', { connector: 'postgres', action: 'query', input: { sql: 'select {{ item.name }}' } }, { input: rows({ name: evil }) }, context)).rejects.toMatchObject({ code: 'node-config-invalid' });
});

test.each([
  ["select '%{{ item }}%'"], ['select * from "{{ item }}"'], ['select $q${{ item }}$q$'], ['select 1 -- {{ item }}'], ['select 1 /* {{ item }} */'],
])('a template inside a longer text, name or comment is refused: %s', (written) => {
  expect(() => parametersOf(written, 0)).toThrow('A template stands inside a longer text or name');
});

test('what is no template stays as it is written', () => {
  const written = `select 'it''s', "a ""b""", $$ {x} $$, 1 - 2 / 3, '{"a":1}'::jsonb -- end\n from t where a = $1`;
  expect(parametersOf(written, 1)).toEqual({ sql: written, templates: [] });
  const hostile = `${'/*'.repeat(9_000)}`;
  const started = performance.now();
  expect(parametersOf(hostile, 0).sql).toBe(hostile);
  expect(performance.now() - started).toBeLessThan(2_000);
});
