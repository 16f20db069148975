import { expect, test } from 'vitest';
import { checkRunnable } from '../engine/compile.ts';
import { runLive } from '../engine/live.ts';
import { flowOf, runContext, scriptedModel } from '../engine/testing/run-context.ts';
import type { NodeContext } from '../node-type.ts';

const run = async (flow: ReturnType<typeof flowOf>, data: unknown, parts: Partial<NodeContext> = {}) =>
  runLive(flow, { ...runContext('', parts), input: { text: '', images: [], history: [], data } }).done;

const orders = [{ id: 1, amount: 50 }, { id: 2, amount: 500 }, { id: 3, amount: 700 }];
const isBig = { conditions: [{ left: '{{ item.amount }}', operator: 'greater', right: '{{ steps.limits.item.big }}' }] };

test('items are changed, sent their own way and brought together again, by expressions over other steps', async () => {
  const flow = flowOf(
    [
      ['in', 'input.trigger'], ['limits', 'transform.set', { fields: [{ name: 'big', value: 100 }] }], ['tax', 'transform.set', { fields: [{ name: 'gross', value: '{{ (item.amount * 1.2).round(2) }}' }] }],
      ['big', 'logic.if', { each: true, conditions: isBig }], ['mark', 'transform.set', { fields: [{ name: 'approve', value: true }] }], ['all', 'logic.merge'], ['order', 'transform.sort', { by: [{ field: 'id' }] }],
      ['say', 'transform.template', { each: true, template: '{{ item.id }}: {{ item.gross }}{{ item.approve ? " to approve" : "" }} of {{ steps.in.items.length }}' }], ['out', 'output.chat'],
    ],
    ['in.data -> tax.input', 'tax.output -> big.input', 'big.true -> mark.input', 'mark.output -> all.input0', 'big.false -> all.input1', 'all.output -> order.input', 'order.output -> say.input', 'say.text -> out.input'],
  );
  expect(checkRunnable(flow)).toEqual([]);
  expect(await run(flow, orders)).toMatchObject({ status: 'succeeded', text: '1: 60 of 3\n2: 600 to approve of 3\n3: 840 to approve of 3' });
  expect(await run(flow, orders.slice(0, 1))).toMatchObject({ status: 'succeeded', text: '1: 60 of 1' });
});

test('a switch skips the other cases, and the branches meet where one is chosen', async () => {
  const flow = flowOf(
    [
      ['in', 'input.trigger'], ['way', 'logic.switch', { value: '{{ item.lang }}', cases: [{ equals: 'de' }, { equals: 'fr' }] }],
      ['de', 'transform.template', { template: 'Hallo {{ item.name }}' }], ['fr', 'transform.template', { template: 'Bonjour {{ item.name }}' }], ['en', 'transform.template', { template: 'Hello {{ item.name }}' }],
      ['one', 'logic.merge', { mode: 'choose', inputs: 3 }], ['out', 'output.chat'],
    ],
    ['in.data -> way.input', 'way.case0 -> de.input', 'way.case1 -> fr.input', 'way.default -> en.input', 'de.text -> one.input0', 'fr.text -> one.input1', 'en.text -> one.input2', 'one.output -> out.input'],
  );
  const said = async (lang: string) => (await run(flow, { lang, name: 'Ada' })).text;
  expect([await said('de'), await said('fr'), await said('xx')]).toEqual(['Hallo Ada', 'Bonjour Ada', 'Hello Ada']);
});

test('while counts up what came back until its condition no longer holds; repeat carries on', async () => {
  const body = ['add', 'transform.set', { each: false, fields: [{ name: 'n', value: '{{ item.n * 2 }}' }] }] as const;
  const counting = flowOf([['in', 'input.trigger'], ['loop', 'logic.while', { conditions: { conditions: [{ left: '{{ item.n }}', operator: 'less', right: 100 }] } }], body, ['out', 'output.chat']],
    ['in.data -> loop.input', 'loop.item -> add.input', 'add.output -> loop.feedback', 'loop.done -> out.input']);
  expect((await run(counting, { n: 3 })).data).toEqual({ n: 192 });
  const repeated = flowOf([['in', 'input.trigger'], ['loop', 'logic.repeat', { times: 4 }], body, ['out', 'output.chat']],
    ['in.data -> loop.input', 'loop.item -> add.input', 'add.output -> loop.feedback', 'loop.last -> out.input']);
  expect((await run(repeated, { n: 1 })).data).toEqual({ n: 16 });
});

test('a loop over items runs a model for each and sums up in a variable', async () => {
  const model = scriptedModel((request) => `about ${String(request.messages.at(-1)?.content)}`);
  const flow = flowOf(
    [['in', 'input.trigger'], ['loop', 'logic.for-each'], ['ask', 'model.chat', { stream: false }], ['keep', 'transform.variable', { operation: 'append', name: 'said', value: '{{ item }}' }], ['say', 'transform.template', { template: '{{ steps.loop.items.length }}: {{ state.said.join(" / ") }}' }], ['out', 'output.chat']],
    ['in.data -> loop.items', 'loop.item -> ask.input', 'ask.text -> keep.input', 'keep.output -> loop.feedback', 'loop.done -> say.input', 'say.text -> out.input'],
  );
  const result = await run(flow, ['cats', 'dogs'], { model: () => model, state: new Map() });
  expect(result.text).toBe('2: about cats / about dogs');
});

test('a wrong expression fails the step that holds it, with its place; stop ends a run with the seller’s words', async () => {
  const wrong = flowOf([['in', 'input.trigger'], ['say', 'transform.template', { template: 'Hi {{ item.name. }}' }], ['out', 'output.chat']], ['in.data -> say.input', 'say.text -> out.input']);
  expect((await run(wrong, {})).error).toMatchObject({ code: 'node-expression-invalid', message: expect.stringContaining('at character 18') });
  const stopping = flowOf([['in', 'input.trigger'], ['end', 'logic.stop', { message: 'Closed on {{ now.format("EEEE") }}.' }], ['out', 'output.chat']], ['in.data -> end.input', 'in.data -> out.input']);
  expect(await run(stopping, {})).toMatchObject({ status: 'failed', error: { code: 'node-stopped', message: 'Closed on Friday.' } });
});
