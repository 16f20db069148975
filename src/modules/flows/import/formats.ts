import type { ImportFormat } from './import-outcome.ts';
import { mcpDocuments } from './mcp/read-entries.ts';
import { isRecord, read, readList, readRecord, readText } from './plain.ts';

/** What a file turned out to be, judged by its content and never by its name, and what can be picked in it. */
export interface DetectedFormat { format: ImportFormat; flows: readonly NamedDocument[] }

export interface NamedDocument { name: string; document: unknown }

/** Recognises a parsed document; null for what is none of the formats. */
export function detectFormat(document: unknown): DetectedFormat | null {
  const bundle = bundleOf(document);
  const [first] = bundle;
  if (!isRecord(first)) return null;
  const named = (documents: readonly unknown[]) => documents.map((one) => ({ name: readText(one, 'name') ?? '', document: one }));
  if (bundle.every(isLangflow)) return { format: 'langflow', flows: named(bundle) };
  if (isOpenApi(document)) return { format: 'openapi', flows: [{ name: readText(readRecord(document, 'info'), 'title') ?? '', document }] };
  const mcp = mcpDocuments(document);
  if (mcp !== null) return { format: 'mcp', flows: mcp };
  if (isDify(first)) return { format: 'dify', flows: bundle.filter(isDify).map((one) => ({ name: readText(readRecord(one, 'app'), 'name') ?? '', document: one })) };
  if (isFlowise(first)) return { format: 'flowise', flows: named(bundle.filter(isFlowise)) };
  if (bundle.some(isN8n)) return { format: 'n8n', flows: bundle.filter(isN8n).map((one) => ({ name: readText(one, 'name') ?? readText(readRecord(one, 'workflow'), 'name') ?? readText(readRecord(one, 'data'), 'name') ?? '', document: one })) };
  return bundle.some(isLangflow) ? { format: 'langflow', flows: named(bundle.filter(isLangflow)) } : null;
}

/** One flow, a list of flows, or a list under the name that an export or an API gives it. */
function bundleOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  return ['flows', 'workflows', 'data'].map((name) => read(document, name)).find((list): list is unknown[] => Array.isArray(list)) ?? [document];
}

/** `{data: {nodes, edges}}`, or the inner part alone. An envelope whose nodes are damaged still counts, to be refused as damaged. */
function isLangflow(value: unknown): boolean {
  const data = readRecord(value, 'data');
  if (data !== null && !isWorkflow(data) && (Object.hasOwn(data, 'nodes') || Object.hasOwn(data, 'edges'))) {
    return !readList(data, 'nodes').some(isFlowiseNode);
  }
  return readList(value, 'nodes').some((node) => readRecord(readRecord(node, 'data'), 'node') !== null);
}

/** The version is a text; YAML without quotes makes a number of `2.0`. */
const isOpenApi = (value: unknown): boolean => ['openapi', 'swagger'].some((key) => ['string', 'number'].includes(typeof read(value, key)));

function isDify(value: unknown): boolean {
  if (readText(value, 'kind') === 'app' && readRecord(value, 'app') !== null) return true;
  return readRecord(value, 'app') !== null && (readRecord(value, 'workflow') !== null || readRecord(value, 'model_config') !== null);
}

const isFlowiseNode = (node: unknown): boolean => {
  const data = readRecord(node, 'data');
  return data !== null && (Array.isArray(data['inputAnchors']) || Array.isArray(data['inputParams']) || Array.isArray(data['outputAnchors']));
};

const isFlowise = (value: unknown): boolean => readList(value, 'nodes').some(isFlowiseNode);

const isWorkflow = (value: unknown): boolean => Array.isArray(read(value, 'nodes')) && readRecord(value, 'connections') !== null;

/** As the editor exports it, or in the envelope of its API or of the template gallery. */
const isN8n = (value: unknown): boolean =>
  [value, read(value, 'workflow'), read(read(value, 'workflow'), 'workflow'), read(value, 'data')].some(isWorkflow);
