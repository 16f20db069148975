import { expect, test } from 'vitest';
import { ModelError } from '#modules/models/ports.ts';
import type { ChatModel } from '#modules/models/ports.ts';
import { compileFlow, checkRunnable } from './compile.ts';
import { configureFlow } from './parameters.ts';
import { runLive } from './live.ts';
import { FlowError, ParameterError, RunError } from './run-error.ts';
import { flowOf, passage, runContext, scriptedModel } from './testing/run-context.ts';

const prompting = flowOf(
  [['in', 'input.chat'], ['prompt', 'prompt.template', { template: 'Answer as {persona}: {question}', defaults: { persona: 'a pirate' } }], ['model', 'model.chat', { system: 'Be brief.' }], ['out', 'output.chat']],
  ['in.message -> prompt.question', 'prompt.prompt -> model.input', 'model.text -> out.input'],
  { parameters: [
    { name: 'persona', title: 'Persona', description: '', kind: 'text', choices: [], default: null, node: 'prompt', path: 'defaults.persona', exposed: true },
    { name: 'hidden', title: 'Hidden', description: '', kind: 'text', choices: [], default: null, node: 'model', path: 'system', exposed: false },
    { name: 'heat', title: 'Heat', description: '', kind: 'number', choices: [], default: null, node: 'model', path: 'temperature', exposed: true },
  ] },
);
const rag = flowOf(
  [['in', 'input.chat'], ['search', 'knowledge.retrieve'], ['parse', 'transform.to-text', { template: '{text}' }], ['prompt', 'prompt.template', { template: 'Context:\n{context}\n\nQuestion: {question}' }], ['model', 'model.chat'], ['out', 'output.chat'],
    ['file', 'input.text', { value: 'ignored' }], ['split', 'transform.split-text'], ['store', 'knowledge.ingest']],
  ['in.message -> search.query', 'search.passages -> parse.data', 'parse.text -> prompt.context', 'in.message -> prompt.question', 'prompt.prompt -> model.input', 'model.text -> out.input',
    'file.text -> split.data', 'split.chunks -> store.data'],
);
const read = async (output: AsyncIterable<string>) => {
  const pieces: string[] = [];
  for await (const piece of output) pieces.push(piece);
  return pieces;
};

test('a prompting flow streams the model\'s words through and traces every node', async () => {
  const model = scriptedModel(() => 'Arr, hello there friend');
  const run = runLive(prompting, runContext('hi', { model: () => model, instructions: 'You are Ada.' }));
  expect(await read(run.output)).toEqual(['Arr, ', 'hello ', 'there ', 'friend']);
  const result = await run.done;
  expect(result).toMatchObject({ status: 'succeeded', text: 'Arr, hello there friend', error: null, usage: { inputTokens: 10, outputTokens: 5 } });
  expect(result.trace.map(({ nodeId, status, outputPreview }) => [nodeId, status, outputPreview])).toEqual([
    ['in', 'succeeded', 'hi'], ['prompt', 'succeeded', 'Answer as a pirate: hi'], ['model', 'succeeded', 'Arr, hello there friend'], ['out', 'succeeded', 'Arr, hello there friend'],
  ]);
  expect(result.trace[2]?.tokens).toEqual({ inputTokens: 10, outputTokens: 5 });
  expect(model.requests[0]?.messages).toEqual([{ role: 'system', content: 'You are Ada.\n\nBe brief.' }, { role: 'user', content: 'Answer as a pirate: hi' }]);
});

test('the first piece leaves while the model is still at work', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => { release = resolve; });
  const slow: ChatModel = { id: 'slow', features: { tools: false, images: false }, async *stream() {
    yield { type: 'text', text: 'first' };
    await gate;
    yield { type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } };
  } };
  const run = runLive(prompting, runContext('hi', { model: () => slow }));
  const reader = run.output[Symbol.asyncIterator]();
  expect(await reader.next()).toEqual({ done: false, value: 'first' });
  release();
  expect((await run.done).status).toBe('succeeded');
});

test('a knowledge flow answers with the offline model, quoting and citing, and leaves the ingestion side alone', async () => {
  const run = runLive(rag, runContext('How long can I return a charger?', { knowledge: [passage('a', 'The office opens at nine.'), passage('b', 'A charger can be returned within 30 days.')] }));
  const result = await run.done;
  expect(result.text).toContain('“A charger can be returned within 30 days.” [2]');
  expect(result.trace.map((node) => node.nodeId)).not.toContain('store');
  expect(result.trace.find((node) => node.nodeId === 'parse')?.outputPreview).toBe('[1] The office opens at nine.\n[2] A charger can be returned within 30 days.');
});

test('a search that finds nothing is said to have found nothing', async () => {
  expect((await runLive(rag, runContext('charger?')).done).text).toMatch(/found nothing/);
  expect((await runLive(prompting, runContext('charger?')).done).text).toMatch(/no documents were given/);
});

const branching = flowOf(
  [['in', 'input.chat'], ['if', 'logic.if', { operator: 'contains', value: 'refund' }],
    ['yes', 'prompt.template', { template: 'YES {m} {fixed}' }], ['no', 'prompt.template', { template: 'NO {m}' }], ['fixed', 'input.text', { value: '!' }],
    ['outYes', 'output.chat'], ['outNo', 'output.chat']],
  ['in.message -> if.input', 'if.true -> yes.m', 'fixed.text -> yes.fixed', 'if.false -> no.m', 'yes.prompt -> outYes.input', 'no.prompt -> outNo.input'],
);

test('exactly one branch runs; the other is skipped to its end, even where a live value also enters it', async () => {
  const yes = await runLive(branching, runContext('refund please')).done;
  expect(yes.text).toBe('YES refund please !');
  const no = await runLive(branching, runContext('hello')).done;
  expect(no.text).toBe('NO hello');
  expect(no.trace.filter((node) => node.status === 'skipped').map((node) => node.nodeId).toSorted()).toEqual(['outYes', 'yes']);
});

test('an agent with tools and instructions of its own is skipped with its branch', async () => {
  const model = scriptedModel(() => 'hello');
  const desks = flowOf(
    [['in', 'input.chat'], ['if', 'logic.if', { operator: 'contains', value: 'refund' }], ['sum', 'tool.calculator'], ['words', 'input.text', { value: 'Be kind.' }],
      ['refunds', 'agent.tools'], ['orders', 'agent.each', { prompt: '{{ input.text }}' }], ['outRefunds', 'output.chat'], ['outOrders', 'output.chat']],
    ['in.message -> if.input', 'sum.tool -> refunds.tools', 'sum.tool -> orders.tools', 'words.text -> refunds.system', 'if.true -> refunds.input', 'if.false -> orders.items', 'refunds.response -> outRefunds.input', 'orders.text -> outOrders.input'],
  );
  for (const [question, skipped] of [['a refund please', ['orders', 'outOrders']], ['hello', ['outRefunds', 'refunds']]] as const) {
    const { text, trace } = await runLive(desks, runContext(question, { model: () => model })).done;
    expect([text, trace.filter(({ status }) => status === 'skipped').map(({ nodeId }) => nodeId).toSorted()]).toEqual(['hello', skipped]);
  }
  expect(model.requests).toHaveLength(2);
});

test('branches meet again at one output', async () => {
  const meeting = flowOf(
    [['in', 'input.chat'], ['if', 'logic.if', { operator: 'equals', value: 'a' }], ['x', 'prompt.template', { template: 'X{m}' }], ['y', 'prompt.template', { template: 'Y{m}' }], ['out', 'output.chat']],
    ['in.message -> if.input', 'if.true -> x.m', 'if.false -> y.m', 'x.prompt -> out.input', 'y.prompt -> out.input'],
  );
  expect((await runLive(meeting, runContext('a')).done).text).toBe('Xa');
  expect((await runLive(meeting, runContext('b')).done).text).toBe('Yb');
});

test('independent branches run at the same time', async () => {
  let running = 0;
  let most = 0;
  const slow: ChatModel = { id: 'slow', features: { tools: false, images: false }, async *stream() {
    most = Math.max(most, ++running);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    running--;
    yield { type: 'text', text: 'x' };
    yield { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } };
  } };
  const flow = flowOf(
    [['in', 'input.chat'], ['a', 'model.chat', { stream: false }], ['b', 'model.chat', { stream: false }], ['both', 'transform.combine-text'], ['out', 'output.chat']],
    ['in.message -> a.input', 'in.message -> b.input', 'a.text -> both.first', 'b.text -> both.second', 'both.text -> out.input'],
  );
  expect((await runLive(flow, runContext('hi', { model: () => slow })).done).text).toBe('x x');
  expect(most).toBe(2);
});

test('a stream feeds an output and another model alike', async () => {
  const model = scriptedModel((request) => `<${request.messages.at(-1)?.content}>`);
  const chain = flowOf(
    [['in', 'input.chat'], ['one', 'model.chat'], ['two', 'model.chat'], ['out1', 'output.chat'], ['out2', 'output.chat']],
    ['in.message -> one.input', 'one.text -> two.input', 'one.text -> out1.input', 'two.text -> out2.input'],
  );
  expect((await runLive(chain, runContext('hi', { model: () => model })).done).text).toBe('<hi>\n\n<<hi>>');
});

test('the conversation so far reaches the final model, and no model when the flow remembers in its own way', async () => {
  const history = [{ role: 'user', content: 'I am Bo' }, { role: 'assistant', content: 'Hi Bo' }] as const;
  const model = scriptedModel(() => 'ok');
  const context = () => runContext('who am I?', { model: () => model, input: { text: 'who am I?', images: [], history } });
  await runLive(prompting, context()).done;
  expect(model.requests[0]?.messages.map((message) => message.content)).toEqual(['Be brief.', 'I am Bo', 'Hi Bo', 'Answer as a pirate: who am I?']);
  const remembering = flowOf(
    [['in', 'input.chat'], ['memory', 'memory.history'], ['prompt', 'prompt.template', { template: '{memory}\nUser: {m}' }], ['model', 'model.chat'], ['out', 'output.chat']],
    ['in.message -> prompt.m', 'memory.text -> prompt.memory', 'prompt.prompt -> model.input', 'model.text -> out.input'],
  );
  await runLive(remembering, context()).done;
  expect(model.requests[1]?.messages).toEqual([{ role: 'user', content: 'User: I am Bo\nAI: Hi Bo\nUser: who am I?' }]);
});

test('without a chat input the run\'s text replaces the seller\'s', async () => {
  const flow = flowOf([['topic', 'input.text', { value: 'cats' }], ['prompt', 'prompt.template', { template: 'About {t}' }]], ['topic.text -> prompt.t']);
  expect((await runLive(flow, runContext('dogs')).done).text).toBe('About dogs');
  expect((await runLive(flow, runContext('')).done).text).toBe('About cats');
});

test('a cycle, an unknown type, a wrong setting and a missing output are named before anything runs', () => {
  const problemsOf = (run: () => unknown) => {
    try { run(); } catch (error) { return error instanceof FlowError ? error.problems.map((problem) => problem.code) : error; }
    return null;
  };
  const cycle = flowOf([['a', 'logic.pass'], ['b', 'logic.pass'], ['out', 'output.chat']], ['a.output -> b.input', 'b.output -> a.input', 'b.output -> out.input']);
  expect(problemsOf(() => runLive(cycle, runContext('')))).toEqual(['cycle']);
  expect(problemsOf(() => compileFlow(flowOf([['a', 'constructor'], ['out', 'output.chat']], ['a.x -> out.input'])))).toEqual(['node-type-unknown']);
  expect(problemsOf(() => compileFlow(flowOf([['a', 'input.text', { value: 5 }], ['out', 'output.chat']], ['a.text -> out.input'])))).toEqual(['node-config-invalid']);
  expect(problemsOf(() => compileFlow(flowOf([], [])))).toEqual(['no-output']);
  expect(problemsOf(() => compileFlow(flowOf([['a', 'input.text'], ['out', 'output.chat']], ['a.nope -> out.input'])))).toEqual(['port-unknown']);
});

test('an unsupported step fails the run only when it is reached', async () => {
  const flow = flowOf(
    [['in', 'input.chat'], ['if', 'logic.if', { value: 'x' }], ['bad', 'unsupported', { originalType: 'CodeAgent', reason: 'it runs code' }], ['out', 'output.chat']],
    ['in.message -> if.input', 'if.true -> bad.anything', 'bad.result -> out.input', 'if.false -> out.input'],
  );
  expect(checkRunnable(flow).map((problem) => problem.code)).toEqual(['node-unsupported']);
  expect((await runLive(flow, runContext('hello')).done).text).toBe('hello');
  expect((await runLive(flow, runContext('x')).done).error).toMatchObject({ code: 'node-unsupported', nodeId: 'bad' });
});

test('an input nothing is connected to is reported, and fails the run when reached', async () => {
  const flow = flowOf([['model', 'model.chat'], ['out', 'output.chat']], ['model.text -> out.input']);
  expect(checkRunnable(flow)).toMatchObject([{ code: 'input-missing', node: 'model' }]);
  expect((await runLive(flow, runContext('x')).done).error).toMatchObject({ code: 'node-input-missing', nodeId: 'model' });
});

test('exposed parameters change the node, all others are refused', async () => {
  const model = scriptedModel(() => 'ok');
  await runLive(prompting, runContext('hi', { model: () => model, parameters: { persona: 'Ada {question} {{x}}', heat: 0.4 } })).done;
  expect(model.requests[0]).toMatchObject({ temperature: 0.4, messages: [{}, { content: 'Answer as Ada {question} {{x}}: hi' }] });
  const codeFor = (parameters: Record<string, unknown>) => {
    try { runLive(prompting, runContext('hi', { parameters })); } catch (error) { return error instanceof ParameterError ? error.code : error; }
    return null;
  };
  expect(codeFor({ hidden: 'x' })).toBe('parameter-not-allowed');
  expect(codeFor({ url: 'http://evil' })).toBe('parameter-not-allowed');
  expect(codeFor(JSON.parse('{"__proto__": {"a": 1}}'))).toBe('parameter-not-allowed');
  expect(codeFor({ heat: 'hot' })).toBe('parameter-invalid');
  expect(codeFor({ heat: 99 })).toBe('parameter-invalid');
});

test('values set for one subscription never leak into another', () => {
  const compiled = compileFlow(prompting);
  configureFlow(compiled, { persona: 'Ada' });
  expect(compiled.graph.nodes.find((node) => node.id === 'prompt')?.config).toMatchObject({ defaults: { persona: 'a pirate' } });
  expect(prompting.nodes[1]?.config).toMatchObject({ defaults: { persona: 'a pirate' } });
});

test('a parameter path cannot reach a prototype', () => {
  const flow = { ...prompting, parameters: [{ ...prompting.parameters[0]!, path: 'defaults.__proto__.polluted' }] };
  expect(() => configureFlow(compileFlow(flow), { persona: 'yes' })).toThrow(ParameterError);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

const endless: ChatModel = { id: 'endless', features: { tools: false, images: false }, async *stream() { for (;;) { await new Promise((resolve) => { setTimeout(resolve, 1); }); yield { type: 'text', text: 'word ' }; } } };
const deaf: ChatModel = { id: 'deaf', features: { tools: false, images: false }, async *stream() { await new Promise(() => undefined); yield { type: 'text', text: 'never' }; } };

test.each([
  ['time', endless, { wallClockMs: 50 }, 'limit-time'],
  ['time, though the model is deaf', deaf, { wallClockMs: 50 }, 'limit-time'],
  ['output', endless, { outputBytes: 100 }, 'limit-output'],
  ['steps', endless, { steps: 2 }, 'limit-steps'],
])('a run stops at its limit of %s with that reason and what there was', async (_name, model, limits, code) => {
  const run = runLive(prompting, runContext('hi', { model: () => model }), { limits });
  const result = await run.done;
  expect(result).toMatchObject({ status: 'limited', error: { code } });
  expect(result.durationMs).toBeLessThan(1_000);
  await expect(read(run.output)).rejects.toThrow(RunError);
});

test('an abort ends the run at once, also when a node does not listen, and what was said is kept', async () => {
  for (const model of [endless, deaf]) {
    const controller = new AbortController();
    const run = runLive(prompting, runContext('hi', { model: () => model, signal: controller.signal }));
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    const aborted = performance.now();
    controller.abort();
    const result = await run.done;
    expect(performance.now() - aborted).toBeLessThan(100);
    expect(result).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect(result.trace.find((node) => node.nodeId === 'model')?.status).toBe('cancelled');
  }
});

test('the upstream stream is closed when the run is aborted', async () => {
  let closed = false;
  const watched: ChatModel = { id: 'w', features: { tools: false, images: false }, async *stream(_request, signal) {
    signal.addEventListener('abort', () => { closed = true; });
    for (;;) { await new Promise((resolve) => { setTimeout(resolve, 1); }); yield { type: 'text', text: 'x' }; }
  } };
  const controller = new AbortController();
  const run = runLive(prompting, runContext('hi', { model: () => watched, signal: controller.signal }));
  await run.output[Symbol.asyncIterator]().next();
  controller.abort();
  await run.done;
  expect(closed).toBe(true);
});

test('a model that fails half way gives its words and then an error, never a silent end', async () => {
  const failing: ChatModel = { id: 'f', features: { tools: false, images: false }, async *stream() {
    yield { type: 'text', text: 'half an ' };
    throw new ModelError('unavailable', 'The provider stopped half way.', true);
  } };
  const run = runLive(prompting, runContext('hi', { model: () => failing }));
  const pieces: string[] = [];
  await expect(async () => { for await (const piece of run.output) pieces.push(piece); }).rejects.toMatchObject({ code: 'model-unavailable', nodeId: 'model' });
  expect(pieces).toEqual(['half an ']);
  expect(await run.done).toMatchObject({ status: 'failed', text: 'half an ' });
});

test('a bug in a node shows a plain sentence and keeps the cause for the log', async () => {
  const run = runLive(rag, runContext('hi', { searchKnowledge: async () => { throw new TypeError('secret internals'); } }));
  const { error } = await run.done;
  expect(error).toMatchObject({ code: 'node-failed', message: 'A step failed unexpectedly.', cause: { message: 'secret internals' } });
});

test('a compiled flow of four nodes costs tens of microseconds per run', async () => {
  const compiled = compileFlow(prompting);
  const model: ChatModel = { id: 'm', features: { tools: false, images: false }, async *stream() { yield { type: 'text', text: 'x' }; yield { type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } }; } };
  // Processor time, which another program's work does not lengthen as it does the time on the clock.
  const costs = async (runs: number) => {
    const before = process.cpuUsage();
    for (let i = 0; i < runs; i++) await runLive(compiled, runContext('hi', { model: () => model })).done;
    const { user, system } = process.cpuUsage(before);
    return (user + system) / runs;
  };
  await costs(2_000);
  // In microseconds, several times what was measured, because the processor is shared as well.
  expect(Math.min(await costs(1_000), await costs(1_000), await costs(1_000))).toBeLessThan(250);
});
