import { isRecord, read, readList, readText } from '../plain.ts';
import { schemaOfSettings } from './answer-schema.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import type { RawWorkflow } from './raw-workflow.ts';
import { readWorkflow, workflowOf } from './read-workflow.ts';
import { parseJson, StepBuilder } from './step-builder.ts';
import { toolArguments, toolDescription, toolName } from './tool-settings.ts';

const ELSEWHERE = 'It runs another workflow that is not part of this file.';
const COPY = 'The steps of that workflow, copied into this one, or both workflows in one file.';

/** The workflow a step runs: this one, another one of the file, or one written into the step. */
function calledBy(step: StepBuilder): RawWorkflow | null {
  const { workflow, siblings } = step.context;
  if (step.fixed('source') === 'parameter') {
    const written = step.raw('workflowJson');
    const inner = workflowOf(typeof written === 'string' ? parseJson(written) : written);
    return inner === null ? null : readWorkflow(inner);
  }
  const raw = step.raw('workflowId');
  const written = step.node.parameters['workflowId'];
  const name = isRecord(written) ? readText(written, 'cachedResultName') : null;
  if (typeof raw === 'string' && /^=\s*\{\{\s*\$workflow\.id\s*\}\}\s*$/.test(raw)) return workflow;
  const id = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw : '';
  return [workflow, ...siblings].find((one) => id !== '' && one.id === id) ?? siblings.find((one) => name !== null && one.name !== '' && one.name === name) ?? null;
}

/** The flow of a called workflow, or why there is none. */
function innerFlow(step: StepBuilder): { config: unknown } | Fragment {
  const called = calledBy(step);
  if (called === null) return unsupported(ELSEWHERE, COPY, 'workflow');
  const inner = step.context.inline(called);
  if ('problem' in inner) return unsupported(`The workflow it runs cannot run here: ${inner.problem}`, COPY);
  for (const { key, connector, title } of inner.connections) step.connection(key, title, connector);
  for (const remark of inner.remarks) step.approximate(remark);
  return { config: inner.flow };
}

/** Fields that the called workflow gets: written out from version 1.2 on, else the items. */
function inputsOf(step: StepBuilder, path: string): Record<string, unknown> {
  const value = step.raw(path);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).slice(0, 200).map(([name, one]) => [name, step.value(one)])) : {};
}

export const mapExecuteWorkflow: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const inner = innerFlow(step);
  if ('kind' in inner) return inner;
  const fields = inputsOf(step, 'workflowInputs.value');
  step.add('flow.call', { flow: inner.config, each: step.fixed('mode') === 'each', ...(Object.keys(fields).length === 0 ? {} : { fields }) });
  if (step.raw('options.waitForSubWorkflow') === false) step.approximate('It waits for the other workflow; n8n did not.');
  return step.fragment({ mappedTo: 'flow.call', inputPort: 'input', outputPort: 'result' });
};

/** A workflow that an agent may run. */
export const mapToolWorkflow: Mapper = (node, context) => {
  const step = new StepBuilder(node, context, { fromAi: ({ name }) => `item[${JSON.stringify(name)}]` });
  const inner = innerFlow(step);
  if ('kind' in inner) return inner;
  const rows = readList(node.parameters['fields'], 'values').filter(isRecord).slice(0, 200);
  const fields = { ...inputsOf(step, 'workflowInputs.value'), ...Object.fromEntries(rows.map((row) => [readText(row, 'name') ?? '', step.value(row[readText(row, 'type') ?? 'stringValue'] ?? row['stringValue'] ?? '')])) };
  const asked = toolArguments(step) ?? (step.flag('specifyInputSchema') ? { type: 'object', properties: { query: schemaOfSettings(node) }, required: ['query'] } : null);
  step.add('flow.tool', {
    flow: inner.config, name: toolName(step), description: toolDescription(step, `Runs ${node.name}.`), fields,
    ...(asked !== null ? { parameters: asked } : node.version >= 2 ? { parameters: openInputs(node.parameters) } : {}),
  });
  return step.fragment({ mappedTo: 'flow.tool', offers: { node: node.id, port: 'tool' } });
};

/** What a workflow with listed inputs asks for, where nothing was set. */
function openInputs(parameters: unknown): Record<string, unknown> {
  const names = readList(read(parameters, 'workflowInputs'), 'schema').filter(isRecord).slice(0, 100).flatMap((row) => readText(row, 'id') ?? []);
  return names.length === 0 ? { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] } : { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}
