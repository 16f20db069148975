import type { Flow, FlowEdge, FlowNode } from '../contract.ts';
import type { NodeType } from '../node-type.ts';
import { nodeTypes } from '../nodes/registry.ts';
import type { FlowProblem } from './run-error.ts';

/** The nodes and edges of a flow, ready to be walked. */
export interface FlowGraph {
  nodes: ReadonlyMap<string, FlowNode>;
  into: ReadonlyMap<string, readonly FlowEdge[]>;
  outOf: ReadonlyMap<string, readonly FlowEdge[]>;
}

/** Indexes a flow; repeated ids and edges without an end become problems. Linear in the size of the flow. */
export function flowGraph(flow: Flow, problems: FlowProblem[]): FlowGraph {
  const nodes = new Map<string, FlowNode>();
  for (const node of flow.nodes) {
    if (nodes.has(node.id)) problems.push({ code: 'node-duplicate', node: node.id, message: `Two nodes have the id "${node.id}".` });
    nodes.set(node.id, node);
  }
  const into = new Map<string, FlowEdge[]>();
  const outOf = new Map<string, FlowEdge[]>();
  for (const edge of flow.edges) {
    if (!nodes.has(edge.source) || !nodes.has(edge.target)) {
      problems.push({ code: 'edge-dangling', node: nodes.has(edge.source) ? edge.source : null, message: `An edge from "${edge.source}" to "${edge.target}" ends nowhere.` });
      continue;
    }
    add(into, edge.target, edge);
    add(outOf, edge.source, edge);
  }
  return { nodes, into, outOf };
}

function add(edges: Map<string, FlowEdge[]>, id: string, edge: FlowEdge): void {
  const known = edges.get(id);
  if (known) known.push(edge);
  else edges.set(id, [edge]);
}

/** Everything that can be reached from these ids, the ids included unless they are closed; `next` tells the neighbours. */
export function reach(from: Iterable<string>, next: (id: string) => Iterable<string>, isClosed: (id: string) => boolean = () => false): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || isClosed(id)) continue;
    seen.add(id);
    for (const neighbour of next(id)) open.push(neighbour);
  }
  return seen;
}

const OUTPUT_TYPES: ReadonlySet<string> = new Set(['output.chat', 'output.text']);
/** Results that are no answer even where nothing follows them. */
const HIDDEN: ReadonlySet<string> = new Set(['unsupported', 'knowledge.ingest', 'model.embedding', 'input.chat', 'input.text', 'input.webhook', 'input.trigger']);

/** Chat outputs; without any, text outputs; without any, the last nodes whose result can be shown. */
export function outputsOf({ nodes, outOf }: FlowGraph): readonly FlowNode[] {
  const all = [...nodes.values()];
  for (const type of OUTPUT_TYPES) {
    const outputs = all.filter((node) => node.type === type);
    if (outputs.length > 0) return outputs;
  }
  const shown = all.filter((node) => !HIDDEN.has(node.type));
  const ends = shown.filter((node) => (outOf.get(node.id) ?? []).every((edge) => edge.target === node.id || (isFeedback(edge, nodes) && endsWithLoop(edge.target))));
  return ends.length > 0 ? ends : shown.filter((node) => (outOf.get(node.id) ?? []).every((edge) => edge.target === node.id || isFeedback(edge, nodes)));

  /** What leads back into a loop is the last step only where nothing follows the loop. */
  function endsWithLoop(id: string): boolean {
    const loop = typeOf(nodes.get(id))?.loop;
    return loop?.kind === 'each' && (outOf.get(id) ?? []).every((edge) => edge.sourcePort === loop.item || edge.sourcePort === 'index');
  }
}

/** An edge that leads back into a loop, which is no dependency. */
export const isFeedback = (edge: FlowEdge, nodes: ReadonlyMap<string, FlowNode>): boolean => {
  const loop = typeOf(nodes.get(edge.target))?.loop;
  return loop !== undefined && loop.feedback === edge.targetPort;
};

export const typeOf = (node: FlowNode | undefined): NodeType | undefined => (node ? nodeTypes.get(node.type) : undefined);

/**
 * The body of a loop: the nodes of `members` that are done once for each pass. For `each` everything that hangs on the
 * item and on nothing after the loop, except outputs; for `while` only what leads back to the loop.
 */
export function loopBody(loopId: string, members: ReadonlySet<string>, { nodes, into, outOf }: FlowGraph): Set<string> {
  const loop = typeOf(nodes.get(loopId))?.loop;
  if (!loop) return new Set();
  const isClosed = (id: string) => id === loopId || !members.has(id);
  const targets = (id: string) => (outOf.get(id) ?? []).map((edge) => edge.target);
  const leaving = outOf.get(loopId) ?? [];
  const fromItem = reach(leaving.filter((edge) => edge.sourcePort === loop.item).map((edge) => edge.target), targets, isClosed);
  if (loop.kind === 'while') {
    const back = (into.get(loopId) ?? []).filter((edge) => edge.targetPort === loop.feedback).map((edge) => edge.source);
    const leadingBack = reach(back, (id) => (into.get(id) ?? []).map((edge) => edge.source), isClosed);
    return new Set([...fromItem].filter((id) => leadingBack.has(id)));
  }
  const after = reach(leaving.filter((edge) => edge.sourcePort !== loop.item).map((edge) => edge.target), targets, isClosed);
  return new Set([...fromItem].filter((id) => !after.has(id) && !OUTPUT_TYPES.has(nodes.get(id)?.type ?? '')));
}
