import { createHash } from 'node:crypto';
import { Flow, ImportReport } from '../../contract.ts';
import type { FlowNode, FlowParameter } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { FoundSecret } from '../clean-definition.ts';
import type { ImportOutcome, Importer } from '../import-outcome.ts';
import { parameterName, unique } from '../naming.ts';
import { isRecord, oneLine, read, readText } from '../plain.ts';
import { bounded, distinct, EDGES_MAX, nodesOf, NODES_MAX, strippedNotice, tooMany } from '../report-parts.ts';
import { answerNodes } from './answers.ts';
import { convertWorkflow } from './convert.ts';
import type { ConvertedWorkflow } from './convert.ts';
import type { ParameterSeed } from './fragment.ts';
import { inlineFlow } from './inline-flow.ts';
import { codeIn } from './map-code.ts';
import { modelNamed } from './model-settings.ts';
import type { RawWorkflow } from './raw-workflow.ts';
import { countNodes, readWorkflow, workflowOf } from './read-workflow.ts';
import { traitsOf } from './traits.ts';
import { WorkflowContext } from './workflow-context.ts';
import { isTrigger } from './kinds.ts';

const PARAMETERS_MAX = 500;
const SIBLINGS_MAX = 50;

/** Imports one n8n workflow. */
export const importN8n: Importer = ({ document, siblings, sha256, fallbackName }) => {
  const refusal = refuse(document);
  if (refusal !== null) return refusal;
  const clean = cleanDefinition(document);
  const source = workflowOf(clean.value);
  if (source === null) return { kind: 'refused', code: 'damaged', message: 'The workflow has no list of steps.', where: 'nodes' };
  const raw = readWorkflow(source);
  if (raw.nodes.length === 0) return { kind: 'refused', code: 'empty', message: 'The workflow has no steps, only notes or nothing at all.' };
  if (raw.edges.length > EDGES_MAX) return tooMany(raw.edges.length, 'connections');

  const others = readSiblings(siblings, document);
  const inlined = { flows: 0 };
  const context = new WorkflowContext(raw, others, (called) => inlineFlow(called, others, inlined));
  const converted = convertWorkflow(context);
  const answers = answerNodes(context, converted);
  const nodes = [...converted.nodes, ...answers.nodes];
  const edges = [...converted.edges, ...answers.edges];
  if (nodes.length > NODES_MAX) return tooMany(nodes.length);
  if (edges.length > EDGES_MAX) return tooMany(edges.length, 'connections');
  const draft = reportOf(raw, context, converted, nodes, clean.secrets, clean.warnings, raw.name || fallbackName || 'Untitled workflow');
  const flow = Flow.parse({ nodes, edges, parameters: draft.parameters, requires: draft.requires, origin: { format: 'n8n', version: raw.version, sha256 } });
  const problems = checkRunnable(flow);
  const told = problems.filter((problem) => problem.code !== 'node-unsupported').map((problem) => problem.message);
  const report = ImportReport.parse({ ...draft, runnable: problems.length === 0, warnings: bounded([...draft.warnings, ...told]) });
  return { kind: 'imported', flow, report, definition: clean.value };
};

function refuse(document: unknown): ImportOutcome | null {
  const workflow = workflowOf(document);
  if (workflow === null) return { kind: 'refused', code: 'damaged', message: 'The workflow has no list of steps.', where: 'nodes' };
  const connections = read(workflow, 'connections');
  if (connections !== undefined && connections !== null && !isRecord(connections)) return { kind: 'refused', code: 'damaged', message: 'The connections of the workflow are not an object.', where: 'connections' };
  const count = countNodes(workflow);
  if (count > NODES_MAX) return tooMany(count);
  return count === 0 ? { kind: 'refused', code: 'empty', message: 'The workflow has no steps, only notes or nothing at all.' } : null;
}

/** The other workflows of the file, for steps that call one of them. */
function readSiblings(siblings: readonly unknown[], document: unknown): RawWorkflow[] {
  return siblings.filter((one) => one !== document).slice(0, SIBLINGS_MAX).flatMap((one) => {
    const source = workflowOf(one);
    if (source === null || countNodes(source) > NODES_MAX) return [];
    // What is called becomes part of the flow: it is freed of credentials like the rest.
    const clean = workflowOf(cleanDefinition(source).value);
    return clean === null ? [] : [readWorkflow(clean)];
  });
}

function reportOf(raw: RawWorkflow, context: WorkflowContext, converted: ConvertedWorkflow, nodes: readonly FlowNode[], secrets: readonly FoundSecret[], cleanWarnings: readonly string[], name: string): Omit<ImportReport, 'runnable'> {
  const connections = connectionsOf(converted);
  const code = codeOf(raw);
  return {
    format: 'n8n', version: raw.version, name, description: raw.description,
    nodes: nodesOf(converted.imported),
    secrets: [...secrets],
    parameters: parametersOf(converted, nodes),
    entryPoints: entryPoints(raw, converted),
    connections, operations: [],
    requires: {
      models: distinct(raw.nodes.filter((node) => converted.live.has(node.id) && /^langchain\.lm|openAi/.test(node.kind)).flatMap((node) => modelNamed(node) ?? [])),
      connections: distinct(connections.map(({ key }) => key)),
      secrets: distinct(secrets.filter((secret) => secret.kind === 'required').map((secret) => secret.name)),
      mcpServers: distinct(raw.nodes.filter((node) => node.kind === 'langchain.mcpClientTool').map((node) => oneLine(node.name, 100))),
    },
    code,
    traits: traitsOf(raw, context, converted, nodes),
    warnings: [...strippedNotice([...secrets]), ...cleanWarnings, ...raw.warnings, ...converted.warnings],
  };
}

function connectionsOf({ fragments, live }: ConvertedWorkflow): ImportReport['connections'] {
  const found = new Map<string, ImportReport['connections'][number]>();
  for (const [id, fragment] of fragments) {
    if (fragment.kind !== 'steps' || !live.has(id)) continue;
    for (const { key, connector, title } of fragment.connections) {
      const known = found.get(key);
      if (known) known.nodes.push(id);
      else found.set(key, { key, connector, title, nodes: [id] });
    }
  }
  return [...found.values()];
}

function codeOf(raw: RawWorkflow): ImportReport['code'] {
  return raw.nodes.flatMap((node) => {
    const found = codeIn(node.parameters) ?? langchainCode(node.parameters);
    return found === null ? [] : [{ node: node.id, language: found.language, bytes: Buffer.byteLength(found.code), sha256: createHash('sha256').update(found.code).digest('hex'), custom: true }];
  });
}

const langchainCode = (parameters: unknown): { language: string; code: string } | null => {
  const code = readText(read(read(parameters, 'code'), 'execute'), 'code') ?? readText(read(read(parameters, 'code'), 'supplyData'), 'code');
  return code === null ? null : { language: 'javascript', code };
};

const ENTRY_KINDS: ReadonlyMap<string, 'chat' | 'webhook' | 'schedule' | 'manual'> = new Map([
  ['langchain.chatTrigger', 'chat'], ['langchain.manualChatTrigger', 'chat'], ['base.scheduleTrigger', 'schedule'], ['base.cron', 'schedule'], ['base.interval', 'schedule'], ['base.manualTrigger', 'manual'], ['base.start', 'manual'], ['base.executeWorkflowTrigger', 'manual'],
]);

function entryPoints(raw: RawWorkflow, { live, nodes }: ConvertedWorkflow): ImportReport['entryPoints'] {
  const ids = new Set(nodes.map((node) => node.id));
  const points = raw.nodes.filter((node) => isTrigger(node) && !node.disabled && live.has(node.id)).map((node) => ({ node: [`${node.id}:start`, `${node.id}:chat`].find((id) => ids.has(id)) ?? node.id, kind: ENTRY_KINDS.get(node.kind) ?? 'webhook' }));
  const [first] = nodes;
  return points.length > 0 || first === undefined ? points : [{ node: nodes.find((node) => node.type === 'input.trigger')?.id ?? first.id, kind: 'manual' }];
}

function parametersOf({ fragments, live }: ConvertedWorkflow, nodes: readonly FlowNode[]): FlowParameter[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const taken = new Set<string>();
  const parameters: FlowParameter[] = [];
  for (const [id, fragment] of fragments) {
    if (fragment.kind !== 'steps' || !live.has(id)) continue;
    for (const seed of fragment.parameters) {
      const node = byId.get(seed.node);
      if (node === undefined || parameters.length >= PARAMETERS_MAX) continue;
      parameters.push(parameterOf(seed, node, taken));
    }
  }
  return parameters;
}

function parameterOf(seed: ParameterSeed, node: FlowNode, taken: Set<string>): FlowParameter {
  return {
    name: unique(parameterName(seed.title), taken), title: seed.title.slice(0, 120) || 'Value', description: '', kind: seed.kind, choices: [...seed.choices ?? []],
    default: valueAt(node.config, seed.path), node: node.id, path: seed.path, exposed: seed.exposed === true,
  };
}

function valueAt(config: Record<string, unknown>, path: string): FlowParameter['default'] {
  let value: unknown = config;
  for (const key of path.split('.')) value = Array.isArray(value) ? value[Number(key)] : read(value, key);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
