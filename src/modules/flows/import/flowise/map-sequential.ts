import { scalarText } from '../../nodes/values.ts';
import { isRecord, read, readText } from '../plain.ts';
import { quoted, templateOf } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { addAgent, addModelCall, addSystem, clampInt } from '../steps/model-step.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import type { StepDraft } from '../steps/step-draft.ts';
import { toolName } from '../steps/tool-services.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { flagOf, numberOf, parsed, rowsOf, textOf } from './flowise-context.ts';
import { absorbLenders } from './lenders.ts';
import { addCaptures, placeLoops } from './loops.ts';
import type { LoopOf } from './loops.ts';
import type { MappedFlow } from './map-agentflow.ts';
import { mapToolNode, toolsOf } from './map-chatflow.ts';
import { mapFunction } from './map-function.ts';
import { borrowedModel, schemaOfRows } from './prompts.ts';
import type { RawNode } from './read-flowise.ts';
import { isStructured, outputOf, promptValues, readPrompt, said, speakersBefore, valueExpression } from './texts.ts';

type Mapper = (node: RawNode, step: StepDraft, context: FlowiseContext) => void;

const isWay = (edge: { input: string }): boolean => edge.input === 'sequentialNode' || edge.input === 'llmNode' || edge.input === 'agentNode';

/** Maps agentflows of the first version: sequential agents, or a supervisor with workers. */
export function mapSequential(context: FlowiseContext): MappedFlow {
  const byName = new Map(context.flow.nodes.map((node) => [nameOf(node).toLowerCase(), node.id]));
  const loopOf: LoopOf = (node) => (node.kind === 'seqLoop' ? { to: byName.get(textOf(node, 'loopToName').toLowerCase()) ?? '', times: 10 } : null);
  context.setLoops(context.flow.nodes.flatMap((node) => { const loop = loopOf(node); return loop === null ? [] : [{ back: node.id, to: loop.to }]; }), isWay);
  for (const node of context.flow.nodes) if (node.category.startsWith('Tools') || node.category === 'MCP') mapToolNode(node, context);
  for (const node of context.flow.nodes) {
    const mapper = Object.hasOwn(MAPPERS, node.kind) ? MAPPERS[node.kind] : undefined;
    if (mapper) mapper(node, context.step(node.id), context);
    else if (/^(?:Sequential|Multi) Agents$/.test(node.category)) context.step(node.id).refuse(`The step “${node.label}” (${node.kind}) is not known here.`);
  }
  absorbLenders(context);
  const ways = context.flow.edges.filter(isWay).map((edge) => ({ source: edge.source, exit: (context.node(edge.source)?.kind ?? '').startsWith('seqCondition') ? edge.output.toLowerCase() : '*', target: edge.target }));
  addCaptures(context);
  const looped = placeLoops(context, ways, loopOf);
  return { ...looped, start: context.flow.nodes.find((node) => node.kind === 'seqStart' || node.kind === 'supervisor')?.id ?? null };
}

const nameOf = (node: RawNode): string => textOf(node, 'agentName', 'llmNodeName', 'toolNodeName', 'conditionAgentName', 'conditionName', 'workerName', 'supervisorName') || node.label;

const start: Mapper = (node, step, context) => {
  step.add('input.chat', {});
  step.exit(node.id, 'message');
  const keeps = context.attached(node, 'agentMemory').length > 0;
  for (const state of context.attached(node, 'state')) {
    for (const row of rowsOf(state, 'stateMemoryUI')) {
      const key = readText(row, 'key');
      if (key === null || key === '') continue;
      const adds = readText(row, 'type') === 'Append';
      context.state.set(key.slice(0, 100), { name: key.slice(0, 100), initial: read(row, 'defaultValue') || (adds ? [] : ''), scope: keeps ? 'conversation' : 'run' });
    }
    context.step(state.id).absorb('transform.variable', textOf(state, 'stateMemoryCode') === '' || textOf(state, 'stateMemory') !== 'stateMemoryCode' ? null : 'Variables that its code declares begin empty.');
  }
  for (const memory of context.attached(node, 'agentMemory')) context.step(memory.id).absorb('memory.history');
};

/** The model of a step, or of the start where it has none of its own. */
function modelOf(node: RawNode, context: FlowiseContext): { modelId: string | null; temperature: number | null } {
  const own = borrowedModel(node, context);
  if (context.attached(node, 'model').length > 0) return own;
  const first = context.flow.nodes.find((one) => one.kind === 'seqStart' || one.kind === 'supervisor');
  return first === undefined ? own : borrowedModel(first, context);
}

function askOf(node: RawNode, step: StepDraft, context: FlowiseContext): ModelAsk {
  const values = promptValues(node, context, { own: node, problem: (words) => step.approximate(words) });
  const human = textOf(node, 'humanMessagePrompt', 'agentMessagePrompt');
  const written = human === '' ? [] : readPrompt(human, values, 'input.text');
  const earlier = speakersBefore(node, context, isWay);
  const question: TextPart = { expression: 'input.text' };
  const spoken = earlier.map((one): TextPart => ({ expression: said(one, nameOf(one), context, node) }));
  if (earlier.length > 0) step.approximate('What earlier agents of this run said comes with the question, instead of as messages of their own.');
  const asksItself = written.some((part) => 'expression' in part && part.expression === '(input.text)') || written.some((part) => 'expression' in part && part.expression === 'input.text');
  const structured = node.kind === 'seqConditionAgent' ? rowsOf(node, 'conditionAgentStructuredOutput') : rowsOf(node, 'llmStructuredOutput');
  const first = context.flow.nodes.find((one) => one.kind === 'seqStart');
  return {
    ...modelOf(node, context), system: readPrompt(textOf(node, 'systemMessagePrompt'), values, 'input.text'), messages: [], schema: structured.length > 0 ? schemaOfRows(structured) : null,
    prompt: [...(asksItself ? [] : [question]), ...spoken, ...(written.length === 0 ? [] : [{ text: asksItself && spoken.length === 0 ? '' : '\n\n' }, ...written])],
    memoryMessages: first !== undefined && context.attached(first, 'agentMemory').length > 0 ? 100 : 0,
    isAnswer: context.outgoing(node.id).every((edge) => context.node(edge.target)?.kind === 'seqEnd'),
  };
}

const agent: Mapper = (node, step, context) => {
  const iterations = numberOf(node, 'maxIterations');
  addAgent(step, askOf(node, step, context), toolsOf(node, context), iterations === null ? 10 : clampInt(iterations, 1, 50));
  if (flagOf(node, 'interrupt')) step.approximate('Nobody is asked before the agent uses its tools.');
  addUpdates(node, step, context);
};

/** A model whose tools a tool node runs becomes an agent that runs them itself. */
const llm: Mapper = (node, step, context) => {
  const runner = context.outgoing(node.id).map((edge) => context.node(edge.target)).find((one) => one?.kind === 'seqToolNode');
  if (runner === undefined) addModelCall(step, askOf(node, step, context));
  else addAgent(step, askOf(node, step, context), toolsOf(runner, context), 10);
  addUpdates(node, step, context);
};

const toolNode: Mapper = (node, step, context) => {
  step.add('logic.pass', {});
  step.enter(node.id, 'input');
  step.exit(node.id, 'output');
  step.approximate('The model before it calls the tools itself; this step hands on what it said.');
  addUpdates(node, step, context);
};

const OPERATIONS: Readonly<Record<string, string>> = {
  is: 'equals', 'is not': 'not equals', contains: 'contains', 'not contains': 'not contains', 'starts with': 'starts with', 'ends with': 'ends with', 'is empty': 'empty', 'is not empty': 'not empty',
  'greater than': 'greater', 'less than': 'less', 'greater than or equal to': 'greater or equal', 'less than or equal to': 'less or equal', 'equal to': 'equals', 'not equal to': 'not equals',
};

/** Ways out by their names; what fits none goes to the end. */
function addCases(node: RawNode, step: StepDraft, context: FlowiseContext, id: string): boolean {
  const rows = rowsOf(node, 'conditionUI').slice(0, 50);
  if (rows.length === 0) return false;
  const cases = rows.map((row) => {
    const operation = (readText(row, 'operation') ?? 'is').toLowerCase();
    if (!Object.hasOwn(OPERATIONS, operation)) step.approximate(`The comparison “${operation}” is not known here; it compares for equality.`);
    const left = valueExpression(readText(row, 'variable') ?? '', context, { own: node, problem: (words) => step.approximate(words) });
    return { name: (readText(row, 'output') ?? '').slice(0, 100), conditions: { combine: 'and', conditions: [{ left: `{{ ${left} }}`, operator: OPERATIONS[operation] ?? 'equals', right: scalarText(read(row, 'value') ?? '').replaceAll('{{', '{ {'), caseSensitive: false }] } };
  });
  step.add('logic.switch', { cases }, id === node.id ? '' : 'ways', 'ways');
  for (const [index, { name }] of cases.entries()) step.exit(id, `case${index}`, name.toLowerCase().replace(/\s+/g, ''));
  for (const [index, { name }] of cases.entries()) step.exit(id, `case${index}`, name.toLowerCase());
  step.exit(id, 'default', 'end');
  return true;
}

const condition: Mapper = (node, step, context) => {
  if (!addCases(node, step, context, node.id)) return step.refuse('Its condition is written as code.', 'A switch with conditions.');
  step.enter(node.id, 'input');
};

const conditionAgent: Mapper = (node, step, context) => {
  if (!isStructured(node)) return step.refuse('It decides by code over what a model said.', 'A router, which lets a model choose the way.');
  addModelCall(step, askOf(node, step, context));
  step.exits.clear();
  // What goes on is what was said before, not the judgement about it.
  const [speaker] = speakersBefore(node, context, isWay).toReversed();
  const passed = step.add('transform.template', { template: `{{ ${speaker === undefined ? 'input.text' : outputOf(speaker, [], context, node)} }}` }, 'passed', 'passed on');
  step.link(node.id, 'text', passed, 'input');
  step.link(passed, 'text', step.idOf('ways'), 'input');
  if (!addCases(node, step, context, step.idOf('ways'))) step.refuse('Its condition is written as code.', 'A router, which lets a model choose the way.');
};

const end: Mapper = (node, step) => {
  step.add('output.chat', {});
  step.enter(node.id, 'input');
};

/** A supervisor asks its workers as tools. */
const supervisor: Mapper = (node, step, context) => {
  const workers = context.flow.nodes.filter((one) => one.kind === 'worker' && context.attached(one, 'supervisor').some((boss) => boss.id === node.id));
  const members = workers.map((worker) => toolName(nameOf(worker), 'worker')).join(', ');
  const prompt = readPrompt(textOf(node, 'supervisorPrompt'), new Map([['team_members', quoted(members)]]), null);
  const start = step.add('input.chat', {}, 'message', 'message');
  addAgent(step, { ...borrowedModel(node, context), temperature: null, system: prompt.map((part) => ('expression' in part && part.expression === quoted(members) ? { text: members } : part)), messages: [], prompt: [{ expression: 'input.text' }], schema: null, memoryMessages: 100, isAnswer: true }, workers.map((worker) => ({ node: worker.id, port: 'tool' })), clampInt(numberOf(node, 'recursionLimit') ?? 20, 1, 50));
  step.mappedTo = 'agent.tools';
  const [entry] = step.entries;
  if (entry) step.link(start, 'message', entry.node, entry.port);
  const answer = step.add('output.chat', {}, 'answer', 'answer');
  step.link(node.id, 'response', answer, 'input');
  step.approximate('It asks its workers as tools and answers itself, instead of letting them speak in turn.');
};

const worker: Mapper = (node, step, context) => {
  const values = promptValues(node, context, { own: node, problem: (words) => step.approximate(words) });
  const prompt = readPrompt(textOf(node, 'workerPrompt'), values, null);
  const fixed = prompt.map((part): TextPart => ('expression' in part && /^\("(?:[^"\\]|\\.)*"\)$|^"(?:[^"\\]|\\.)*"$/.test(part.expression) ? { text: scalarText(parsed(part.expression.replace(/^\(|\)$/g, '')) ?? '') } : part));
  const isFixed = fixed.every((part) => 'text' in part);
  const { modelId } = modelOf(node, context);
  const words = isFixed ? fixed.map((part) => ('text' in part ? part.text : '')).join('') : '';
  step.add('agent.tool', { name: toolName(nameOf(node), 'worker'), description: templateOf(fixed).replace(/\{\{[^{}]*\}\}/g, '').slice(0, 500), modelId, system: words, iterationsMax: clampInt(numberOf(node, 'maxIterations') ?? 10, 1, 50) });
  addSystem(step, fixed, node.id);
  for (const tool of toolsOf(node, context)) step.link(tool.node, tool.port, node.id, 'tools');
};

function addUpdates(node: RawNode, step: StepDraft, context: FlowiseContext): void {
  const mode = textOf(node, `selectedUpdateStateMemoryTab_${node.id}`) || textOf(node, 'updateStateMemory');
  if (mode === 'updateStateMemoryCode' && textOf(node, 'updateStateMemoryCode') !== '') {
    step.carries('javascript', textOf(node, 'updateStateMemoryCode'));
    step.approximate('Its code that sets variables is not run.');
    return;
  }
  const given = parsed(read(node.inputs, 'updateStateMemoryUI'));
  const exit = step.exits.get('*');
  if (!Array.isArray(given) || exit === undefined || step.refusal !== null) return;
  let place = exit;
  for (const [index, row] of given.slice(0, 100).entries()) {
    const key = isRecord(row) ? (readText(row, 'key') ?? '').slice(0, 100) : '';
    if (key === '') continue;
    context.variable(key);
    const adds = Array.isArray(context.state.get(key)?.initial);
    const id = step.add('transform.variable', { operation: adds ? 'append' : 'set', name: key, value: `{{ ${valueExpression(scalarText(read(row, 'value') ?? ''), context, { own: node })} }}` }, `set${index}`, key);
    step.link(place.node, place.port, id, 'input');
    place = { node: id, port: 'output' };
  }
  if (place !== exit) step.exit(place.node, place.port);
}

const MAPPERS: Readonly<Record<string, Mapper>> = {
  seqStart: start, seqAgent: agent, seqLLMNode: llm, seqToolNode: toolNode, seqCondition: condition, seqConditionAgent: conditionAgent, seqEnd: end, seqLoop: (_node, step) => step.absorb('logic.while'), supervisor, worker,
  seqState: (_node, step) => { if (step.mappedTo === null) step.absorb('transform.variable'); },
  seqExecuteFlow: (_node, step) => step.refuse('It runs another flow of the seller’s Flowise server, which is not in the file.', 'Import that flow as a product of its own, or put its steps into this one.'),
  seqCustomFunction: (node, step, context) => mapFunction(node, step, context, { code: 'javascriptFunction', variables: 'functionInputVariables' }),
  customFunction: (node, step, context) => mapFunction(node, step, context, { code: 'javascriptFunction', variables: 'functionInputVariables' }),
};
