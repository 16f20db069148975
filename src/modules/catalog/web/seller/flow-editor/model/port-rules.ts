import type { FlowNodeType, FlowPort, NodePorts } from '#modules/flows/authoring/contract.ts';
import type { Flow, FlowEdge } from '#modules/flows/contract.ts';

/** Kinds of steps by their type. */
export type NodeTypes = ReadonlyMap<string, FlowNodeType>;
/** What the server said last about the ports of each node. */
export type KnownPorts = Readonly<Record<string, NodePorts>>;

/** A port that only an edge still speaks of. */
export interface ShownPort extends FlowPort { lost: boolean }

/** Stands for a step of a file that has no counterpart here. */
export const UNSUPPORTED = 'unsupported';

const lostPort = (name: string): ShownPort => ({ name, required: false, many: true, carries: 'value', lost: true });

/**
 * The ports to draw: those the configuration makes, and those that edges still use although they are gone. Unsupported
 * steps have only the latter.
 */
export const shownPorts = (flow: Flow, id: string, types: NodeTypes, known: KnownPorts): { inputs: readonly ShownPort[]; outputs: readonly ShownPort[] } => {
  const node = flow.nodes.find((candidate) => candidate.id === id);
  const type = types.get(node?.type ?? '');
  const ports = known[id] ?? type ?? { inputs: [], outputs: [] };
  // Nobody knows which ports an unsupported step has, so those in use are as good as any.
  const unknown = type === undefined || type.type === UNSUPPORTED;
  const withUsed = (own: readonly FlowPort[], used: readonly string[]) => {
    const names = new Set(own.map(({ name }) => name));
    return [...own.map((port) => ({ ...port, lost: false })), ...[...new Set(used)].filter((name) => !names.has(name)).map((name) => ({ ...lostPort(name), lost: !unknown }))];
  };
  return {
    inputs: withUsed(ports.inputs, flow.edges.filter(({ target }) => target === id).map(({ targetPort }) => targetPort)),
    outputs: withUsed(ports.outputs, flow.edges.filter(({ source }) => source === id).map(({ sourcePort }) => sourcePort)),
  };
};

/** Why two ports cannot be connected, in words; null when they can. */
export const connectionProblem = (flow: Flow, edge: FlowEdge, types: NodeTypes, known: KnownPorts): string | null => {
  if (edge.source === edge.target) return 'A step cannot feed itself.';
  const from = shownPorts(flow, edge.source, types, known).outputs.find(({ name, lost }) => name === edge.sourcePort && !lost);
  const to = shownPorts(flow, edge.target, types, known).inputs.find(({ name, lost }) => name === edge.targetPort && !lost);
  if (from === undefined || to === undefined) return 'There is no such port any more.';
  if (from.carries === 'tool' && to.carries !== 'tool') return 'A tool can only go where an agent takes tools.';
  if (from.carries !== 'tool' && to.carries === 'tool') return 'This port takes tools only.';
  if (flow.edges.some((other) => other.source === edge.source && other.sourcePort === edge.sourcePort && other.target === edge.target && other.targetPort === edge.targetPort)) return 'These are connected already.';
  if (closesCircle(flow, edge, types)) return 'This would lead back to a step before.';
  return null;
};

/** A circle is allowed only where it closes at the port of a loop made for that. */
const closesCircle = (flow: Flow, edge: FlowEdge, types: NodeTypes): boolean => {
  const typeOf = new Map(flow.nodes.map(({ id, type }) => [id, types.get(type)]));
  const isFeedback = ({ target, targetPort }: FlowEdge) => typeOf.get(target)?.loop?.feedback === targetPort;
  if (isFeedback(edge)) return false;
  const next = new Map<string, string[]>();
  for (const one of flow.edges) if (!isFeedback(one)) next.set(one.source, [...(next.get(one.source) ?? []), one.target]);
  const seen = new Set<string>();
  const open = [edge.target];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === edge.source) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(next.get(id) ?? []));
  }
  return false;
};
