import { z } from 'zod';
import type { ChatMessage, ChatModel, ToolCall } from '#modules/models/ports.ts';
import type { NodeContext, NodeTool } from '../../node-type.ts';
import { defineNode, inputAt, inputsAt } from '../define-node.ts';
import { chatRequest, streamText, systemMessage, userMessage } from '../model/answer.ts';
import { NodeError } from '../node-error.ts';
import { collectStream, textOf } from '../values.ts';
import { modelId } from '../model/model-id.ts';

const TOOLS_MAX = 64;
/** Longest result of one tool call that goes back to the model, in characters. */
const TOOL_RESULT_CHARS_MAX = 20_000;
/** Most tool calls of one model turn; further ones are answered with an error. */
const CALLS_PER_TURN_MAX = 16;

export const toolAgent = defineNode({
  type: 'agent.tools',
  title: 'Agent',
  description: 'A model that may call tools, again and again, until it can answer.',
  family: 'agent',
  config: z.strictObject({
    modelId,
    system: z.string().default(''),
    /** Most model turns before the answer must be given without tools. */
    iterationsMax: z.number().int().min(1).max(50).default(10),
    /** Turns of the conversation it remembers. */
    memoryMessages: z.number().int().min(0).max(1000).default(20),
    /** Langflow's `{current_date}`, `{model_name}` and `{optional_user_context}` in the instructions are filled in. */
    placeholders: z.boolean().default(false),
  }),
  inputs: [{ name: 'input', leads: true }, { name: 'tools', many: true }, { name: 'system' }],
  outputs: [{ name: 'response' }],
  run: async (context, config, inputs) => {
    const model = context.model(config.modelId ?? context.generation.modelId);
    const tools = toolsByName(inputsAt(inputs, 'tools').flatMap((value) => (value.kind === 'tool' ? [value.tool] : [])));
    const input = inputAt(inputs, 'input');
    const question = input ? textOf(input) : context.input.text;
    const history = config.memoryMessages === 0 ? [] : context.input.history.slice(-config.memoryMessages);
    const messages: ChatMessage[] = [
      ...systemMessage(context.instructions, filledIn(config, context, model), filledIn({ ...config, system: textOf(inputAt(inputs, 'system')) }, context, model)),
      ...history,
      userMessage(context, model, question),
    ];
    if (tools.size > 0 && !model.features.tools) {
      await searchWithoutTools(context, model, tools, question, messages);
      return { response: { kind: 'stream', stream: streamText(context, model, chatRequest(context, messages, { temperature: null })) } };
    }
    return { response: { kind: 'stream', stream: toolLoop(context, model, tools, messages, config.iterationsMax) } };
  },
});

/** Instructions as the model gets them. */
export function filledIn({ system, placeholders }: { system: string; placeholders: boolean }, context: NodeContext, model: ChatModel): string {
  if (!placeholders) return system;
  return system.replaceAll('{current_date}', () => context.now().toISOString().slice(0, 10)).replaceAll('{model_name}', () => model.id).replaceAll('{optional_user_context}', '').trimEnd();
}

/** Tools by the name the model uses; names are made unique, because a flow may connect the same kind twice. */
export function toolsByName(tools: readonly NodeTool[]): Map<string, NodeTool> {
  const byName = new Map<string, NodeTool>();
  for (const tool of tools.slice(0, TOOLS_MAX)) {
    const base = tool.name.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 56) || 'tool';
    let name = base;
    for (let i = 2; byName.has(name); i++) name = `${base}_${i}`;
    byName.set(name, tool);
  }
  return byName;
}

/** A model that cannot call tools still gets the knowledge: one search with the question itself. */
async function searchWithoutTools(context: NodeContext, model: ChatModel, tools: ReadonlyMap<string, NodeTool>, question: string, messages: ChatMessage[]): Promise<void> {
  const search = [...tools.values()].find((tool) => tool.name === KNOWLEDGE_TOOL);
  if (!search) {
    context.note?.(`The model "${model.id}" cannot call tools; it answered without them.`);
    return;
  }
  const found = textOf(await collectStream(await search.call({ query: question })));
  context.note?.(`The model "${model.id}" cannot call tools; the knowledge was searched once with the question.`);
  if (found !== '') messages.splice(-1, 0, { role: 'system', content: `Passages from the knowledge:\n${found.slice(0, TOOL_RESULT_CHARS_MAX)}` });
}

export const KNOWLEDGE_TOOL = 'search_knowledge';

/** Model turns with tool calls between them; yields the text of every turn as it is produced. */
export async function* toolLoop(context: NodeContext, model: ChatModel, tools: ReadonlyMap<string, NodeTool>, messages: ChatMessage[], iterationsMax: number, temperature: number | null = null): AsyncGenerator<string> {
  const specs = [...tools].map(([name, tool]) => ({ name, description: tool.description, parameters: tool.parameters }));
  for (let turn = 1; ; turn++) {
    const isLast = turn >= iterationsMax;
    if (isLast && tools.size > 0) context.note?.(`The agent reached its limit of ${iterationsMax} turns and answered without further tools.`);
    const request = chatRequest(context, messages, { temperature, ...(isLast ? {} : { tools: specs }) });
    const calls: ToolCall[] = [];
    let text = '';
    for await (const event of model.stream(request, context.signal)) {
      if (event.type === 'text') { text += event.text; yield event.text; }
      else if (event.type === 'tool-call') calls.push(event.call);
      else context.countTokens(event.usage);
    }
    if (calls.length === 0 || isLast) return;
    if (text !== '') yield '\n\n';
    messages.push({ role: 'assistant', content: text, toolCalls: calls });
    const results = await Promise.all(calls.map((call, i) => (i < CALLS_PER_TURN_MAX ? callTool(context, tools, call) : Promise.resolve('Error: too many tool calls at once.'))));
    for (const [i, call] of calls.entries()) messages.push({ role: 'tool', toolCallId: call.id, name: call.name, content: results[i] ?? '' });
  }
}

/** The text of a tool's result, or of its failure: the model may react to it. Aborts and bugs are not for the model. */
async function callTool(context: NodeContext, tools: ReadonlyMap<string, NodeTool>, call: ToolCall): Promise<string> {
  const tool = tools.get(call.name);
  if (!tool) return `Error: there is no tool "${call.name}". Available: ${[...tools.keys()].join(', ')}.`;
  try {
    context.signal.throwIfAborted();
    const result = textOf(await collectStream(await tool.call(call.arguments)));
    context.note?.(`Called ${call.name}.`);
    return result.length > TOOL_RESULT_CHARS_MAX ? `${result.slice(0, TOOL_RESULT_CHARS_MAX)}\n(cut: the result is longer)` : result;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    context.note?.(`Tool ${call.name} failed: ${error.message}`);
    return `Error (${error.code}): ${error.message}`;
  }
}
