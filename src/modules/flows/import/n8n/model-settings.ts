import { isRecord, read, readText } from '../plain.ts';
import type { RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** What the sub-steps of an agent or chain say about its model. */
export interface ModelSettings {
  /** The model by its vendor's name; null for the product's default. */
  modelId: string | null;
  temperature: number | null;
  /** How what they ask for differs here. */
  remarks: readonly string[];
}

const plain = (value: unknown): unknown => (isRecord(value) && Object.hasOwn(value, 'value') ? value['value'] : value);

/** The name of the model a step picks; null where it is an expression or absent. */
export function modelNamed(node: RawNode): string | null {
  const { parameters } = node;
  const found = ['model', 'modelId', 'modelName', 'deploymentName', 'chatModel'].map((key) => plain(read(parameters, key))).find((one) => typeof one === 'string' && one !== '');
  if (typeof found !== 'string' || found.startsWith('=')) return null;
  return found.replace(/^models\//, '').slice(0, 200);
}

export const temperatureOf = (node: RawNode): number | null => {
  const temperature = read(read(node.parameters, 'options'), 'temperature') ?? read(node.parameters, 'temperature');
  return typeof temperature === 'number' && Number.isFinite(temperature) ? Math.min(2, Math.max(0, temperature)) : null;
};

/** The model an agent or chain borrows: the first one connected. */
export function borrowedModel(node: RawNode, context: WorkflowContext): ModelSettings {
  const [lender, ...others] = context.attached(node.id, 'ai_languageModel');
  if (lender === undefined) return { modelId: null, temperature: null, remarks: ['No model is connected; the product’s model answers.'] };
  const remarks = others.length > 0 ? ['Only the first of its models is used; the others were for when it fails.'] : [];
  const modelId = modelNamed(lender);
  const named = readText(lender.parameters, 'model') ?? '';
  if (modelId === null && named.startsWith('=')) remarks.push('Which model answers is worked out in n8n; the product’s model answers here.');
  return { modelId, temperature: temperatureOf(lender), remarks };
}

/** How many messages of the conversation a connected memory keeps; 0 without one. */
export function rememberedMessages(node: RawNode, context: WorkflowContext): number {
  const [memory] = context.attached(node.id, 'ai_memory');
  if (memory === undefined) return 0;
  const turns = read(memory.parameters, 'contextWindowLength');
  // n8n counts pairs of a question and its answer, five where nothing is said.
  return Math.min(1_000, Math.max(0, Math.round(typeof turns === 'number' && Number.isFinite(turns) ? turns : 5) * 2));
}
