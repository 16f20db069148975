import { expect, test } from 'vitest';
import { chatFlow, lfEdge, lfFlow, lfNode } from '../flow-fixtures.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';

const ok = (source: string): ImportResult => {
  const result = importFlow(source);
  if ('problem' in result) throw new Error(result.problem.message);
  return result;
};
const wires = ({ flow }: ImportResult): string[] => flow.edges.map((edge) => `${edge.source}.${edge.sourcePort} > ${edge.target}.${edge.targetPort}`);
const nodeOf = ({ flow }: ImportResult, id: string) => flow.nodes.find((node) => node.id === id);
const fateOf = ({ report }: ImportResult, id: string) => report.nodes.all.find((node) => node.id === id);
const chain = (middle: Record<string, unknown>, field: string, output: string): string =>
  lfFlow([lfNode('in', 'ChatInput'), middle, lfNode('out', 'ChatOutput', { input_value: '' })], [`in.message > step.${field}`, `step.${output} > out.input_value`]);

test('a chat flow becomes the same graph in our words', () => {
  const result = ok(chatFlow());
  expect(result.flow.nodes.map(({ id, type }) => [id, type])).toEqual([['in', 'input.chat'], ['prompt', 'prompt.template'], ['model', 'model.chat'], ['out', 'output.chat']]);
  expect(wires(result)).toEqual(['in.message > prompt.question', 'prompt.prompt > model.input', 'model.text > out.input']);
  expect(nodeOf(result, 'prompt')?.config).toEqual({ template: 'You are {persona_name}. {question}', doubleBraces: false, defaults: { persona_name: 'Ada' } });
  expect(nodeOf(result, 'model')?.config).toEqual({ modelId: 'gpt-4o-mini', system: '', temperature: 0.1 });
  expect(nodeOf(result, 'in')?.position).toEqual({ x: 1, y: 2 });
  expect(result.report.nodes).toMatchObject({ total: 4, supported: 4, approximated: 0, unsupported: [] });
  expect(result.report.entryPoints).toEqual([{ node: 'in', kind: 'chat' }]);
  expect(result.report.traits).toMatchObject({ chat: true, streaming: true, knowledge: false, tools: false, code: false, agents: 0 });
});

test('handles are read as objects, as œ-quoted text, as quoted text and as old pipe text', () => {
  const nodes = [lfNode('in', 'ChatInput'), lfNode('out', 'ChatOutput', { input_value: '' })];
  const source = { dataType: 'ChatInput', id: 'in', name: 'message', output_types: ['Message'] };
  const target = { fieldName: 'input_value', id: 'out', inputTypes: ['Message'], type: 'str' };
  const asText = (handle: object): string => JSON.stringify(handle);
  const edges = [
    { data: { sourceHandle: source, targetHandle: target } },
    { sourceHandle: asText(source).replaceAll('"', 'œ'), targetHandle: asText(target).replaceAll('"', 'œ').replaceAll(',', ', ') },
    { sourceHandle: asText(source), targetHandle: asText(target) },
    { sourceHandle: 'ChatInput|in|Text|str', targetHandle: 'Text|input_value|out' },
  ];
  for (const edge of edges) expect(wires(ok(lfFlow(nodes, [{ source: 'in', target: 'out', ...edge }])))).toEqual(['in.message > out.input']);
});

test('duplicate ids, loose edges and unknown handles become warnings', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('in', 'Calculator'), lfNode('out', 'ChatOutput', { input_value: '' }), 5 as never, lfNode('', 'Calculator')],
    ['in.message > out.input_value', 'in.message > gone.x', 'in.message > out.nothing', { source: 'in', target: 'out', sourceHandle: 'œ', targetHandle: '{œ' }, { source: 3 } as never],
  ));
  expect(wires(result)).toEqual(['in.message > out.input']);
  expect(result.flow.nodes.map((node) => node.id)).toEqual(['in', 'in~2', 'out', 'node-5']);
  const warnings = result.report.warnings.join('\n');
  for (const part of ['Two nodes have the id in', 'no node gone', 'no input “nothing”', 'does not say where it arrives', 'Entry 4', 'without a beginning', 'no usable id']) expect(warnings).toContain(part);
  expect(result.report.runnable).toBe(true);
});

test('notes are skipped', () => {
  const note = { id: 'n', type: 'noteNode', data: { type: 'note', node: { description: '# Read me', template: { backgroundColor: 'amber' } } } };
  const { data } = JSON.parse(chatFlow());
  expect(ok(JSON.stringify({ data: { ...data, nodes: [note, ...data.nodes, { id: 'm', data: { node: { description: 'x' } } }] } })).report.nodes.total).toBe(4);
});

test('groups inside groups are flattened: fields, values and wires reach the inner nodes', () => {
  const inner = lfNode('Group-in', 'Group', { 'template_Prompt-1': { value: 'Inner {question}', proxy: { id: 'Prompt-1', field: 'template' } }, 'question_Prompt-1': { proxy: { id: 'Prompt-1', field: 'question' } } }, {
    flow: { data: { nodes: [lfNode('Prompt-1', 'Prompt', { template: 'Old {question}', question: '' })], edges: [] } },
  });
  const outer = lfNode('Group-out', 'Group', {
    'template_Prompt-1_Group-in': { value: 'Outer {question}', proxy: { id: 'Group-in', field: 'template_Prompt-1' } },
    'question_Prompt-1_Group-in': { proxy: { id: 'Group-in', field: 'question_Prompt-1' } },
  }, { flow: { data: { nodes: [inner, lfNode('model', 'OpenAIModel', { input_value: '', model_name: 'm' })], edges: [lfEdge('Group-in.prompt > model.input_value')] } } });
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), outer, lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > Group-out.question_Prompt-1_Group-in', 'Group-out.text_output > out.input_value'],
  ));
  expect(wires(result).toSorted()).toEqual(['Prompt-1.prompt > model.input', 'in.message > Prompt-1.question', 'model.text > out.input']);
  expect(nodeOf(result, 'Prompt-1')?.config['template']).toBe('Outer {question}');
  expect(result.report.nodes.total).toBe(4);
});

test('double braces are variables where the prompt says so', () => {
  const result = ok(chatFlow({ template: { type: 'prompt', value: '{"a": 1} {{question}} {{tone}}' }, use_double_brackets: { type: 'bool', value: true }, tone: 'calm' }));
  expect(nodeOf(result, 'prompt')?.config).toMatchObject({ doubleBraces: true, defaults: { tone: 'calm' } });
  expect(wires(result)).toContain('in.message > prompt.question');
});

test('open prompt variables, instructions and temperature are proposed; wired and advanced fields are not', () => {
  const { report, flow } = ok(chatFlow({ brand_voice: 'x' }, { temperature: { value: 0.4 }, max_tokens: { value: 5 }, system_message: { value: 'Be kind', advanced: true } }));
  expect(report.parameters.map(({ name, kind, path, default: value, exposed }) => [name, kind, path, value, exposed])).toEqual([
    ['persona_name', 'text', 'defaults.persona_name', 'Ada', true],
    ['template', 'long-text', 'template', 'You are {persona_name}. {question}', false],
    ['system_message', 'long-text', 'system', 'Be kind', false],
    ['temperature', 'number', 'temperature', 0.4, false],
  ]);
  expect(report.parameters[0]).toMatchObject({ title: 'Persona name', node: 'prompt' });
  expect(flow.parameters).toEqual(report.parameters);
  expect(ok(chatFlow({}, { temperature: { value: 0.4, advanced: true } })).report.parameters.map((parameter) => parameter.name)).not.toContain('temperature');
});

test('a model that names none leaves the choice to the product', () => {
  const ask = (model: unknown) => ok(chain(lfNode('step', 'LanguageModelComponent', { input_value: '', model: { type: 'model', value: model } }), 'input_value', 'text_output'));
  expect(nodeOf(ask([]), 'step')?.config['modelId']).toBeNull();
  expect(ask('').report.requires.models).toEqual([]);
  expect(ask([{ name: 'claude-x', provider: 'Anthropic' }]).report.requires.models).toEqual(['claude-x']);
});

test('a provider newer than the table is a model by its outputs', () => {
  const newer = lfNode('step', 'BrandNewModel', { input_value: '', model_name: 'new-1' }, { outputs: [{ name: 'text_output', types: ['Message'] }, { name: 'model_output', types: ['LanguageModel'] }] });
  expect(nodeOf(ok(chain(newer, 'input_value', 'text_output')), 'step')).toMatchObject({ type: 'model.chat', config: { modelId: 'new-1' } });
});

test('an agent gets its tools by any of the tool outputs, its model from a wire, and its own clock', () => {
  const result = ok(lfFlow([
    lfNode('in', 'ChatInput'), lfNode('llm', 'GroqModel', { input_value: '', model_name: 'llama' }), lfNode('calc', 'CalculatorComponent', { expression: '' }, { tool_mode: true }),
    lfNode('url', 'URL', { urls: [] }, { tool_mode: true }), lfNode('hint', 'Prompt', { template: 'Be brief' }),
    lfNode('agent', 'Agent', { input_value: '', system_prompt: 'Old', tools: '', agent_llm: '', max_iterations: 900, add_current_date_tool: true }), lfNode('out', 'ChatOutput', { input_value: '' }),
  ], ['in.message > agent.input_value', 'llm.model_output > agent.agent_llm', 'calc.component_as_tool > agent.tools', 'url.api_build_tool > agent.tools', 'hint.prompt > agent.system_prompt', 'agent.response > out.input_value']));
  expect(wires(result)).toEqual(['in.message > agent.input', 'calc.tool > agent.tools', 'url.tool > agent.tools', 'hint.prompt > agent.system', 'agent.response > out.input', 'agent:current-date.tool > agent.tools']);
  expect(nodeOf(result, 'agent')?.config).toMatchObject({ modelId: 'llama', iterationsMax: 50 });
  expect(nodeOf(result, 'llm')).toBeUndefined();
  expect(fateOf(result, 'llm')).toMatchObject({ support: 'supported', mappedTo: 'model.chat' });
  expect(result.report).toMatchObject({ runnable: true, traits: { agents: 1, tools: true, memory: true } });
});

test('a search becomes a tool of its connector, and the account it needs is named', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('web', 'TavilySearchComponent', { query: '', max_results: 7, search_depth: 'advanced' }), lfNode('agent', 'Agent', { input_value: '', tools: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > agent.input_value', 'web.component_as_tool > agent.tools', 'agent.response > out.input_value'],
  ));
  expect(nodeOf(result, 'web')).toMatchObject({ type: 'connector.tool', config: { connector: 'tavily', action: 'search', input: { max_results: 7, search_depth: 'advanced' } } });
  expect(wires(result)).toContain('web.tool > agent.tools');
  expect(result.report.connections).toEqual([{ key: 'tavily', connector: 'tavily', title: 'Tavily', nodes: ['web'] }]);
  expect(result.report).toMatchObject({ runnable: true, requires: { connections: ['tavily'] } });
});

test('a search that is a step of the flow asks what is wired to it, or what is written in it', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('wired', 'SearchComponent', { input_value: '' }), lfNode('written', 'WikipediaComponent', { input_value: 'Otters', k: 3 }), lfNode('all', 'CombineText', { text1: '', text2: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > wired.input_value', 'wired.text > all.text1', 'written.text > all.text2', 'all.combined_text > out.input_value'],
  ));
  expect(nodeOf(result, 'wired')).toMatchObject({ type: 'connector.query', config: { connector: 'searchapi', input: { q: '{{ item }}' } } });
  expect(nodeOf(result, 'written')).toMatchObject({ config: { connector: 'wikipedia', input: { query: 'Otters', limit: 3 } } });
  expect(result.report.requires.connections).toEqual(['searchapi']);
});

test('a component we have nothing for is unsupported with a reason and what comes closest, and the flow does not run', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('tube', 'YouTubeTranscripts', { url: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > tube.url', 'tube.message > out.input_value'],
  ));
  expect(result.report.nodes.unsupported).toEqual([{ id: 'tube', type: 'YouTubeTranscripts', reason: expect.stringContaining('Closest:') }]);
  expect(fateOf(result, 'tube')?.substitute).toMatch(/transcripts/);
  expect(nodeOf(result, 'tube')).toMatchObject({ type: 'unsupported', config: { originalType: 'YouTubeTranscripts' } });
  expect(result.report.runnable).toBe(false);
});

test('unsupported steps the answer does not depend on do not keep the flow from running', () => {
  const { data } = JSON.parse(chatFlow());
  const result = ok(JSON.stringify({ data: { nodes: [...data.nodes, lfNode('x', 'SQLExecutor')], edges: [...data.edges, lfEdge('in.message > x.query')] } }));
  expect(result.report).toMatchObject({ runnable: true, nodes: { total: 5, supported: 4 } });
});

test('custom and edited Python is unsupported, reported and never run', () => {
  const code = { type: 'code', value: 'class X:\n    raise SystemExit' };
  for (const custom of [lfNode('step', 'CustomComponent', { code, input_value: '' }), lfNode('step', 'Prompt', { code, template: '{a}', a: '' }, { edited: true }), lfNode('step', 'Anything', { code }, { metadata: { module: 'custom_components.mine.X' } })]) {
    const result = ok(chain(custom, 'a', 'output'));
    expect(fateOf(result, 'step')).toMatchObject({ support: 'unsupported', mappedTo: null, reason: expect.stringContaining('custom Python') });
    expect(result.report.code).toEqual([{ node: 'step', language: 'python', bytes: 29, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), custom: true }]);
    expect(result.report).toMatchObject({ runnable: false, traits: { code: true } });
    expect(JSON.stringify(result.flow)).not.toContain('SystemExit');
  }
  const stock = ok(chain(lfNode('step', 'Pass', { code, input_message: '' }), 'input_message', 'output_message'));
  expect(stock.report.code[0]).toMatchObject({ custom: false });
  expect(stock.report.runnable).toBe(true);
});

test('the two halves of a retrieval flow: one answers, the other only prepares documents', () => {
  const store = (id: string) => lfNode(id, 'AstraDB', { ingest_data: '', search_query: '', embedding_model: '', number_of_results: 4 });
  const result = ok(lfFlow([
    lfNode('file', 'File'), lfNode('split', 'SplitText', { data_inputs: '', chunk_size: 500, chunk_overlap: 900, separator: '\\n' }), store('fill'), lfNode('emb', 'OpenAIEmbeddings', { model: 'e' }),
    lfNode('in', 'ChatInput'), store('find'), lfNode('parse', 'parser', { input_data: '', pattern: 'Text: {content}', mode: 'Parser', sep: '\\n' }),
    lfNode('prompt', 'Prompt', { template: '{context} {question}', context: '', question: '' }), lfNode('out', 'ChatOutput', { input_value: '' }),
  ], ['file.data > split.data_inputs', 'split.chunks > fill.ingest_data', 'emb.embeddings > fill.embedding_model', 'in.message > find.search_query', 'find.dataframe > parse.input_data',
    'parse.parsed_text > prompt.context', 'in.message > prompt.question', 'prompt.prompt > out.input_value']));
  const types = Object.fromEntries(result.flow.nodes.map((node) => [node.id, node.type]));
  expect(types).toMatchObject({ file: 'knowledge.ingest', split: 'transform.split-text', fill: 'knowledge.ingest', emb: 'model.embedding', find: 'knowledge.retrieve', parse: 'transform.to-text' });
  expect(nodeOf(result, 'split')?.config).toEqual({ chunkSize: 500, overlap: 499, separator: '\n' });
  expect(nodeOf(result, 'find')?.config).toEqual({ topK: 4 });
  expect(nodeOf(result, 'parse')?.config['template']).toBe('Text: {text}');
  expect(wires(result)).toContain('find.passages > parse.data');
  expect(fateOf(result, 'find')?.reason).toContain('knowledge base');
  expect(result.report).toMatchObject({ runnable: true, traits: { knowledge: true, files: true }, entryPoints: [{ node: 'in', kind: 'chat' }] });
});

test('a store that is filled and searched in one node becomes two', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('url', 'URL', { urls: ['example.com'] }), lfNode('store', 'Chroma', { ingest_data: '', search_query: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['url.data > store.ingest_data', 'in.message > store.search_query', 'store.search_results > out.input_value'],
  ));
  expect(wires(result)).toEqual(['url.pages > store:ingest.data', 'in.message > store.query', 'store.passages > out.input']);
  expect(nodeOf(result, 'store:ingest')?.type).toBe('knowledge.ingest');
  expect(nodeOf(result, 'url')?.config).toEqual({ urls: ['https://example.com'], format: 'text' });
});

test('a file read into a prompt is replaced by the buyer’s documents, asked with the question', () => {
  const nodes = (withChat: boolean) => lfFlow(
    [...(withChat ? [lfNode('in', 'ChatInput')] : []), lfNode('file', 'File'), lfNode('prompt', 'Prompt', { template: '{document} {q}', document: '', q: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['file.message > prompt.document', ...(withChat ? ['in.message > prompt.q'] : []), 'prompt.prompt > out.input_value'],
  );
  const chat = ok(nodes(true));
  expect(wires(chat)).toContain('in.message > file.query');
  expect(wires(chat)).toContain('file.text > prompt.document');
  expect(fateOf(chat, 'file')).toMatchObject({ support: 'approximated', mappedTo: 'knowledge.retrieve' });
  const silent = ok(nodes(false));
  expect(wires(silent)).toContain('question.message > file.query');
  expect(silent.report.entryPoints).toEqual([{ node: 'question', kind: 'chat' }, { node: 'file', kind: 'file' }]);
  expect(silent.report.warnings.join()).toContain('A chat input was added');
});

test('memory, storing a message, conditions and structured output keep their settings', () => {
  const memory = ok(chain(lfNode('step', 'Memory', { n_messages: 7, template: '{text}', mode: 'Retrieve', session_id: '' }), 'session_id', 'messages_text'));
  expect(nodeOf(memory, 'step')).toMatchObject({ type: 'memory.history', config: { messages: 7, template: '{text}' } });
  expect(wires(memory)).toEqual(['step.text > out.input']);
  expect(nodeOf(ok(chain(lfNode('step', 'Memory', { mode: 'Store', message: '' }), 'message', 'stored_messages')), 'step')?.type).toBe('logic.pass');

  const branch = (fields: Record<string, unknown>, ...more: string[]) => ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('if', 'ConditionalRouter', { input_text: '', match_text: 'yes', operator: 'regex', ...fields }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > if.input_text', 'if.true_result > out.input_value', ...more],
  ));
  expect(nodeOf(branch({}), 'if')).toMatchObject({ type: 'logic.if', config: { operator: 'matches', value: 'yes', caseSensitive: true } });
  expect(wires(branch({}, 'if.false_result > out.input_value'))).toContain('if.false > out.input');
  expect(fateOf(branch({ operator: 'sounds like' }), 'if')?.support).toBe('unsupported');
  expect(fateOf(branch({}, 'in.message > if.match_text'), 'if')?.support).toBe('unsupported');

  const rows = [{ name: 'domain', type: 'text', description: 'Domain', multiple: 'False' }, { name: 'plans', type: 'float', multiple: true }, { name: '', type: 'str' }];
  const output = ok(chain(lfNode('step', 'StructuredOutput', { input_value: '', output_schema: { type: 'table', value: rows }, system_prompt: 'Extract' }), 'input_value', 'dataframe_output'));
  expect(nodeOf(output, 'step')?.config).toEqual({
    modelId: null, instructions: 'Extract',
    schema: { type: 'object', properties: { domain: { type: 'string', description: 'Domain' }, plans: { type: 'array', items: { type: 'number' } } }, required: ['domain', 'plans'], additionalProperties: false },
  });
});

test('a loop keeps the wire that leads back into it, and runs', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('loop', 'LoopComponent', { data: '' }), lfNode('pass', 'Pass', { input_message: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > loop.data', 'loop.item > pass.input_message', { source: 'pass', target: 'loop', data: { sourceHandle: { name: 'output_message' }, targetHandle: { dataType: 'LoopComponent', id: 'loop', name: 'item', output_types: ['Data'] } } }, 'loop.done > out.input_value'],
  ));
  expect(nodeOf(result, 'loop')).toMatchObject({ type: 'logic.for-each' });
  expect(wires(result)).toContain('pass.output > loop.feedback');
  expect(result.report.runnable).toBe(true);
});

test('routers, batches, tables, Python shells and agents as tools become steps that do the same', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), lfNode('route', 'SmartRouter', { input_text: '', routes: [{ route_category: 'Sales', route_description: 'Buying' }, { route_category: 'Help' }] }),
      lfNode('rows', 'DataFrameOperations', { df: '', operation: [{ name: 'Sort' }], column_name: 'age', ascending: true }), lfNode('each', 'BatchRunComponent', { df: '', column_name: 'text', system_message: 'Judge.' }),
      lfNode('shell', 'PythonREPLTool', { name: 'py' }), lfNode('helper', 'Agent', { system_prompt: 'You help.', tools: '' }), lfNode('boss', 'Agent', { input_value: '', tools: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > route.input_text', 'route.category_1_result > boss.input_value', 'route.category_2_result > rows.df', 'rows.output > each.df', 'each.batch_results > out.input_value',
      'shell.api_build_tool > helper.tools', 'helper.component_as_tool > boss.tools', 'boss.response > out.input_value'],
  ));
  expect(result.report.nodes.unsupported).toEqual([]);
  expect(nodeOf(result, 'route')).toMatchObject({ type: 'logic.router', config: { routes: [{ name: 'Sales', description: 'Buying' }, { name: 'Help', description: '' }] } });
  expect(nodeOf(result, 'rows')).toMatchObject({ type: 'transform.sort', config: { by: [{ field: 'age', direction: 'ascending' }] } });
  expect(nodeOf(result, 'each')).toMatchObject({ type: 'agent.each', config: { prompt: '{{ item["text"] }}', system: 'Judge.', field: 'model_response', keep: true } });
  expect(nodeOf(result, 'shell')).toMatchObject({ type: 'code.tool', config: { language: 'python', name: 'py' } });
  expect(nodeOf(result, 'helper')).toMatchObject({ type: 'agent.tool', config: { system: 'You help.' } });
  expect(wires(result)).toEqual(expect.arrayContaining(['route.route0 > boss.input', 'shell.tool > helper.tools', 'helper.tool > boss.tools']));
  expect(result.report.runnable).toBe(true);
});

test('without a chat input the run begins at a text, a webhook or the first step', () => {
  const from = (type: string, fields: Record<string, unknown> = {}) => ok(lfFlow([lfNode('start', type, fields), lfNode('out', 'ChatOutput', { input_value: '' })], ['start.text > out.input_value']));
  expect(from('TextInput', { input_value: 'Hello' }).report).toMatchObject({ entryPoints: [{ node: 'start', kind: 'text' }], runnable: true, parameters: [{ default: 'Hello', exposed: false }] });
  expect(from('Webhook', { data: '{}' }).report.entryPoints).toEqual([{ node: 'start', kind: 'webhook' }]);
  expect(from('Prompt', { template: 'Hi' }).report.entryPoints).toEqual([{ node: 'start', kind: 'manual' }]);
});

test('a text beside a chat input is a setting for buyers; in the middle it hands on', () => {
  const result = ok(lfFlow(
    [lfNode('in', 'ChatInput'), { ...lfNode('tone', 'TextInput', { input_value: 'calm' }, { display_name: 'Brand voice' }) }, lfNode('mid', 'TextOutput', { input_value: '' }),
      lfNode('prompt', 'Prompt', { template: '{a}{b}', a: '', b: '' }), lfNode('out', 'ChatOutput', { input_value: '' })],
    ['in.message > mid.input_value', 'mid.text > prompt.a', 'tone.text > prompt.b', 'prompt.prompt > out.input_value'],
  ));
  expect(result.report.parameters[0]).toMatchObject({ name: 'brand_voice', title: 'Brand voice', default: 'calm', node: 'tone', path: 'value', exposed: true });
  expect(nodeOf(result, 'mid')?.type).toBe('logic.pass');
});

test('a value kept in a variable of the seller’s server is required by name and does not become text', () => {
  const result = ok(chatFlow({ persona_name: { value: 'BOT_NAME', load_from_db: true } }));
  expect(nodeOf(result, 'prompt')?.config['defaults']).toEqual({});
  expect(result.report.requires.secrets).toContain('BOT_NAME');
});

test('a fixed text in an input becomes a prompt whose braces stay as written', () => {
  const result = ok(lfFlow([lfNode('model', 'OpenAIModel', { input_value: 'Say {"a": 1}', model_name: 'm' }), lfNode('out', 'ChatOutput', { input_value: '' })], ['model.text_output > out.input_value']));
  expect(wires(result)).toContain('model:input_value.prompt > model.input');
  expect(nodeOf(result, 'model:input_value')?.config['template']).toBe('Say {{"a": 1}}');
  expect(result.report.runnable).toBe(true);
});

test('a flow without an output answers with its last step; one without any step that answers does not run', () => {
  const open = ok(lfFlow([lfNode('in', 'ChatInput'), lfNode('model', 'OpenAIModel', { input_value: '' })], ['in.message > model.input_value']));
  expect(open.report.runnable).toBe(true);
  expect(wires(open)).toContain('model.text > model:output.input');
  const none = ok(lfFlow([lfNode('url', 'URL', { urls: [] }), lfNode('kb', 'KnowledgeIngestion', { input_df: '' })], ['url.page_results > kb.input_df']));
  expect(none.report.runnable).toBe(false);
  expect(none.report.warnings.join()).toContain('no output');
});

test('a flow from before 1.0: chain, prompt, model and memory become a chat', () => {
  const edges = ['llm > chain.llm', 'prompt > chain.prompt', 'memory > chain.memory'].map((text) => {
    const [source = '', target = ''] = text.split(' > ');
    const [chainId = '', field = ''] = target.split('.');
    return { source, target: chainId, sourceHandle: `T|${source}|Base`, targetHandle: `Base|${field}|${chainId}` };
  });
  const result = ok(lfFlow([
    lfNode('llm', 'ChatOpenAI', { model_name: 'gpt-3.5-turbo', temperature: 0.7 }), lfNode('prompt', 'PromptTemplate', { template: '{history} Human: {text}' }),
    lfNode('memory', 'ConversationBufferMemory', { memory_key: 'history' }), lfNode('chain', 'LLMChain'),
  ], edges, { last_tested_version: undefined }));
  expect(wires(result)).toEqual(['prompt.prompt > chain.input', 'memory.text > prompt.history', 'chat-input.message > prompt.text', 'chain.text > chain:output.input']);
  expect(result.report).toMatchObject({ runnable: true, version: null, nodes: { total: 4 } });
  expect(nodeOf(result, 'chain')?.config).toMatchObject({ modelId: 'gpt-3.5-turbo', temperature: 0.7 });
});

test('settings that our step refuses make a node unsupported instead of a flow that breaks', () => {
  const result = ok(chain(lfNode('step', 'CurrentDate', { timezone: 'Mars/Olympus' }), 'timezone', 'current_date'));
  expect(fateOf(result, 'step')).toMatchObject({ support: 'unsupported', reason: expect.stringContaining('timezone') });
});

test('an HTTP request keeps address, method and headers; a fixed body is refused', () => {
  const request = (fields: Record<string, unknown>) => ok(chain(lfNode('step', 'APIRequest', { url_input: 'https://api.example.com', method: 'POST', ...fields }), 'body', 'data'));
  const plain = request({ headers: { type: 'table', value: [{ key: 'Accept', value: 'application/json' }] }, body: { value: [] } });
  expect(nodeOf(plain, 'step')?.config).toEqual({ method: 'POST', url: 'https://api.example.com', headers: { Accept: 'application/json' }, query: {} });
  expect(wires(plain)).toContain('in.message > step.body');
  expect(fateOf(request({ body: { value: [{ key: 'a', value: 'b' }] } }), 'step')?.support).toBe('unsupported');
});
