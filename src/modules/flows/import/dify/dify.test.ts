import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { Flow, ImportReport } from '../../contract.ts';
import { scriptedModel } from '../../engine/testing/run-context.ts';
import { cpuMs } from '../flow-fixtures.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';
import { damaged, numbers } from '../steps/testing/damage.ts';
import { runImported } from '../steps/testing/run-imported.ts';
import { readJinja } from './jinja.ts';
import { templateOf } from '../steps/expression-text.ts';
import { renderText } from '../../expression/template.ts';

type Fields = Record<string, unknown>;

const pool = createCodePool({ cacheDir: 'node_modules/.cache/code' });
afterAll(async () => pool.close());

const node = (id: string, type: string, data: Fields = {}, more: Fields = {}): Fields => ({ id, type: 'custom', position: { x: 0, y: 0 }, data: { type, title: id, ...data }, ...more });
/** `a -> b`, `a.way -> b` for a way out. */
const edge = (text: string): Fields => {
  const [, source = '', handle = 'source', target = ''] = /^([^\s.]+)(?:\.(\S+))? -> (\S+)$/.exec(text) ?? [];
  return { source, sourceHandle: handle, target, targetHandle: 'target' };
};
const app = (mode: string, nodes: readonly Fields[], edges: readonly string[], workflow: Fields = {}): Fields =>
  ({ app: { name: 'Test app', mode, description: 'For a test.' }, kind: 'app', version: '0.3.0', workflow: { graph: { nodes, edges: edges.map(edge) }, ...workflow } });

function imported(document: unknown): ImportResult {
  const result = importFlow(JSON.stringify(document));
  if (!('flow' in result)) throw new Error(result.problem.message);
  return result;
}
const run = async (document: unknown, parts: Parameters<typeof runImported>[2] = {}) => runImported(imported(document), pool, parts);

const text = (variable: string, more: Fields = {}): Fields => ({ variable, label: variable, type: 'paragraph', required: true, ...more });
const llm = (id: string, words: string, more: Fields = {}): Fields => node(id, 'llm', { model: { name: 'gpt-4o', completion_params: { temperature: 0.5 } }, prompt_template: [{ role: 'system', text: 'Be kind.' }, { role: 'user', text: words }], ...more });
const echo = (id: string, code: string, variables: readonly [string, string[]][]): Fields => node(id, 'code', { code_language: 'javascript', code, variables: variables.map(([variable, value_selector]) => ({ variable, value_selector })) });

describe('chats and workflows', () => {
  test('the words of a model stream into the answer, and the report tells what the app is', async () => {
    const { flow, report } = imported({ ...app('advanced-chat', [node('start', 'start'), llm('m', '{{#sys.query#}}'), node('a', 'answer', { answer: '{{#m.text#}}' })], ['start -> m', 'm -> a'], { features: { opening_statement: 'Welcome!', suggested_questions: ['Why?'] } }) });
    expect(report).toMatchObject({ format: 'dify', version: '0.3.0', name: 'Test app', runnable: true, requires: { models: ['gpt-4o'] }, traits: { chat: true, streaming: true }, entryPoints: [{ node: 'start', kind: 'chat' }] });
    expect(flow.edges).toContainEqual({ source: 'm', sourcePort: 'text', target: 'a', targetPort: 'input' });
    expect(report.warnings.join(' ')).toMatch(/“Welcome!”.*“Why\?”/);
    expect((await runImported({ flow }, pool, { text: 'Hi' })).text).toBe('Answer to: Hi');
  });

  test('fields of the start are filled by a program, by what the person wrote, or by the seller', async () => {
    const document = app('workflow', [node('s', 'start', { variables: [{ variable: 'lang', label: 'Language', type: 'select', options: ['German', 'French'], default: 'German' }, text('body')] }), llm('m', 'To {{#s.lang#}}: {{#s.body#}}'), node('e', 'end', { outputs: [{ variable: 'out', value_selector: ['m', 'text'] }, { variable: 'lang', value_selector: ['s', 'lang'] }] })], ['s -> m', 'm -> e']);
    const { report } = imported(document);
    expect(report.parameters).toContainEqual(expect.objectContaining({ title: 'Language', kind: 'choice', choices: ['German', 'French'], default: 'German', exposed: true }));
    expect((await run(document, { text: 'Hello' })).data).toEqual({ out: 'Answer to: To German: Hello', lang: 'German' });
    expect((await run(document, { input: { text: '', images: [], history: [], data: { body: 'Bye', lang: 'French' } } })).data).toEqual({ out: 'Answer to: To French: Bye', lang: 'French' });
  });

  test('conditions choose the way, and the aggregator takes what came', async () => {
    const document = app('workflow', [
      node('s', 'start', { variables: [text('x')] }), node('if', 'if-else', { cases: [{ case_id: 'true', logical_operator: 'or', conditions: [{ comparison_operator: 'contains', variable_selector: ['s', 'x'], value: 'cat' }, { comparison_operator: 'is', variable_selector: ['s', 'x'], value: 'dog' }] }, { case_id: 'empty', conditions: [{ comparison_operator: 'start with', variable_selector: ['s', 'x'], value: '?' }] }] }),
      node('t', 'template-transform', { template: 'pet {{ x | upper }}', variables: [{ variable: 'x', value_selector: ['s', 'x'] }] }), node('q', 'template-transform', { template: 'question' }), node('o', 'template-transform', { template: 'other' }),
      node('agg', 'variable-aggregator', { variables: [['t', 'output'], ['q', 'output'], ['o', 'output']] }), node('e', 'end', { outputs: [{ variable: 'r', value_selector: ['agg', 'output'] }] }),
    ], ['s -> if', 'if.true -> t', 'if.empty -> q', 'if.false -> o', 't -> agg', 'q -> agg', 'o -> agg', 'agg -> e']);
    expect((await run(document, { text: 'a cat' })).text).toBe('pet A CAT');
    expect((await run(document, { text: '? who' })).text).toBe('question');
    expect((await run(document, { text: 'stone' })).text).toBe('other');
  });

  test('an iteration does its steps for every element, and keeps lists inside lists', async () => {
    const document = app('workflow', [
      node('s', 'start', { variables: [text('x')] }), echo('split', 'function main({x}) { return { list: x.split(",") } }', [['x', ['s', 'x']]]),
      node('it', 'iteration', { iterator_selector: ['split', 'list'], output_selector: ['twice', 'pair'], is_parallel: true, parallel_nums: 4 }), node('its', 'iteration-start', {}, { parentId: 'it' }),
      node('twice', 'code', { code_language: 'javascript', code: 'function main({w, i}) { return { pair: [w, i] } }', variables: [{ variable: 'w', value_selector: ['it', 'item'] }, { variable: 'i', value_selector: ['it', 'index'] }] }, { parentId: 'it' }),
      node('e', 'end', { outputs: [{ variable: 'r', value_selector: ['it', 'output'] }] }),
    ], ['s -> split', 'split -> it', 'its -> twice', 'it -> e']);
    expect((await run(document, { text: 'a,b' })).data).toEqual([['a', 0], ['b', 1]]);
  });

  test('a loop goes on until its condition holds, with variables of its own', async () => {
    const document = app('workflow', [
      node('s', 'start', { variables: [text('x')] }), node('lp', 'loop', { loop_count: 10, logical_operator: 'and', break_conditions: [{ comparison_operator: '≥', variable_selector: ['lp', 'n'], value: '3' }], loop_variables: [{ label: 'n', value_type: 'constant', var_type: 'number', value: 0 }] }),
      node('ls', 'loop-start', {}, { parentId: 'lp' }), node('inc', 'assigner', { version: '2', items: [{ variable_selector: ['lp', 'n'], operation: '+=', input_type: 'constant', value: 1 }] }, { parentId: 'lp' }),
      node('e', 'end', { outputs: [{ variable: 'n', value_selector: ['lp', 'n'] }] }),
    ], ['s -> lp', 'ls -> inc', 'lp -> e']);
    expect((await run(document)).data).toBe(3);
  });

  test('variables of a conversation live from one message to the next, and answers are said in the order of the run', async () => {
    const document = app('advanced-chat', [
      node('last', 'answer', { answer: 'Names: {{#conversation.names#}}' }), node('start', 'start'), node('first', 'answer', { answer: 'Message {{#sys.dialogue_count#}}.' }), node('set', 'assigner', { version: '2', items: [{ variable_selector: ['conversation', 'names'], operation: 'append', input_type: 'variable', value: ['sys', 'query'] }] }),
    ], ['start -> first', 'first -> set', 'set -> last'], { conversation_variables: [{ name: 'names', value_type: 'array[string]', value: [] }] });
    const state = new Map<string, unknown>();
    expect((await run(document, { text: 'Ann', state })).text).toBe('Message 0.\n\nNames: ["Ann"]');
    expect((await run(document, { text: 'Bob', state })).text).toBe('Message 1.\n\nNames: ["Ann","Bob"]');
  });

  test('a classifier sends the message the way a model names, else the first', async () => {
    const document = app('advanced-chat', [
      node('start', 'start'), node('c', 'question-classifier', { model: { name: 'm' }, query_variable_selector: ['sys', 'query'], classes: [{ id: '1', name: 'Health' }, { id: '2', name: 'Help' }] }), node('h', 'answer', { answer: 'health' }), node('p', 'answer', { answer: 'help: {{#c.class_name#}}' }),
    ], ['start -> c', 'c.1 -> h', 'c.2 -> p']);
    expect((await run(document, { model: () => scriptedModel(() => 'Help') })).text).toBe('help: Help');
    expect((await run(document, { model: () => scriptedModel(() => 'none') })).text).toBe('health');
  });

  test('values are extracted in a form, and passages of the knowledge reach the prompt', async () => {
    const document = app('workflow', [
      node('s', 'start', { variables: [text('x')] }), node('pe', 'parameter-extractor', { model: { name: 'm' }, query: ['s', 'x'], parameters: [{ name: 'city', type: 'string', required: true, description: 'A city' }] }), node('kr', 'knowledge-retrieval', { query_variable_selector: ['pe', 'city'] }),
      llm('m', 'Context: {{#context#}} City: {{#pe.city#}}', { context: { enabled: true, variable_selector: ['kr', 'result'] } }), node('e', 'end', { outputs: [{ variable: 'r', value_selector: ['m', 'text'] }, { variable: 'title', value_selector: ['kr', 'result'] }] }),
    ], ['s -> pe', 'pe -> kr', 'kr -> m', 'm -> e']);
    const result = await run(document);
    expect(result.data).toEqual({ r: 'Answer to: Context: [1] Document a\nParcels leave on Tuesdays. City: An answer.', title: [{ content: 'Parcels leave on Tuesdays.', title: 'Document a', url: null, metadata: { score: 0.5, document_name: 'Document a' } }] });
  });

  test('requests carry what the step says, with the account bound instead of the key in the file', async () => {
    const document = app('workflow', [
      node('s', 'start', { variables: [text('x')] }), node('h', 'http-request', { method: 'post', url: 'https://api.example.com/{{#s.x#}}', params: 'a:1', headers: 'X-One:{{#s.x#}}', body: { type: 'json', data: [{ type: 'text', value: '{"q":"{{#s.x#}}"}' }] }, authorization: { type: 'api-key', config: { type: 'custom', header: 'X-Key', api_key: 'abcdefgh12345678' } } }),
      node('e', 'end', { outputs: [{ variable: 'status', value_selector: ['h', 'status_code'] }, { variable: 'body', value_selector: ['h', 'body'] }] }),
    ], ['s -> h', 'h -> e']);
    const sent: unknown[] = [];
    const result = await run(document, { text: 'cat', fetch: async (url, init) => { sent.push({ url, ...init }); return { status: 404, headers: {}, body: 'gone' }; } });
    expect(result.data).toEqual({ status: 404, body: 'gone' });
    expect(sent).toMatchObject([{ url: 'https://api.example.com/cat?a=1', method: 'POST', headers: { 'x-one': 'cat' }, body: '{"q":"cat"}', credentials: [{ connection: 'http', place: 'header', name: 'X-Key' }] }]);
    const { report, flow, definition } = imported(document);
    expect(report.connections).toMatchObject([{ key: 'http', nodes: ['h'] }]);
    expect(JSON.stringify([flow, definition])).not.toContain('abcdefgh12345678');
  });

  test('a step that fails goes its way for failures, or gives what was set for that', async () => {
    const failing = (more: Fields): Fields => node('c', 'code', { code_language: 'javascript', code: 'function main() { throw new Error("broken") }', variables: [], ...more });
    const branch = app('advanced-chat', [node('start', 'start'), failing({ error_strategy: 'fail-branch' }), node('ok', 'answer', { answer: 'fine' }), node('bad', 'answer', { answer: 'failed' })], ['start -> c', 'c.success-branch -> ok', 'c.fail-branch -> bad']);
    expect((await run(branch)).text).toBe('failed');
    const standard = app('advanced-chat', [node('start', 'start'), failing({ error_strategy: 'default-value', default_value: [{ key: 'r', type: 'string', value: 'instead' }] }), node('ok', 'answer', { answer: 'got {{#c.r#}}' })], ['start -> c', 'c -> ok']);
    expect((await run(standard)).text).toBe('got instead');
  });

  test('an agent has its tools, and secret values of the environment are removed', () => {
    const { report, flow } = imported(app('advanced-chat', [
      node('start', 'start'), node('g', 'agent', { agent_parameters: { instruction: { value: 'Help.' }, query: { value: '{{#sys.query#}}' }, model: { value: { model: 'gpt-4o' } }, tools: { value: [{ provider_name: 'time', enabled: true }, { provider_name: 'langgenius/duckduckgo/duckduckgo', tool_name: 'ddgo_search', type: 'builtin' }, { provider_name: 'langgenius/tavily/tavily', tool_name: 'tavily_search' }] } } }),
      node('a', 'answer', { answer: '{{#g.text#}} {{#env.KEY#}}' }),
    ], ['start -> g', 'g -> a'], { environment_variables: [{ name: 'KEY', value_type: 'secret', value: 'verysecretvalue' }] }));
    expect(flow.nodes.map(({ type }) => type)).toEqual(expect.arrayContaining(['tool.current-date', 'connector.tool', 'agent.tools']));
    expect(report).toMatchObject({ requires: { connections: ['tavily'], secrets: ['KEY'] }, secrets: expect.arrayContaining([{ name: 'KEY', node: '', field: 'environment_variables', kind: 'stripped' }]) });
    expect(JSON.stringify(flow)).not.toContain('verysecretvalue');
  });

  test.each([['chat', 'model.chat'], ['agent-chat', 'agent.tools'], ['completion', 'model.chat']])('an app without a workflow of mode %s answers by its instructions', async (mode, type) => {
    const document = { app: { name: 'A', mode }, kind: 'app', version: '0.1.5', model_config: { model: { name: 'gpt-4o', completion_params: { temperature: 0.1 } }, pre_prompt: 'About {{topic}}: {{query}}', user_input_form: [{ 'text-input': { variable: 'topic', label: 'Topic', default: 'cats' } }] } };
    const { flow, report } = imported(document);
    expect(report).toMatchObject({ runnable: true, nodes: { total: 3 } });
    expect(flow.nodes.some((one) => one.type === type)).toBe(true);
    const asked = scriptedModel(() => 'Yes.');
    expect((await runImported({ flow }, pool, { model: () => asked, text: 'Why?' })).text).toBe('Yes.');
    expect(JSON.stringify(asked.requests[0]?.messages)).toContain('About cats: Why?');
  });
});

test.each([
  ['{% for one in list %}{{ loop.index }}. {{ one.name|upper }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}', '1. A, 2. B'],
  ['{% set n = list|length %}{{ n }} {{ "x" if n > 1 else "y" }} {{ missing | default("-") }}', '2 x -'],
  ["{% if 'a' in word and word is defined %}yes{% elif word == 'b' %}b{% else %}no{% endif %}{# not shown #}", 'yes'],
  ['{{ list | map(attribute="name") | join("+") }} {{ word.split("-")[0] ~ 1 }} {{ word[1:] }}', 'a+b ab1 b-c'],
])('the template %s is worked out as Jinja would', (template, expected) => {
  const read = readJinja(template, new Map([['list', 'item.list'], ['word', 'item.word']]));
  if (!('parts' in read)) throw new Error(read.problem);
  const item = { list: [{ name: 'a' }, { name: 'b' }], word: 'ab-c' };
  expect(renderText(templateOf(read.parts), { item, index: 0, items: [item], input: { text: '', data: null }, steps: () => undefined, parameters: {}, state: new Map(), now: new Date(0) })).toBe(expected);
});

describe('hostile and damaged files', () => {
  const everything = app('advanced-chat', [
    node('s', 'start', { variables: [text('x')] }), llm('m', '{{#s.x#}}{{#context#}}', { memory: { window: { enabled: true, size: 3 } }, structured_output_enabled: true, structured_output: { schema: { type: 'object' } } }), node('i', 'iteration', { iterator_selector: ['m', 'text'], output_selector: ['c', 'r'] }), node('c', 'code', { code: 'def main(): return {}', code_language: 'python3', variables: [] }, { parentId: 'i' }),
    node('l', 'loop', { loop_count: 3, loop_variables: [{ label: 'a', value: 1 }], break_conditions: [{ comparison_operator: '>', variable_selector: ['l', 'a'], value: '1' }] }), node('t', 'template-transform', { template: '{% for a in b %}{{ a }}{% endfor %}', variables: [{ variable: 'b', value_selector: ['i', 'output'] }] }, { parentId: 'l' }), node('h', 'http-request', { url: 'https://x', headers: 'a:b', body: { type: 'json', data: '{}' } }),
    node('q', 'question-classifier', { classes: [{ id: '1', name: 'a' }], query_variable_selector: ['s', 'x'] }), node('k', 'list-operator', { variable: ['i', 'output'], filter_by: { enabled: true, conditions: [{ key: 'a', comparison_operator: 'is', value: '1' }] } }), node('a', 'answer', { answer: '{{#m.text#}}' }), node('u', 'tool', { provider_name: 'tavily', tool_name: 'tavily_search', tool_parameters: { query: { type: 'mixed', value: '{{#s.x#}}' } } }),
  ], ['s -> m', 'm -> i', 'i -> l', 'l -> h', 'h -> q', 'q.1 -> k', 'k -> a', 'a -> u'], { conversation_variables: [{ name: 'v', value: 1 }], environment_variables: [{ name: 'e', value: 'x' }] });

  test('whatever part is missing or of another kind, the import answers with a valid flow or a reason', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const next = numbers(seed);
      const result = importFlow(JSON.stringify(damaged(everything, next, 0.01 + (seed % 10) * 0.012)));
      if ('problem' in result) expect(result.problem.message, `seed ${seed}`).not.toBe('');
      else expect([Flow.safeParse(result.flow).success, ImportReport.safeParse(result.report).success], `seed ${seed}`).toEqual([true, true]);
    }
  });

  test('too many nodes are refused; large files and templates made to be slow take no more than moments', () => {
    expect(importFlow(JSON.stringify(app('workflow', Array.from({ length: 3_000 }, (_, index) => node(`n${index}`, 'llm')), [])))).toMatchObject({ problem: { code: 'too-many-nodes' } });
    const many = Array.from({ length: 600 }, (_, index) => node(`n${index}`, index === 0 ? 'start' : 'template-transform', { template: '{% if a %}'.repeat(11), variables: [] }));
    const large = JSON.stringify(app('workflow', many, many.flatMap((_one, index) => [`n${index} -> n${(index + 1) % 600}`, `n${index} -> n${(index * 7) % 600}`])));
    expect(cpuMs(() => importFlow(large))).toBeLessThan(2_000);
    for (const nasty of ['{{ ('.repeat(20_000), `{{ ${'('.repeat(50_000)} }}`, '{%'.repeat(40_000), `{{ ${'not '.repeat(20_000)}a }}`, '{% for a in b %}'.repeat(2_000), '{% set a = a ~ a %}'.repeat(400), '{{ a }}{'.repeat(10_000)]) expect(cpuMs(() => readJinja(nasty, new Map()))).toBeLessThan(1_000);
  });
});
