import { z } from 'zod';
import type { Flow, FlowEdge, FlowNode } from '../contract.ts';
import type { NodeType } from '../node-type.ts';
import type { CompiledFlow, CompiledGraph, CompiledNode, CompiledPort, Source } from './compiled-flow.ts';
import { flowFacts } from './flow-facts.ts';
import type { FlowFacts } from './flow-facts.ts';
import { flowGraph, isFeedback, loopBody, outputsOf, reach, typeOf } from './flow-graph.ts';
import type { FlowGraph } from './flow-graph.ts';
import { referencesOf } from './references.ts';
import { FlowError } from './run-error.ts';
import type { FlowProblem } from './run-error.ts';

/** Problems that stop a run only when the node is reached. */
const REACHED: ReadonlySet<FlowProblem['code']> = new Set(['node-unsupported', 'input-missing']);

/**
 * Checks a flow and prepares it for runs. Pure, so callers may keep the result. Throws {@link FlowError} for a circle
 * that is no loop, a missing output, an unknown node type, port or end of an edge, or a configuration its schema refuses.
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

function compile(flow: Flow): { compiled: CompiledFlow | null; problems: FlowProblem[] } {
  const problems: FlowProblem[] = [];
  const graph = flowGraph(flow, problems);
  const outputs = outputsOf(graph);
  const effects = [...graph.nodes.values()].filter((node) => typeOf(node)?.effect === true);
  if (outputs.length === 0 && effects.length === 0) {
    problems.push({ code: 'no-output', node: null, message: 'The flow has no output that can be shown.' });
    return { compiled: null, problems };
  }
  const references = new Map([...graph.nodes.values()].map((node) => [node.id, referencesOf(node, graph.nodes)] as const));
  const needed = reach([...outputs, ...effects].map((node) => node.id), (id) => [...(graph.into.get(id) ?? []).map((edge) => edge.source), ...(references.get(id) ?? [])]);
  const facts = flowFacts([...graph.nodes.values()].filter((node) => needed.has(node.id)), graph, outputs);
  const compiler = new GraphCompiler(graph, facts, references, problems);
  const compiled = compiler.compile(needed, null, () => null, []);
  if (!compiled) return { compiled: null, problems };
  const shown = outputs.flatMap((node) => compiled.unitOf(node.id) ?? []);
  return { compiled: { flow, graph: compiled.graph, outputs: [...new Set(shown)], trigger: facts.trigger, configuredWith: null }, problems };
}

/** A graph with the places of its nodes, also of those inside its loops. */
interface GraphResult {
  graph: CompiledGraph;
  unitOf(id: string): number | undefined;
  /** The ports that were wanted, in their order. */
  read: readonly Source[];
}

/** A port of a node, by the node's id. */
interface Place { id: string; port: string }

/** A node outside the graph that is being compiled, as seen from it; null where there is none. */
type Outside = (id: string, port: string) => Source | null;

/** Port of a loop that holds what a step of its last pass put out. */
const exportPort = (id: string, port: string): string => `${id}\n${port}`;

class GraphCompiler {
  readonly #graph: FlowGraph;
  readonly #facts: FlowFacts;
  readonly #references: ReadonlyMap<string, readonly string[]>;
  readonly #named: ReadonlySet<string>;
  readonly #problems: FlowProblem[];

  constructor(graph: FlowGraph, facts: FlowFacts, references: ReadonlyMap<string, readonly string[]>, problems: FlowProblem[]) {
    this.#graph = graph;
    this.#facts = facts;
    this.#references = references;
    this.#named = new Set([...references.values()].flat());
    this.#problems = problems;
  }

  /**
   * Compiles the nodes of `members`, the bodies of their loops inside them. `head` is the loop whose body this is;
   * `wanted` are ports that steps outside read. Null when the nodes run in a circle.
   */
  compile(members: ReadonlySet<string>, head: string | null, outside: Outside, wanted: readonly Place[]): GraphResult | null {
    const owner = this.#owners(members);
    const unitIdOf = (id: string): string | undefined => (id === head ? id : members.has(id) ? owner.get(id) ?? id : undefined);
    const incoming = this.#incoming(members, unitIdOf);
    const waits = this.#waits(incoming, unitIdOf, head);
    const order = this.#sorted(waits);
    if (!order) return null;

    const indexes = new Map([...(head === null ? [] : [head]), ...order].map((id, index) => [id, index]));
    const unitOf = (id: string): number | undefined => indexes.get(unitIdOf(id) ?? '');
    const exports = new Map<string, Place[]>();
    const resolve: Outside = (id, port) => {
      const unit = unitIdOf(id);
      const node = unit === undefined ? undefined : indexes.get(unit);
      if (unit === undefined || node === undefined) {
        const found = outside(id, port);
        return found && { ...found, level: found.level + 1 };
      }
      if (unit === id) return { node, port, level: 0 };
      const asked = exports.get(unit) ?? [];
      if (!asked.some((one) => one.id === id && one.port === port)) exports.set(unit, [...asked, { id, port }]);
      return { node, port: exportPort(id, port), level: 0 };
    };
    const read = wanted.flatMap(({ id, port }) => resolve(id, port) ?? []);
    const nodes = order.map((id) => this.#node(id, incoming.get(id) ?? [], resolve));
    // Bodies come last: by now everything around them has said what it reads of them, also their neighbours' bodies.
    for (const [unit, edges] of incoming) for (const edge of edges) if (edge.target !== unit) resolve(edge.source, edge.sourcePort);
    const complete = nodes.map((node) => this.#withBody(node, owner, exports.get(node.id) ?? [], resolve));
    const linked = complete.map((node) => ({ ...node, waitsFor: waits.get(node.id)?.size ?? 0, dependents: order.filter((id) => waits.get(id)?.has(node.id)).flatMap((id) => indexes.get(id) ?? []) }));
    return { graph: { nodes: head === null ? linked : [this.#headNode(head), ...linked], indexById: indexes }, unitOf, read };
  }

  /** Which loop's body each node belongs to: the outermost one. */
  #owners(members: ReadonlySet<string>): ReadonlyMap<string, string> {
    const bodies = [...members].flatMap((id) => (typeOf(this.#graph.nodes.get(id))?.loop ? [{ id, body: loopBody(id, members, this.#graph) }] : []));
    const owner = new Map<string, string>();
    for (const { id, body } of bodies.toSorted((a, b) => b.body.size - a.body.size)) {
      if (owner.has(id)) continue;
      for (const inner of body) if (!owner.has(inner)) owner.set(inner, id);
    }
    return owner;
  }

  /** Edges into each unit of a graph (a node, or a loop with its body) from outside the unit. */
  #incoming(members: ReadonlySet<string>, unitIdOf: (id: string) => string | undefined): ReadonlyMap<string, readonly FlowEdge[]> {
    const incoming = new Map<string, FlowEdge[]>();
    for (const node of this.#graph.nodes.values()) if (members.has(node.id) && unitIdOf(node.id) === node.id) incoming.set(node.id, []);
    for (const id of members) {
      const unit = unitIdOf(id) ?? id;
      for (const edge of this.#graph.into.get(id) ?? []) {
        const isInside = id !== unit && unitIdOf(edge.source) === unit;
        if (!isInside && !isFeedback(edge, this.#graph.nodes)) incoming.get(unit)?.push(edge);
      }
    }
    return incoming;
  }

  /** The units each unit waits for. The loop around the graph is not among them: its values are there from the beginning. */
  #waits(incoming: ReadonlyMap<string, readonly FlowEdge[]>, unitIdOf: (id: string) => string | undefined, head: string | null): ReadonlyMap<string, ReadonlySet<string>> {
    const waits = new Map([...incoming].map(([unit, edges]) => [unit, new Set(edges.flatMap((edge) => {
      const source = unitIdOf(edge.source);
      return source === undefined || source === head ? [] : [source];
    }))]));
    for (const [id, named] of this.#references) {
      const unit = unitIdOf(id);
      const from = unit === undefined || unit === head ? undefined : waits.get(unit);
      if (unit === undefined || !from) continue;
      for (const name of named) {
        const source = unitIdOf(name);
        if (source === undefined || source === unit || source === head || from.has(source)) continue;
        // A step that comes later is not waited for: what it says is not there yet.
        if (!reach([source], (before) => waits.get(before) ?? []).has(unit)) from.add(source);
      }
    }
    return waits;
  }

  /** Sources before targets, otherwise in file order; null when there is a circle. */
  #sorted(waits: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
    const targets = new Map<string, string[]>();
    for (const [unit, sources] of waits) {
      for (const source of sources) {
        const known = targets.get(source);
        if (known) known.push(unit);
        else targets.set(source, [unit]);
      }
    }
    const left = new Map([...waits].map(([unit, sources]) => [unit, sources.size]));
    const ready = [...waits.keys()].filter((unit) => left.get(unit) === 0);
    for (let i = 0; i < ready.length; i++) {
      for (const target of targets.get(ready[i] ?? '') ?? []) {
        const open = (left.get(target) ?? 0) - 1;
        left.set(target, open);
        if (open === 0) ready.push(target);
      }
    }
    if (ready.length === waits.size) return ready;
    const looped = [...waits.keys()].filter((unit) => (left.get(unit) ?? 0) > 0);
    this.#problems.push({ code: 'cycle', node: looped[0] ?? null, message: `The flow runs in a circle through ${looped.slice(0, 5).map((id) => `"${this.#graph.nodes.get(id)?.name || id}"`).join(', ')}.` });
    return null;
  }

  #node(id: string, incoming: readonly FlowEdge[], resolve: Outside): CompiledNode {
    const node = this.#graph.nodes.get(id) ?? { id, type: 'unknown', name: '', config: {} };
    const name = node.name || id;
    const known = typeOf(node);
    if (!known) this.#problems.push({ code: 'node-type-unknown', node: id, message: `The node type "${node.type}" does not exist.` });
    const type = known ?? UNKNOWN;
    if (type.type === 'unsupported') this.#problems.push({ code: 'node-unsupported', node: id, message: `"${name}" cannot run on the built-in engine.` });
    const parsed = type.config.safeParse(node.config);
    if (!parsed.success) this.#problems.push({ code: 'node-config-invalid', node: id, message: `The settings of "${name}" are wrong: ${z.prettifyError(parsed.error)}` });
    const ports = this.#ports(node, type, parsed.success ? parsed.data : null, incoming.filter((edge) => edge.target === id), resolve);
    const missing = type.inputs.filter((port) => port.required && !ports.some((one) => one.name === port.name)).map((port) => port.name);
    for (const port of missing) this.#problems.push({ code: 'input-missing', node: id, message: `Nothing is connected to "${port}" of "${name}".` });
    return {
      id, name, type, config: parsed.data, rawConfig: node.config, ports, missingInputs: missing, isNamed: this.#named.has(id), usedPorts: new Set((this.#graph.outOf.get(id) ?? []).map((edge) => edge.sourcePort)), dependents: [], waitsFor: 0,
      isEntry: this.#facts.entry === id, isTrigger: this.#facts.triggers.has(id), seesHistory: node.type !== 'model.chat' || this.#facts.seesHistory.has(id),
      onFailure: node.onFailure ?? null, loop: null,
    };
  }

  #ports(node: FlowNode, type: NodeType, config: unknown, edges: readonly FlowEdge[], resolve: Outside): readonly CompiledPort[] {
    const declared = new Map(type.inputs.map((port) => [port.name, { many: port.many === true, needed: port.required === true || port.leads === true }]));
    if (config !== null) for (const port of type.dynamicInputs?.(config) ?? []) declared.set(port.name, { many: port.many === true, needed: port.required !== false });
    const lenient = type === UNKNOWN || type.type === 'unsupported';
    const ports = new Map<string, CompiledPort & { sources: Source[] }>();
    for (const edge of edges) {
      const kind = declared.get(edge.targetPort);
      if (!kind && !lenient) {
        // A template that lost a variable keeps the edge; without the port the value has nowhere to go.
        this.#problems.push({ code: 'port-unknown', node: node.id, message: `"${node.name || node.id}" has no input "${edge.targetPort}".` });
        continue;
      }
      if (!this.#hasOutput(edge)) {
        this.#problems.push({ code: 'port-unknown', node: edge.source, message: `"${edge.source}" has no output "${edge.sourcePort}".` });
        continue;
      }
      const source = resolve(edge.source, edge.sourcePort);
      if (!source) continue;
      const port = ports.get(edge.targetPort) ?? { name: edge.targetPort, many: kind?.many ?? false, needed: kind?.needed ?? false, sources: [] };
      port.sources.push(source);
      ports.set(edge.targetPort, port);
    }
    return [...ports.values()];
  }

  #hasOutput({ source, sourcePort }: FlowEdge): boolean {
    const node = this.#graph.nodes.get(source);
    const type = typeOf(node);
    if (!node || !type || type.type === 'unsupported' || type.outputs.some((port) => port.name === sourcePort)) return true;
    if (sourcePort === ERROR_PORT && node.onFailure?.action === 'route') return true;
    const config = type.dynamicOutputs ? type.config.safeParse(node.config) : null;
    return config?.success === true && (type.dynamicOutputs?.(config.data) ?? []).some((port) => port.name === sourcePort);
  }

  #withBody(node: CompiledNode, owner: ReadonlyMap<string, string>, exports: readonly Place[], resolve: Outside): CompiledNode {
    const { loop } = node.type;
    if (!loop) return node;
    const members = new Set([...owner].filter(([, id]) => id === node.id).map(([id]) => id));
    const back = (this.#graph.into.get(node.id) ?? []).filter((edge) => edge.targetPort === loop.feedback && members.has(edge.source));
    const body = this.compile(members, node.id, resolve, [...exports, ...back.map((edge) => ({ id: edge.source, port: edge.sourcePort }))]);
    if (!body) return node;
    return { ...node, loop: {
      body: body.graph, feedback: body.read.slice(exports.length),
      exports: exports.flatMap(({ id, port }, index) => { const source = body.read[index]; return source ? [{ source, as: exportPort(id, port) }] : []; }),
    } };
  }

  /** Stands for the loop inside its own body; it is never run there. */
  #headNode(id: string): CompiledNode {
    return { id, name: '', type: UNKNOWN, config: {}, rawConfig: {}, ports: [], missingInputs: [], isNamed: false, usedPorts: new Set(), dependents: [], waitsFor: 0, isEntry: false, isTrigger: false, seesHistory: false, onFailure: null, loop: null };
  }
}

/** Where a step whose failure is routed puts it. */
export const ERROR_PORT = 'error';

/** Stands for a type that does not exist, while the other problems of the flow are collected. */
const UNKNOWN: NodeType = { type: 'unknown', title: '', description: '', family: 'other', config: z.unknown(), inputs: [], outputs: [], run: async () => ({}) };
