import { fixedText, isFixed, templateOf } from './expression-text.ts';
import type { TextPart } from './expression-text.ts';
import type { StepDraft } from './step-draft.ts';

/** What a step asks a model, in words every format has. */
export interface ModelAsk {
  modelId: string | null;
  temperature: number | null;
  system: readonly TextPart[];
  /** Messages between the instructions and the question, e.g. examples. */
  messages: readonly { role: 'system' | 'user' | 'assistant'; parts: readonly TextPart[] }[];
  prompt: readonly TextPart[];
  /** JSON Schema of the answer; null for text. */
  schema: Record<string, unknown> | null;
  /** Messages of the conversation that the model sees. */
  memoryMessages: number;
  /** Its words are the answer as they come: they stream, and the model sees the conversation. */
  isAnswer: boolean;
}

const clampTemperature = (value: number | null): number | null => (value === null ? null : Math.min(2, Math.max(0, value)));
export const clampInt = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.round(value)));

/** Adds a model call to the step. Answers in a form, examples, and memory before the last step need the node that takes them all at once. */
export function addModelCall(step: StepDraft, ask: ModelAsk): void {
  if (ask.modelId !== null) step.models.push(ask.modelId);
  if (needsWholeAnswer(ask)) return addWhole(step, ask);
  const prompt = step.add('transform.template', { template: templateOf(ask.prompt) }, 'prompt', 'question');
  const model = step.add('model.chat', { modelId: ask.modelId, temperature: clampTemperature(ask.temperature), system: isFixed(ask.system) ? fixedText(ask.system) : '' });
  step.link(prompt, 'text', model, 'input');
  addSystem(step, ask.system, model);
  step.enter(prompt, 'input');
  step.exit(model, 'text');
  step.parameter(model, 'temperature', `${step.source.name} temperature`, 'number');
}

/** Whether the answer cannot be streamed, because it is checked or because the question has more parts than one. */
const needsWholeAnswer = ({ schema, messages, memoryMessages, isAnswer }: Pick<ModelAsk, 'schema' | 'messages' | 'memoryMessages' | 'isAnswer'>): boolean =>
  schema !== null || messages.length > 0 || (memoryMessages > 0 && !isAnswer);

function addWhole(step: StepDraft, ask: ModelAsk, tools: Record<string, unknown> = {}): void {
  const id = step.add('agent.each', {
    modelId: ask.modelId, temperature: clampTemperature(ask.temperature), system: templateOf(ask.system), prompt: templateOf(ask.prompt), schema: ask.schema, each: false,
    messages: ask.messages.slice(0, 100).map(({ role, parts }) => ({ role, text: templateOf(parts) })), memoryMessages: ask.memoryMessages, field: ask.schema === null ? 'output' : '', ...tools,
  });
  step.enter(id, 'items');
  step.exit(id, 'text');
  if (isFixed(ask.system)) step.parameter(id, 'system', `${step.source.name} instructions`, 'long-text');
}

/** Adds an agent with tools; `tools` are nodes that offer one at their port `tool`. */
export function addAgent(step: StepDraft, ask: ModelAsk, tools: readonly { node: string; port: string }[], iterationsMax: number): void {
  if (ask.schema !== null || ask.messages.length > 0) addWhole(step, ask, { iterationsMax });
  else {
    if (ask.temperature !== null) step.approximate('The agent keeps the temperature of the product instead of its own.');
    const prompt = step.add('transform.template', { template: templateOf(ask.prompt) }, 'prompt', 'question');
    const agent = step.add('agent.tools', { modelId: ask.modelId, system: isFixed(ask.system) ? fixedText(ask.system) : '', iterationsMax, memoryMessages: ask.memoryMessages });
    step.link(prompt, 'text', agent, 'input');
    addSystem(step, ask.system, agent);
    step.enter(prompt, 'input');
    step.exit(agent, 'response');
  }
  if (ask.modelId !== null) step.models.push(ask.modelId);
  for (const tool of tools) step.link(tool.node, tool.port, step.id, 'tools');
}

/** Instructions with expressions come from a node of their own; fixed ones are a setting that a seller may hand on. */
export function addSystem(step: StepDraft, system: readonly TextPart[], target: string): void {
  if (isFixed(system)) {
    if (fixedText(system).trim() !== '') step.parameter(target, 'system', `${step.source.name} instructions`, 'long-text');
    return;
  }
  const words = step.add('transform.template', { template: templateOf(system) }, 'system', 'instructions');
  step.link(words, 'text', target, 'system');
}
