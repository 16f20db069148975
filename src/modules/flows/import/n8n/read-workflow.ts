import { isRecord, oneLine, read, readFlag, readList, readNumber, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { NODES_MAX } from '../report-parts.ts';
import { unique } from '../naming.ts';
import type { RawEdge, RawNode, RawWorkflow } from './raw-workflow.ts';

const NOTE = 'n8n-nodes-base.stickyNote';
const OUTPUTS_MAX = 200;
const PINNED_MAX = 100;

/** The workflow itself: exports of the editor hold it bare, the template gallery and the API put it into an envelope. */
export function workflowOf(document: unknown): PlainRecord | null {
  for (const inner of [document, read(document, 'workflow'), read(read(document, 'workflow'), 'workflow'), read(document, 'data')]) {
    if (isRecord(inner) && Array.isArray(inner['nodes'])) return inner;
  }
  return null;
}

/** Steps of the workflow, before anything is read of them. */
export const countNodes = (workflow: PlainRecord): number => readList(workflow, 'nodes').filter((node) => readText(node, 'type') !== NOTE).length;

/** Reads a workflow: gives every step an id, and keeps the connections whose ends exist. */
export function readWorkflow(workflow: PlainRecord): RawWorkflow {
  const warnings: string[] = [];
  const nodes = readNodes(readList(workflow, 'nodes'), warnings);
  const settings = readRecord(workflow, 'settings') ?? {};
  return {
    name: oneLine(readText(workflow, 'name') ?? '', 200),
    description: (readText(workflow, 'description') ?? readText(readRecord(workflow, 'meta'), 'description') ?? '').slice(0, 5_000),
    id: idOf(read(workflow, 'id')),
    active: readFlag(workflow, 'active'),
    version: readText(workflow, 'versionId') === null ? null : oneLine(readText(workflow, 'versionId') ?? '', 100),
    nodes,
    edges: readEdges(read(workflow, 'connections'), nodes, warnings),
    pinned: readPinned(readRecord(workflow, 'pinData')),
    settings,
    warnings,
  };
}

function readNodes(list: readonly unknown[], warnings: string[]): RawNode[] {
  const ids = new Set<string>();
  const names = new Set<string>();
  const nodes: RawNode[] = [];
  for (const [position, raw] of list.entries()) {
    const type = readText(raw, 'type');
    if (!isRecord(raw) || type === null || type === '') {
      warnings.push(`Step ${position + 1} has no type. It was left out.`);
      continue;
    }
    if (type === NOTE || nodes.length > NODES_MAX) continue;
    const node = readNode(raw, type);
    const id = unique((idOf(read(raw, 'id')) ?? node.name) || `step-${position + 1}`, ids);
    if (names.has(node.name)) warnings.push(`Two steps are called “${oneLine(node.name, 80)}”. Connections and expressions mean the first.`);
    names.add(node.name);
    nodes.push({ ...node, id });
  }
  return nodes;
}

function readNode(raw: PlainRecord, type: string): RawNode {
  const position = readList(raw, 'position').filter((one): one is number => typeof one === 'number' && Number.isFinite(one));
  const [x, y] = position;
  const onError = readText(raw, 'onError');
  const tries = readFlag(raw, 'retryOnFail') ? Math.min(10, Math.max(2, Math.round(readNumber(raw, 'maxTries') ?? 3))) : 1;
  return {
    id: '',
    name: (readText(raw, 'name') ?? '').slice(0, 200),
    type: oneLine(type, 200),
    ...kindOf(type),
    version: readNumber(raw, 'typeVersion') ?? 1,
    parameters: readRecord(raw, 'parameters') ?? {},
    credentials: Object.keys(readRecord(raw, 'credentials') ?? {}).slice(0, 20),
    disabled: readFlag(raw, 'disabled'),
    onError: onError === 'continueErrorOutput' ? 'route' : onError === 'continueRegularOutput' || (onError === null && readFlag(raw, 'continueOnFail')) ? 'continue' : 'stop',
    retries: tries - 1,
    retryWaitMs: Math.min(60_000, Math.max(0, Math.round(readNumber(raw, 'waitBetweenTries') ?? 1_000))),
    alwaysOutputData: readFlag(raw, 'alwaysOutputData'),
    executeOnce: readFlag(raw, 'executeOnce'),
    position: x === undefined || y === undefined ? undefined : { x, y },
  };
}

const PACKAGES: readonly (readonly [string, string])[] = [
  ['n8n-nodes-base.', 'base.'], ['@n8n/n8n-nodes-langchain.', 'langchain.'], ['n8n-nodes-langchain.', 'langchain.'],
];

/** `n8n-nodes-base.gmailTool` → `base.gmail`, a tool. */
function kindOf(type: string): { kind: string; isTool: boolean } {
  const [prefix, short] = PACKAGES.find(([known]) => type.startsWith(known)) ?? ['', 'community.'];
  const name = prefix === '' ? (type.split('.').at(-1) ?? type) : type.slice(prefix.length);
  const isTool = short !== 'langchain.' && name.length > 4 && name.endsWith('Tool');
  return { kind: (short + (isTool ? name.slice(0, -4) : name)).slice(0, 100), isTool };
}

const idOf = (value: unknown): string | null => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value.slice(0, 150) : null);

function readEdges(connections: unknown, nodes: readonly RawNode[], warnings: string[]): RawEdge[] {
  if (!isRecord(connections)) return [];
  const byName = new Map<string, RawNode>(nodes.toReversed().map((node) => [node.name, node]));
  const lost = new Set<string>();
  const edges = new Map<string, RawEdge>();
  const end = (name: string): string | null => {
    const found = byName.get(name);
    if (found === undefined) lost.add(name);
    return found?.id ?? null;
  };
  for (const [name, channels] of Object.entries(connections)) {
    if (!isRecord(channels)) continue;
    const source = end(name);
    for (const [channel, outputs] of Object.entries(channels)) {
      if (!Array.isArray(outputs)) continue;
      for (const [output, targets] of outputs.slice(0, OUTPUTS_MAX).entries()) {
        if (!Array.isArray(targets)) continue;
        for (const to of targets) {
          const targetName = readText(to, 'node');
          if (targetName === null) continue;
          const target = end(targetName);
          if (source === null || target === null) continue;
          const edge: RawEdge = { source, channel: channel.slice(0, 50), output, target, input: Math.min(OUTPUTS_MAX, Math.max(0, Math.round(readNumber(to, 'index') ?? 0))) };
          edges.set(JSON.stringify(edge), edge);
        }
      }
    }
  }
  if (lost.size > 0) {
    const listed = [...lost].slice(0, 10).map((name) => `“${oneLine(name, 80)}”`).join(', ');
    warnings.push(`Connections name ${lost.size === 1 ? 'a step that does' : `${lost.size} steps that do`} not exist (${listed}${lost.size > 10 ? ', …' : ''}). Those connections were left out.`);
  }
  return [...edges.values()];
}

function readPinned(pinned: PlainRecord | null): ReadonlyMap<string, readonly unknown[]> {
  const map = new Map<string, readonly unknown[]>();
  for (const [name, items] of Object.entries(pinned ?? {})) {
    if (!Array.isArray(items)) continue;
    map.set(name, items.slice(0, PINNED_MAX).map((item) => readRecord(item, 'json') ?? item));
  }
  return map;
}
