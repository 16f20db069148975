import { readText } from '../plain.ts';
import { flagField, listField, numberField, textField } from './graph.ts';
import { mapped, MODEL_FIELDS, unsupported, usedAsTool } from './mapping.ts';
import type { Companion, Mapper, MappingContext } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';
import { tableName } from './store-names.ts';

/** The model a node names, in any of Langflow's ways; null when it names none and the product's default serves. */
function modelNamed(node: RawNode): string | null {
  const picked = listField(node, 'model').map((entry) => readText(entry, 'name')).find((name) => name !== null && name !== '');
  const name = picked ?? textField(node, 'model_name', 'model_id', 'model', 'azure_deployment', 'deployment_name');
  return name === '' ? null : name.slice(0, 200);
}

/** The model of a node that may borrow it from another node. */
export const modelFor = (node: RawNode, { graph }: MappingContext): string | null => {
  const lender = graph.wiredTo(node.id, MODEL_FIELDS);
  return lender === undefined ? modelNamed(node) : modelNamed(lender);
};

const borrowed = Object.fromEntries(MODEL_FIELDS.map((field) => [field, null]));

/** Models of every provider: Langflow has one component each, we have one node and a catalogue. */
export const mapChatModel: Mapper = (node, context) => {
  const outgoing = context.graph.outgoing(node.id);
  const lendsItself = outgoing.length > 0 && outgoing.every((edge) => edge.output === 'model_output' || (edge.field !== null && MODEL_FIELDS.includes(edge.field)));
  if (lendsItself) return { kind: 'absorbed', mappedTo: 'model.chat', support: 'supported', reason: null };
  if (usedAsTool(node, context.graph)) return unsupported('A model as a tool of an agent is not supported yet. Closest: give the agent that model.');
  return mapped('model.chat', {
    config: { modelId: modelFor(node, context), system: textField(node, 'system_message'), temperature: temperatureOf(node) },
    inputs: { input_value: 'input', system_message: 'system', ...borrowed },
    outputs: { text_output: 'text', text_response: 'text', text: 'text', message: 'text' },
    output: 'text',
    constants: ['input_value'],
    parameters: [
      { field: 'system_message', path: 'system', kind: 'long-text', always: textField(node, 'system_message') !== '' },
      { field: 'temperature', path: 'temperature', kind: 'number' },
    ],
  });
};

/** `LLMChain` and `ConversationChain` of the files before 1.0: a prompt and a model in one. */
export const mapChain: Mapper = (node, context) =>
  mapped('model.chat', {
    config: { modelId: modelFor(node, context), system: '', temperature: lentTemperature(node, context) },
    inputs: { prompt: 'input', inputs: 'input', input: 'input', input_value: 'input', memory: null, ...borrowed },
    output: 'text',
    constants: ['inputs', 'input_value'],
    approximated: 'A chain of Langflow before 1.0. It became a plain model call; check its answers before you publish.',
  });

const lentTemperature = (node: RawNode, { graph }: MappingContext): number | null => {
  const lender = graph.wiredTo(node.id, MODEL_FIELDS);
  return lender === undefined ? null : temperatureOf(lender);
};

const temperatureOf = (node: RawNode): number | null => {
  const temperature = numberField(node, 'temperature');
  return temperature === null ? null : Math.min(2, Math.max(0, temperature));
};

const ITERATIONS_MAX = 50;
const MEMORY_MESSAGES_MAX = 1000;

/** An agent that another agent may give tasks to. */
const mapAgentTool: Mapper = (node, context) => {
  const iterations = numberField(node, 'max_iterations');
  return mapped('agent.tool', {
    config: {
      name: (node.title.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'agent').slice(0, 64), description: (textField(node, 'agent_description', 'description') || node.title).slice(0, 2_000),
      modelId: modelFor(node, context), system: textField(node, 'system_prompt'), placeholders: true, ...(iterations === null ? {} : { iterationsMax: clampInt(iterations, 1, ITERATIONS_MAX) }),
    },
    inputs: { tools: 'tools', system_prompt: 'system', input_value: null, memory: null, chat_history: null, session_id: null, ...borrowed },
    output: 'tool',
    parameters: [{ field: 'system_prompt', path: 'system', kind: 'long-text' }],
  });
};

/** The agent with its own model, and the tool-calling agents of 1.0 that borrow one. */
export const mapAgent: Mapper = (node, context) => {
  if (usedAsTool(node, context.graph)) return mapAgentTool(node, context);
  const structured = context.graph.outgoing(node.id).some((edge) => edge.output === 'structured_response');
  const iterations = numberField(node, 'max_iterations');
  const messages = numberField(node, 'n_messages');
  return mapped('agent.tools', {
    config: {
      modelId: modelFor(node, context),
      system: textField(node, 'system_prompt'),
      placeholders: true,
      ...(iterations === null ? {} : { iterationsMax: clampInt(iterations, 1, ITERATIONS_MAX) }),
      ...(messages === null ? {} : { memoryMessages: clampInt(messages, 0, MEMORY_MESSAGES_MAX) }),
    },
    inputs: { input_value: 'input', system_prompt: 'system', tools: 'tools', memory: null, chat_history: null, session_id: null, ...borrowed },
    outputs: { response: 'response', structured_response: 'response' },
    output: 'response',
    constants: ['input_value'],
    companions: builtInTools(node, context),
    parameters: [{ field: 'system_prompt', path: 'system', kind: 'long-text', always: true }],
    approximated: structured ? 'The agent answers as text; its output schema is not enforced. Closest: a structured output step after it.' : null,
  });
};

/** Agents from 1.1 on bring their own clock and, from 1.10 on, a calculator. */
function builtInTools(node: RawNode, { graph }: MappingContext): Companion[] {
  const feeds = { from: 'tool', to: 'tools' };
  const wired = graph.incoming(node.id).filter((edge) => edge.field === 'tools').map((edge) => tableName(graph.node(edge.source)?.type ?? ''));
  const tools: Companion[] = [];
  if (flagField(node, 'add_current_date_tool') && !wired.some((name) => name.includes('currentdate'))) tools.push({ suffix: 'current-date', type: 'tool.current-date', name: 'Current date', config: { timezone: 'UTC' }, feeds });
  if (flagField(node, 'add_calculator_tool') && !wired.some((name) => name.startsWith('calculator'))) tools.push({ suffix: 'calculator', type: 'tool.calculator', name: 'Calculator', config: {}, feeds });
  return tools;
}

/** `AgentInitializer` of the files before 1.0 and the agent kinds that differ from ours in how they call tools. */
export const mapOlderAgent: Mapper = (node, context) => {
  const agent = mapAgent(node, context);
  if (agent.kind !== 'node') return agent;
  const reason = 'An older kind of agent. It became our tool-calling agent, which may take other steps to the answer.';
  return { ...agent, support: 'approximated', reason };
};

const EMBEDDING_REASON = 'Documents are indexed by the platform’s own embedding model. Uploads of the buyer are indexed again; nothing of the old index is needed.';

export const mapEmbedding: Mapper = (node, context) => {
  const feedsIngestion = context.graph.outgoing(node.id).some((edge) => context.ingesting.has(edge.target));
  if (!feedsIngestion) return { kind: 'absorbed', mappedTo: 'model.embedding', support: 'approximated', reason: EMBEDDING_REASON };
  return mapped('model.embedding', { config: { modelId: modelNamed(node) }, output: 'embedding', approximated: EMBEDDING_REASON });
};

/** Asks a model for JSON of a given shape. */
export const mapStructuredOutput: Mapper = (node, context) =>
  mapped('transform.structured-output', {
    config: {
      schema: schemaOfRows(listField(node, 'output_schema'), flagField(node, 'multiple')),
      instructions: textField(node, 'system_prompt'),
      modelId: modelFor(node, context),
    },
    inputs: { input_value: 'input', ...borrowed },
    output: 'json',
    constants: ['input_value'],
    parameters: [{ field: 'system_prompt', path: 'instructions', kind: 'long-text' }],
  });

const JSON_TYPES: Readonly<Record<string, string>> = {
  str: 'string', text: 'string', string: 'string', message: 'string', int: 'integer', integer: 'integer', float: 'number', number: 'number',
  bool: 'boolean', boolean: 'boolean', dict: 'object', data: 'object', json: 'object', object: 'object',
};

/** Langflow's schema table as JSON Schema. */
function schemaOfRows(rows: readonly unknown[], many: boolean): Record<string, unknown> {
  const properties = new Map<string, unknown>();
  for (const row of rows.slice(0, 200)) {
    const name = readText(row, 'name');
    if (name === null || name === '') continue;
    const type = (readText(row, 'type') ?? 'str').toLowerCase();
    const item = { type: type === 'list' ? 'string' : (JSON_TYPES[type] ?? 'string') };
    const list = type === 'list' || isTrue(row, 'multiple') || isTrue(row, 'as_list');
    const description = readText(row, 'description');
    properties.set(name, { ...(list ? { type: 'array', items: item } : item), ...(description ? { description } : {}) });
  }
  const object = { type: 'object', properties: Object.fromEntries(properties), required: [...properties.keys()], additionalProperties: false };
  return many ? { type: 'array', items: object } : object;
}

/** Tables keep flags as true, "True" or "true". */
const isTrue = (row: unknown, key: string): boolean => {
  const value = typeof row === 'object' && row !== null && key in row ? Reflect.get(row, key) : false;
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
};

const clampInt = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.round(value)));
