import type { FlowEdge, FlowNode } from '../../contract.ts';
import { textField } from './graph.ts';
import { MODEL_FIELDS, TOOL_OUTPUTS, TOOL_TYPES, usedAsTool } from './mapping.ts';
import type { MappedNode, Mapping, MappingContext } from './mapping.ts';
import type { RawEdge, RawFlow, RawNode } from './raw-flow.ts';

interface ConvertedEdges {
  edges: FlowEdge[];
  /** Nodes that exist only to carry a fixed text into an input. */
  nodes: FlowNode[];
  /** Reasons, by node id, why a node does not work exactly as in Langflow. */
  remarks: Map<string, string[]>;
  warnings: string[];
}

interface Work extends ConvertedEdges {
  raw: RawFlow;
  mappings: ReadonlyMap<string, Mapping>;
  context: MappingContext;
  seen: Set<string>;
}

/** Wires our nodes as the file wires its own, and adds what Langflow implies without a wire. */
export function convertEdges(raw: RawFlow, mappings: ReadonlyMap<string, Mapping>, context: MappingContext): ConvertedEdges {
  const work: Work = { edges: [], nodes: [], remarks: new Map(), warnings: [], raw, mappings, context, seen: new Set() };
  for (const edge of raw.edges) convertEdge(edge, work);
  const wired = new Set(work.edges.map((edge) => `${edge.target}\n${edge.targetPort}`));
  for (const node of raw.nodes) {
    const mapping = mappings.get(node.id);
    if (mapping?.kind !== 'node') continue;
    addCompanionEdges(node, mapping, work);
    addConstants(node, mapping, wired, work);
    addQuery(node, mapping, wired, work);
  }
  return { edges: work.edges, nodes: work.nodes, remarks: work.remarks, warnings: work.warnings };
}

function convertEdge(edge: RawEdge, work: Work): void {
  const source = work.context.graph.node(edge.source);
  const target = work.context.graph.node(edge.target);
  const from = work.mappings.get(edge.source);
  const to = work.mappings.get(edge.target);
  if (source === undefined || target === undefined || from === undefined || to === undefined) return;
  if (edge.feedback) {
    if (to.kind === 'node' && to.type === 'logic.for-each' && from.kind === 'node') add(work, { source: source.id, sourcePort: sourcePort(edge, source, from, work), target: target.id, targetPort: 'feedback' });
    else work.warnings.push(`The connection from “${source.title}” back into the loop “${target.title}” was left out.`);
    return;
  }
  if (to.kind === 'absorbed') return;
  if (from.kind === 'unsupported' && edge.field !== null && MODEL_FIELDS.includes(edge.field) && to.kind === 'node') {
    remark(work, target.id, `Its model comes from “${source.title}”, which is not supported. The model of the product answers instead.`);
  }
  if (from.kind === 'absorbed') return;
  const targetEnd = targetOf(edge, source, target, to, work);
  if (targetEnd === null) return;
  add(work, { source: source.id, sourcePort: sourcePort(edge, source, from, work), target: targetEnd.id, targetPort: targetEnd.port });
}

function sourcePort(edge: RawEdge, source: RawNode, from: Exclude<Mapping, { kind: 'absorbed' }>, work: Work): string {
  if (from.kind === 'unsupported') return edge.output ?? 'output';
  const asTool = edge.field === 'tools' || (edge.output !== null && TOOL_OUTPUTS.has(edge.output));
  if (asTool && TOOL_TYPES.has(from.type)) return 'tool';
  const port = edge.output === null ? from.output : from.outputs.get(edge.output);
  if (port === undefined && source.outputs.length > 0 && !source.outputs.some((output) => output.name === edge.output)) {
    work.warnings.push(`“${source.title}” has no output “${edge.output ?? ''}”. Its main output is used.`);
  }
  return port ?? from.output;
}

function targetOf(edge: RawEdge, source: RawNode, target: RawNode, to: Exclude<Mapping, { kind: 'absorbed' }>, work: Work): { id: string; port: string } | null {
  if (to.kind === 'unsupported') return { id: target.id, port: edge.field ?? 'input' };
  if (edge.field === null) {
    work.warnings.push(`The connection from “${source.title}” to “${target.title}” does not say where it arrives. It was left out.`);
    return null;
  }
  const port = to.inputs.get(edge.field);
  if (port === null) return null;
  if (port === undefined) {
    const field = target.fields.get(edge.field);
    if (field === undefined) work.warnings.push(`“${target.title}” has no input “${edge.field.slice(0, 80)}”. The connection from “${source.title}” was left out.`);
    else remark(work, target.id, `The connection into “${field.title || field.name}” is not used; its fixed value is.`);
    return null;
  }
  const slash = port.indexOf('/');
  return slash < 0 ? { id: target.id, port } : { id: `${target.id}:${port.slice(0, slash)}`, port: port.slice(slash + 1) };
}

function addCompanionEdges(node: RawNode, mapping: MappedNode, work: Work): void {
  for (const { suffix, feeds } of mapping.companions) {
    if (feeds !== undefined) add(work, { source: `${node.id}:${suffix}`, sourcePort: feeds.from, target: node.id, targetPort: feeds.to });
  }
}

/** A fixed text where Langflow allows one beside a wire becomes a prompt without variables. */
function addConstants(node: RawNode, mapping: MappedNode, wired: Set<string>, work: Work): void {
  if (usedAsTool(node, work.context.graph)) return;
  for (const field of mapping.constants) {
    const port = mapping.inputs.get(field);
    const text = textField(node, field);
    const place = `${node.id}\n${port}`;
    if (port === null || port === undefined || wired.has(place)) continue;
    // A model with instructions and nothing else to read is still asked, with an empty message.
    const instructed = mapping.type === 'model.chat' && ((mapping.config['system'] ?? '') !== '' || wired.has(`${node.id}\nsystem`));
    if (text === '' && !instructed) continue;
    wired.add(place);
    const id = `${node.id}:${field}`;
    const template = text.replaceAll('{', '{{').replaceAll('}', '}}');
    work.nodes.push({ id, type: 'prompt.template', name: node.fields.get(field)?.title ?? '', config: { template, doubleBraces: false, defaults: {} } });
    add(work, { source: id, sourcePort: 'prompt', target: node.id, targetPort: port });
  }
}

/** A search without a question asks what the person wrote. */
function addQuery(node: RawNode, mapping: MappedNode, wired: Set<string>, work: Work): void {
  if (mapping.type !== 'knowledge.retrieve' || wired.has(`${node.id}\nquery`) || usedAsTool(node, work.context.graph)) return;
  for (const [type, port] of [['input.chat', 'message'], ['input.text', 'text']] as const) {
    const input = work.raw.nodes.find((candidate) => {
      const found = work.mappings.get(candidate.id);
      return found?.kind === 'node' && found.type === type;
    });
    if (input === undefined) continue;
    add(work, { source: input.id, sourcePort: port, target: node.id, targetPort: 'query' });
    return;
  }
  add(work, { source: addedChatInput(work), sourcePort: 'message', target: node.id, targetPort: 'query' });
}

/** A flow that reads a file and asks nothing still needs a question to search the buyer's documents with. */
function addedChatInput(work: Work): string {
  const added = work.nodes.find((node) => node.type === 'input.chat');
  if (added !== undefined) return added.id;
  let id = 'question';
  while (work.context.graph.node(id) !== undefined) id += '~';
  work.nodes.push({ id, type: 'input.chat', name: 'Question', config: {} });
  work.warnings.push('The flow asks nothing. A chat input was added: the question selects the passages of the buyer’s documents.');
  return id;
}

function add(work: Work, edge: FlowEdge): void {
  const key = `${edge.source}\n${edge.sourcePort}\n${edge.target}\n${edge.targetPort}`;
  if (work.seen.has(key)) return;
  work.seen.add(key);
  work.edges.push(edge);
}

function remark(work: Work, id: string, text: string): void {
  work.remarks.set(id, [...(work.remarks.get(id) ?? []), text]);
}
