import type { FlowEdge, FlowNode } from '../../contract.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { ImportOutcome, Importer } from '../import-outcome.ts';
import { isRecord, read, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { EDGES_MAX, NODES_MAX, tooMany } from '../report-parts.ts';
import { assemble } from '../steps/assemble.ts';
import { FlowiseContext, HISTORY_ID } from './flowise-context.ts';
import { mapAgentflow } from './map-agentflow.ts';
import type { MappedFlow } from './map-agentflow.ts';
import { mapChatflow } from './map-chatflow.ts';
import { mapSequential } from './map-sequential.ts';
import { flowOf, isNote, readFlowise } from './read-flowise.ts';
import { takeCredentials } from './credentials.ts';

/** Imports one chatflow or agentflow of Flowise. */
export const importFlowise: Importer = ({ document, sha256, fallbackName }) => {
  const refusal = refuse(document);
  if (refusal !== null) return refusal;
  const clean = cleanDefinition(document);
  const source = flowOf(clean.value);
  if (source === null) return DAMAGED;
  const flow = readFlowise(source);
  const marked = takeCredentials(source);
  if (flow.nodes.length === 0) return EMPTY;
  if (flow.edges.length > EDGES_MAX) return tooMany(flow.edges.length, 'connections');
  const context = new FlowiseContext(flow);
  const family = familyOf(context);
  const mapped: MappedFlow = family === 'chatflow' ? { ...mapChatflow(context), ways: [], start: null } : family === 'agentflow' ? mapAgentflow(context) : mapSequential(context);
  const extra: { nodes: FlowNode[]; edges: FlowEdge[] } = { nodes: [...mapped.nodes], edges: [...mapped.edges] };
  if (context.asksHistory) extra.nodes.push({ id: HISTORY_ID, type: 'memory.history', name: 'Conversation', config: {} });
  const first = mapped.start === null ? undefined : context.step(mapped.start);
  const entry = first === undefined ? 'flowise:input' : first.nodes.find((node) => node.type.startsWith('input.'))?.id ?? first.id;
  return assemble({
    origin: { format: 'flowise', version: family === 'chatflow' ? null : family === 'agentflow' ? 'agentflow v2' : 'agentflow v1', sha256 },
    name: flow.name || fallbackName || 'Untitled flow', description: flow.description || usesOf(source),
    steps: [...context.steps.values()], ways: mapped.ways, extra, state: [...context.state.values()],
    entryPoints: [{ node: entry, kind: first?.nodes.some((node) => node.type === 'input.trigger') ? 'webhook' : 'chat' }],
    traits: { knowledge: flow.nodes.some((node) => /^(?:Vector Stores|Retrievers)$/.test(node.category)) || extra.nodes.concat([...context.steps.values()].flatMap((step) => step.nodes)).some((node) => node.type === 'knowledge.retrieve'), images: flow.nodes.some((node) => read(node.inputs, 'allowImageUploads') === true) },
    secrets: [...clean.secrets, ...marked], warnings: [...clean.warnings, ...flow.warnings], definition: clean.value,
  });
};

const DAMAGED: ImportOutcome = { kind: 'refused', code: 'damaged', message: 'The flow has no list of nodes.', where: 'nodes' };
const EMPTY: ImportOutcome = { kind: 'refused', code: 'empty', message: 'The flow has no nodes, only notes or nothing at all.' };

function refuse(document: unknown): ImportOutcome | null {
  const flow = flowOf(document);
  if (flow === null) return DAMAGED;
  const edges = read(flow, 'edges');
  if (edges !== undefined && edges !== null && !Array.isArray(edges)) return { kind: 'refused', code: 'damaged', message: 'The connections of the flow are not a list.', where: 'edges' };
  const nodes = readList(flow, 'nodes');
  if (nodes.length > NODES_MAX) return tooMany(nodes.length);
  return nodes.some((node) => isRecord(readRecord(node, 'data')) && !isNote(node)) ? null : EMPTY;
}

/** Three ways of building flows, each with nodes of its own. */
function familyOf({ flow }: FlowiseContext): 'chatflow' | 'agentflow' | 'sequential' {
  if (flow.nodes.some((node) => node.kind.endsWith('Agentflow'))) return 'agentflow';
  return flow.nodes.some((node) => /^(?:Sequential|Multi) Agents$/.test(node.category) || node.kind === 'supervisor' || /^seq[A-Z]/.test(node.kind)) ? 'sequential' : 'chatflow';
}

const usesOf = (source: PlainRecord): string => (readText(source, 'usecases') ?? readList(source, 'usecases').filter((one) => typeof one === 'string').join(', ')).slice(0, 500);
