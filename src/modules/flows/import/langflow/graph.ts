import type { RawEdge, RawFlow, RawNode } from './raw-flow.ts';

/** Looking around in a flow while mapping one of its nodes. */
export interface Graph {
  nodes: readonly RawNode[];
  node(id: string): RawNode | undefined;
  incoming(id: string): readonly RawEdge[];
  outgoing(id: string): readonly RawEdge[];
  isWired(id: string, field: string): boolean;
  /** The first node connected to one of these fields. */
  wiredTo(id: string, fields: readonly string[]): RawNode | undefined;
}

export function graphOfFlow(flow: RawFlow): Graph {
  const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
  const edges = flow.edges.filter((edge) => !edge.feedback);
  const incoming = Map.groupBy(edges, (edge) => edge.target);
  const outgoing = Map.groupBy(edges, (edge) => edge.source);
  return {
    nodes: flow.nodes,
    node: (id) => nodes.get(id),
    incoming: (id) => incoming.get(id) ?? [],
    outgoing: (id) => outgoing.get(id) ?? [],
    isWired: (id, field) => (incoming.get(id) ?? []).some((edge) => edge.field === field),
    wiredTo: (id, fields) => {
      const edge = (incoming.get(id) ?? []).find(({ field }) => field !== null && fields.includes(field));
      return edge && nodes.get(edge.source);
    },
  };
}

/** The starts and everything reached from them by following `next`; safe for cycles. */
export function reachable(starts: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(starts);
  const waiting = [...seen];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const following of next(id)) {
      if (seen.has(following)) continue;
      seen.add(following);
      waiting.push(following);
    }
  }
  return seen;
}

/** Values of fields, wrong kinds read as absent. The first name that has a value wins. */
export function textField(node: RawNode, ...names: string[]): string {
  return fieldValue(node, names, (value) => (typeof value === 'string' && value !== '' ? value : null)) ?? '';
}

export function numberField(node: RawNode, ...names: string[]): number | null {
  return fieldValue(node, names, (value) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
  });
}

export function flagField(node: RawNode, ...names: string[]): boolean {
  return fieldValue(node, names, (value) => (typeof value === 'boolean' ? value : null)) ?? false;
}

export function listField(node: RawNode, ...names: string[]): readonly unknown[] {
  return fieldValue(node, names, (value) => (Array.isArray(value) ? value : null)) ?? [];
}

function fieldValue<T>(node: RawNode, names: readonly string[], take: (value: unknown) => T | null): T | null {
  for (const name of names) {
    const taken = take(node.fields.get(name)?.value);
    if (taken !== null) return taken;
  }
  return null;
}
