import { Flow, ImportReport } from '../../contract.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { FoundSecret } from '../clean-definition.ts';
import type { ImportOutcome, Importer } from '../import-outcome.ts';
import { titleOf } from '../naming.ts';
import { isRecord, oneLine } from '../plain.ts';
import { bounded, distinct, EDGES_MAX, mergeSecrets, nodesOf, NODES_MAX, strippedNotice, tooMany } from '../report-parts.ts';
import { checkAnswer, entryPoints, findAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { convertFlow } from './convert.ts';
import type { ConvertedFlow } from './convert.ts';
import { takeCredentials } from './credentials.ts';
import { codeOf } from './custom-code.ts';
import { proposeParameters } from './parameters.ts';
import { countNodes, graphOf, readFlow } from './read-flow.ts';
import { tableName } from './store-names.ts';
import { traitsOf } from './traits.ts';

/** Imports one Langflow flow. */
export const importLangflow: Importer = ({ document, sha256, fallbackName }) => {
  const refusal = refuse(document);
  if (refusal !== null) return refusal;
  const clean = cleanDefinition(document);
  if (!isRecord(clean.value)) return { kind: 'refused', code: 'damaged', message: 'The flow is not an object.' };
  const secrets = mergeSecrets(clean.secrets, takeCredentials(clean.value));
  const raw = readFlow(clean.value);
  if (raw.nodes.length === 0) return { kind: 'refused', code: 'empty', message: 'The flow has no steps, only notes or nothing at all.' };
  if (raw.nodes.length > NODES_MAX) return tooMany(raw.nodes.length);
  if (raw.edges.length > EDGES_MAX) return tooMany(raw.edges.length, 'connections');

  const converted = convertFlow(raw);
  const answer = findAnswer(converted.nodes, converted.edges);
  if (answer.nodes.length > NODES_MAX) return tooMany(answer.nodes.length);
  const origin: Flow['origin'] = { format: 'langflow', version: raw.version, sha256 };
  const draft = reportOf(converted, answer, secrets, clean.warnings, raw.name || fallbackName || 'Untitled flow');
  const flow = Flow.parse({ nodes: answer.nodes, edges: answer.edges.slice(0, EDGES_MAX), parameters: draft.parameters, requires: draft.requires, origin });
  const { runnable, warnings } = checkAnswer(flow);
  const report = ImportReport.parse({ ...draft, runnable, warnings: bounded([...draft.warnings, ...warnings]) });
  return { kind: 'imported', flow, report, definition: clean.value };
};

function refuse(document: unknown): ImportOutcome | null {
  const data = graphOf(document);
  if (data === null || !Array.isArray(data['nodes'])) return { kind: 'refused', code: 'damaged', message: 'The flow has no list of nodes.', where: 'data.nodes' };
  if (data['edges'] !== undefined && data['edges'] !== null && !Array.isArray(data['edges'])) {
    return { kind: 'refused', code: 'damaged', message: 'The connections of the flow are not a list.', where: 'data.edges' };
  }
  const count = countNodes(document);
  if (count > NODES_MAX) return tooMany(count);
  return count === 0 ? { kind: 'refused', code: 'empty', message: 'The flow has no steps, only notes or nothing at all.' } : null;
}

function reportOf(converted: ConvertedFlow, answer: Answer, secrets: FoundSecret[], cleanWarnings: readonly string[], name: string): Omit<ImportReport, 'runnable'> {
  const { imported, raw, mappings, context } = converted;
  const files = raw.nodes.filter((node) => ['file', 'directory', 'readfile'].includes(tableName(node.type)) && !context.ingesting.has(node.id)).map((node) => node.id);
  const entries = entryPoints(answer, files);
  const code = raw.nodes.flatMap(codeOf);
  const accounts = Map.groupBy([...mappings].flatMap(([id, mapping]) => (mapping.kind === 'node' && mapping.connector !== null ? [{ id, connector: mapping.connector }] : [])), ({ connector }) => connector);
  const services = [...mappings.values()].flatMap((mapping) => (mapping.kind === 'unsupported' && mapping.service !== null ? [mapping.service] : []));
  const warnings = [
    ...strippedNotice(secrets),
    ...cleanWarnings, ...converted.warnings, ...answer.warnings,
  ];
  return {
    format: 'langflow',
    version: raw.version,
    name,
    description: raw.description,
    nodes: nodesOf(imported),
    secrets,
    parameters: proposeParameters(converted, entries.find((entry) => entry.kind === 'text')?.node),
    entryPoints: entries,
    connections: [...accounts].map(([connector, nodes]) => ({ key: connector, connector, title: titleOf(connector), nodes: nodes.map(({ id }) => id) })), operations: [],
    requires: {
      models: distinct(answer.nodes.flatMap(({ type, config }) => (type !== 'model.embedding' && typeof config['modelId'] === 'string' ? [config['modelId']] : []))),
      connections: distinct([...accounts.keys(), ...services.filter((service) => service !== 'mcp')]),
      secrets: distinct(secrets.filter((secret) => secret.kind === 'required').map((secret) => secret.name)),
      mcpServers: distinct(raw.nodes.filter((node) => tableName(node.type).startsWith('mcp')).map((node) => mcpServerName(node.fields.get('mcp_server')?.value) ?? node.title)),
    },
    code,
    traits: traitsOf(converted, answer, code),
    warnings,
  };
}

const mcpServerName = (value: unknown): string | null => {
  const name = isRecord(value) ? value['name'] : value;
  return typeof name === 'string' && name !== '' ? oneLine(name, 100) : null;
};

