import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { scriptedModel } from '../../engine/testing/run-context.ts';
import { Flow, ImportReport } from '../../contract.ts';
import { cpuMs } from '../flow-fixtures.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';
import { damaged, numbers } from '../steps/testing/damage.ts';
import { runImported } from '../steps/testing/run-imported.ts';

type Fields = Record<string, unknown>;

const pool = createCodePool();
afterAll(async () => pool.close());

/** A node as Flowise writes it. */
const node = (id: string, name: string, category: string, inputs: Fields = {}, more: Fields = {}): Fields =>
  ({ id, type: 'customNode', position: { x: 0, y: 0 }, data: { id, name, label: name, category, inputs, inputParams: [], inputAnchors: [], outputAnchors: [], outputs: {}, ...more } });
const step = (id: string, name: string, inputs: Fields = {}, more: Fields = {}): Fields => ({ ...node(id, name, 'Agent Flows', inputs), type: 'agentFlow', ...more });

/** Connections: `a -> b`, `a.0 -> b` for a way out, `a > b.input` for what is lent. */
const edge = (text: string): Fields => {
  const [, source = '', output = '', arrow = '', target = '', input = ''] = /^([^\s.]+)(?:\.(\S+))? (->|>) ([^\s.]+)(?:\.(\S+))?$/.exec(text) ?? [];
  return { source, target, sourceHandle: `${source}-output-${output === '' ? 'x' : output}`, targetHandle: arrow === '>' ? `${target}-input-${input}-X` : target };
};
const file = (nodes: readonly Fields[], edges: readonly string[]): string => JSON.stringify({ nodes, edges: edges.map(edge) });

function imported(text: string): ImportResult {
  const result = importFlow(text);
  if (!('flow' in result)) throw new Error(result.problem.message);
  return result;
}

const mention = (name: string): string => `<p><span class="variable" data-type="mention" data-id="${name}">{{ ${name} }}</span></p>`;
const model = { llmModel: 'chatOpenAI', llmModelConfig: { modelName: 'gpt-4o-mini', temperature: 0.2 } };

describe('chatflows', () => {
  const chain = file([
    node('m', 'chatOpenAI', 'Chat Models', { modelName: 'gpt-4o', temperature: '0.3' }), node('p', 'promptTemplate', 'Prompts', { template: 'Say {word} about {topic}. {{kept}}', promptValues: '{"word":"hello"}' }), node('c', 'llmChain', 'Chains', { model: '{{m.data.instance}}', prompt: '{{p.data.instance}}' }),
  ], ['m > c.model', 'p > c.prompt']);

  test('a chain asks its model with its prompt filled, and its words stream into the answer', async () => {
    const { flow, report } = imported(chain);
    expect(report).toMatchObject({ runnable: true, nodes: { total: 3, supported: 3 }, requires: { models: ['gpt-4o'] }, traits: { chat: true, streaming: true } });
    expect(flow.edges).toContainEqual({ source: 'c', sourcePort: 'text', target: 'flowise:answer', targetPort: 'input' });
    expect((await runImported({ flow }, pool, { text: 'cats' })).text).toBe('Answer to: Say hello about cats. {kept}');
  });

  test('an agent calls its tools, each with the account it needs', async () => {
    const { flow, report } = imported(file([
      node('m', 'chatAnthropic', 'Chat Models', { modelName: 'claude' }), node('t', 'serpAPI', 'Tools', {}), node('code', 'customTool', 'Tools', { customToolName: 'double', customToolDesc: 'Doubles.', customToolSchema: '[{"property":"n","type":"number","required":true}]', customToolFunc: 'return $n * 2;' }),
      node('mem', 'bufferMemory', 'Memory'), node('a', 'toolAgent', 'Agents', { tools: ['{{t.data.instance}}', '{{code.data.instance}}'], model: '{{m.data.instance}}', memory: '{{mem.data.instance}}', systemMessage: 'Be kind.' }),
    ], []));
    expect(report).toMatchObject({ runnable: true, connections: [{ key: 'serpapi', nodes: ['t'] }], code: [{ node: 'code', language: 'javascript', custom: true }], traits: { tools: true, memory: true } });
    const asked = scriptedModel((request) => (request.messages.at(-1)?.role === 'tool' ? `It is ${String(request.messages.at(-1)?.content)}.` : [{ type: 'tool-call', call: { id: '1', name: 'double', arguments: { n: 21 } } }, { type: 'finish', reason: 'tool-calls', usage: { inputTokens: 1, outputTokens: 1 } }]));
    expect((await runImported({ flow }, pool, { model: () => asked })).text).toBe('It is 42.');
    expect(asked.requests[0]?.messages[0]).toMatchObject({ role: 'system', content: 'Be kind.' });
  });

  test('a question is answered from passages of the buyer’s own knowledge, and the report says so', async () => {
    const { flow, report } = imported(file([
      node('m', 'chatOpenAI', 'Chat Models', { modelName: 'gpt-4o' }), node('s', 'pinecone', 'Vector Stores', {}), node('c', 'conversationalRetrievalQAChain', 'Chains', { model: '{{m.data.instance}}', vectorStoreRetriever: '{{s.data.instance}}', responsePrompt: 'Use this: {context}' }),
    ], []));
    const asked = scriptedModel(() => 'On Tuesdays.');
    expect((await runImported({ flow }, pool, { model: () => asked })).text).toBe('On Tuesdays.');
    expect(asked.requests[0]?.messages[0]?.content).toBe('Use this: [1] Document a\nParcels leave on Tuesdays.');
    expect(report.nodes.all.find(({ id }) => id === 'c')).toMatchObject({ support: 'approximated', reason: expect.stringContaining('buyer’s own knowledge') });
  });

  test('a message with a word of the list is refused before the model is asked', async () => {
    const { flow } = imported(file([
      node('m', 'chatOpenAI', 'Chat Models'), node('g', 'inputModerationSimple', 'Moderation', { denyList: 'secret plan', moderationErrorMessage: 'Not here.' }), node('c', 'llmChain', 'Chains', { model: '{{m.data.instance}}', inputModeration: ['{{g.data.instance}}'] }),
    ], []));
    expect((await runImported({ flow }, pool, { text: 'Tell me the SECRET PLAN' })).text).toBe('Not here.');
    expect((await runImported({ flow }, pool, { text: 'Hello' })).text).toBe('Answer to: Hello');
  });
});

describe('agentflows', () => {
  test('steps read each other by name, set variables, and take the way their conditions choose', async () => {
    const { flow } = imported(file([
      step('start', 'startAgentflow', { startInputType: 'chatInput', startState: [{ key: 'kind', value: 'none' }] }),
      step('fn', 'customFunctionAgentflow', { customFunctionJavascriptFunction: 'return $word.toUpperCase();', customFunctionInputVariables: [{ variableName: 'word', variableValue: mention('question') }], customFunctionUpdateState: [{ key: 'kind', value: mention('output') }] }),
      step('if', 'conditionAgentflow', { conditions: [{ type: 'string', value1: mention('$flow.state.kind'), operation: 'equal', value2: '<p>LOUD</p>' }] }),
      step('yes', 'directReplyAgentflow', { directReplyMessage: `<p>It was {{ fn }}.</p>` }), step('no', 'directReplyAgentflow', { directReplyMessage: 'Not loud.' }),
    ], ['start -> fn', 'fn -> if', 'if.0 -> yes', 'if.1 -> no']));
    expect((await runImported({ flow }, pool, { text: 'loud' })).text).toBe('It was LOUD.');
    expect((await runImported({ flow }, pool, { text: 'quiet' })).text).toBe('Not loud.');
  });

  test('going back to a step repeats what stands between, and steps after the loop see its last pass', async () => {
    const { flow, report } = imported(file([
      step('start', 'startAgentflow', { startInputType: 'chatInput' }), step('write', 'llmAgentflow', { ...model, llmUserMessage: mention('question') }),
      step('judge', 'conditionAgentflow', { conditions: [{ type: 'string', value1: mention('write'), operation: 'contains', value2: 'good' }] }), step('back', 'loopAgentflow', { loopBackToNode: 'write-Write', maxLoopCount: 5 }),
      step('reply', 'directReplyAgentflow', { directReplyMessage: 'Said: {{ write }}' }),
    ], ['start -> write', 'write -> judge', 'judge.0 -> reply', 'judge.1 -> back']));
    expect(report.runnable).toBe(true);
    const asked = scriptedModel((_request, call) => (call < 3 ? `draft ${call}` : 'good text'));
    expect((await runImported({ flow }, pool, { model: () => asked })).text).toBe('Said: good text');
    expect(asked.requests).toHaveLength(3);
  });

  test('an iteration does its steps for every element, and a form fills the texts', async () => {
    const { flow, report } = imported(file([
      step('start', 'startAgentflow', { startInputType: 'formInput', formInputTypes: [{ name: 'words', label: 'Words', type: 'string' }] }), step('each', 'iterationAgentflow', { iterationInput: mention('$form.words') }),
      step('up', 'customFunctionAgentflow', { customFunctionJavascriptFunction: 'return `<${$w}>`;', customFunctionInputVariables: [{ variableName: 'w', variableValue: '{{ $iteration }}' }] }, { parentNode: 'each' }),
    ], ['start -> each']));
    expect(report.runnable).toBe(true);
    expect((await runImported({ flow }, pool, { text: '["a","b"]' })).text).toBe('["<a>","<b>"]');
  });

  test('a tool acts in the other system with the fields it has there', async () => {
    const { flow } = imported(file([step('start', 'startAgentflow'), step('t', 'toolAgentflow', { toolAgentflowSelectedTool: 'slackMCP', toolInputArgs: [{ inputArgName: 'channel_id', inputArgValue: '<p>C1</p>' }, { inputArgName: 'text', inputArgValue: mention('question') }] })], ['start -> t']));
    const calls: { connector: string; action: string; input: unknown }[] = [];
    await runImported({ flow }, pool, { text: 'Hi', calls });
    expect(calls).toEqual([{ connector: 'slack', action: 'post-message', input: { channel: 'C1', text: 'Hi' } }]);
  });

  test('a supervisor gives tasks to workers with instructions of their own', async () => {
    const { flow } = imported(file([
      node('m', 'chatOpenAI', 'Chat Models', { modelName: 'gpt-4o' }), node('s', 'supervisor', 'Multi Agents', { supervisorName: 'Boss', supervisorPrompt: 'Lead {team_members}.', model: '{{m.data.instance}}' }), node('w', 'worker', 'Multi Agents', { workerName: 'Writer', workerPrompt: 'Write for {who}.', promptValues: '{"who":"kids"}', supervisor: '{{s.data.instance}}' }),
    ], ['m > s.model', 's > w.supervisor']));
    const asked = scriptedModel((request) => {
      const last = request.messages.at(-1);
      if (request.messages[0]?.content === 'Write for kids.') return 'A tale.';
      return last?.role === 'tool' ? `Done: ${last.content}` : [{ type: 'tool-call', call: { id: '1', name: 'Writer', arguments: { task: 'Write.' } } }, { type: 'finish', reason: 'tool-calls', usage: { inputTokens: 1, outputTokens: 1 } }];
    });
    expect((await runImported({ flow }, pool, { model: () => asked })).text).toBe('Done: A tale.');
    expect(asked.requests[0]?.messages[0]?.content).toBe('Lead Writer.');
  });

  test('what a step needs that is not in the file keeps the flow from running, in words', () => {
    const { report } = imported(file([step('start', 'startAgentflow'), step('fn', 'customFunctionAgentflow', { customFunctionJavascriptFunction: "const pg = require('pg'); return 1;" })], ['start -> fn']));
    expect(report).toMatchObject({ runnable: false, nodes: { unsupported: [{ id: 'fn', reason: expect.stringContaining('“pg”') }] } });
  });

  test('credentials are taken out, and what has to be bound is named', () => {
    const secret = 'sk-abcdefghijklmnopqrstuvwxyz0123456789';
    const text = file([node('m', 'chatOpenAI', 'Chat Models', { modelName: 'gpt-4o', openAIApiKey: secret }, { inputParams: [{ name: 'openAIApiKey', type: 'password' }] }), node('c', 'llmChain', 'Chains', { model: '{{m.data.instance}}' })], []);
    const result = imported(text);
    expect(JSON.stringify([result.flow, result.definition])).not.toContain(secret);
    expect(result.report.secrets).toMatchObject([{ kind: 'stripped' }]);
  });
});

describe('hostile and damaged files', () => {
  const everything = { nodes: [
    step('start', 'startAgentflow', { startState: [{ key: 'a', value: 'b' }] }), step('l', 'llmAgentflow', { ...model, llmMessages: [{ role: 'system', content: mention('question') }], llmEnableMemory: true, llmUpdateState: [{ key: 'a', value: mention('output') }] }), step('r', 'conditionAgentAgentflow', { conditionAgentScenarios: [{ scenario: 'x' }], conditionAgentInput: mention('l') }),
    step('h', 'httpAgentflow', { url: 'https://example.com', headers: [{ key: 'a', value: 'b' }] }), step('b', 'loopAgentflow', { loopBackToNode: 'l-L', maxLoopCount: 3 }), step('i', 'iterationAgentflow', { iterationInput: '[1]' }), step('c', 'agentAgentflow', { agentTools: [{ agentSelectedTool: 'calculator' }] }, { parentNode: 'i' }),
  ], edges: ['start -> l', 'l -> r', 'r.0 -> h', 'r.1 -> b', 'h -> i'].map(edge) };

  test('whatever part is missing or of another kind, the import answers with a valid flow or a reason', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = numbers(seed);
      const result = importFlow(JSON.stringify(damaged(everything, next, 0.01 + (seed % 10) * 0.012)));
      if ('problem' in result) expect(result.problem.message, `seed ${seed}`).not.toBe('');
      else expect([Flow.safeParse(result.flow).success, ImportReport.safeParse(result.report).success], `seed ${seed}`).toEqual([true, true]);
    }
  });

  test('too many nodes are refused, and a large file in circles takes no more than moments', () => {
    expect(importFlow(JSON.stringify({ nodes: Array.from({ length: 3_000 }, (_, index) => step(`n${index}`, 'llmAgentflow')), edges: [] }))).toMatchObject({ problem: { code: 'too-many-nodes' } });
    expect(importFlow(JSON.stringify({ nodes: Array.from({ length: 100_000 }, () => step('x', 'llmAgentflow')), edges: [] }))).toHaveProperty('problem');
    const many = Array.from({ length: 300 }, (_, index) => step(`n${index}`, index === 0 ? 'startAgentflow' : index % 100 === 99 ? 'loopAgentflow' : 'llmAgentflow', { ...model, llmEnableMemory: true, loopBackToNode: 'n1-x' }));
    const text = file(many, many.flatMap((_one, index) => [`n${index} -> n${(index + 1) % 300}`, `n${index} -> n${(index * 7) % 300}`]));
    expect(cpuMs(() => importFlow(text))).toBeLessThan(2_000);
  });
});
