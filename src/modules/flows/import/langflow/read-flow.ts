import { isRecord, oneLine, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { sourceHandle, targetHandle } from './handles.ts';
import type { Handle } from './handles.ts';
import type { GroupedNode, RawEdge, RawField, RawFlow, RawNode } from './raw-flow.ts';
import { isNote, readNode } from './read-node.ts';

/** The value and visibility a group sets on a field of a node inside it. */
type Overrides = ReadonlyMap<string, ReadonlyMap<string, RawField>>;

interface Place {
  id: string;
  name: string | null;
}

/** One level of the file: the flow itself or the inside of a group. */
interface Level {
  nodes: RawNode[];
  edges: RawEdge[];
  /** Follows a handle into groups down to a real node; null when it leads nowhere. */
  target(id: string, handle: Handle): Place | null;
  source(id: string, handle: Handle): Place | null;
}

interface Reading {
  ids: Set<string>;
  warnings: string[];
}

/** The nodes and edges of a Langflow envelope, or of its bare `data`. */
export const graphOf = (envelope: unknown): PlainRecord | null => readRecord(envelope, 'data') ?? (isRecord(envelope) ? envelope : null);

/** Number of nodes outside groups, notes not counted. */
export const countNodes = (envelope: unknown): number => readList(graphOf(envelope), 'nodes').filter((node) => !isNote(node)).length;

/** Reads a flow and inlines its groups. Never throws; what cannot be read becomes a warning. */
export function readFlow(envelope: PlainRecord): RawFlow {
  const reading: Reading = { ids: new Set(), warnings: [] };
  const level = readLevel(graphOf(envelope) ?? {}, new Map(), reading);
  if (readFlag(envelope, 'is_component')) reading.warnings.push('This file is a single saved component, not a whole flow.');
  return {
    name: oneLine(readText(envelope, 'name') ?? '', 200),
    description: (readText(envelope, 'description') ?? '').trim().slice(0, 2000),
    version: oneLine(readText(envelope, 'last_tested_version') ?? '', 50) || null,
    nodes: level.nodes,
    edges: level.edges,
    warnings: reading.warnings,
  };
}

function readLevel(data: PlainRecord, overrides: Overrides, reading: Reading): Level {
  const nodes: RawNode[] = [];
  const byId = new Map<string, GroupedNode>();
  const levels = new Map<string, Level>();
  const outputs = new Map<string, readonly unknown[]>();

  for (const [index, source] of readList(data, 'nodes').entries()) {
    if (!isRecord(source)) {
      reading.warnings.push(`Entry ${index + 1} of the node list is not a node. It was left out.`);
      continue;
    }
    if (isNote(source)) continue;
    const written = readText(source, 'id') ?? readText(readRecord(source, 'data'), 'id') ?? '';
    const node = withOverrides(readNode(source, takeId(written, index, reading)), overrides.get(written));
    if (!byId.has(written)) byId.set(written, node);
    if (node.group === null) nodes.push(node);
    else {
      const inner = readLevel(node.group.inner, overridesOf(node), reading);
      if (byId.get(written) === node) {
        levels.set(written, inner);
        outputs.set(written, readList(readRecord(readRecord(source, 'data'), 'node'), 'outputs'));
      }
      nodes.push(...inner.nodes);
    }
  }

  const level: Level = {
    nodes,
    edges: [...levels.values()].flatMap((inner) => inner.edges),
    target: (id, handle) => {
      const inner = levels.get(id);
      if (inner === undefined) return placeOf(byId, id, handle);
      const proxy = fieldProxy(byId.get(id), handle) ?? handle.proxy;
      return proxy === null ? null : inner.target(proxy.id, { ...handle, name: proxy.name ?? handle.name, proxy: null });
    },
    source: (id, handle) => {
      const inner = levels.get(id);
      if (inner === undefined) return placeOf(byId, id, handle);
      const proxy = outputProxy(outputs.get(id) ?? [], handle) ?? handle.proxy;
      if (proxy !== null) return inner.source(proxy.id, { ...handle, name: proxy.name ?? handle.name, proxy: null });
      return endOf(inner, handle);
    },
  };
  for (const edge of readList(data, 'edges')) readEdge(edge, level, reading);
  return level;
}

const placeOf = (byId: ReadonlyMap<string, RawNode>, id: string, handle: Handle): Place | null => {
  const node = byId.get(id);
  return node === undefined ? null : { id: node.id, name: handle.name };
};

function readEdge(edge: unknown, level: Level, reading: Reading): void {
  const from = readText(edge, 'source');
  const to = readText(edge, 'target');
  if (!isRecord(edge) || from === null || to === null) {
    reading.warnings.push('A connection without a beginning or an end was left out.');
    return;
  }
  const sourceEnd = sourceHandle(edge) ?? { name: null, dataType: null, proxy: null, feedback: false };
  const targetEnd = targetHandle(edge) ?? { name: null, dataType: null, proxy: null, feedback: false };
  const source = level.source(from, sourceEnd);
  const target = level.target(to, targetEnd);
  if (source === null || target === null) {
    const missing = source === null ? from : to;
    reading.warnings.push(`A connection from ${oneLine(from, 80)} to ${oneLine(to, 80)} was left out: there is no node ${oneLine(missing, 80)}.`);
    return;
  }
  level.edges.push({ source: source.id, output: source.name, target: target.id, field: target.name, feedback: targetEnd.feedback });
}

/** The written id if it is usable and free, else a new one; connections keep pointing at the first node of an id. */
function takeId(written: string, index: number, reading: Reading): string {
  const usable = written !== '' && written.length <= 180;
  let id = usable ? written : `node-${index + 1}`;
  if (usable && reading.ids.has(id)) {
    reading.warnings.push(`Two nodes have the id ${oneLine(written, 80)}. Connections go to the first one; the second was given its own id.`);
  } else if (!usable) {
    reading.warnings.push(`Node ${index + 1} has no usable id. It was given one.`);
  }
  for (let copy = 2; reading.ids.has(id); copy += 1) id = `${usable ? written : `node-${index + 1}`}~${copy}`;
  reading.ids.add(id);
  return id;
}

const proxyOf = (entry: unknown): Place | null => {
  const proxy = readRecord(entry, 'proxy');
  const id = readText(proxy, 'id');
  return id === null ? null : { id, name: readText(proxy, 'field') ?? readText(proxy, 'name') };
};

const fieldProxy = (node: GroupedNode | undefined, handle: Handle): Place | null =>
  handle.name === null ? null : proxyOf(read(node?.group?.template, handle.name));

const outputProxy = (outputs: readonly unknown[], handle: Handle): Place | null =>
  proxyOf(outputs.find((output) => readText(output, 'name') === handle.name) ?? (outputs.length === 1 ? outputs[0] : null));

/** Old groups do not say which inner node an edge leaves from: the last one nothing follows, of the handle's type if any. */
function endOf(level: Level, handle: Handle): Place | null {
  const followed = new Set(level.edges.map((edge) => edge.source));
  const ends = level.nodes.filter((node) => !followed.has(node.id));
  const end = ends.findLast((node) => node.type === handle.dataType) ?? ends.at(-1) ?? level.nodes.at(-1);
  return end === undefined ? null : { id: end.id, name: null };
}

function overridesOf(node: GroupedNode): Overrides {
  const overrides = new Map<string, Map<string, RawField>>();
  const fields = node.fields;
  for (const [key, entry] of Object.entries(node.group?.template ?? {})) {
    const proxy = proxyOf(entry);
    const field = fields.get(key);
    if (proxy === null || proxy.name === null || field === undefined) continue;
    const ofNode = overrides.get(proxy.id) ?? new Map<string, RawField>();
    overrides.set(proxy.id, ofNode.set(proxy.name, field));
  }
  return overrides;
}

function withOverrides(node: GroupedNode, overrides: ReadonlyMap<string, RawField> | undefined): GroupedNode {
  if (overrides === undefined) return node;
  const fields = new Map(node.fields);
  for (const [name, outer] of overrides) {
    const inner = fields.get(name);
    if (inner !== undefined) fields.set(name, { ...inner, value: outer.value, show: outer.show, advanced: outer.advanced });
  }
  return { ...node, fields };
}

