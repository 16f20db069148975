import { createHash } from 'node:crypto';
import type { Flow, FlowNode, ImportReport } from '../contract.ts';
import { checkRunnable } from '../engine/compile.ts';
import { looksLikePlaceholder, looksLikeVariableName, namesSecret, removeSecrets } from '../import/secret-patterns.ts';
import { nodeTypes } from '../nodes/registry.ts';
import { isRow } from '../nodes/values.ts';
import { EDITED_FLOW_BYTES_MAX } from './contract.ts';

/** Why an edited flow cannot be kept. */
export interface EditIssue { path: string; message: string }

/** Names that would reach an object's prototype. */
const FORBIDDEN_STEPS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What keeps an edited flow from being stored: its size, ids that occur twice, parameters that point at nothing, and
 * credentials in its settings. A flow that merely cannot run has no issue here; it may be kept and be finished later.
 */
export function editIssues(flow: Flow): EditIssue[] {
  const bytes = Buffer.byteLength(JSON.stringify(flow));
  if (bytes > EDITED_FLOW_BYTES_MAX) return [{ path: 'flow', message: `The flow has ${(bytes / 1024 / 1024).toFixed(1)} MB; the most is ${EDITED_FLOW_BYTES_MAX / 1024 / 1024} MB.` }];
  return [...doubleIds(flow), ...lostParameters(flow), ...flow.nodes.flatMap((node, index) => [...credentials(node.config, `flow.nodes.${index}.config`, titleOf(node), 0)])];
}

const titleOf = (node: FlowNode): string => node.name || nodeTypes.get(node.type)?.title || node.id;

function* doubleIds({ nodes }: Flow): Iterable<EditIssue> {
  const seen = new Set<string>();
  for (const [index, { id }] of nodes.entries()) {
    if (seen.has(id)) yield { path: `flow.nodes.${index}.id`, message: `Two steps have the id "${id}".` };
    seen.add(id);
  }
}

function* lostParameters({ nodes, parameters }: Flow): Iterable<EditIssue> {
  const ids = new Set(nodes.map((node) => node.id));
  const names = new Set<string>();
  for (const [index, { name, node, path }] of parameters.entries()) {
    const at = `flow.parameters.${index}`;
    if (!ids.has(node)) yield { path: `${at}.node`, message: `The parameter "${name}" belongs to the step "${node}", which is not in the flow.` };
    if (names.has(name)) yield { path: `${at}.name`, message: `Two parameters are called "${name}".` };
    if (path.split('.').some((step) => step === '' || FORBIDDEN_STEPS.has(step))) yield { path: `${at}.path`, message: `The parameter "${name}" points nowhere.` };
    names.add(name);
  }
}

/** Deepest nesting of a step's settings; the schema of a tool's arguments has 10 to 20 levels. */
const DEPTH_MAX = 40;

/** Credentials in a configuration: by what they look like, and by the name of the setting they stand in. */
function* credentials(value: unknown, path: string, step: string, depth: number): Iterable<EditIssue> {
  if (depth > DEPTH_MAX) {
    yield { path, message: `The settings of “${step}” are nested deeper than ${DEPTH_MAX} levels.` };
    return;
  }
  if (typeof value === 'string') {
    for (const title of removeSecrets(value).found) yield { path, message: `“${step}” holds a credential (${title}). Flows keep none, because they are copied to every buyer.` };
  } else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* credentials(item, `${path}.${index}`, step, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const inside = [...credentials(item, `${path}.${name}`, step, depth + 1)];
      yield* inside;
      if (inside.length === 0 && typeof item === 'string' && namesSecret(name) && isWritten(item)) yield { path: `${path}.${name}`, message: `“${step}” holds a credential in “${name}”. Flows keep none, because they are copied to every buyer.` };
    }
  }
}

/** A value, rather than a gap for one: `{{secrets.x}}`, `API_KEY`, nothing. */
const isWritten = (text: string): boolean => text.trim() !== '' && !looksLikePlaceholder(text) && !looksLikeVariableName(text) && !text.includes('{{');

export interface FlowWithReport { flow: Flow; report: ImportReport }

/** An edited flow as it is stored, with what its report says now. `before` is what was edited; null for a flow made from nothing. */
export function editedFlow(edited: Flow, before: FlowWithReport | null): FlowWithReport {
  const sha256 = createHash('sha256').update(JSON.stringify([edited.nodes, edited.edges, edited.parameters])).digest('hex');
  const connections = connectionsOf(edited, before);
  const flow: Flow = { ...edited, requires: requirements(edited, connections, before), origin: { format: 'cmp', version: before?.flow.origin.version ?? null, sha256 } };
  return { flow, report: reportOf(flow, connections, before) };
}

function requirements(flow: Flow, connections: ImportReport['connections'], before: FlowWithReport | null): Flow['requires'] {
  const models = flow.nodes.flatMap(({ config }) => (typeof config['modelId'] === 'string' && config['modelId'] !== '' ? [config['modelId']] : []));
  // Of what the file asked for, a connection stays unless only steps needed it that are gone.
  const dropped = new Set(before?.report.connections.filter(({ key, nodes }) => nodes.length > 0 && !connections.some((one) => one.key === key)).map(({ key }) => key));
  const asked = before?.flow.requires.connections.filter((key) => !dropped.has(key)) ?? [];
  return { models: unique(models), connections: unique([...asked, ...connections.map(({ key }) => key)]), secrets: before?.flow.requires.secrets ?? [], mcpServers: before?.flow.requires.mcpServers ?? [] };
}

/** Accounts in other systems that the steps call: those of the import whose steps are still there, and those that steps name now. */
function connectionsOf(flow: Flow, before: FlowWithReport | null): ImportReport['connections'] {
  const ids = new Set(flow.nodes.map(({ id }) => id));
  const found = new Map((before?.report.connections ?? []).map((one) => [one.key, { ...one, nodes: one.nodes.filter((id) => ids.has(id)) }]));
  for (const { id, type, config: written } of flow.nodes) {
    // With what the type itself sets: a new step may name its service only there.
    const parsed = nodeTypes.get(type)?.config.safeParse(written).data;
    const config = isRow(parsed) ? parsed : written;
    const [connector, connection] = [config['connector'], config['connection']];
    if (typeof connector !== 'string' || connector === '') continue;
    const key = typeof connection === 'string' && connection !== '' ? connection : connector;
    const known = found.get(key) ?? { key, connector, title: key === connector ? connector : `${connector} (${key})`, nodes: [] };
    found.set(key, { ...known, nodes: unique([...known.nodes, id]) });
  }
  return [...found.values()].filter(({ nodes }) => nodes.length > 0);
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** Told to the reviewer: the file is not what runs. */
const EDITED = 'The flow was edited here since it came in.';

/** Ways in that have a name of their own in a report. */
const ENTRY_KINDS = ['chat', 'text', 'webhook', 'schedule'] as const;

function reportOf(flow: Flow, connections: ImportReport['connections'], before: FlowWithReport | null): ImportReport {
  const then = new Map(before?.flow.nodes.map((node) => [node.id, node]));
  const said = new Map(before?.report.nodes.all.map((node) => [node.id, node]));
  const all = flow.nodes.map((node): ImportReport['nodes']['all'][number] => {
    const known = then.get(node.id)?.type === node.type ? said.get(node.id) : undefined;
    if (known) return { ...known, name: node.name || known.name };
    const lost = node.type === 'unsupported' || !nodeTypes.has(node.type);
    const reason = typeof node.config['reason'] === 'string' ? node.config['reason'] : 'It has no counterpart here.';
    return { id: node.id, type: node.type, name: titleOf(node), support: lost ? 'unsupported' : 'supported', mappedTo: lost ? null : node.type, reason: lost ? reason : null, substitute: null };
  });
  const ids = new Set(flow.nodes.map(({ id }) => id));
  const here = ({ node }: { node: string }) => node === '' || ids.has(node);
  const code = before?.report.code.filter(here) ?? [];
  return {
    format: before?.report.format ?? 'cmp', version: before?.report.version ?? null, name: before?.report.name ?? '', description: before?.report.description ?? '',
    nodes: {
      total: all.length, all,
      supported: all.filter(({ support }) => support === 'supported').length, approximated: all.filter(({ support }) => support === 'approximated').length,
      unsupported: all.filter(({ support }) => support === 'unsupported').map(({ id, type, reason }) => ({ id, type, reason: reason ?? '' })),
    },
    secrets: before?.report.secrets.filter(here) ?? [], parameters: flow.parameters, entryPoints: entryPoints(flow, before, ids), requires: flow.requires,
    connections, operations: before?.report.operations ?? [],
    code, traits: traits(flow, before?.report.traits ?? null, code.some(({ custom }) => custom)), warnings: before ? unique([EDITED, ...before.report.warnings]) : [],
    runnable: !checkRunnable(flow).some((problem) => problem.code === 'node-unsupported'),
  };
}

function entryPoints(flow: Flow, before: FlowWithReport | null, ids: ReadonlySet<string>): ImportReport['entryPoints'] {
  const kept = before?.report.entryPoints.filter(({ node }) => ids.has(node)) ?? [];
  const own = flow.nodes.filter((node) => familyOf(node) === 'input' && !kept.some((entry) => entry.node === node.id))
    .map((node) => ({ node: node.id, kind: node.type === 'input.files' ? 'file' as const : ENTRY_KINDS.find((kind) => node.type === `input.${kind}`) ?? ('manual' as const) }));
  return [...kept, ...own];
}

const familyOf = ({ type }: FlowNode): string => nodeTypes.get(type)?.family ?? 'other';

/** What the flow visibly does; what only the file could show (files, pictures) stays as the importer saw it. */
function traits(flow: Flow, before: ImportReport['traits'] | null, code: boolean): ImportReport['traits'] {
  const families = new Map(flow.nodes.map((node) => [node.id, familyOf(node)]));
  const has = (...wanted: readonly string[]) => [...families.values()].some((family) => wanted.includes(family));
  const is = (type: string) => flow.nodes.some((node) => node.type === type);
  return {
    chat: is('input.chat') || is('output.chat'),
    streaming: flow.edges.some(({ source, target }) => families.get(target) === 'output' && ['model', 'agent'].includes(families.get(source) ?? '')),
    knowledge: has('knowledge'), memory: has('memory', 'agent'), tools: has('agent') && flow.edges.some(({ targetPort }) => /^tools?$/i.test(targetPort)),
    files: (before?.files ?? false) || is('input.files'), images: (before?.images ?? false) || has('vision'),
    agents: [...families.values()].filter((family) => family === 'agent').length, code,
  };
}
