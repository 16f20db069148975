import { scalarText } from '../../nodes/values.ts';
import { isRecord, read } from '../plain.ts';
import { literalSchema } from './schemas.ts';
import { stepValue } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { modelNamed, numberOf, parsed, rowsOf, temperatureOf, textOf } from './flowise-context.ts';
import type { RawNode } from './read-flowise.ts';
import { promptValues, readPrompt } from './texts.ts';

/** The model a node borrows, or names itself. */
export function borrowedModel(node: RawNode, context: FlowiseContext, input = 'model'): { modelId: string | null; temperature: number | null } {
  const [lender] = context.attached(node, input);
  return lender === undefined ? { modelId: modelNamed(node.inputs), temperature: null } : { modelId: modelNamed(lender.inputs), temperature: temperatureOf(lender.inputs) };
}

/** How many messages of the conversation a connected memory keeps; 0 without one. */
export function memoryOf(node: RawNode, context: FlowiseContext): number {
  const [memory] = context.attached(node, 'memory');
  if (memory === undefined) return 0;
  const turns = numberOf(memory, 'k', 'windowSize');
  return turns === null ? 100 : Math.min(1_000, Math.max(0, Math.round(turns) * 2));
}

/** What is asked by the prompt that a chain borrows. */
export function borrowedPrompt(node: RawNode, context: FlowiseContext): Pick<ModelAsk, 'system' | 'messages' | 'prompt'> {
  const [prompt] = context.attached(node, 'prompt');
  const question: TextPart[] = [{ expression: 'input.text' }];
  if (prompt === undefined) return { system: textOf(node, 'systemMessagePrompt', 'systemMessage') === '' ? [] : [{ text: textOf(node, 'systemMessagePrompt', 'systemMessage') }], messages: [], prompt: question };
  const step = context.step(prompt.id);
  step.absorb('transform.template');
  const values = promptValues(prompt, context, { problem: (words) => step.approximate(words) });
  const fill = (text: string): TextPart[] => readPrompt(text, values, 'input.text');
  if (prompt.kind === 'chatPromptTemplate') {
    const human = textOf(prompt, 'humanMessagePrompt');
    return { system: fill(textOf(prompt, 'systemMessagePrompt')), messages: [], prompt: human === '' ? question : fill(human) };
  }
  if (prompt.kind === 'fewShotPromptTemplate') return { system: fill(textOf(prompt, 'prefix')), messages: examples(prompt, context), prompt: fill(textOf(prompt, 'suffix')) };
  const template = textOf(prompt, 'template');
  return { system: [], messages: [], prompt: template === '' ? question : fill(template) };
}

/** Examples of a prompt as one message of the instructions each. */
function examples(prompt: RawNode, context: FlowiseContext): ModelAsk['messages'] {
  const [shape] = context.attached(prompt, 'examplePrompt');
  const template = shape === undefined ? '' : textOf(shape, 'template');
  if (shape !== undefined) context.step(shape.id).absorb('transform.template');
  return rowsOf(prompt, 'examples').slice(0, 50).map((row) => ({ role: 'system' as const, parts: readPrompt(template, valuesOf(row), null) }));
}

const valuesOf = (row: unknown): Map<string, string> => new Map(isRecord(row) ? Object.entries(row).map(([name, value]) => [name, JSON.stringify(scalarText(value))]) : []);

/** The form that an output parser asks for; null without one, or with one that only splits the text. */
export function borrowedSchema(node: RawNode, context: FlowiseContext): Record<string, unknown> | null {
  const [parser] = context.attached(node, 'outputParser');
  if (parser === undefined) return null;
  const step = context.step(parser.id);
  if (parser.kind === 'csvOutputParser' || parser.kind === 'customListOutputParser') {
    step.absorb('agent.each');
    return { type: 'object', properties: { list: { type: 'array', items: { type: 'string' } } }, required: ['list'] };
  }
  if (parser.kind === 'structuredOutputParser') {
    step.absorb('agent.each');
    const rows = rowsOf(parser, 'jsonStructure');
    return schemaOfRows(rows, 'property');
  }
  const schema = literalSchema(textOf(parser, 'exampleJson'));
  step.absorb('agent.each', schema === null ? 'The form of its answer is written as code that cannot be read here; the model is asked for any JSON.' : null);
  return schema === null ? { type: ['object', 'array'] } : schema;
}

const TYPES: Readonly<Record<string, Record<string, unknown>>> = {
  string: { type: 'string' }, text: { type: 'string' }, number: { type: 'number' }, boolean: { type: 'boolean' }, stringarray: { type: 'array', items: { type: 'string' } }, 'string array': { type: 'array', items: { type: 'string' } },
  jsonarray: { type: 'array', items: { type: 'object' } }, 'json array': { type: 'array', items: { type: 'object' } }, json: { type: 'object' }, date: { type: 'string' },
};

/** Flowise's table of fields as JSON Schema. */
export function schemaOfRows(rows: readonly unknown[], key = 'key'): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const row of rows.slice(0, 100)) {
    const name = read(row, key);
    if (typeof name !== 'string' || name === '' || name === '__proto__') continue;
    const type = scalarText(read(row, 'type') ?? 'string').toLowerCase();
    const description = read(row, 'description');
    const choices = scalarText(read(row, 'enumValues') ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '').slice(0, 100);
    const base = type === 'enum' && choices.length > 0 ? { type: 'string', enum: choices } : TYPES[type] ?? { type: 'string' };
    const inner = parsed(read(row, 'jsonSchema'));
    if (/^json ?array$/.test(type) && isRecord(inner)) properties[name] = { type: 'array', items: { type: 'object', properties: Object.fromEntries(Object.entries(inner).slice(0, 100).map(([key, one]) => [key, { ...TYPES[scalarText(read(one, 'type'))] ?? { type: 'string' }, description: scalarText(read(one, 'description')) }])), required: Object.keys(inner).slice(0, 100) } };
    else properties[name] = typeof description === 'string' && description !== '' ? { ...base, description } : base;
  }
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** The words of passages that were found, in the model's instructions. */
export const passagesOf = (id: string): string => stepValue(id, 'outputs', ['text']);
