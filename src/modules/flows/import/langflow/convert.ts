import type { FlowEdge, FlowNode, ImportReport } from '../../contract.ts';
import { nodeTypes } from '../../nodes/registry.ts';
import { mapperFor } from './components.ts';
import { isCustom } from './custom-code.ts';
import { convertEdges } from './convert-edges.ts';
import { graphOfFlow } from './graph.ts';
import { withLegacyWiring } from './legacy.ts';
import { ingestingNodes } from './map-knowledge.ts';
import { TOOL_TYPES, unsupported, usedAsTool } from './mapping.ts';
import type { Mapping, MappingContext } from './mapping.ts';
import type { RawFlow, RawNode } from './raw-flow.ts';
import { isStoreNode, tableName } from './store-names.ts';
import { unsupportedFamily } from './unsupported-components.ts';

type ImportedNode = ImportReport['nodes']['all'][number];

export interface ConvertedFlow {
  nodes: FlowNode[];
  edges: FlowEdge[];
  /** What became of every node of the file, in file order. */
  imported: ImportedNode[];
  mappings: ReadonlyMap<string, Mapping>;
  /** The file's nodes and those that older files leave out. */
  raw: RawFlow;
  context: MappingContext;
  warnings: string[];
}

/** Turns Langflow's components and wires into our nodes and edges. Never throws. */
export function convertFlow(file: RawFlow): ConvertedFlow {
  const raw = withLegacyWiring(file);
  const context: MappingContext = { graph: graphOfFlow(raw), ingesting: ingestingNodes(raw, isStoreNode) };
  const mappings = new Map(raw.nodes.map((node) => [node.id, mapNode(node, context)] as const));
  const { nodes, edges, remarks, warnings } = convertEdges(raw, mappings, context);
  const emitted = raw.nodes.flatMap((node) => nodesOf(node, mappings.get(node.id)));
  return {
    nodes: [...emitted, ...nodes],
    edges,
    imported: file.nodes.map((node) => importedNode(node, mappings.get(node.id), remarks.get(node.id) ?? [])),
    mappings,
    raw,
    context,
    warnings: [...raw.warnings, ...warnings],
  };
}

function mapNode(node: RawNode, context: MappingContext): Mapping {
  if (isCustom(node)) return unsupported('It contains custom Python, which is never run here. Closest: a standard component, or the seller’s own Langflow server.');
  const mapper = mapperFor(node);
  if (mapper === undefined) {
    const family = unsupportedFamily(tableName(node.type));
    return unsupported(family?.reason ?? `The component “${node.type}” is not known here. Closest: build the step from standard components, or use the seller’s own Langflow server.`, family?.service ?? null);
  }
  const mapping = checked(mapper(node, context));
  if (mapping.kind === 'node' && usedAsTool(node, context.graph) && !TOOL_TYPES.has(mapping.type)) {
    return unsupported('This step cannot be a tool of an agent yet. Closest: put it before the agent.');
  }
  return mapping;
}

/** A node whose settings our step refuses could never run, so it is not called supported. */
function checked(mapping: Mapping): Mapping {
  if (mapping.kind !== 'node') return mapping;
  const parsed = nodeTypes.get(mapping.type)?.config.safeParse(mapping.config);
  if (parsed === undefined || parsed.success) return mapping;
  const issue = parsed.error.issues[0];
  return unsupported(`Its setting “${issue?.path.join('.') ?? ''}” does not fit the step here: ${issue?.message ?? 'unknown'}.`);
}

function nodesOf(node: RawNode, mapping: Mapping | undefined): FlowNode[] {
  if (mapping === undefined || mapping.kind === 'absorbed') return [];
  const position = node.position === undefined ? {} : { position: node.position };
  if (mapping.kind === 'unsupported') {
    return [{ id: node.id, type: 'unsupported', name: node.title, config: { originalType: node.type, reason: mapping.reason }, ...position }];
  }
  const companions = mapping.companions.map(({ suffix, type, name, config }) => ({ id: `${node.id}:${suffix}`, type, name, config, ...position }));
  return [{ id: node.id, type: mapping.type, name: node.title, config: mapping.config, ...position }, ...companions];
}

function importedNode(node: RawNode, mapping: Mapping | undefined, remarks: readonly string[]): ImportedNode {
  const base = { id: node.id, type: node.type, name: node.title };
  if (mapping === undefined || mapping.kind === 'unsupported') {
    const [reason = '', substitute] = (mapping?.reason ?? 'It could not be read.').split(' Closest: ');
    return { ...base, support: 'unsupported', mappedTo: null, reason, substitute: substitute ?? null };
  }
  const reasons = [...(mapping.reason === null ? [] : [mapping.reason]), ...new Set(remarks)];
  return {
    ...base,
    support: remarks.length > 0 ? 'approximated' : mapping.support,
    mappedTo: mapping.kind === 'node' ? mapping.type : mapping.mappedTo,
    reason: reasons.length === 0 ? null : reasons.join(' '),
    substitute: null,
  };
}
