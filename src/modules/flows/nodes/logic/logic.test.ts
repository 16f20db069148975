import { describe, expect, test } from 'vitest';
import { runContext, scriptedModel } from '../../engine/testing/run-context.ts';
import type { LoopPlan, NodeContext, Value } from '../../node-type.ts';
import { nodeTypes } from '../registry.ts';
import { dataOf } from '../values.ts';

const text = (value: string): Value => ({ kind: 'text', text: value });
const json = (value: unknown): Value => ({ kind: 'json', json: value });
const table = (...rows: Record<string, unknown>[]): Value => ({ kind: 'table', rows });
type Inputs = Record<string, Value | readonly Value[]>;

const typeOf = (type: string) => nodeTypes.get(type)!;
async function run(type: string, config: Record<string, unknown>, inputs: Inputs, context: NodeContext = runContext('hi')) {
  const results = await typeOf(type).run(context, typeOf(type).config.parse(config), inputs);
  return Object.fromEntries(Object.entries(results).map(([port, value]) => [port, dataOf(value)]));
}
const planOf = (type: string, config: Record<string, unknown>, inputs: Inputs, context = runContext('hi')): Promise<LoopPlan> =>
  typeOf(type).loop!.plan(context, typeOf(type).config.parse(config), inputs);
const plain = (values: Readonly<Record<string, Value>> | null) => values && Object.fromEntries(Object.entries(values).map(([port, value]) => [port, dataOf(value)]));

const orders = table({ id: 1, amount: 5, country: 'DE' }, { id: 2, amount: 50, country: 'FR' }, { id: 3, amount: 500, country: 'DE' });

describe('if and switch', () => {
  test('conditions over expressions are combined, groups in their own way', async () => {
    const big = { left: '{{ item.amount }}', operator: 'greater', right: 20 };
    const german = { left: '{{ item.country }}', operator: 'equals', right: 'DE' };
    const fits = async (conditions: unknown, item: unknown) => Object.keys(await run('logic.if', { conditions }, { input: json(item) }));
    expect(await fits({ conditions: [big, german] }, { amount: 50, country: 'FR' })).toEqual(['false']);
    expect(await fits({ combine: 'or', conditions: [big, german] }, { amount: 50, country: 'FR' })).toEqual(['true']);
    expect(await fits({ conditions: [german], groups: [{ combine: 'or', conditions: [big, { left: '{{ item.vip }}', operator: 'is true' }] }] }, { amount: 1, country: 'DE', vip: true })).toEqual(['true']);
    expect(await fits({ conditions: [german], groups: [{ conditions: [big] }] }, { amount: 1, country: 'DE' })).toEqual(['false']);
  });

  test.each<[unknown, string, unknown, boolean]>([
    [3, 'equals', '3', true], [[1, 2], 'contains', 2, true], [{ a: 1 }, 'contains', 'a', true], ['x', 'in', ['x', 'y'], true], [undefined, 'exists', '', false], [null, 'not exists', '', true], ['  ', 'empty', '', true], [[], 'not empty', '', false],
    ['order 42', 'has match', '\\d+$', true], ['order 42', 'matches', '\\d+$', false], ['2026-01-02', 'before', '2026-01-03', true], ['true', 'is true', '', true], [0, 'is false', '', true], ['10', 'greater', '9', true], [10, 'less or equal', 10, true], ['Ab', 'equals', 'ab', false],
    [{ a: [1] }, 'equals', { a: [1] }, true],
  ])('%j %s %j is %s', async (left, operator, right, expected) => {
    const conditions = { conditions: [{ left: '{{ item.left }}', operator, right }] };
    expect(Object.keys(await run('logic.if', { conditions }, { input: json({ left }) }))).toEqual([String(expected)]);
  });

  test('every item goes its own way; a way that no item takes is absent', async () => {
    const conditions = { conditions: [{ left: '{{ item.amount }}', operator: 'greater', right: 20 }] };
    expect(await run('logic.if', { conditions, each: true }, { input: orders })).toEqual({ true: [{ id: 2, amount: 50, country: 'FR' }, { id: 3, amount: 500, country: 'DE' }], false: [{ id: 1, amount: 5, country: 'DE' }] });
    expect(Object.keys(await run('logic.if', { conditions, each: true }, { input: table({ amount: 99 }) }))).toEqual(['true']);
  });

  test('the first case that fits is taken, by value or by conditions; the rest is default', async () => {
    const config = { value: '{{ item.country }}', cases: [{ equals: 'DE' }, { conditions: { conditions: [{ left: '{{ item.amount }}', operator: 'greater', right: 20 }] } }] };
    expect(typeOf('logic.switch').dynamicOutputs?.(typeOf('logic.switch').config.parse(config))).toEqual([{ name: 'case0' }, { name: 'case1' }]);
    expect(Object.keys(await run('logic.switch', config, { input: json({ country: 'DE', amount: 99 }) }))).toEqual(['case0']);
    expect(Object.keys(await run('logic.switch', { ...config, all: true }, { input: json({ country: 'DE', amount: 99 }) }))).toEqual(['case0', 'case1']);
    expect(Object.keys(await run('logic.switch', config, { input: json({ country: 'FR', amount: 1 }) }))).toEqual(['default']);
    const split = await run('logic.switch', { ...config, each: true }, { input: orders });
    expect(Object.entries(split).map(([port, items]) => [port, Array.isArray(items) && items.length])).toEqual([['case0', 2], ['case1', 1]]);
  });
});

describe('loops', () => {
  test('for each gives one item or one batch a pass and collects what comes back', async () => {
    const plan = await planOf('logic.for-each', { concurrency: 3 }, { items: orders });
    expect(plan.concurrency).toBe(3);
    expect(plain(plan.next(1, undefined))).toEqual({ item: { id: 2, amount: 50, country: 'FR' }, index: 1 });
    expect(plan.next(3, undefined)).toBeNull();
    expect(plain(plan.end([json({ a: 1 }), undefined, table({ a: 2 }, { a: 3 })]))).toEqual({ done: [{ a: 1 }, { a: 2 }, { a: 3 }] });
    const batches = await planOf('logic.for-each', { batchSize: 2 }, { items: json(['a', 'b', 'c']) });
    expect([plain(batches.next(0, undefined)), plain(batches.next(1, undefined)), batches.next(2, undefined)]).toEqual([{ item: ['a', 'b'], index: 0 }, { item: ['c'], index: 1 }, null]);
    expect(plain(batches.end([undefined, undefined]))).toEqual({ done: ['a', 'b', 'c'] });
    await expect(planOf('logic.for-each', { itemsMax: 2 }, { items: orders })).rejects.toMatchObject({ code: 'node-limit' });
  });

  test('while goes on with what came back as long as its conditions hold', async () => {
    const plan = await planOf('logic.while', { conditions: { conditions: [{ left: '{{ item.n }}', operator: 'less', right: 3 }] } }, { input: json({ n: 1 }) });
    expect(plain(plan.next(0, undefined))).toEqual({ item: { n: 1 }, index: 0 });
    expect(plain(plan.next(1, json({ n: 2 })))).toEqual({ item: { n: 2 }, index: 1 });
    expect(plan.next(2, json({ n: 3 }))).toBeNull();
    expect(plain(plan.end([]))).toEqual({ done: { n: 3 } });
  });

  test('while without conditions ends when nothing comes back, or at its most passes', async () => {
    const plan = await planOf('logic.while', { iterationsMax: 2 }, { input: text('a') });
    expect(plan.next(0, undefined)).not.toBeNull();
    expect(plan.next(1, undefined)).toBeNull();
    const notes: string[] = [];
    const bounded = await planOf('logic.while', { iterationsMax: 2 }, { input: text('a') }, runContext('', { note: (note) => notes.push(note) }));
    expect([bounded.next(0, undefined), bounded.next(1, text('b'))].every((one) => one !== null)).toBe(true);
    expect(bounded.next(2, text('c'))).toBeNull();
    expect([plain(bounded.end([])), notes.length]).toEqual([{ done: 'c' }, 1]);
    const failing = await planOf('logic.while', { iterationsMax: 1, atMax: 'fail' }, { input: text('a') });
    failing.next(0, undefined);
    expect(() => failing.next(1, text('b'))).toThrow(/not done after 1 passes/);
  });

  test('repeat runs a number of times that an expression may give', async () => {
    const plan = await planOf('logic.repeat', { times: '{{ item.times }}' }, { input: json({ times: 2 }) });
    expect([plain(plan.next(0, undefined)), plain(plan.next(1, text('back'))), plan.next(2, undefined)]).toEqual([{ item: { times: 2 }, index: 0 }, { item: 'back', index: 1 }, null]);
    expect(plain(plan.end([text('a'), text('b')]))).toEqual({ done: ['a', 'b'], last: 'b' });
    await expect(planOf('logic.repeat', { times: '{{ 1e9 }}' }, { input: text('') })).rejects.toMatchObject({ code: 'node-config-invalid' });
  });
});

describe('merge', () => {
  const left = table({ id: 1, name: 'A' }, { id: 2, name: 'B' }, { id: 3, name: 'C' });
  const right = table({ id: 2, city: 'Y' }, { id: 3, city: 'Z' }, { id: 4, city: 'W' });

  test.each<[string, Record<string, unknown>, unknown]>([
    ['append', { mode: 'append' }, [{ id: 1, name: 'A' }, { id: 2, name: 'B' }, { id: 3, name: 'C' }, { id: 2, city: 'Y' }, { id: 3, city: 'Z' }, { id: 4, city: 'W' }]],
    ['position', { mode: 'position', preferred: 'first' }, [{ id: 1, city: 'Y', name: 'A' }, { id: 2, city: 'Z', name: 'B' }, { id: 3, city: 'W', name: 'C' }]],
    ['inner', { mode: 'key' }, [{ id: 2, name: 'B', city: 'Y' }, { id: 3, name: 'C', city: 'Z' }]],
    ['left', { mode: 'key', join: 'left' }, [{ id: 1, name: 'A' }, { id: 2, name: 'B', city: 'Y' }, { id: 3, name: 'C', city: 'Z' }]],
    ['outer', { mode: 'key', join: 'outer' }, [{ id: 1, name: 'A' }, { id: 2, name: 'B', city: 'Y' }, { id: 3, name: 'C', city: 'Z' }, { id: 4, city: 'W' }]],
    ['unmatched', { mode: 'key', join: 'unmatched' }, [{ id: 1, name: 'A' }, { id: 4, city: 'W' }]],
    ['choose', { mode: 'choose' }, [{ id: 1, name: 'A' }, { id: 2, name: 'B' }, { id: 3, name: 'C' }]],
  ])('%s', async (_name, config, expected) => {
    expect((await run('logic.merge', config, { input0: left, input1: right }))['output']).toEqual(expected);
  });

  test('every combination, a list of whole inputs, and texts; skipped branches do not count', async () => {
    expect((await run('logic.merge', { mode: 'combinations' }, { input0: json([{ a: 1 }, { a: 2 }]), input1: json([{ b: 1 }, { b: 2 }]) }))['output']).toEqual([{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }, { a: 2, b: 2 }]);
    expect((await run('logic.merge', { mode: 'list' }, { inputs: [text('a'), json({ b: 1 })] }))['output']).toEqual(['a', { b: 1 }]);
    expect((await run('logic.merge', { mode: 'text', inputs: 3 }, { input2: text('b'), inputs: [text('c')] }))['output']).toBe('b\nc');
    expect((await run('logic.merge', { mode: 'choose' }, { input1: text('only') }))['output']).toBe('only');
    const many = json(Array.from({ length: 1_000 }, (_, id) => ({ id })));
    await expect(run('logic.merge', { mode: 'combinations' }, { input0: many, input1: many })).rejects.toMatchObject({ code: 'node-limit' });
  });
});

describe('router', () => {
  const routes = [{ name: 'Billing', description: 'Money' }, { name: 'Support', description: 'Trouble' }];
  const routed = async (...answers: string[]) => {
    const notes: string[] = [];
    const model = scriptedModel((_request, call) => answers[call - 1] ?? '');
    const result = await run('logic.router', { routes }, { input: text('My card was charged twice') }, runContext('', { model: () => model, note: (note) => notes.push(note) }));
    return [Object.keys(result)[0], model.requests.length, notes.length];
  };

  test.each<[string[], unknown[]]>([
    [['Billing'], ['route0', 1, 0]], [['2'], ['route1', 1, 0]], [['{"route": "Support"}'], ['route1', 1, 0]], [['I think this is billing.'], ['route0', 1, 0]], [['none'], ['default', 1, 0]],
    [['Both billing and support', '1'], ['route0', 2, 1]], [['Hm', 'Hm again'], ['default', 2, 2]],
  ])('%j', async (answers, expected) => { expect(await routed(...answers)).toEqual(expected); });

  test('the model is told the ways and judges only what it is given', async () => {
    const model = scriptedModel(() => 'Support');
    await run('logic.router', { routes, text: 'Subject: {{ item.subject }}' }, { input: json({ subject: 'It broke' }) }, runContext('', { model: () => model }));
    expect(model.requests[0]?.messages.map(({ content }) => content)).toEqual([expect.stringContaining('1. Billing: Money\n2. Support: Trouble'), 'Subject: It broke']);
  });
});

describe('stop, wait, parallel, approval', () => {
  test('stop ends the run with its words, or only its branch', async () => {
    await expect(run('logic.stop', { message: 'No order {{ item.id }}.' }, { input: json({ id: 7 }) })).rejects.toMatchObject({ code: 'node-stopped', message: 'No order 7.' });
    expect(await run('logic.stop', { quietly: true }, { input: text('x') })).toEqual({});
  });

  test('waiting ends when the run is cancelled, and never lasts longer than allowed', async () => {
    const controller = new AbortController();
    const waiting = run('logic.wait', { seconds: 200 }, { input: text('x') }, runContext('', { signal: controller.signal }));
    controller.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    expect(await run('logic.wait', { seconds: '{{ item / 1000 }}' }, { input: json(1) })).toEqual({ output: 1 });
    await expect(run('logic.wait', { seconds: '{{ 1000 }}' }, { input: text('x') })).rejects.toMatchObject({ code: 'node-config-invalid' });
  });

  test('parallel hands the same to every branch', async () => {
    expect(await run('logic.parallel', { branches: 3 }, { input: text('x') })).toEqual({ output: 'x', branch0: 'x', branch1: 'x', branch2: 'x' });
  });

  test('an approval ends a run that cannot wait and says what is to be decided', async () => {
    await expect(run('human.approval', { question: 'Refund {{ item.amount }}?' }, { input: json({ amount: 9 }) })).rejects.toMatchObject({ code: 'node-stopped', message: expect.stringContaining('Refund 9?') });
  });
});
