import { scalarText } from '../../nodes/values.ts';
import type { FlowEdge, FlowNode } from '../../contract.ts';
import { isRecord, read, readRecord, readText } from '../plain.ts';
import { quoted, soleExpression, stateValue, stepValue, templateOf } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import type { Way } from '../steps/assemble.ts';
import { addAgent, addModelCall, clampInt } from '../steps/model-step.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import { accountOf, toolInput, toolService } from '../steps/tool-services.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { flagOf, modelNamed, numberOf, rowsOf, temperatureOf, textOf } from './flowise-context.ts';
import { mapFunction } from './map-function.ts';
import { mapHttp } from './map-http.ts';
import { addCaptures, placeLoops } from './loops.ts';
import type { LoopOf } from './loops.ts';
import { schemaOfRows } from './prompts.ts';
import type { RawNode } from './read-flowise.ts';
import { addTool, isPlace } from './tools.ts';
import { COUNT, isStructured, outputOf, readMentions, said, speakersBefore, valueExpression } from './texts.ts';
import type { TextScope } from './texts.ts';

export interface MappedFlow { ways: Way[]; nodes: FlowNode[]; edges: FlowEdge[]; start: string | null }

type Mapper = (node: RawNode, step: StepDraft, context: FlowiseContext) => void;

/** Maps an agentflow of the second version: steps in the order of the run, which read each other by name. */
export function mapAgentflow(context: FlowiseContext): MappedFlow {
  context.setLoops(context.flow.nodes.flatMap((node) => { const loop = loopOf(node); return loop === null ? [] : [{ back: node.id, to: loop.to }]; }));
  for (const node of context.flow.nodes) {
    const mapper = Object.hasOwn(MAPPERS, node.kind) ? MAPPERS[node.kind] : undefined;
    if (mapper === undefined) context.step(node.id).refuse(`The step “${node.label}” (${node.kind}) is not known here.`);
    else mapper(node, context.step(node.id), context);
  }
  for (const node of context.flow.nodes) addUpdates(node, context.step(node.id), context);
  addCaptures(context);
  const ways = context.flow.edges.map((edge) => ({ source: edge.source, exit: exitName(edge.output, context.node(edge.source)), target: edge.target }));
  const looped = placeLoops(context, ways, loopOf);
  const answers = answersOf(context, looped);
  return { ways: looped.ways, nodes: [...looped.nodes, ...answers.nodes], edges: [...looped.edges, ...answers.edges], start: context.flow.nodes.find((node) => node.kind === 'startAgentflow')?.id ?? null };
}

const loopOf: LoopOf = (node) => (node.kind === 'loopAgentflow' ? { to: textOf(node, 'loopBackToNode').split('-')[0] ?? '', times: numberOf(node, 'maxLoopCount') ?? 5 } : null);

/** Ways out of conditions are numbered, all others named like the node. */
const exitName = (output: string, source: RawNode | undefined): string => (source !== undefined && /^(?:condition|humanInput)/.test(source.kind) ? output : '*');

const scopeOf = (node: RawNode, step: StepDraft): TextScope => ({ own: node, problem: (words) => step.approximate(words) });
const mentions = (node: RawNode, step: StepDraft, context: FlowiseContext, name: string): TextPart[] => readMentions(textOf(node, name), context, scopeOf(node, step));

const start: Mapper = (node, step, context) => {
  for (const row of rowsOf(node, 'startState')) {
    const key = readText(row, 'key');
    if (key !== null) context.state.set(key.slice(0, 100), { name: key.slice(0, 100), initial: read(row, 'value') ?? '', scope: flagOf(node, 'startPersistState') ? 'conversation' : 'run' });
  }
  if (textOf(node, 'startInputType') !== 'formInput') {
    step.add('input.chat', {});
    return step.exit(node.id, 'message');
  }
  context.firstField = rowsOf(node, 'formInputTypes').map((row) => readText(row, 'name') ?? '').find((name) => name !== '') ?? '';
  step.add('input.trigger', { kind: 'form', label: textOf(node, 'formTitle').slice(0, 200) });
  step.exit(node.id, 'data');
};

/** What the model is asked beside what the step says: the message, and with memory what was said in this run before. */
function promptOf(node: RawNode, step: StepDraft, context: FlowiseContext, prefix: string): Pick<ModelAsk, 'system' | 'messages' | 'prompt' | 'memoryMessages'> {
  const rows = rowsOf(node, `${prefix}Messages`).map((row) => ({ role: readText(row, 'role') ?? 'user', parts: readMentions(readText(row, 'content') ?? '', context, scopeOf(node, step)) }));
  const system = rows.filter(({ role }) => role === 'system' || role === 'developer').flatMap(({ parts }, index): TextPart[] => (index === 0 ? parts : [{ text: '\n\n' }, ...parts]));
  const others = rows.filter(({ role }) => role === 'user' || role === 'assistant');
  const written = mentions(node, step, context, `${prefix}UserMessage`);
  const remembers = flagOf(node, `${prefix}EnableMemory`);
  const earlier = remembers ? speakersBefore(node, context) : [];
  const last = others.at(-1);
  const isQuestion = written.length === 0 && last?.role === 'user';
  const question: TextPart[] = written.length > 0 ? written : isQuestion && last !== undefined ? last.parts : [{ expression: startsWithForm(context) ? formText(context) : 'input.text' }];
  const messages = (isQuestion ? others.slice(0, -1) : others).map(({ role, parts }) => ({ role: role === 'assistant' ? 'assistant' as const : 'user' as const, parts }));
  if (earlier.length > 0) step.approximate('What earlier steps of this run said comes with the question, instead of as messages of their own.');
  const spoken = earlier.map((one): TextPart => ({ expression: said(one, one.label, context, node) }));
  const asked = written.length > 0 && earlier.length > 0 ? [{ expression: 'input.text' }, ...spoken, { text: '\n\n' }, ...question] : [...question, ...spoken];
  return { system, messages, prompt: asked, memoryMessages: remembers ? (textOf(node, `${prefix}MemoryType`) === 'windowSize' ? clampInt((numberOf(node, `${prefix}MemoryWindowSize`) ?? 20) * 2, 0, 1_000) : 100) : 0 };
}

const startsWithForm = (context: FlowiseContext): boolean => context.firstField !== '';

/** A form as the words a model reads. */
function formText(context: FlowiseContext): string {
  const node = context.flow.nodes.find((one) => one.kind === 'startAgentflow');
  const fields = node === undefined ? [] : rowsOf(node, 'formInputTypes').slice(0, 50);
  const lines = fields.map((row) => `${quoted(`${readText(row, 'label') ?? readText(row, 'name') ?? ''}: `)} + (input.data[${quoted(readText(row, 'name') ?? '')}] ?? ${readText(row, 'name') === context.firstField ? 'input.text' : '""'})`);
  return lines.length === 0 ? 'input.text' : lines.join(' + "\\n" + ');
}

function askOf(node: RawNode, step: StepDraft, context: FlowiseContext, prefix: string): ModelAsk {
  const config = readRecord(node.inputs, `${prefix}ModelConfig`);
  const structured = rowsOf(node, `${prefix}StructuredOutput`);
  return {
    modelId: modelNamed(config), temperature: temperatureOf(config), ...promptOf(node, step, context, prefix), schema: structured.length > 0 ? schemaOfRows(structured) : null,
    isAnswer: context.outgoing(node.id).length === 0,
  };
}

const llm: Mapper = (node, step, context) => addModelCall(step, askOf(node, step, context, 'llm'));

const agent: Mapper = (node, step, context) => {
  const tools: Place[] = [];
  for (const [index, row] of rowsOf(node, 'agentTools').entries()) {
    const kind = readText(row, 'agentSelectedTool') ?? '';
    const config = readRecord(row, 'agentSelectedToolConfig') ?? {};
    const found = addTool(step, { kind, label: readText(config, 'customToolName') ?? kind, inputs: config }, `tool${index}`);
    if (isPlace(found)) tools.push(found);
    else step.approximate(`The agent answers without one of its tools: ${found.reason}${found.substitute === null ? '' : ` Closest: ${found.substitute}`}`);
    if (read(row, 'agentSelectedToolRequiresHumanInput') === true) step.approximate('Nobody is asked before the tool is used.');
  }
  const stores = [...rowsOf(node, 'agentKnowledgeDocumentStores'), ...rowsOf(node, 'agentKnowledgeVSEmbeddings')];
  if (stores.length > 0) {
    const found = addTool(step, { kind: 'knowledge', label: 'knowledge', inputs: {} }, 'knowledge');
    if (isPlace(found)) tools.push(found);
  }
  addAgent(step, askOf(node, step, context, 'agent'), tools, 10);
};

const OPERATIONS: Readonly<Record<string, string>> = {
  equal: 'equals', notEqual: 'not equals', contains: 'contains', notContains: 'not contains', startsWith: 'starts with', endsWith: 'ends with', isEmpty: 'empty', notEmpty: 'not empty', isNotEmpty: 'not empty',
  larger: 'greater', largerEqual: 'greater or equal', smaller: 'less', smallerEqual: 'less or equal', regex: 'has match',
};

const condition: Mapper = (node, step, context) => {
  const cases = rowsOf(node, 'conditions').slice(0, 50).map((row) => {
    const operation = readText(row, 'operation') ?? 'equal';
    if (!Object.hasOwn(OPERATIONS, operation)) step.approximate(`The comparison “${operation}” is not known here; it compares for equality.`);
    const value = (name: string): string => `{{ ${valueExpression(scalarText(read(row, name) ?? ''), context, scopeOf(node, step))} }}`;
    return { name: '', conditions: { combine: 'and', conditions: [{ left: value('value1'), operator: OPERATIONS[operation] ?? 'equals', right: value('value2') }] } };
  });
  step.add('logic.switch', { cases });
  step.enter(node.id, 'input');
  for (const index of cases.keys()) step.exit(node.id, `case${index}`, String(index));
  step.exit(node.id, 'default', String(cases.length));
};

const conditionAgent: Mapper = (node, step, context) => {
  const config = readRecord(node.inputs, 'conditionAgentModelConfig');
  const routes = rowsOf(node, 'conditionAgentScenarios').slice(0, 50).map((row) => ({ name: (readText(row, 'scenario') ?? '').slice(0, 100), description: (readText(row, 'scenario') ?? '').slice(100, 2_000) }));
  const instructions = mentions(node, step, context, 'conditionAgentInstructions');
  const input = mentions(node, step, context, 'conditionAgentInput');
  const fixed = instructions.every((part) => 'text' in part);
  const judged: TextPart[] = fixed ? input : [...instructions, { text: '\n\n' }, ...input];
  step.add('logic.router', { routes, instructions: fixed ? instructions.map((part) => ('text' in part ? part.text : '')).join('').slice(0, 20_000) : '', text: templateOf(judged).slice(0, 20_000), modelId: modelNamed(config) });
  const model = modelNamed(config);
  if (model !== null) step.models.push(model);
  step.enter(node.id, 'input');
  for (const index of routes.keys()) step.exit(node.id, `route${index}`, String(index));
};

const human: Mapper = (node, step, context) => {
  const written = mentions(node, step, context, 'humanInputDescription');
  step.add('human.approval', { question: templateOf(written).slice(0, 10_000) || 'Shall this go on?' });
  if (textOf(node, 'humanInputDescriptionType') === 'dynamic') step.approximate('The question is fixed instead of written by a model.');
  step.approximate('A run that answers at once ends here and says what is to be decided.');
  step.enter(node.id, 'input');
  step.exit(node.id, 'approved', '0');
  step.exit(node.id, 'rejected', '1');
};

const retriever: Mapper = (node, step, context) => {
  const query = mentions(node, step, context, 'retrieverQuery');
  const asked = step.add('transform.template', { template: query.length === 0 ? '{{ input.text }}' : templateOf(query) }, 'asked', 'question');
  step.add('knowledge.retrieve', { topK: null });
  step.link(asked, 'text', node.id, 'query');
  step.approximate('It searches the buyer’s own knowledge instead of the documents that Flowise had stored.');
  step.mappedTo = 'knowledge.retrieve';
  step.enter(asked, 'input');
  step.exit(node.id, 'text');
};

const tool: Mapper = (node, step, context) => {
  const kind = textOf(node, 'toolAgentflowSelectedTool', 'selectedTool');
  const config = readRecord(node.inputs, 'toolAgentflowSelectedToolConfig') ?? {};
  const service = toolService(kind);
  if (service === undefined) return step.refuse(`The tool “${kind}” is not known here.`, 'A connector step, or code.');
  const given = Object.fromEntries(rowsOf(node, 'toolInputArgs').map((row) => [readText(row, 'inputArgName') ?? '', `{{ ${valueExpression(scalarText(read(row, 'inputArgValue') ?? ''), context, scopeOf(node, step))} }}`]));
  const { input, left } = toolInput(service, given);
  const account = accountOf(service);
  if (account !== null) step.connection(account.key, account.title);
  if (service.differs !== undefined) step.approximate(service.differs);
  if (left.length > 0) step.approximate(`Left out, because the action has no such field: ${left.slice(0, 10).join(', ')}.`);
  step.add(service.writes ? 'connector.action' : 'connector.query', { connector: service.connector, action: service.action, input: { ...(isRecord(config) ? {} : config), ...input } });
  step.enter(node.id, 'input');
  step.exit(node.id, 'text');
};

const reply: Mapper = (node, step, context) => {
  const parts = mentions(node, step, context, 'directReplyMessage');
  step.add('output.chat', {});
  const only = soleExpression(parts);
  const [way, ...more] = context.incoming(node.id);
  const source = way && context.node(way.source);
  // Straight from the step that says it, so that the words come as they are made.
  if (only !== null && more.length === 0 && source !== undefined && only === outputOf(source, [], context, node) && !isStructured(source)) return step.enter(node.id, 'input');
  const words = step.add('transform.template', { template: templateOf(parts) }, 'words', 'words');
  step.link(words, 'text', node.id, 'input');
  step.enter(words, 'input');
};

const iteration: Mapper = (node, step, context) => {
  const list = valueExpression(textOf(node, 'iterationInput'), context, scopeOf(node, step));
  const set = step.add('transform.set', { fields: [{ name: 'list', value: `{{ typeof ${list} == "string" ? (${list}.parseJson() ?? ${list}.lines()) : ${list} }}` }], keep: 'none', each: false }, 'list', 'list');
  const select = step.add('transform.select', { key: 'list' }, 'items', 'items');
  step.add('logic.for-each', {});
  step.mappedTo = 'logic.for-each';
  step.link(set, 'output', select, 'data');
  step.link(select, 'value', node.id, 'items');
  step.enter(set, 'input');
  step.exit(node.id, 'done');
  step.exit(node.id, 'item', 'inside');
};

const otherFlow: Mapper = (_node, step) => step.refuse('It runs another flow of the seller’s Flowise server, which is not in the file.', 'Import that flow as a product of its own, or put its steps into this one.');

const MAPPERS: Readonly<Record<string, Mapper>> = {
  startAgentflow: start, llmAgentflow: llm, agentAgentflow: agent, conditionAgentflow: condition, conditionAgentAgentflow: conditionAgent, humanInputAgentflow: human, retrieverAgentflow: retriever, toolAgentflow: tool, directReplyAgentflow: reply,
  iterationAgentflow: iteration, executeFlowAgentflow: otherFlow, httpAgentflow: mapHttp, loopAgentflow: (_node, step) => step.absorb('logic.while'),
  customFunctionAgentflow: (node, step, context) => mapFunction(node, step, context, { code: 'customFunctionJavascriptFunction', variables: 'customFunctionInputVariables' }),
};

const UPDATES = ['llmUpdateState', 'agentUpdateState', 'customFunctionUpdateState', 'httpUpdateState', 'retrieverUpdateState', 'toolUpdateState', 'executeFlowUpdateState', 'loopUpdateState', 'iterationUpdateState', 'conditionAgentUpdateState'];

/** Variables that a step sets when it is done. The run goes on after them. */
function addUpdates(node: RawNode, step: StepDraft, context: FlowiseContext): void {
  const rows = UPDATES.flatMap((name) => rowsOf(node, name)).slice(0, 100);
  const exit = step.exits.get('*');
  if (exit === undefined) return;
  let place = exit;
  for (const [index, row] of rows.entries()) {
    const key = (readText(row, 'key') ?? '').slice(0, 100);
    if (key === '') continue;
    context.variable(key);
    const id = step.add('transform.variable', { operation: 'set', name: key, value: `{{ ${valueExpression(scalarText(read(row, 'value') ?? ''), context, scopeOf(node, step))} }}` }, `set${index}`, key);
    step.link(place.node, place.port, id, 'input');
    place = { node: id, port: 'output' };
  }
  if (context.asksCount && /^(?:llm|agent)Agentflow$/.test(node.kind)) {
    context.variable(COUNT, 1);
    const id = step.add('transform.variable', { operation: 'set', name: COUNT, value: `{{ (${stateValue(COUNT)} ?? 1) + 1 }}` }, 'count', 'count');
    step.link(place.node, place.port, id, 'input');
    place = { node: id, port: 'output' };
  }
  if (place !== exit) step.exit(place.node, place.port);
}

/** The last steps of the run answer, each where nothing follows it. */
function answersOf(context: FlowiseContext, { ways }: { ways: readonly Way[] }): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  for (const node of context.flow.nodes) {
    const step = context.step(node.id);
    if (ways.some((way) => way.source === node.id) || node.parent !== null || /^(?:start|directReply|loop|condition|humanInput)/.test(node.kind)) continue;
    const place = step.nodes.some((one) => one.id === node.id && (one.type === 'model.chat' || one.type === 'agent.tools')) ? { node: node.id, port: step.nodes.some((one) => one.id === node.id && one.type === 'model.chat') ? 'text' : 'response' } : null;
    const id = `${node.id}:answer`;
    nodes.push({ id, type: 'output.chat', name: 'Answer', config: {} });
    // A step that cannot run here must keep the flow from counting as runnable.
    if (step.refusal !== null) edges.push({ source: node.id, sourcePort: 'output', target: id, targetPort: 'input' });
    else if (place !== null) edges.push({ source: place.node, sourcePort: place.port, target: id, targetPort: 'input' });
    else {
      const exit = step.exits.get('*');
      if (exit === undefined) continue;
      nodes.push({ id: `${node.id}:said`, type: 'transform.template', name: 'Words of the answer', config: { template: `{{ ${node.kind === 'iterationAgentflow' ? stepValue(node.id, 'items') : outputOf(node, [], context)} }}` } });
      edges.push({ source: exit.node, sourcePort: exit.port, target: `${node.id}:said`, targetPort: 'input' }, { source: `${node.id}:said`, sourcePort: 'text', target: id, targetPort: 'input' });
    }
  }
  return { nodes, edges };
}
