import { Flow, ImportReport } from '../../contract.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { FoundSecret } from '../clean-definition.ts';
import { isRecord, oneLine } from '../plain.ts';
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

const NODES_MAX = 2000;
const EDGES_MAX = 10_000;
const WARNINGS_MAX = 200;

export type LangflowImport =
  | { kind: 'imported'; flow: Flow; report: ImportReport; definition: unknown }
  | { kind: 'refused'; code: 'too-many-nodes' | 'damaged' | 'empty'; message: string; where?: string };

/** Imports one Langflow flow, already parsed. `fallbackName` serves flows that have no name. */
export function importLangflow(document: unknown, sha256: string, fallbackName: string): LangflowImport {
  const refusal = refuse(document);
  if (refusal !== null) return refusal;
  const clean = cleanDefinition(document);
  if (!isRecord(clean.value)) return { kind: 'refused', code: 'damaged', message: 'The flow is not an object.' };
  const secrets = mergeSecrets(clean.secrets, takeCredentials(clean.value));
  const raw = readFlow(clean.value);
  if (raw.nodes.length === 0) return { kind: 'refused', code: 'empty', message: 'The flow has no steps, only notes or nothing at all.' };
  if (raw.nodes.length > NODES_MAX) return tooMany(raw.nodes.length);
  if (raw.edges.length > EDGES_MAX) return { kind: 'refused', code: 'too-many-nodes', message: `This flow has ${thousands(raw.edges.length)} connections. The most is ${thousands(EDGES_MAX)}.` };

  const converted = convertFlow(raw);
  const answer = findAnswer(converted.nodes, converted.edges);
  if (answer.nodes.length > NODES_MAX) return tooMany(answer.nodes.length);
  const origin: Flow['origin'] = { format: 'langflow', version: raw.version, sha256 };
  const draft = reportOf(converted, answer, secrets, clean.warnings, raw.name || fallbackName || 'Untitled flow');
  const flow = Flow.parse({ nodes: answer.nodes, edges: answer.edges.slice(0, EDGES_MAX), parameters: draft.parameters, requires: draft.requires, origin });
  const { runnable, warnings } = checkAnswer(flow);
  const report = ImportReport.parse({ ...draft, runnable, warnings: bounded([...draft.warnings, ...warnings]) });
  return { kind: 'imported', flow, report, definition: clean.value };
}

function refuse(document: unknown): LangflowImport | null {
  const data = graphOf(document);
  if (data === null || !Array.isArray(data['nodes'])) return { kind: 'refused', code: 'damaged', message: 'The flow has no list of nodes.', where: 'data.nodes' };
  if (data['edges'] !== undefined && data['edges'] !== null && !Array.isArray(data['edges'])) {
    return { kind: 'refused', code: 'damaged', message: 'The connections of the flow are not a list.', where: 'data.edges' };
  }
  const count = countNodes(document);
  if (count > NODES_MAX) return tooMany(count);
  return count === 0 ? { kind: 'refused', code: 'empty', message: 'The flow has no steps, only notes or nothing at all.' } : null;
}

const thousands = (count: number): string => count.toLocaleString('en');
const tooMany = (count: number): LangflowImport => ({
  kind: 'refused', code: 'too-many-nodes', message: `This flow has ${thousands(count)} nodes. The most is ${thousands(NODES_MAX)}.`,
});

function reportOf(converted: ConvertedFlow, answer: Answer, secrets: FoundSecret[], cleanWarnings: readonly string[], name: string): Omit<ImportReport, 'runnable'> {
  const { imported, raw, mappings, context } = converted;
  const files = raw.nodes.filter((node) => ['file', 'directory', 'readfile'].includes(tableName(node.type)) && !context.ingesting.has(node.id)).map((node) => node.id);
  const entries = entryPoints(answer, files);
  const code = raw.nodes.flatMap(codeOf);
  const services = [...mappings.values()].flatMap((mapping) => (mapping.kind === 'unsupported' && mapping.service !== null ? [mapping.service] : []));
  const unsupportedNodes = imported.filter((node) => node.support === 'unsupported');
  const stripped = secrets.filter((secret) => secret.kind === 'stripped').length;
  const warnings = [
    ...(stripped > 0 ? [`${stripped === 1 ? 'A credential was' : `${stripped} credentials were`} found in the file and removed. Change ${stripped === 1 ? 'it' : 'them'} where you got ${stripped === 1 ? 'it' : 'them'}: the file may have been seen by others.`] : []),
    ...cleanWarnings, ...converted.warnings, ...answer.warnings,
  ];
  return {
    format: 'langflow',
    version: raw.version,
    name,
    description: raw.description,
    nodes: {
      total: imported.length,
      supported: imported.filter((node) => node.support === 'supported').length,
      approximated: imported.filter((node) => node.support === 'approximated').length,
      unsupported: unsupportedNodes.map(({ id, type, reason }) => ({ id, type, reason: reason ?? '' })),
      all: imported,
    },
    secrets,
    parameters: proposeParameters(converted, entries.find((entry) => entry.kind === 'text')?.node),
    entryPoints: entries,
    requires: {
      models: distinct(answer.nodes.flatMap(({ type, config }) => (type !== 'model.embedding' && typeof config['modelId'] === 'string' ? [config['modelId']] : []))),
      connections: distinct(services.filter((service) => service !== 'mcp')),
      secrets: distinct(secrets.filter((secret) => secret.kind === 'required').map((secret) => secret.name)),
      mcpServers: distinct(raw.nodes.filter((node) => tableName(node.type).startsWith('mcp')).map((node) => mcpServerName(node.fields.get('mcp_server')?.value) ?? node.title)),
    },
    code,
    traits: traitsOf(converted, answer, code),
    warnings,
  };
}

const bounded = (warnings: readonly string[]): readonly string[] =>
  warnings.length > WARNINGS_MAX ? [...warnings.slice(0, WARNINGS_MAX), `There are ${warnings.length - WARNINGS_MAX} more remarks like these.`] : warnings;

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

const mcpServerName = (value: unknown): string | null => {
  const name = isRecord(value) ? value['name'] : value;
  return typeof name === 'string' && name !== '' ? oneLine(name, 100) : null;
};

/** What patterns found and what the fields say, each place once. */
function mergeSecrets(found: readonly FoundSecret[], marked: readonly FoundSecret[]): FoundSecret[] {
  const seen = new Set<string>();
  return [...marked, ...found].filter(({ node, field, kind, name }) => {
    const key = `${node}\n${field}\n${kind}\n${kind === 'required' ? name : ''}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

