import type { FlowEdge, FlowNode, ImportedNode } from '../../contract.ts';
import { nodeTypes } from '../../nodes/registry.ts';
import type { Fragment, Place, StepFragment } from './fragment.ts';
import { unsupported } from './fragment.ts';
import { isTrigger, mapStep } from './kinds.ts';
import { findLoops } from './loops.ts';
import type { LoopFacts } from './loops.ts';
import { FEEDBACK } from './map-flow.ts';
import type { RawEdge, RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

export interface ConvertedWorkflow {
  nodes: FlowNode[];
  edges: FlowEdge[];
  imported: ImportedNode[];
  fragments: ReadonlyMap<string, Fragment>;
  /** Steps that some trigger leads to, and what lends itself to them. */
  live: ReadonlySet<string>;
  warnings: string[];
}

const NEVER = 'Nothing leads to this step, so it never runs.';

/** Turns the steps and connections of a workflow into nodes and edges of ours. Never throws. */
export function convertWorkflow(context: WorkflowContext): ConvertedWorkflow {
  const { workflow } = context;
  const fragments = new Map(workflow.nodes.map((node) => [node.id, checked(mapStep(node, context))] as const));
  const inner = innerSteps(context, fragments);
  const starts = workflow.nodes.filter((node) => isTrigger(node) && !node.disabled && !inner.has(node.id));
  const roots = starts.length > 0 ? starts : workflow.nodes.filter((node) => context.incoming(node.id).length === 0 && context.lending(node.id).length === 0);
  const live = liveSteps(roots, context);
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  for (const node of workflow.nodes) if (live.has(node.id)) emit(node, fragments.get(node.id), nodes, edges);
  if (starts.length === 0 && roots.length > 0) startAt(roots, fragments, nodes, edges);
  connect(context, fragments, live, nodes, edges);
  return {
    nodes, edges, fragments, live, warnings: starts.length === 0 && roots.length > 0 ? ['The workflow has no trigger. A run begins at its first steps.'] : [],
    imported: workflow.nodes.map((node) => importedNode(node, fragments.get(node.id), live.has(node.id) || inner.has(node.id))),
  };
}

/** Steps that only run when the workflow calls itself: they are part of the step that calls it. */
function innerSteps(context: WorkflowContext, fragments: ReadonlyMap<string, Fragment>): ReadonlySet<string> {
  const { nodes } = context.workflow;
  const calls = nodes.some((node) => { const fragment = fragments.get(node.id); return fragment?.kind === 'steps' && fragment.mappedTo.startsWith('flow.'); });
  const called = nodes.find((node) => node.kind === CALLED);
  const others = nodes.filter((node) => isTrigger(node) && node.kind !== CALLED && !node.disabled);
  if (!calls || called === undefined || others.length === 0) return new Set();
  const outer = liveSteps(others, context);
  return new Set([...liveSteps([called], context)].filter((id) => !outer.has(id)));
}

const CALLED = 'base.executeWorkflowTrigger';

/** A node whose settings our schema refuses could never run, so its step is not called supported. */
function checked(fragment: Fragment): Fragment {
  if (fragment.kind !== 'steps') return fragment;
  for (const node of fragment.nodes) {
    const type = nodeTypes.get(node.type);
    if (type === undefined) return unsupported(`The step it would become (${node.type}) does not exist here.`);
    const parsed = type.config.safeParse(node.config);
    if (!parsed.success) return unsupported(`Its setting “${parsed.error.issues[0]?.path.join('.') ?? ''}” does not fit the step here: ${parsed.error.issues[0]?.message ?? 'unknown'}.`);
  }
  return fragment;
}

function liveSteps(roots: readonly RawNode[], context: WorkflowContext): Set<string> {
  const live = new Set([...roots.map((root) => root.id), ...context.afterAll(roots.map((root) => root.id))]);
  const open = [...live];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const lender of context.lendersOf(id)) {
      if (live.has(lender)) continue;
      live.add(lender);
      open.push(lender);
    }
  }
  return live;
}

function emit(node: RawNode, fragment: Fragment | undefined, nodes: FlowNode[], edges: FlowEdge[]): void {
  if (fragment === undefined || fragment.kind === 'absorbed') return;
  if (fragment.kind === 'unsupported') {
    const { position } = node;
    nodes.push({ id: node.id, type: 'unsupported', name: node.name, config: { originalType: node.type, reason: fragment.reason }, ...(position ? { position } : {}) });
    return;
  }
  const onFailure = node.onError === 'stop' && node.retries === 0 ? undefined : { action: node.onError, retries: node.retries, retryWaitMs: node.retryWaitMs };
  const worker = workerOf(fragment);
  nodes.push(...fragment.nodes.map((one) => (onFailure !== undefined && one.id === worker ? { ...one, onFailure } : one)));
  edges.push(...fragment.edges);
}

/** The node of a fragment that can fail for reasons outside the flow. */
const workerOf = (fragment: StepFragment): string | undefined => fragment.nodes.find((node) => node.type === fragment.mappedTo)?.id;

/** Where items leave an output; beyond the last one is the way of failures. */
function outputOf(node: RawNode, fragment: Fragment | undefined, index: number): Place | null {
  if (fragment?.kind === 'unsupported') return { node: node.id, port: 'output' };
  if (fragment?.kind !== 'steps') return null;
  const place = fragment.output(index);
  if (place !== null || node.onError !== 'route' || index === 0) return place;
  const worker = workerOf(fragment);
  return worker === undefined ? null : { node: worker, port: 'error' };
}

function inputOf(node: RawNode, fragment: Fragment | undefined, index: number): Place | null {
  if (fragment?.kind === 'unsupported') return { node: node.id, port: 'input' };
  return fragment?.kind === 'steps' ? fragment.input(index) : null;
}

function startAt(roots: readonly RawNode[], fragments: ReadonlyMap<string, Fragment>, nodes: FlowNode[], edges: FlowEdge[]): void {
  const id = 'start:of the workflow';
  nodes.push({ id, type: 'input.trigger', name: 'Start', config: { kind: 'manual' } });
  for (const root of roots) {
    const place = inputOf(root, fragments.get(root.id), 0);
    if (place) edges.push({ source: id, sourcePort: 'data', target: place.node, targetPort: place.port });
  }
}

function connect(context: WorkflowContext, fragments: ReadonlyMap<string, Fragment>, live: ReadonlySet<string>, nodes: FlowNode[], edges: FlowEdge[]): void {
  const loops = findLoops(context);
  const arriving = new Map<string, { place: Place; sources: Place[] }>();
  for (const edge of context.workflow.edges) {
    if (!live.has(edge.source) || !live.has(edge.target)) continue;
    const [source, target] = [context.node(edge.source), context.node(edge.target)];
    if (!source || !target) continue;
    if (edge.channel !== 'main') {
      attach(edge, target, fragments, edges);
      continue;
    }
    const from = outputOf(source, fragments.get(source.id), edge.output);
    const to = placeFor(edge, target, fragments.get(target.id), loops);
    if (!from || !to) continue;
    const key = `${to.node}\n${to.port}`;
    const known = arriving.get(key) ?? { place: to, sources: [] };
    if (!known.sources.some((one) => one.node === from.node && one.port === from.port)) known.sources.push(from);
    arriving.set(key, known);
  }
  for (const id of loops.repeated.keys()) {
    const target = context.node(id);
    const place = target && inputOf(target, fragments.get(id), 0);
    if (!target || !place || !live.has(id)) continue;
    nodes.push({ id: againId(id), type: 'logic.while', name: `${target.name}: again`.slice(0, 200), config: {} });
    edges.push({ source: againId(id), sourcePort: 'item', target: place.node, targetPort: place.port });
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const { place, sources } of arriving.values()) join(place, sources, byId, nodes, edges);
}

const againId = (id: string): string => `${id}:again`.slice(0, 200);

/** Where an edge ends: at the step, at the loop around it, or back at a loop. */
function placeFor(edge: RawEdge, target: RawNode, fragment: Fragment | undefined, loops: LoopFacts): Place | null {
  if (loops.feedback.has(edge)) return inputOf(target, fragment, FEEDBACK);
  if (!loops.repeated.has(target.id) || edge.input > 0) return inputOf(target, fragment, edge.input);
  return { node: againId(target.id), port: loops.repeated.get(target.id)?.has(edge) ? 'feedback' : 'input' };
}

/** n8n takes what comes from several steps one after the other; here it is brought together. */
function join(place: Place, sources: readonly Place[], byId: ReadonlyMap<string, FlowNode>, nodes: FlowNode[], edges: FlowEdge[]): void {
  const target = byId.get(place.node);
  const many = target && nodeTypes.get(target.type)?.inputs.find((port) => port.name === place.port)?.many === true;
  if (sources.length === 1 || many === true || place.port === 'feedback' || target?.type === 'unsupported') {
    for (const source of sources) edges.push({ source: source.node, sourcePort: source.port, target: place.node, targetPort: place.port });
    return;
  }
  const id = `${place.node}:${place.port} together`.slice(0, 200);
  nodes.push({ id, type: 'logic.merge', name: `${target?.name ?? ''}: together`.slice(0, 200), config: { mode: 'append' } });
  for (const source of sources) edges.push({ source: source.node, sourcePort: source.port, target: id, targetPort: 'inputs' });
  edges.push({ source: id, sourcePort: 'output', target: place.node, targetPort: place.port });
}

/** A sub-step connects to the step that uses it, where that has a port for it. */
function attach(edge: RawEdge, target: RawNode, fragments: ReadonlyMap<string, Fragment>, edges: FlowEdge[]): void {
  const [lender, user] = [fragments.get(edge.source), fragments.get(edge.target)];
  const place = user?.kind === 'steps' ? user.attach.get(edge.channel) : user?.kind === 'unsupported' ? { node: target.id, port: edge.channel } : undefined;
  if (place === undefined) return;
  const offers = lender?.kind === 'steps' ? lender.offers : lender?.kind === 'unsupported' ? [{ node: edge.source, port: 'tool' }] : [];
  for (const offer of offers) edges.push({ source: offer.node, sourcePort: offer.port, target: place.node, targetPort: place.port });
}

function importedNode(node: RawNode, fragment: Fragment | undefined, live: boolean): ImportedNode {
  const base = { id: node.id, type: node.type, name: node.name };
  if (fragment === undefined || fragment.kind === 'unsupported') {
    return { ...base, support: 'unsupported', mappedTo: null, reason: fragment?.reason ?? 'It could not be read.', substitute: fragment?.substitute ?? null };
  }
  const reasons = [...(live ? [] : [NEVER]), ...(fragment.kind === 'absorbed' ? (fragment.approximation === null ? [] : [fragment.approximation]) : [...fragment.approximations, ...failureRemarks(node)])];
  return { ...base, support: reasons.length > 0 ? 'approximated' : 'supported', mappedTo: fragment.mappedTo, reason: reasons.length > 0 ? reasons.join(' ').slice(0, 4_000) : null, substitute: null };
}

function failureRemarks(node: RawNode): string[] {
  return [
    ...(node.onError === 'continue' ? ['When it fails, the flow goes on with what came in, without n8n’s field error.'] : []),
    ...(node.onError === 'route' ? ['When it fails, its way for errors gets a message and a code instead of the item.'] : []),
    ...(node.alwaysOutputData ? ['Where it gives nothing, n8n went on with an empty item; here what follows is skipped or has nothing to do.'] : []),
  ];
}
