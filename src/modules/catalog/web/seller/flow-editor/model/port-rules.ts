import type { FlowNodeType, FlowPort, NodePorts } from '#modules/flows/authoring/contract.ts';
import type { Flow, FlowEdge } from '#modules/flows/contract.ts';
import { edgeKey } from './flow-edits.ts';

/** Kinds of steps by their type. */
export type NodeTypes = ReadonlyMap<string, FlowNodeType>;
/** What the server said last about the ports of each node. */
export type KnownPorts = Readonly<Record<string, NodePorts>>;

/** A port that only an edge still speaks of. */
export interface ShownPort extends FlowPort { lost: boolean }

/** Stands for a step of a file that has no counterpart here. */
export const UNSUPPORTED = 'unsupported';

const lostPort = (name: string): ShownPort => ({ name, required: false, many: true, carries: 'value', lost: true });

export interface ShownPorts { inputs: readonly ShownPort[]; outputs: readonly ShownPort[] }

/**
 * The ports to draw, by step: those the configuration makes, and those that edges still use although they are gone.
 * Unsupported steps have only the latter. Linear in the size of the flow.
 */
export const allPorts = (flow: Flow, types: NodeTypes, known: KnownPorts): ReadonlyMap<string, ShownPorts> => {
  const usedIn = new Map<string, Set<string>>();
  const usedOut = new Map<string, Set<string>>();
  const note = (used: Map<string, Set<string>>, id: string, port: string) => { used.set(id, (used.get(id) ?? new Set()).add(port)); };
  for (const { source, sourcePort, target, targetPort } of flow.edges) {
    note(usedOut, source, sourcePort);
    note(usedIn, target, targetPort);
  }
  return new Map(flow.nodes.map(({ id, type: name }) => {
    const type = types.get(name);
    const ports = known[id] ?? type ?? { inputs: [], outputs: [] };
    // Nobody knows which ports an unsupported step has, so those in use are as good as any.
    const unknown = type === undefined || type.type === UNSUPPORTED;
    const withUsed = (own: readonly FlowPort[], used: ReadonlySet<string> | undefined): readonly ShownPort[] => {
      const names = new Set(own.map((port) => port.name));
      return [...own.map((port) => ({ ...port, lost: false })), ...[...used ?? []].filter((port) => !names.has(port)).map((port) => ({ ...lostPort(port), lost: !unknown }))];
    };
    return [id, { inputs: withUsed(ports.inputs, usedIn.get(id)), outputs: withUsed(ports.outputs, usedOut.get(id)) }];
  }));
};

/** Why two ports cannot be connected, in words; null when they can. */
export const connectionProblem = (flow: Flow, edge: FlowEdge, types: NodeTypes, ports: ReadonlyMap<string, ShownPorts>): string | null => {
  if (edge.source === edge.target) return 'A step cannot feed itself.';
  const from = ports.get(edge.source)?.outputs.find(({ name, lost }) => name === edge.sourcePort && !lost);
  const to = ports.get(edge.target)?.inputs.find(({ name, lost }) => name === edge.targetPort && !lost);
  if (from === undefined || to === undefined) return 'There is no such port any more.';
  if (from.carries === 'tool' && to.carries !== 'tool') return 'A tool can only go where an agent takes tools.';
  if (from.carries !== 'tool' && to.carries === 'tool') return 'This port takes tools only.';
  if (flow.edges.some((other) => edgeKey(other) === edgeKey(edge))) return 'These are connected already.';
  const { isFeedback, before } = graphOf(flow, types);
  if (!isFeedback(edge) && before(edge.source).has(edge.target)) return 'This would lead back to a step before.';
  return null;
};

/** Every edge that could still begin at a step. Linear in the size of the flow for each of its outputs. */
export const possibleEdges = (flow: Flow, id: string, types: NodeTypes, ports: ReadonlyMap<string, ShownPorts>): readonly FlowEdge[] => {
  const { isFeedback, before } = graphOf(flow, types);
  const earlier = before(id);
  const taken = new Set(flow.edges.map(edgeKey));
  const outputs = ports.get(id)?.outputs.filter(({ lost }) => !lost) ?? [];
  return outputs.flatMap((from) => flow.nodes.flatMap((other) => (ports.get(other.id)?.inputs ?? [])
    .filter((to) => other.id !== id && !to.lost && (from.carries === 'tool') === (to.carries === 'tool'))
    .map((to): FlowEdge => ({ source: id, sourcePort: from.name, target: other.id, targetPort: to.name }))
    .filter((edge) => !taken.has(edgeKey(edge)) && (isFeedback(edge) || !earlier.has(other.id)))));
};

/** Who leads to whom. A circle is allowed only where it closes at the port of a loop made for that, so those edges do not count. */
const graphOf = (flow: Flow, types: NodeTypes) => {
  const typeOf = new Map(flow.nodes.map(({ id, type }) => [id, types.get(type)]));
  const isFeedback = ({ target, targetPort }: FlowEdge): boolean => typeOf.get(target)?.loop?.feedback === targetPort;
  const sources = new Map<string, string[]>();
  for (const one of flow.edges) if (!isFeedback(one)) sources.set(one.target, [...(sources.get(one.target) ?? []), one.source]);
  return {
    isFeedback,
    /** The step itself and everything that leads to it. */
    before(id: string): ReadonlySet<string> {
      const seen = new Set<string>();
      const open = [id];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        if (seen.has(at)) continue;
        seen.add(at);
        open.push(...(sources.get(at) ?? []));
      }
      return seen;
    },
  };
};
