import { isRecord, oneLine, read, readList, readNumber, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';

const ID_CHARS_MAX = 150;
const REFERENCES_MAX = 200;

/** One node of a Flowise file. */
export interface RawNode {
  id: string;
  /** `llmChain`, `agentAgentflow`, …: what the node is. */
  kind: string;
  label: string;
  category: string;
  baseClasses: readonly string[];
  inputs: PlainRecord;
  /** Names of the inputs that hold a credential or are marked as password. */
  credential: string | null;
  /** Which of several outputs is chosen. */
  output: string;
  parent: string | null;
  position: { x: number; y: number } | undefined;
}

export interface RawEdge {
  source: string;
  /** Name or number of the way out. */
  output: string;
  target: string;
  /** The input it ends at; empty in agentflows of the second version. */
  input: string;
}

export interface RawFlow {
  name: string;
  description: string;
  nodes: RawNode[];
  edges: RawEdge[];
  warnings: string[];
}

export const isNote = (node: unknown): boolean => /^stickyNote/i.test(readText(readRecord(node, 'data'), 'name') ?? readText(node, 'type') ?? '');

/** The part of a document that holds nodes: the file of Flowise itself, or its row of the database with `flowData` as text. */
export function flowOf(document: unknown): PlainRecord | null {
  if (!isRecord(document)) return null;
  if (Array.isArray(document['nodes'])) return document;
  return null;
}

/** Reads nodes and connections; notes are left out. Never throws. */
export function readFlowise(flow: PlainRecord): RawFlow {
  const warnings: string[] = [];
  const nodes = new Map<string, RawNode>();
  for (const item of readList(flow, 'nodes')) {
    const node = readNode(item);
    if (node === null) continue;
    if (nodes.has(node.id)) warnings.push(`Two nodes have the id “${node.id}”. The first is kept.`);
    else nodes.set(node.id, node);
  }
  const edges: RawEdge[] = [];
  let dangling = 0;
  for (const item of readList(flow, 'edges')) {
    const edge = readEdge(item);
    if (edge === null) continue;
    if (nodes.has(edge.source) && nodes.has(edge.target)) edges.push(edge);
    else dangling += 1;
  }
  if (dangling > 0) warnings.push(`${dangling === 1 ? 'One connection names a node' : `${dangling} connections name nodes`} that the file does not have.`);
  return { name: oneLine(readText(flow, 'name') ?? '', 200), description: oneLine(readText(flow, 'description') ?? '', 2_000), nodes: [...nodes.values()], edges, warnings };
}

function readNode(item: unknown): RawNode | null {
  const data = readRecord(item, 'data');
  const id = readText(item, 'id') ?? readText(data, 'id');
  if (data === null || id === null || id === '' || isNote(item)) return null;
  const [x, y] = [readNumber(readRecord(item, 'position'), 'x'), readNumber(readRecord(item, 'position'), 'y')];
  return {
    id: id.slice(0, ID_CHARS_MAX), kind: (readText(data, 'name') ?? 'unknown').slice(0, 100), label: oneLine(readText(data, 'label') ?? readText(data, 'name') ?? id, 150),
    category: readText(data, 'category') ?? '', baseClasses: readList(data, 'baseClasses').filter((one) => typeof one === 'string'), inputs: readRecord(data, 'inputs') ?? {},
    credential: credentialIn(data), output: Object.values(readRecord(data, 'outputs') ?? {}).find((one) => typeof one === 'string') ?? '',
    parent: readText(item, 'parentNode'), position: x === null || y === null ? undefined : { x, y },
  };
}

/** Kind of credential that the node names or could hold. */
function credentialIn(data: PlainRecord): string | null {
  const named = readText(data, 'credential') ?? readText(readRecord(data, 'inputs'), 'FLOWISE_CREDENTIAL_ID');
  const asks = readList(data, 'inputParams').find((param) => readText(param, 'type') === 'credential');
  const optional = read(asks, 'optional') === true;
  if (asks === undefined && (named === null || named === '')) return null;
  if (optional && (named === null || named === '')) return null;
  const kinds = readList(asks, 'credentialNames').filter((one) => typeof one === 'string');
  return kinds[0]?.slice(0, 100) ?? 'credential';
}

function readEdge(item: unknown): RawEdge | null {
  const [source, target] = [readText(item, 'source'), readText(item, 'target')];
  if (source === null || target === null) return null;
  const [from, to] = [readText(item, 'sourceHandle') ?? '', readText(item, 'targetHandle') ?? ''];
  const after = (handle: string, mark: string): string => { const at = handle.indexOf(mark); return at < 0 ? '' : handle.slice(at + mark.length); };
  return {
    source: source.slice(0, ID_CHARS_MAX), target: target.slice(0, ID_CHARS_MAX),
    output: (after(from, '-output-').split('-')[0] ?? '').slice(0, 100), input: (after(to, '-input-').split('-')[0] ?? '').slice(0, 100),
  };
}

/** Ids that a setting names as `{{id.data.instance}}`, in order. */
export function instancesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.slice(0, REFERENCES_MAX).flatMap(instancesIn);
  if (typeof value !== 'string' || !value.includes('.data.instance')) return [];
  return [...value.matchAll(/\{\{\s*([^{}\s]{1,150}?)\.data\.instance\s*\}\}/g)].slice(0, REFERENCES_MAX).map((match) => match[1] ?? '');
}
