import type { Flow, FlowEdge, FlowNode, ImportReport } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { reachable } from './graph.ts';

/** A flow with an output, and the part of it that makes the answer. */
export interface Answer {
  nodes: FlowNode[];
  edges: FlowEdge[];
  /** Ids of the outputs and of everything they depend on; empty when there is no output. */
  part: ReadonlySet<string>;
  warnings: string[];
}

/** Nodes whose result can be the answer when the file names no output, best first, and the port it leaves by. */
const ANSWERING: readonly (readonly [string, string])[] = [
  ['agent.tools', 'response'], ['model.chat', 'text'], ['transform.structured-output', 'json'], ['transform.to-text', 'text'],
  ['transform.combine-text', 'text'], ['prompt.template', 'prompt'],
];

const isOutput = (node: FlowNode): boolean => node.type === 'output.chat' || node.type === 'output.text';

/** Drops outputs nothing leads to, adds one where the file has none, and finds what the outputs depend on. */
export function findAnswer(given: readonly FlowNode[], edges: readonly FlowEdge[]): Answer {
  const warnings: string[] = [];
  const fed = new Set(edges.map((edge) => edge.target));
  const idle = given.filter((node) => isOutput(node) && !fed.has(node.id));
  const idleIds = new Set(idle.map((node) => node.id));
  if (idle.length > 0) warnings.push(`Nothing leads to ${idle.length === 1 ? `the output “${idle[0]?.name || idle[0]?.id}”` : `${idle.length} outputs`}. ${idle.length === 1 ? 'It was' : 'They were'} left out.`);
  const flow = {
    nodes: given.filter((node) => !idleIds.has(node.id)),
    edges: edges.filter((edge) => !idleIds.has(edge.source)),
  };
  if (!flow.nodes.some(isOutput)) addOutput(flow, warnings);

  const chats = flow.nodes.filter((node) => node.type === 'output.chat');
  const outputs = chats.length > 0 ? chats : flow.nodes.filter(isOutput);
  if (outputs.length === 0) warnings.push('The flow has no output, so it cannot answer.');
  if (outputs.length > 1) warnings.push(`The flow has ${outputs.length} outputs; the answer is all of them, one after the other.`);
  const sources = Map.groupBy(flow.edges, (edge) => edge.target);
  const part = reachable(outputs.map((node) => node.id), (id) => (sources.get(id) ?? []).map((edge) => edge.source));
  return { ...flow, part, warnings };
}

function addOutput(flow: { nodes: FlowNode[]; edges: FlowEdge[] }, warnings: string[]): void {
  const followed = new Set(flow.edges.map((edge) => edge.source));
  const ends = flow.nodes.filter((node) => !followed.has(node.id));
  const [end, port] = ANSWERING.flatMap(([type, out]) => ends.filter((node) => node.type === type).slice(-1).map((node) => [node, out] as const))[0] ?? [];
  if (end === undefined || port === undefined) return;
  const type = flow.nodes.some((node) => node.type === 'input.chat') ? 'output.chat' : 'output.text';
  flow.nodes.push({ id: `${end.id}:output`, type, name: 'Answer', config: {} });
  flow.edges.push({ source: end.id, sourcePort: port, target: `${end.id}:output`, targetPort: 'input' });
  warnings.push(`The flow has no output. The result of “${end.name || end.id}” is the answer.`);
}

/** Whether the engine can run the flow to its end, and what else it says than that steps are not supported. */
export function checkAnswer(flow: Flow): { runnable: boolean; warnings: string[] } {
  const problems = checkRunnable(flow);
  const told = new Set(['node-unsupported', 'no-output']);
  return { runnable: problems.length === 0, warnings: problems.filter((problem) => !told.has(problem.code)).map((problem) => problem.message) };
}

/**
 * Where a run begins: the chat and webhook inputs the answer depends on, else the text the engine hands the person's
 * words to (an empty one before one with a default), else the first step.
 */
export function entryPoints({ nodes, part }: Answer, files: readonly string[]): ImportReport['entryPoints'] {
  const used = nodes.filter((node) => part.has(node.id));
  const candidates = part.size > 0 ? used : nodes;
  const points: ImportReport['entryPoints'] = [
    ...candidates.filter((node) => node.type === 'input.chat').map((node) => ({ node: node.id, kind: 'chat' as const })),
    ...candidates.filter((node) => node.type === 'input.webhook').map((node) => ({ node: node.id, kind: 'webhook' as const })),
  ];
  const texts = candidates.filter((node) => node.type === 'input.text');
  const text = texts.find((node) => node.config['value'] === '') ?? texts[0];
  if (points.length === 0 && text !== undefined) points.push({ node: text.id, kind: 'text' });
  points.push(...files.map((node) => ({ node, kind: 'file' as const })));
  const first = candidates[0];
  if (points.length === 0 && first !== undefined) points.push({ node: first.id, kind: 'manual' });
  return points;
}
