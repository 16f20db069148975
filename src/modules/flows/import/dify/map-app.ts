import { scalarText } from '../../nodes/values.ts';
import { isRecord, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { literal } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { addAgent, addModelCall, clampInt } from '../steps/model-step.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import { StepDraft } from '../steps/step-draft.ts';
import type { Place } from '../steps/step-draft.ts';
import { modelOf } from './map-models.ts';
import { addAgentTool, isPlace } from './tools.ts';

/** Maps an app without a workflow: instructions, a model, and perhaps knowledge and tools. */
export function mapApp(config: PlainRecord, mode: string, name: string): StepDraft[] {
  const input = new StepDraft({ id: 'input', type: 'user_input_form', name: 'Message' });
  input.add('input.chat', {});
  input.exit('input', 'message');
  addForm(input, config);
  const step = new StepDraft({ id: 'model', type: `${mode} app`, name: name || 'Assistant' });
  const instructions = promptParts(readText(config, 'pre_prompt') ?? '', input);
  const knowledge = readList(readRecord(readRecord(config, 'dataset_configs'), 'datasets'), 'datasets').length > 0 || readText(config, 'dataset_query_variable') !== null && readList(readRecord(config, 'dataset_configs'), 'datasets').length > 0;
  const isCompletion = mode === 'completion';
  const ask: ModelAsk = {
    ...modelOf(read(config, 'model')), system: isCompletion ? [] : instructions, messages: [], prompt: isCompletion && instructions.length > 0 ? instructions : [{ expression: 'input.text' }], schema: null, memoryMessages: isCompletion ? 0 : 100, isAnswer: true,
  };
  const tools = toolsOf(step, readRecord(config, 'agent_mode'));
  if (knowledge && tools === null) step.approximate('An agent searches the buyer’s own knowledge instead of the documents that Dify had stored.');
  const all = [...tools ?? [], ...(knowledge ? [{ node: step.add('knowledge.retrieve', { topK: null }, 'knowledge', 'knowledge'), port: 'tool' }] : [])];
  if (all.length > 0 || mode === 'agent-chat') addAgent(step, ask, all, clampInt(Number(read(readRecord(config, 'agent_mode'), 'max_iteration')) || 10, 1, 50));
  else addModelCall(step, ask);
  step.mappedTo = all.length > 0 || mode === 'agent-chat' ? 'agent.tools' : 'model.chat';
  if (readList(readRecord(config, 'external_data_tools'), 'tools').length > 0) step.approximate('Data from other servers is not fetched.');
  const output = new StepDraft({ id: 'answer', type: 'answer', name: 'Answer' });
  output.add('output.chat', {});
  output.enter('answer', 'input');
  return [input, step, output];
}

/** Variables of the form, with what the seller set. */
function addForm(step: StepDraft, config: PlainRecord): void {
  const rows = readList(config, 'user_input_form').slice(0, 100).flatMap((row) => (isRecord(row) ? Object.entries(row) : [])).filter(([, one]) => isRecord(one) && readText(one, 'variable') !== null);
  if (rows.length === 0) return;
  const values = step.add('transform.map', { value: Object.fromEntries(rows.map(([, one]) => [readText(one, 'variable') ?? '', literal(scalarText(read(one, 'default')))])) }, 'values', 'values');
  step.link(step.id, 'message', values, 'input');
  for (const [type, one] of rows) {
    const name = readText(one, 'variable') ?? '';
    step.parameter(values, `value.${name}`, readText(one, 'label') || name, type === 'select' ? 'choice' : type === 'paragraph' ? 'long-text' : 'text', { field: name, choices: readList(one, 'options').filter((option) => typeof option === 'string'), exposed: true });
  }
}

/** Instructions with `{{variable}}`. */
function promptParts(text: string, input: StepDraft): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.slice(0, 200_000).matchAll(/\{\{\s*(#?[\p{L}_][\p{L}\p{N}_]{0,100}#?)\s*\}\}/gu)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    const name = (match[1] ?? '').replaceAll('#', '');
    const set = input.nodes.some((node) => node.id === 'input:values') ? ` ?? steps["input:values"].item[${JSON.stringify(name)}]` : '';
    parts.push({ expression: name === 'query' ? 'input.text' : `(input.data[${JSON.stringify(name)}]${set})` });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

function toolsOf(step: StepDraft, mode: PlainRecord | null): Place[] | null {
  if (!readFlag(mode, 'enabled')) return null;
  const tools: Place[] = [];
  for (const [index, tool] of readList(mode, 'tools').slice(0, 64).entries()) {
    if (read(tool, 'enabled') === false) continue;
    const found = addAgentTool(step, tool, `tool${index}`);
    if (isPlace(found)) tools.push(found);
    else step.approximate(`The agent answers without one of its tools: ${found.reason}`);
  }
  return tools;
}
