import { oneLine, read, readList, readNumber, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';

const ID_CHARS_MAX = 150;

/** One node of a Dify workflow. */
export interface RawNode { id: string; type: string; title: string; data: PlainRecord; parent: string | null; position: { x: number; y: number } | undefined }

/** A way of the run; `handle` names the way out. */
export interface RawEdge { source: string; handle: string; target: string }

export interface RawApp {
  name: string;
  description: string;
  mode: string;
  version: string | null;
  nodes: RawNode[];
  edges: RawEdge[];
  conversation: { name: string; value: unknown }[];
  environment: { name: string; value: unknown; isSecret: boolean }[];
  warnings: string[];
}

/** Types that only explain. */
const isNote = (item: unknown): boolean => {
  const type = readText(readRecord(item, 'data'), 'type') ?? '';
  return readText(item, 'type') === 'custom-note' || type === '' || type === 'note';
};

export const graphOf = (document: unknown): PlainRecord | null => readRecord(readRecord(document, 'workflow'), 'graph');

/** Reads an app, notes left out. Never throws. */
export function readDify(document: PlainRecord): RawApp {
  const [app, workflow, graph] = [readRecord(document, 'app'), readRecord(document, 'workflow'), graphOf(document)];
  const warnings: string[] = [];
  const nodes = new Map<string, RawNode>();
  for (const item of readList(graph, 'nodes')) {
    const node = isNote(item) ? null : readNode(item);
    if (node === null) continue;
    if (nodes.has(node.id)) warnings.push(`Two nodes have the id “${node.id}”. The first is kept.`);
    else nodes.set(node.id, node);
  }
  const edges: RawEdge[] = [];
  let dangling = 0;
  for (const item of readList(graph, 'edges')) {
    const [source, target] = [readText(item, 'source')?.slice(0, ID_CHARS_MAX), readText(item, 'target')?.slice(0, ID_CHARS_MAX)];
    if (source === undefined || target === undefined) continue;
    if (nodes.has(source) && nodes.has(target)) edges.push({ source, handle: (readText(item, 'sourceHandle') ?? 'source').slice(0, 200), target });
    else dangling += 1;
  }
  if (dangling > 0) warnings.push(`${dangling === 1 ? 'One connection names a node' : `${dangling} connections name nodes`} that the file does not have.`);
  return {
    name: oneLine(readText(app, 'name') ?? '', 200), description: oneLine(readText(app, 'description') ?? '', 2_000), mode: readText(app, 'mode') ?? 'workflow', version: oneLine(readText(document, 'version') ?? '', 50) || null,
    nodes: [...nodes.values()], edges, warnings,
    conversation: readList(workflow, 'conversation_variables').slice(0, 200).map((one) => ({ name: (readText(one, 'name') ?? '').slice(0, 100), value: read(one, 'value') ?? null })).filter(({ name }) => name !== ''),
    environment: readList(workflow, 'environment_variables').slice(0, 200).map((one) => ({ name: (readText(one, 'name') ?? '').slice(0, 100), value: read(one, 'value') ?? null, isSecret: readText(one, 'value_type') === 'secret' })).filter(({ name }) => name !== ''),
  };
}

function readNode(item: unknown): RawNode | null {
  const data = readRecord(item, 'data');
  const id = readText(item, 'id');
  if (data === null || id === null || id === '') return null;
  const [x, y] = [readNumber(readRecord(item, 'position'), 'x'), readNumber(readRecord(item, 'position'), 'y')];
  const type = (readText(data, 'type') ?? 'unknown').slice(0, 100);
  return {
    id: id.slice(0, ID_CHARS_MAX), type, title: oneLine(readText(data, 'title') ?? '', 150) || type, data,
    parent: readText(item, 'parentId') ?? readText(data, 'iteration_id') ?? readText(data, 'loop_id'), position: x === null || y === null ? undefined : { x, y },
  };
}
