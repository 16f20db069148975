import { scalarText } from '../../nodes/values.ts';
import { isRecord, read, readFlag, readList, readNumber, readRecord, readText } from '../plain.ts';
import { fixedText, isFixed, stepValue, templateOf } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { addAgent, addModelCall, clampInt } from '../steps/model-step.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import { isStructured } from './dify-context.ts';
import type { DifyContext } from './dify-context.ts';
import { readJinja } from './jinja.ts';
import type { Mapper } from './mapper.ts';
import type { RawNode } from './read-dify.ts';
import { addAgentTool, isPlace } from './tools.ts';

/** The model a setting names, with the temperature it is asked at. */
export function modelOf(model: unknown): { modelId: string | null; temperature: number | null } {
  const name = readText(model, 'name') ?? readText(model, 'model');
  return { modelId: name === null || name === '' ? null : name.slice(0, 200), temperature: readNumber(readRecord(model, 'completion_params'), 'temperature') };
}

/** What stands for `{{#context#}}`: numbered passages of a search, or the text of another step. */
function contextOf(node: RawNode, step: StepDraft, context: DifyContext): string | null {
  const setting = readRecord(node.data, 'context');
  const selector = readList(setting, 'variable_selector');
  if (!readFlag(setting, 'enabled') || selector.length === 0) return null;
  const source = context.node(scalarText(selector[0]));
  return source?.type === 'knowledge-retrieval' ? stepValue(source.id, 'outputs', ['text']) : context.value(selector, step);
}

interface Message { role: string; parts: TextPart[] }

function messagesOf(node: RawNode, step: StepDraft, context: DifyContext): Message[] {
  const template = read(node.data, 'prompt_template');
  const rows = Array.isArray(template) ? template.slice(0, 100) : isRecord(template) ? [{ role: 'user', ...template }] : [];
  const found = contextOf(node, step, context);
  const variables = new Map(readList(readRecord(node.data, 'prompt_config'), 'jinja2_variables').map((one) => [readText(one, 'variable') ?? '', context.value(read(one, 'value_selector'), step)]));
  return rows.map((row) => {
    const role = readText(row, 'role') ?? 'user';
    if (readText(row, 'edition_type') !== 'jinja2') return { role, parts: context.parts(readText(row, 'text') ?? '', step, found) };
    const read = readJinja(readText(row, 'jinja2_text') ?? readText(row, 'text') ?? '', variables);
    if ('parts' in read) return { role, parts: read.parts };
    step.approximate(`A template of its prompt is left as it is written: ${read.problem}.`);
    return { role, parts: [{ text: readText(row, 'jinja2_text') ?? '' }] };
  });
}

export const mapLlm: Mapper = (node, step, context) => {
  const rows = messagesOf(node, step, context).filter(({ parts }) => parts.length > 0);
  const memory = readRecord(node.data, 'memory');
  const window = readRecord(memory, 'window');
  const query = context.parts(readText(memory, 'query_prompt_template') ?? (memory === null ? '' : '{{#sys.query#}}'), step, contextOf(node, step, context));
  const all: Message[] = query.length > 0 && context.isChat ? [...rows, { role: 'user', parts: query }] : rows;
  const systems = all.filter(({ role }) => role === 'system');
  const others = all.filter(({ role }) => role !== 'system');
  const last = others.at(-1);
  const endsWithUser = last !== undefined && last.role !== 'assistant';
  const joined = systems.flatMap(({ parts }, index): TextPart[] => (index === 0 ? parts : [{ text: '\n\n' }, ...parts]));
  // Instructions alone are what the model is asked.
  const alone = others.length === 0;
  const remembered = !context.isChat || memory === null ? 0 : readFlag(window, 'enabled') ? clampInt((readNumber(window, 'size') ?? 10) * 2, 0, 1_000) : 100;
  const isAnswer = context.isAnswer(node) && node.parent === null;
  const ask: ModelAsk = {
    ...modelOf(read(node.data, 'model')), system: alone ? [] : joined, prompt: endsWithUser ? last.parts : alone ? joined : [{ expression: 'input.text' }],
    messages: (endsWithUser ? others.slice(0, -1) : others).map(({ role, parts }) => ({ role: role === 'assistant' ? 'assistant' as const : 'user' as const, parts })),
    schema: isStructured(node) ? readRecord(readRecord(node.data, 'structured_output'), 'schema') : null, memoryMessages: remembered, isAnswer,
  };
  addModelCall(step, ask);
  if (isAnswer && context.isChat && remembered === 0) step.approximate('It sees the conversation so far, which it does not in Dify.');
};

const EXTRACTED: Readonly<Record<string, unknown>> = {
  string: { type: 'string' }, number: { type: 'number' }, bool: { type: 'boolean' }, boolean: { type: 'boolean' }, 'array[string]': { type: 'array', items: { type: 'string' } }, 'array[number]': { type: 'array', items: { type: 'number' } },
  'array[object]': { type: 'array', items: { type: 'object' } }, 'array[boolean]': { type: 'array', items: { type: 'boolean' } },
};

export const mapExtractor: Mapper = (node, step, context) => {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const row of readList(node.data, 'parameters').slice(0, 100)) {
    const name = readText(row, 'name') ?? '';
    if (name === '' || name === '__proto__') continue;
    const options = readList(row, 'options').filter((one) => typeof one === 'string');
    const base = readText(row, 'type') === 'select' && options.length > 0 ? { type: 'string', enum: options } : EXTRACTED[readText(row, 'type') ?? ''] ?? { type: 'string' };
    properties[name] = { ...(isRecord(base) ? base : {}), description: readText(row, 'description') ?? '' };
    if (readFlag(row, 'required')) required.push(name);
  }
  const instruction = context.parts(readText(node.data, 'instruction') ?? '', step);
  addModelCall(step, {
    ...modelOf(read(node.data, 'model')), system: [{ text: 'Extract these values from the text.\n' }, ...instruction], messages: [], prompt: [{ expression: context.value(read(node.data, 'query'), step) }],
    schema: { type: 'object', properties, required }, memoryMessages: 0, isAnswer: false,
  });
};

export const mapClassifier: Mapper = (node, step, context) => {
  const classes = readList(node.data, 'classes').slice(0, 50);
  const instructions = context.parts(readText(node.data, 'instruction') || readText(node.data, 'instructions') || '', step);
  const asked: TextPart = { expression: context.value(read(node.data, 'query_variable_selector'), step) };
  const fixed = isFixed(instructions);
  const names = classes.map((one) => context.parts(readText(one, 'name') ?? '', step));
  if (names.some((parts) => !isFixed(parts))) step.approximate('Names of ways that are worked out are left out.');
  const { modelId } = modelOf(read(node.data, 'model'));
  step.add('logic.router', {
    routes: names.map((parts) => ({ name: fixedText(parts).slice(0, 100), description: fixedText(parts).slice(100, 2_000) })), instructions: fixed ? fixedText(instructions).slice(0, 20_000) : '',
    text: templateOf(fixed ? [asked] : [...instructions, { text: '\n\n' }, asked]), modelId,
  });
  if (modelId !== null) step.models.push(modelId);
  step.enter(node.id, 'input');
  for (const [index, one] of classes.entries()) step.exit(node.id, `route${index}`, scalarText(read(one, 'id')));
  const [first] = classes;
  // What the model cannot place goes the first way.
  if (first !== undefined) step.exit(node.id, 'default', `${scalarText(read(first, 'id'))}\ndefault`);
};

export const mapAgentNode: Mapper = (node, step, context) => {
  const parameters = readRecord(node.data, 'agent_parameters');
  const setting = (name: string): unknown => { const found = read(parameters, name); return isRecord(found) && Object.hasOwn(found, 'value') ? found['value'] : found; };
  const words = (name: string): TextPart[] => { const found = setting(name); return Array.isArray(found) ? [{ expression: context.value(found, step) }] : context.parts(scalarText(found), step); };
  const tools: Place[] = [];
  const listed = setting('tools');
  for (const [index, tool] of (Array.isArray(listed) ? listed.slice(0, 64) : []).entries()) {
    if (read(tool, 'enabled') === false) continue;
    const found = addAgentTool(step, tool, `tool${index}`);
    if (isPlace(found)) tools.push(found);
    else step.approximate(`The agent answers without one of its tools: ${found.reason}`);
  }
  const server = scalarText(setting('mcp_server') ?? setting('mcp_servers_config') ?? setting('mcp_servers') ?? '');
  if (server !== '') {
    step.mcpServers.push(/https?:\/\/[^\s"'?#]{1,150}/.exec(server)?.[0] ?? 'MCP server');
    step.approximate('Tools of its MCP server are not in the file. Import the server by itself and choose its tools.');
  }
  const query = words('query');
  addAgent(step, {
    ...modelOf(setting('model')), system: words('instruction'), messages: [], prompt: query.length === 0 ? [{ expression: 'input.text' }] : query, schema: null, memoryMessages: readRecord(node.data, 'memory') === null ? 0 : 100, isAnswer: context.isAnswer(node),
  }, tools, clampInt(Number(setting('maximum_iterations')) || 10, 1, 50));
};
