import { expect, test } from 'vitest';
import { checkRunnable, compileFlow } from './compile.ts';
import { runLive } from './live.ts';
import { flowOf, runContext, scriptedModel } from './testing/run-context.ts';

type Nodes = Parameters<typeof flowOf>[0];
/** Hands the list of a program's data to a loop. */
const list = (items: readonly unknown[]) => ({ input: { text: '', images: [], history: [], data: items } });
const template = (id: string, words: string): Nodes[number] => [id, 'prompt.template', { template: words }];

const eachFlow = flowOf(
  [['in', 'input.trigger'], ['loop', 'logic.for-each'], template('say', 'Hello {name}!'), ['out', 'output.chat']],
  ['in.data -> loop.items', 'loop.item -> say.name', 'say.prompt -> loop.feedback', 'loop.done -> out.input'],
);

test('a loop does its body once for every item and collects what comes back, in order', async () => {
  const result = await runLive(eachFlow, { ...runContext(''), ...list(['Ann', 'Bob', 'Cid']) }).done;
  expect(result).toMatchObject({ status: 'succeeded', data: ['Hello Ann!', 'Hello Bob!', 'Hello Cid!'] });
  expect(result.trace.filter((step) => step.nodeId === 'say').map((step) => step.pass)).toEqual(['loop#0/', 'loop#1/', 'loop#2/']);
});

test('an empty list makes no pass, and what follows the loop still runs', async () => {
  const result = await runLive(eachFlow, { ...runContext(''), ...list([]) }).done;
  expect(result).toMatchObject({ status: 'succeeded', data: [] });
});

test('passes at the same time stay in the order of their items and within their number', async () => {
  let [now, most] = [0, 0];
  const slow = scriptedModel((request) => `${String(request.messages.at(-1)?.content)}?`);
  const model = { ...slow, async *stream(...args: Parameters<typeof slow.stream>) {
    most = Math.max(most, ++now);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    yield* slow.stream(...args);
    now--;
  } };
  const flow = flowOf([['in', 'input.trigger'], ['loop', 'logic.for-each', { concurrency: 3 }], ['ask', 'model.chat'], ['out', 'output.chat']],
    ['in.data -> loop.items', 'loop.item -> ask.input', 'ask.text -> loop.feedback', 'loop.done -> out.input']);
  const items = Array.from({ length: 10 }, (_, i) => `q${i}`);
  const result = await runLive(flow, { ...runContext('', { model: () => model }), ...list(items) }).done;
  expect(result.data).toEqual(items.map((item) => `${item}?`));
  expect(most).toBe(3);
});

test('a loop in a loop goes through both, and a body reads what stands outside it', async () => {
  const flow = flowOf(
    [['in', 'input.trigger'], ['outer', 'logic.for-each'], ['inner', 'logic.for-each'], ['mark', 'input.text', { value: '!' }], template('say', '{letter}{mark}'), ['out', 'output.chat']],
    ['in.data -> outer.items', 'outer.item -> inner.items', 'inner.item -> say.letter', 'mark.text -> say.mark', 'say.prompt -> inner.feedback', 'inner.done -> outer.feedback', 'outer.done -> out.input'],
  );
  const result = await runLive(flow, { ...runContext(''), ...list([['a', 'b'], ['c']]) }).done;
  expect(result).toMatchObject({ status: 'succeeded', data: ['a!', 'b!', 'c!'] });
});

test('going back ends where a branch leaves the loop, with what its last pass said', async () => {
  const model = scriptedModel((_request, call) => (call < 3 ? `draft ${call}` : 'good answer'));
  const flow = flowOf(
    [['in', 'input.chat'], ['again', 'logic.while'], ['write', 'model.chat'], ['judge', 'logic.if', { operator: 'contains', value: 'good' }], ['out', 'output.chat']],
    ['in.message -> again.input', 'again.item -> write.input', 'write.text -> judge.input', 'judge.true -> out.input', 'judge.false -> again.feedback'],
  );
  const result = await runLive(flow, runContext('write something', { model: () => model })).done;
  expect(result).toMatchObject({ status: 'succeeded', text: 'good answer' });
  expect(model.requests.map((request) => request.messages.at(-1)?.content)).toEqual(['write something', 'draft 1', 'draft 2']);
});

test('a loop that would never end is stopped by its own number of passes, or by the steps of a run', async () => {
  const endless = (config: Record<string, unknown>) => flowOf([['in', 'input.chat'], ['again', 'logic.while', config], template('say', '{text}.'), ['out', 'output.chat']],
    ['in.message -> again.input', 'again.item -> say.text', 'say.prompt -> again.feedback', 'again.done -> out.input']);
  expect((await runLive(endless({ iterationsMax: 4 }), runContext('x')).done).text).toBe('x....');
  expect((await runLive(endless({ iterationsMax: 4, atMax: 'fail' }), runContext('x')).done).error?.code).toBe('node-limit');
  const limited = await runLive(endless({ iterationsMax: 1_000 }), runContext('x'), { limits: { steps: 50 } }).done;
  expect([limited.status, limited.error?.code]).toEqual(['limited', 'limit-steps']);
});

test('a failure inside a pass ends the run and names the step', async () => {
  const flow = flowOf([['in', 'input.trigger'], ['loop', 'logic.for-each'], ['page', 'http.request', { url: 'https://example.com' }], ['out', 'output.chat']],
    ['in.data -> loop.items', 'loop.item -> page.body', 'page.text -> loop.feedback', 'loop.done -> out.input']);
  const result = await runLive(flow, { ...runContext('', { fetch: async () => ({ status: 500, headers: {}, body: 'no' }) }), ...list(['a', 'b']) }).done;
  expect(result).toMatchObject({ status: 'failed', error: { nodeId: 'page', code: 'node-http-failed' } });
});

test('a circle without a loop is refused by name; a feedback edge is none', () => {
  const circle = flowOf([['in', 'input.chat'], template('a', '{x}{y}'), template('b', '{x}'), ['out', 'output.chat']],
    ['in.message -> a.x', 'a.prompt -> b.x', 'b.prompt -> a.y', 'b.prompt -> out.input']);
  expect(checkRunnable(circle).map((problem) => problem.code)).toEqual(['cycle']);
  expect(checkRunnable(eachFlow)).toEqual([]);
});

const policyFlow = (onFailure: Record<string, unknown>) => {
  const isRouted = onFailure['action'] === 'route';
  const flow = flowOf([['in', 'input.chat'], ['call', 'http.request', { url: 'https://example.com', method: 'POST' }], ['ok', 'output.chat'], ...(isRouted ? [template('bad', 'Failed: {why}'), ['sorry', 'output.chat']] satisfies Nodes : [])],
    ['in.message -> call.body', 'call.text -> ok.input', ...(isRouted ? ['call.error -> bad.why', 'bad.prompt -> sorry.input'] : [])]);
  return { ...flow, nodes: flow.nodes.map((node) => (node.id === 'call' ? { ...node, onFailure: { action: 'stop' as const, retries: 0, retryWaitMs: 1, ...onFailure } } : node)) };
};
const failing = (times: number) => {
  let calls = 0;
  return { calls: () => calls, context: runContext('hi', { fetch: async () => { calls++; return calls <= times ? { status: 503, headers: {}, body: '' } : { status: 200, headers: {}, body: 'fine' }; } }) };
};

test('a step is tried again as often as it may, and then its failure stops, goes on or takes its own way', async () => {
  const twice = failing(2);
  expect(await runLive(policyFlow({ retries: 2 }), twice.context).done).toMatchObject({ error: null, text: 'fine' });
  expect(twice.calls()).toBe(3);
  const never = failing(99);
  expect((await runLive(policyFlow({ retries: 1 }), never.context).done)).toMatchObject({ status: 'failed', error: { nodeId: 'call' } });
  expect(never.calls()).toBe(2);
  expect((await runLive(policyFlow({ action: 'route' }), failing(99).context).done)).toMatchObject({ status: 'succeeded', text: expect.stringMatching(/^Failed: .*503/s) });
  const passed = await runLive(policyFlow({ action: 'continue' }), failing(99).context).done;
  expect(passed.status).toBe('succeeded');
  expect(passed.trace.find((step) => step.nodeId === 'call')?.notes?.at(-1)).toContain('Failed and went on');
});

test('a step named in an expression is waited for although nothing connects it', async () => {
  const flow = flowOf(
    [['in', 'input.chat'], ['slow', 'model.chat'], ['late', 'logic.if', { conditions: { conditions: [{ left: '{{ steps["slow"].text }}', operator: 'contains', right: 'yes' }] } }], ['out', 'output.chat']],
    ['in.message -> slow.input', 'in.message -> late.input', 'late.true -> out.input'],
  );
  const run = compileFlow(flow);
  expect((await runLive(run, runContext('question', { model: () => scriptedModel(() => 'oh yes') })).done).text).toBe('question');
  expect((await runLive(run, runContext('question', { model: () => scriptedModel(() => 'no') })).done).text).toBe('');
});

test('of several triggers only the one that happened is live', async () => {
  const flow = flowOf(
    [['daily', 'input.trigger', { kind: 'schedule' }], ['chat', 'input.chat'], template('b', 'You said {x}'), ['out', 'output.chat'], ['report', 'output.chat']],
    ['chat.message -> b.x', 'b.prompt -> out.input', 'daily.message -> report.input'],
  );
  expect((await runLive(flow, runContext('hello')).done).text).toBe('You said hello');
  const context = runContext('tick');
  expect((await runLive(flow, { ...context, input: { ...context.input, trigger: 'daily' } }).done).text).toBe('tick');
});

test('steps with an effect run although no answer depends on them', async () => {
  const calls: string[] = [];
  const flow = flowOf([['in', 'input.chat'], ['note', 'connector.action', { connector: 'slack', action: 'post-message', input: { channel: 'c', text: '{{ input.text }}' } }], ['out', 'output.chat']],
    ['in.message -> note.input', 'in.message -> out.input']);
  const result = await runLive(flow, runContext('hello', { runId: 'run-1', callOutside: async (call) => { calls.push(`${call.connector}/${call.action} ${call.idempotencyKey?.length}`); return { ok: true }; } })).done;
  expect(result).toMatchObject({ status: 'succeeded', text: 'hello' });
  expect(calls).toEqual(['slack/post-message 40']);
});

test('a value that somebody sets is never read as a template, whatever braces it holds', async () => {
  const flow = flowOf([['in', 'input.chat'], ['say', 'transform.template', { template: 'Hello' }], ['out', 'output.chat']], ['in.message -> say.input', 'say.text -> out.input'], {
    parameters: [{ name: 'words', title: 'Words', description: '', kind: 'long-text', choices: [], default: null, node: 'say', path: 'template', exposed: true }],
  });
  for (const words of ['{{ input.text }}', 'a }} b {{ steps["in"].text }}', '{{ "quoted" }} \\ {{']) {
    const result = await runLive(flow, runContext('secret', { parameters: { words } })).done;
    expect(result).toMatchObject({ error: null, text: words });
  }
});
