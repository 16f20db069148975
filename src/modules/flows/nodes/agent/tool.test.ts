import { expect, test } from 'vitest';
import { runLive } from '../../engine/live.ts';
import { flowOf, runContext, scriptedModel } from '../../engine/testing/run-context.ts';

const orchestrated = flowOf(
  [['in', 'input.chat'], ['sums', 'tool.calculator'],
    ['numbers', 'agent.tool', { name: 'mathematician', description: 'Calculates.', system: 'You calculate.' }], ['words', 'agent.tool', { name: 'writer', system: 'You write.' }],
    ['boss', 'agent.tools', { system: 'You divide the work.' }], ['out', 'output.chat']],
  ['sums.tool -> numbers.tools', 'numbers.tool -> boss.tools', 'words.tool -> boss.tools', 'in.message -> boss.input', 'boss.response -> out.input'],
);
const finish = (reason: 'stop' | 'tool-calls') => ({ type: 'finish' as const, reason, usage: { inputTokens: 10, outputTokens: 5 } });

test('an orchestrator divides its work among agents that have instructions and tools of their own', async () => {
  const model = scriptedModel((request) => {
    const [system] = request.messages;
    const last = request.messages.at(-1);
    if (system?.content === 'You calculate.') return last?.role === 'tool' ? `It is ${last.content}.` : [{ type: 'tool-call', call: { id: 's', name: 'calculator', arguments: { expression: '6*7' } } }, finish('tool-calls')];
    if (system?.content === 'You write.') return 'A fine sentence.';
    if (last?.role !== 'tool') {
      return [{ type: 'tool-call', call: { id: 'a', name: 'mathematician', arguments: { task: 'What is 6*7?' } } }, { type: 'tool-call', call: { id: 'b', name: 'writer', arguments: { task: 'Say it well.' } } }, finish('tool-calls')];
    }
    return request.messages.filter((message) => message.role === 'tool').map((message) => message.content).join(' ');
  });
  const result = await runLive(orchestrated, runContext('go', { model: () => model })).done;
  expect(result).toMatchObject({ status: 'succeeded', text: 'It is 42. A fine sentence.' });
  expect(model.requests.find((request) => request.messages[0]?.content === 'You write.')?.messages.at(-1)).toEqual({ role: 'user', content: 'Say it well.' });
  expect(result.usage.outputTokens).toBeGreaterThan(15);
});

test('an agent that fails tells the one that asked, who may answer without it', async () => {
  const model = scriptedModel((request) => {
    const last = request.messages.at(-1);
    if (last?.role === 'tool') return `Without help: ${last.content.slice(0, 5)}`;
    return [{ type: 'tool-call', call: { id: 'a', name: 'writer', arguments: { wrong: 1 } } }, finish('tool-calls')];
  });
  expect((await runLive(orchestrated, runContext('go', { model: () => model })).done).text).toBe('Without help: Error');
});

test('placeholders of Langflow in the instructions of an agent are filled in, and only those', async () => {
  const model = scriptedModel(() => 'fine');
  const flow = flowOf([['in', 'input.chat'], ['agent', 'agent.tools', { system: 'Today: {current_date}, {model_name}, {other}.\n{optional_user_context}', placeholders: true }], ['out', 'output.chat']], ['in.message -> agent.input', 'agent.response -> out.input']);
  await runLive(flow, runContext('go', { model: () => model })).done;
  expect(model.requests[0]?.messages[0]?.content).toBe('Today: 2026-01-02, scripted, {other}.');
});
