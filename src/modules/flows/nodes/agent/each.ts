import { z } from 'zod';
import type { ChatMessage, ChatModel } from '#modules/models/ports.ts';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import type { Scope } from '../../expression/scope.ts';
import type { NodeContext, NodeTool, Value } from '../../node-type.ts';
import { defineNode, inputAt, inputsAt, text } from '../define-node.ts';
import { itemsOf, listOf, madeOf, wholeOf } from '../items.ts';
import { chatRequest, completeText, systemMessage, userMessage } from '../model/answer.ts';
import { NodeError } from '../node-error.ts';
import { validatorFor } from '../transform/json-schema.ts';
import { parseJson } from '../transform/json.ts';
import { isRow, scalarText } from '../values.ts';
import { toolLoop, toolsByName } from './tools.ts';
import { modelId } from '../model/model-id.ts';

/** Items one step may ask about; more are an error, not a surprise on somebody's bill. */
const ITEMS_MAX = 200;
const ASKED_AT_ONCE = 4;

const Config = z.strictObject({
  modelId,
  /** What is asked about an item; texts may be templates. */
  prompt: z.string().default('').meta({ title: 'Question', ui: { widget: 'textarea' } }),
  system: z.string().default('').meta({ title: 'Instructions', ui: { widget: 'textarea' } }),
  /** Messages between the instructions and the question, e.g. examples. */
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), text: z.string() })).max(100).default([]),
  /** JSON Schema of the answer; null for text. */
  schema: z.record(z.string(), z.unknown()).nullable().default(null).meta({ title: 'Form of the answer', ui: { widget: 'code' } }),
  temperature: z.number().min(0).max(2).nullable().default(null).meta({ title: 'Temperature' }),
  iterationsMax: z.number().int().min(1).max(50).default(10).meta({ title: 'Most turns' }),
  /** Turns of the conversation it remembers. */
  memoryMessages: z.number().int().min(0).max(1000).default(0).meta({ title: 'Remembered messages' }),
  /** Field of the item that holds the answer; empty for an answer that is the item itself. */
  field: z.string().max(200).default('output').meta({ title: 'Field of the answer' }),
  /** Whether the item keeps its other fields. */
  keep: z.boolean().default(false).meta({ title: 'Keep the other fields' }),
  /** Once for each item, or once for all of them together. */
  each: z.boolean().default(true).meta({ title: 'Once for each item' }),
});
type Config = z.output<typeof Config>;

export const agentForEach = defineNode({
  type: 'agent.each',
  title: 'Agent for each item',
  description: 'Asks a model about every item that comes in, with tools where some are connected, and puts the answer into the item.',
  family: 'agent',
  calls: true,
  expressions: true,
  config: Config,
  inputs: [{ name: 'items', leads: true }, { name: 'tools', many: true }],
  outputs: [{ name: 'items' }, { name: 'text' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const given = inputAt(inputs, 'items');
    const items = given === undefined ? [{}] : itemsOf(given);
    const whole = config.each ? null : [wholeOf(given)];
    const asked = whole ?? items;
    if (asked.length > ITEMS_MAX) throw new NodeError('node-limit', `${asked.length} items came in; a model is asked about at most ${ITEMS_MAX}.`);
    const model = context.model(config.modelId ?? context.generation.modelId);
    const tools = toolsByName(inputsAt(inputs, 'tools').flatMap((value) => (value.kind === 'tool' ? [value.tool] : [])));
    const answers: { item: unknown; text: string }[] = [];
    for (let start = 0; start < asked.length; start += ASKED_AT_ONCE) {
      context.signal.throwIfAborted();
      answers.push(...await Promise.all(asked.slice(start, start + ASKED_AT_ONCE).map(async (item, offset) =>
        answerFor(context, model, tools, config, item, whole ? scopeFor(context, items, 0, item) : scopeFor(context, items, start + offset)))));
    }
    return { items: listOf(answers.map(({ item }) => item)), text: text(answers.map((one) => one.text).join('\n\n')) };
  },
});

async function answerFor(context: NodeContext, model: ChatModel, tools: ReadonlyMap<string, NodeTool>, config: Config, item: unknown, scope: Scope): Promise<{ item: unknown; text: string }> {
  const written = (template: string): string => scalarText(resolve(template, scope));
  const history = config.memoryMessages === 0 ? [] : context.input.history.slice(-config.memoryMessages);
  const form = config.schema === null ? '' : `Answer with JSON only, without any other text. It must fit this JSON Schema:\n${JSON.stringify(config.schema)}`;
  const messages: ChatMessage[] = [
    ...systemMessage(context.instructions, written(config.system), form),
    ...config.messages.map(({ role, text: template }): ChatMessage => ({ role, content: written(template) })),
    ...history,
    userMessage(context, model, written(config.prompt)),
  ];
  const answer = await ask(context, model, tools, config, messages);
  const data = config.schema === null ? answer : await fitting(context, model, config, config.schema, messages, answer);
  return { item: madeOf(placed(data, item, config), item), text: typeof data === 'string' ? data : scalarText(data) };
}

async function ask(context: NodeContext, model: ChatModel, tools: ReadonlyMap<string, NodeTool>, config: Config, messages: ChatMessage[]): Promise<string> {
  if (tools.size === 0) return completeText(context, model, chatRequest(context, messages, { temperature: config.temperature }));
  if (!model.features.tools) {
    context.note?.(`The model "${model.id}" cannot call tools; it answered without them.`);
    return completeText(context, model, chatRequest(context, messages, { temperature: config.temperature }));
  }
  const before = messages.length;
  let all = '';
  for await (const piece of toolLoop(context, model, tools, messages, config.iterationsMax, config.temperature)) all += piece;
  // What was said before a tool call was no answer yet; the loop puts an empty line between turns.
  const spoken = messages.slice(before).flatMap((message) => (message.role === 'assistant' && message.content !== '' ? [message.content] : []));
  return all.slice(spoken.reduce((chars, one) => chars + one.length + 2, 0));
}

/** The answer as data of the form; the model may repair it once. */
async function fitting(context: NodeContext, model: ChatModel, config: Config, schema: Record<string, unknown>, messages: readonly ChatMessage[], answer: string): Promise<unknown> {
  const validate = validatorFor(schema);
  const problemOf = (data: unknown): string | null => (data === undefined ? 'it is not JSON' : validate(data));
  const first = parseJson(answer);
  const problem = problemOf(first);
  if (problem === null) return first;
  context.note?.(`The first answer did not fit (${problem}); asked once more.`);
  const again: ChatMessage[] = [...messages, { role: 'assistant', content: answer }, { role: 'user', content: `That does not fit: ${problem}. Answer again with the corrected JSON only.` }];
  const repaired = parseJson(await completeText(context, model, chatRequest(context, again, { temperature: 0 })));
  const left = problemOf(repaired);
  if (left === null) return repaired;
  throw new NodeError('node-output-invalid', `The model did not give data of the required form: ${left}.`);
}

/** The answer where the configuration wants it. */
function placed(data: unknown, item: unknown, { field, keep }: Config): unknown {
  const before = keep && isRow(item) ? item : {};
  if (field === '') return isRow(data) ? { ...before, ...data } : data;
  return { ...before, ...field.split('.').slice(0, 10).reduceRight<Record<string, unknown>>((inner, name, index, names) => ({ [name]: index === names.length - 1 ? data : inner }), {}) };
}
