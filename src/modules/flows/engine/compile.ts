import { z } from 'zod';
import type { Flow, FlowEdge, FlowNode } from '../contract.ts';
import type { NodeType } from '../node-type.ts';
import { nodeTypes } from '../nodes/registry.ts';
import { FlowError } from './run-error.ts';
import type { FlowProblem } from './run-error.ts';

/** An input port with the edges that feed it. */
export interface CompiledPort {
  name: string;
  many: boolean;
  /** The node is skipped when every edge of this port comes from a skipped branch. */
  needed: boolean;
  sources: readonly { node: number; port: string }[];
}

export interface CompiledNode {
  id: string;
  type: NodeType;
  /** Parsed by the type's schema. */
  config: unknown;
  /** As stored, for applying parameters. */
  rawConfig: Readonly<Record<string, unknown>>;
  ports: readonly CompiledPort[];
  /** Required ports nothing is connected to: the node fails when reached. */
  missingInputs: readonly string[];
  /** Nodes that wait for this one, and how many this one waits for. */
  dependents: readonly number[];
  waitsFor: number;
  /** Stands in for the missing chat input. */
  isEntry: boolean;
  /** Gets the conversation so far. */
  seesHistory: boolean;
}

/** A flow ready to run, shared by any number of runs. Holds only what its outputs depend on, sources before targets. */
export interface CompiledFlow {
  flow: Flow;
  nodes: readonly CompiledNode[];
  /** Indexes of the nodes whose results are the run's answer, in the order they are shown. */
  outputs: readonly number[];
  /** The parameter values this compilation includes; null for none. */
  configuredWith: Readonly<Record<string, unknown>> | null;
}

/** Problems that stop a run only when the node is reached. */
const REACHED: ReadonlySet<FlowProblem['code']> = new Set(['node-unsupported', 'input-missing']);

/**
 * Checks a flow and prepares it for runs. Pure, so callers may keep the result. Throws {@link FlowError} for a cycle,
 * a missing output, an unknown node type, port or end of an edge, or a configuration its schema refuses.
 */
export function compileFlow(flow: Flow): CompiledFlow {
  const { compiled, problems } = compile(flow);
  const fatal = problems.filter((problem) => !REACHED.has(problem.code));
  if (!compiled || fatal.length > 0) throw new FlowError(fatal);
  return compiled;
}

/** Everything that would keep the flow from running to its end; empty when it can run. */
export function checkRunnable(flow: Flow): readonly FlowProblem[] {
  return compile(flow).problems;
}

interface Graph { nodes: ReadonlyMap<string, FlowNode>; into: ReadonlyMap<string, readonly FlowEdge[]>; outOf: ReadonlyMap<string, readonly FlowEdge[]> }

function compile(flow: Flow): { compiled: CompiledFlow | null; problems: FlowProblem[] } {
  const problems: FlowProblem[] = [];
  const graph = graphOf(flow, problems);
  const outputs = outputsOf(graph);
  if (outputs.length === 0) {
    problems.push({ code: 'no-output', node: null, message: 'The flow has no output that can be shown.' });
    return { compiled: null, problems };
  }
  const order = sorted(graph, neededFor(outputs, graph), problems);
  if (!order) return { compiled: null, problems };
  const indexes = new Map(order.map((node, index) => [node.id, index]));
  const facts = factsOf(order, graph, outputs);
  const nodes = order.map((node) => compileNode(node, graph, indexes, facts, problems));
  return {
    compiled: { flow, nodes: withDependents(nodes), outputs: outputs.flatMap((node) => indexes.get(node.id) ?? []), configuredWith: null },
    problems,
  };
}

function graphOf(flow: Flow, problems: FlowProblem[]): Graph {
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
    into.set(edge.target, [...(into.get(edge.target) ?? []), edge]);
    outOf.set(edge.source, [...(outOf.get(edge.source) ?? []), edge]);
  }
  return { nodes, into, outOf };
}

/** Chat outputs; without any, text outputs; without any, the last nodes whose result can be shown. */
function outputsOf({ nodes, outOf }: Graph): readonly FlowNode[] {
  const all = [...nodes.values()];
  for (const type of ['output.chat', 'output.text']) {
    const outputs = all.filter((node) => node.type === type);
    if (outputs.length > 0) return outputs;
  }
  const hidden = new Set(['unsupported', 'knowledge.ingest', 'model.embedding', 'input.chat', 'input.text', 'input.webhook']);
  return all.filter((node) => !outOf.has(node.id) && !hidden.has(node.type));
}

/** The outputs and everything before them. */
function neededFor(outputs: readonly FlowNode[], { into }: Graph): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = outputs.map((node) => node.id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    for (const edge of into.get(id) ?? []) open.push(edge.source);
  }
  return needed;
}

/** Sources before targets, otherwise in file order; null when there is a cycle. */
function sorted({ nodes, into, outOf }: Graph, needed: ReadonlySet<string>, problems: FlowProblem[]): readonly FlowNode[] | null {
  const waiting = new Map<string, number>();
  for (const id of needed) waiting.set(id, (into.get(id) ?? []).length);
  const ready = [...nodes.keys()].filter((id) => waiting.get(id) === 0);
  const order: FlowNode[] = [];
  for (let i = 0; i < ready.length; i++) {
    const node = nodes.get(ready[i] ?? '');
    if (node) order.push(node);
    for (const edge of outOf.get(ready[i] ?? '') ?? []) {
      const left = waiting.get(edge.target);
      if (left === undefined) continue;
      waiting.set(edge.target, left - 1);
      if (left === 1) ready.push(edge.target);
    }
  }
  if (order.length === needed.size) return order;
  const looped = [...needed].filter((id) => (waiting.get(id) ?? 0) > 0);
  problems.push({ code: 'cycle', node: looped[0] ?? null, message: `The flow runs in a circle through ${looped.slice(0, 5).map((id) => `"${nodes.get(id)?.name || id}"`).join(', ')}.` });
  return null;
}

interface Facts { entry: string | null; hasMemory: boolean; finalModels: ReadonlySet<string> }

function factsOf(order: readonly FlowNode[], graph: Graph, outputs: readonly FlowNode[]): Facts {
  const texts = order.filter((node) => node.type === 'input.text');
  const blank = texts.find((node) => (node.config['value'] ?? '') === '');
  return {
    entry: order.some((node) => node.type === 'input.chat' || node.type === 'input.webhook') ? null : (blank ?? texts[0])?.id ?? null,
    hasMemory: order.some((node) => node.type === 'memory.history'),
    finalModels: finalModels(graph, outputs),
  };
}

/** Models whose text reaches an output without another node working on it. */
function finalModels({ nodes, into }: Graph, outputs: readonly FlowNode[]): ReadonlySet<string> {
  const models = new Set<string>();
  const seen = new Set<string>();
  const open = outputs.map((node) => node.id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = nodes.get(id);
    if (node?.type === 'model.chat') models.add(id);
    else if (node && nodeTypes.get(node.type)?.acceptsStream) for (const edge of into.get(id) ?? []) open.push(edge.source);
  }
  return models;
}

function compileNode(node: FlowNode, graph: Graph, indexes: ReadonlyMap<string, number>, facts: Facts, problems: FlowProblem[]): CompiledNode {
  const known = nodeTypes.get(node.type);
  if (!known) problems.push({ code: 'node-type-unknown', node: node.id, message: `The node type "${node.type}" does not exist.` });
  const type = known ?? UNKNOWN;
  if (type.type === 'unsupported') problems.push({ code: 'node-unsupported', node: node.id, message: `"${node.name || node.id}" cannot run on the built-in engine.` });
  const parsed = type.config.safeParse(node.config);
  if (!parsed.success) problems.push({ code: 'node-config-invalid', node: node.id, message: `The settings of "${node.name || node.id}" are wrong: ${z.prettifyError(parsed.error)}` });
  const ports = portsOf(node, type, parsed.success ? parsed.data : null, graph, indexes, problems);
  const missing = type.inputs.filter((port) => port.required && !ports.some((one) => one.name === port.name)).map((port) => port.name);
  for (const port of missing) problems.push({ code: 'input-missing', node: node.id, message: `Nothing is connected to "${port}" of "${node.name || node.id}".` });
  return {
    id: node.id, type, config: parsed.data, rawConfig: node.config, ports, missingInputs: missing,
    dependents: [], waitsFor: 0,
    isEntry: facts.entry === node.id,
    seesHistory: node.type !== 'model.chat' || (facts.finalModels.has(node.id) && !facts.hasMemory),
  };
}

/** Stands for a type that does not exist, while the other problems of the flow are collected. */
const UNKNOWN: NodeType = { type: 'unknown', title: '', description: '', family: 'other', config: z.unknown(), inputs: [], outputs: [], run: async () => ({}) };

function portsOf(node: FlowNode, type: NodeType, config: unknown, graph: Graph, indexes: ReadonlyMap<string, number>, problems: FlowProblem[]): readonly CompiledPort[] {
  const declared = new Map(type.inputs.map((port) => [port.name, { many: port.many === true, needed: port.required === true }]));
  if (config !== null) for (const port of type.dynamicInputs?.(config) ?? []) declared.set(port.name, { many: false, needed: true });
  const lenient = type.type === 'unsupported' || type.type === 'unknown';
  const ports = new Map<string, CompiledPort & { sources: { node: number; port: string }[] }>();
  for (const edge of graph.into.get(node.id) ?? []) {
    const source = indexes.get(edge.source);
    if (source === undefined) continue;
    const kind = declared.get(edge.targetPort);
    if (!kind && !lenient) {
      // A template that lost a variable keeps the edge; without the port the value has nowhere to go.
      problems.push({ code: 'port-unknown', node: node.id, message: `"${node.name || node.id}" has no input "${edge.targetPort}".` });
      continue;
    }
    const sourceType = nodeTypes.get(graph.nodes.get(edge.source)?.type ?? '');
    if (sourceType && sourceType.type !== 'unsupported' && !sourceType.outputs.some((port) => port.name === edge.sourcePort)) {
      problems.push({ code: 'port-unknown', node: edge.source, message: `"${edge.source}" has no output "${edge.sourcePort}".` });
      continue;
    }
    const port = ports.get(edge.targetPort) ?? { name: edge.targetPort, many: kind?.many ?? false, needed: kind?.needed ?? false, sources: [] };
    port.sources.push({ node: source, port: edge.sourcePort });
    ports.set(edge.targetPort, port);
  }
  return [...ports.values()];
}

function withDependents(nodes: readonly CompiledNode[]): CompiledNode[] {
  const dependents = nodes.map(() => new Set<number>());
  const waits = nodes.map((node, index) => {
    const sources = new Set(node.ports.flatMap((port) => port.sources.map((source) => source.node)));
    for (const source of sources) dependents[source]?.add(index);
    return sources.size;
  });
  return nodes.map((node, index) => ({ ...node, dependents: [...(dependents[index] ?? [])], waitsFor: waits[index] ?? 0 }));
}
