import type { FlowNode } from '../contract.ts';
import { typeOf } from './flow-graph.ts';
import type { FlowGraph } from './flow-graph.ts';

/** What the compiler has to know of a flow as a whole. */
export interface FlowFacts {
  /** The text input that stands in for a missing chat input. */
  entry: string | null;
  /** Nodes of which only the triggered one is live; empty where every input is. */
  triggers: ReadonlySet<string>;
  /** The trigger that is live unless a run names another. */
  trigger: string | null;
  /** Models that get the conversation so far. */
  seesHistory: ReadonlySet<string>;
}

const INPUTS: ReadonlySet<string> = new Set(['input.chat', 'input.webhook', 'input.trigger']);
/** Which trigger answers a message when several could, best first. */
const PREFERRED = ['chat', 'form', 'webhook', 'manual', 'sub-flow', 'event', 'email', 'schedule'];

export function flowFacts(needed: readonly FlowNode[], graph: FlowGraph, outputs: readonly FlowNode[]): FlowFacts {
  const texts = needed.filter((node) => node.type === 'input.text');
  const blank = texts.find((node) => (node.config['value'] ?? '') === '');
  const inputs = needed.filter((node) => INPUTS.has(node.type));
  // A flow that names its triggers starts at one of them; elsewhere every input belongs to the same message.
  const triggers = inputs.some((node) => node.type === 'input.trigger') ? inputs : [];
  const best = triggers.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  const hasMemory = needed.some((node) => node.type === 'memory.history');
  return {
    entry: inputs.length > 0 ? null : (blank ?? texts[0])?.id ?? null,
    triggers: new Set(triggers.map((node) => node.id)),
    trigger: best?.id ?? null,
    seesHistory: hasMemory ? new Set() : finalModels(graph, outputs),
  };
}

const KINDS: ReadonlyMap<string, string> = new Map([['input.chat', 'chat'], ['input.webhook', 'webhook']]);

function rankOf(node: FlowNode): number {
  const { kind } = node.config;
  const rank = PREFERRED.indexOf(KINDS.get(node.type) ?? (typeof kind === 'string' ? kind : 'manual'));
  return rank < 0 ? PREFERRED.length : rank;
}

/** Models whose text reaches an output without another node working on it. */
function finalModels({ nodes, into }: FlowGraph, outputs: readonly FlowNode[]): ReadonlySet<string> {
  const models = new Set<string>();
  const seen = new Set<string>();
  const open = outputs.map((node) => node.id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = nodes.get(id);
    if (node?.type === 'model.chat') models.add(id);
    else if (typeOf(node)?.acceptsStream) for (const edge of into.get(id) ?? []) open.push(edge.source);
  }
  return models;
}
