import { scalarText } from '../../nodes/values.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { FoundSecret } from '../clean-definition.ts';
import type { ImportOutcome, Importer } from '../import-outcome.ts';
import { isRecord, oneLine, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { EDGES_MAX, NODES_MAX, tooMany } from '../report-parts.ts';
import { assemble } from '../steps/assemble.ts';
import { DifyContext } from './dify-context.ts';
import { mapApp } from './map-app.ts';
import { mapWorkflow } from './map-workflow.ts';
import { graphOf, readDify } from './read-dify.ts';

/** Imports one Dify app of any mode. */
export const importDify: Importer = ({ document, sha256, fallbackName }) => {
  const refusal = refuse(document);
  if (refusal !== null) return refusal;
  const secrets = isRecord(document) ? environmentSecrets(document) : [];
  const clean = cleanDefinition(document);
  if (!isRecord(clean.value)) return BARE;
  const source = clean.value;
  stripEnvironment(source);
  const app = readDify(source);
  const name = app.name || fallbackName || 'Untitled app';
  const origin = { format: 'dify' as const, version: app.version, sha256 };
  const common = { origin, name, description: app.description, secrets: [...clean.secrets, ...secrets], definition: source };
  const warnings = [...clean.warnings, ...app.warnings, ...remarks(source)];
  const config = readRecord(source, 'model_config');
  if (graphOf(source) === null && config !== null) {
    const steps = mapApp(config, app.mode, name);
    return assemble({
      ...common, steps, ways: [{ source: 'input', exit: '*', target: 'model' }, { source: 'model', exit: '*', target: 'answer' }], extra: { nodes: [], edges: [] }, state: [], entryPoints: [{ node: 'input', kind: 'chat' }],
      traits: { memory: app.mode !== 'completion', images: readFlag(readRecord(readRecord(config, 'file_upload'), 'image'), 'enabled') }, warnings,
    });
  }
  if (app.nodes.length === 0) return EMPTY;
  if (app.edges.length > EDGES_MAX) return tooMany(app.edges.length, 'connections');
  const context = new DifyContext(app);
  const { steps, ways, extra, order } = mapWorkflow(context);
  const first = app.nodes.find((node) => node.type === 'start' || node.type.startsWith('trigger-'));
  return assemble({
    ...common, steps, ways, extra, order, state: [...context.state.values()],
    entryPoints: first === undefined ? [] : [{ node: first.id, kind: context.isChat ? 'chat' : first.type === 'trigger-schedule' ? 'schedule' : first.type === 'trigger-webhook' ? 'webhook' : context.firstVariable === null ? 'manual' : 'text' }],
    traits: { images: app.nodes.some((node) => readFlag(readRecord(node.data, 'vision'), 'enabled')) }, warnings,
  });
};

const BARE: ImportOutcome = { kind: 'refused', code: 'damaged', message: 'The file has neither a workflow nor the settings of an app.', where: 'workflow' };
const EMPTY: ImportOutcome = { kind: 'refused', code: 'empty', message: 'The workflow has no nodes, only notes or nothing at all.' };

function refuse(document: unknown): ImportOutcome | null {
  const graph = graphOf(document);
  if (graph === null) return readRecord(document, 'model_config') === null ? BARE : null;
  for (const part of ['nodes', 'edges']) {
    const list = read(graph, part);
    if (list !== undefined && list !== null && !Array.isArray(list)) return { kind: 'refused', code: 'damaged', message: `The ${part} of the workflow are not a list.`, where: `workflow.graph.${part}` };
  }
  const count = readList(graph, 'nodes').length;
  return count > NODES_MAX ? tooMany(count) : null;
}

/** Secret variables that hold their value. */
const environmentSecrets = (document: PlainRecord): FoundSecret[] =>
  readList(readRecord(document, 'workflow'), 'environment_variables').filter((one) => readText(one, 'value_type') === 'secret' && scalarText(read(one, 'value')) !== '')
    .map((one): FoundSecret => ({ name: oneLine(readText(one, 'name') ?? 'secret', 100), node: '', field: 'environment_variables', kind: 'stripped' }));

function stripEnvironment(source: PlainRecord): void {
  for (const one of readList(readRecord(source, 'workflow'), 'environment_variables')) if (isRecord(one) && one['value_type'] === 'secret') one['value'] = '';
}

/** What belongs to the product rather than to the flow. */
function remarks(source: PlainRecord): string[] {
  const features = readRecord(readRecord(source, 'workflow'), 'features') ?? readRecord(source, 'model_config');
  const opening = readText(features, 'opening_statement') ?? '';
  const suggested = readList(features, 'suggested_questions').filter((one) => typeof one === 'string' && one !== '');
  const plugins = readList(source, 'dependencies').map((one) => readText(readRecord(one, 'value'), 'marketplace_plugin_unique_identifier') ?? readText(readRecord(one, 'value'), 'plugin_unique_identifier') ?? '').map((one) => one.split(':')[0] ?? '').filter((one) => one !== '');
  return [
    ...(opening.trim() === '' ? [] : [`It greets with: “${oneLine(opening, 500)}”. Set this as the greeting of the product.`]),
    ...(suggested.length === 0 ? [] : [`It suggests questions: ${suggested.slice(0, 10).map((one) => `“${oneLine(scalarText(one), 200)}”`).join(', ')}. Set them as starters of the product.`]),
    ...(plugins.length === 0 ? [] : [`In Dify it uses these plugins: ${plugins.slice(0, 30).join(', ')}.`]),
  ];
}
