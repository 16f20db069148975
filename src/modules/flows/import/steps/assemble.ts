import { Flow, ImportReport } from '../../contract.ts';
import type { FlowEdge, FlowNode, FlowOrigin, FlowParameter, FlowVariable, ImportedNode } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { nodeTypes } from '../../nodes/registry.ts';
import type { FoundSecret } from '../clean-definition.ts';
import type { ImportOutcome } from '../import-outcome.ts';
import { parameterName, unique } from '../naming.ts';
import { read } from '../plain.ts';
import { bounded, distinct, EDGES_MAX, mergeSecrets, nodesOf, NODES_MAX, strippedNotice, tooMany } from '../report-parts.ts';
import { refusedTemplate } from './expression-text.ts';
import { ANY_EXIT } from './step-draft.ts';
import type { Place, StepDraft } from './step-draft.ts';

const PARAMETERS_MAX = 500;

/** One way of the run from a step to another. */
export interface Way { source: string; /** Name of the exit. */ exit: string; target: string }

interface DraftFlow {
  origin: FlowOrigin;
  name: string;
  description: string;
  steps: readonly StepDraft[];
  ways: readonly Way[];
  /** Ids of the steps in the order of the run, which is the order in which several answers are said; the file's order unless told. */
  order?: readonly string[];
  /** Nodes that belong to no step of the file, e.g. the answer. */
  extra: { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] };
  state: readonly FlowVariable[];
  entryPoints: ImportReport['entryPoints'];
  /** What the file shows beside what its nodes say. */
  traits: Partial<ImportReport['traits']>;
  secrets: readonly FoundSecret[];
  mcpServers?: readonly string[];
  warnings: readonly string[];
  definition: unknown;
}

/** Puts the steps of an imported file together to a flow with its report. Everything in it is checked by the engine's own rules. */
export function assemble(draft: DraftFlow): ImportOutcome {
  for (const step of draft.steps) checkStep(step);
  const nodes = [...inOrder(draft).flatMap(nodesFor), ...draft.extra.nodes];
  const edges = distinctEdges([...draft.steps.flatMap((step) => (step.refusal === null ? step.edges : [])), ...waysBetween(draft), ...draft.extra.edges], nodes);
  if (nodes.length > NODES_MAX) return tooMany(nodes.length);
  if (edges.length > EDGES_MAX) return tooMany(edges.length, 'connections');
  const parameters = parametersOf(draft.steps, nodes);
  const connections = connectionsOf(draft.steps);
  const required = draft.steps.flatMap((step) => step.secrets.map(({ name, field }): FoundSecret => ({ name, node: step.id, field, kind: 'required' })));
  const secrets = mergeSecrets([...draft.secrets], required);
  const requires = {
    models: distinct(draft.steps.flatMap((step) => step.models)), connections: distinct(connections.map(({ key }) => key)),
    secrets: distinct(secrets.filter(({ kind }) => kind === 'required').map(({ name }) => name)), mcpServers: distinct([...draft.mcpServers ?? [], ...draft.steps.flatMap((step) => step.mcpServers)]),
  };
  const flow = Flow.parse({ nodes, edges, parameters, ...(draft.state.length > 0 ? { state: draft.state } : {}), requires, origin: draft.origin });
  const problems = checkRunnable(flow);
  const told = problems.filter((problem) => problem.code !== 'node-unsupported').map((problem) => problem.message);
  const report = ImportReport.parse({
    format: draft.origin.format, version: draft.origin.version, name: draft.name, description: draft.description, nodes: nodesOf(draft.steps.map(importedNode)), secrets, parameters,
    entryPoints: draft.entryPoints, requires, connections, operations: [], code: draft.steps.flatMap((step) => step.code), traits: { ...traitsOf(nodes), ...draft.traits },
    warnings: bounded([...strippedNotice(secrets), ...draft.warnings, ...told]), runnable: problems.length === 0,
  });
  return { kind: 'imported', flow, report, definition: draft.definition };
}

function inOrder({ steps, order = [] }: DraftFlow): readonly StepDraft[] {
  const places = new Map(order.map((id, index) => [id, index]));
  return steps.toSorted((a, b) => (places.get(a.id) ?? order.length) - (places.get(b.id) ?? order.length));
}

/** A node whose settings its schema or our grammar refuses could never run, so its step is not called supported. */
function checkStep(step: StepDraft): void {
  if (step.refusal !== null) return;
  if (step.mappedTo === null) return step.refuse(`The step “${step.source.name}” (${step.source.type}) is not known here.`);
  for (const node of step.nodes) {
    const type = nodeTypes.get(node.type);
    if (type === undefined) return step.refuse(`The step it would become (${node.type}) does not exist here.`);
    const parsed = type.config.safeParse(node.config);
    if (!parsed.success) return step.refuse(`Its setting “${parsed.error.issues[0]?.path.join('.') ?? ''}” does not fit the step here: ${parsed.error.issues[0]?.message ?? 'unknown'}.`);
    const refused = type.expressions ? refusedTemplate(node.config) : null;
    if (refused !== null) return step.refuse(`One of its texts cannot be worked out here: ${refused.slice(0, 300)}.`);
  }
}

function nodesFor(step: StepDraft): readonly FlowNode[] {
  if (step.refusal === null) return step.nodes;
  const { id, type, name, position } = step.source;
  return [{ id, type: 'unsupported', name: name.slice(0, 200), config: { originalType: type, reason: step.refusal.reason }, ...(position ? { position } : {}) }];
}

const entriesOf = (step: StepDraft): readonly Place[] => (step.refusal === null ? step.entries : [{ node: step.id, port: 'input' }]);
const exitOf = (step: StepDraft, way: string): Place | undefined => (step.refusal === null ? step.exits.get(way) ?? step.exits.get(ANY_EXIT) : { node: step.id, port: 'output' });

function waysBetween({ steps, ways }: DraftFlow): FlowEdge[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return ways.flatMap(({ source, exit, target }) => {
    const [from, to] = [byId.get(source), byId.get(target)];
    const place = from && exitOf(from, exit);
    if (!place || !to) return [];
    return entriesOf(to).map((entry) => ({ source: place.node, sourcePort: place.port, target: entry.node, targetPort: entry.port }));
  });
}

/** Each edge once, and only between nodes that are there: what hung on a step that was given up goes. */
function distinctEdges(edges: readonly FlowEdge[], nodes: readonly FlowNode[]): FlowEdge[] {
  const ids = new Set(nodes.map((node) => node.id));
  const seen = new Set<string>();
  return edges.filter(({ source, sourcePort, target, targetPort }) => {
    const key = JSON.stringify([source, sourcePort, target, targetPort]);
    if (seen.has(key) || !ids.has(source) || !ids.has(target)) return false;
    seen.add(key);
    return true;
  });
}

function importedNode(step: StepDraft): ImportedNode {
  const { id, type, name } = step.source;
  if (step.refusal !== null || step.mappedTo === null) {
    return { id, type, name, support: 'unsupported', mappedTo: null, reason: step.refusal?.reason ?? `The step “${name}” (${type}) is not known here.`, substitute: step.refusal?.substitute ?? null };
  }
  const approximated = step.approximations.length > 0;
  return { id, type, name, support: approximated ? 'approximated' : 'supported', mappedTo: step.mappedTo, reason: approximated ? step.approximations.join(' ').slice(0, 4_000) : null, substitute: null };
}

function connectionsOf(steps: readonly StepDraft[]): ImportReport['connections'] {
  const found = new Map<string, ImportReport['connections'][number]>();
  for (const step of steps) {
    if (step.refusal !== null) continue;
    for (const { key, connector, title } of step.connections) {
      const known = found.get(key);
      if (known) known.nodes.push(step.id);
      else found.set(key, { key, connector, title, nodes: [step.id] });
    }
  }
  return [...found.values()];
}

function parametersOf(steps: readonly StepDraft[], nodes: readonly FlowNode[]): FlowParameter[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const taken = new Set<string>();
  return steps.flatMap((step) => (step.refusal === null ? step.parameters : [])).flatMap((seed) => {
    const node = byId.get(seed.node);
    if (node === undefined) return [];
    return [{
      name: unique(parameterName(seed.title), taken), title: seed.title.slice(0, 120) || 'Value', description: '', kind: seed.kind, choices: [...seed.choices],
      default: valueAt(node.config, seed.path), node: node.id, path: seed.path, field: seed.field.slice(0, 200), exposed: seed.exposed,
    }];
  }).slice(0, PARAMETERS_MAX);
}

function valueAt(config: Record<string, unknown>, path: string): FlowParameter['default'] {
  let value: unknown = config;
  for (const key of path.split('.')) value = read(value, key);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

const TOOLS = /^(?:connector\.tool|code\.tool|agent\.tool|tool\.|mcp\.tools|openapi\.|flow\.tool)/;

function traitsOf(nodes: readonly FlowNode[]): ImportReport['traits'] {
  const has = (test: (node: FlowNode) => boolean): boolean => nodes.some(test);
  return {
    chat: has(({ type }) => type === 'input.chat' || type === 'output.chat'),
    streaming: has(({ type, config }) => type === 'agent.tools' || (type === 'model.chat' && config['stream'] !== false)),
    knowledge: has(({ type }) => type === 'knowledge.retrieve'),
    memory: has(({ type, config }) => type === 'memory.history' || (typeof config['memoryMessages'] === 'number' && config['memoryMessages'] > 0)),
    tools: has(({ type }) => TOOLS.test(type)),
    files: has(({ config }) => JSON.stringify(config).includes('input.files')),
    images: false,
    agents: nodes.filter(({ type }) => type === 'agent.tools' || type === 'agent.tool').length,
    code: has(({ type }) => type.startsWith('code.')),
  };
}
