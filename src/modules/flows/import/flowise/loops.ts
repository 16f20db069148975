import type { FlowEdge, FlowNode } from '../../contract.ts';
import type { Way } from '../steps/assemble.ts';
import type { FlowiseContext } from './flowise-context.ts';
import type { RawNode } from './read-flowise.ts';

const PASSES_MAX = 100;

/** Where a step goes back to, and how often at most. */
export type LoopOf = (node: RawNode) => { to: string; times: number } | null;

/**
 * Going back to an earlier step becomes a loop around it: what led to the step leads into the loop, what goes back comes
 * back to it. Steps inside an iteration hang on its item, and the last of them leads back.
 */
export function placeLoops(context: FlowiseContext, ways: readonly Way[], loopOf: LoopOf): { ways: Way[]; nodes: FlowNode[]; edges: FlowEdge[] } {
  const targets = new Map<string, { backs: Set<string>; times: number }>();
  for (const node of context.flow.nodes) {
    const loop = loopOf(node);
    const step = context.step(node.id);
    if (loop === null) continue;
    if (context.node(loop.to) === undefined) {
      step.refuse('It goes back to a step that the file does not have.');
      continue;
    }
    const known = targets.get(loop.to) ?? { backs: new Set(), times: 1 };
    known.backs.add(node.id);
    targets.set(loop.to, { backs: known.backs, times: Math.max(known.times, Math.min(PASSES_MAX, Math.round(loop.times) + 1)) });
  }
  const nodes: FlowNode[] = [];
  for (const [id, { backs, times }] of targets) {
    const again = `${id}:again`;
    if (context.step(id).refusal === null) nodes.push({ id: again, type: 'logic.while', name: `${context.node(id)?.label ?? ''}: again`.slice(0, 200), config: { iterationsMax: Math.max(1, times) } });
    const step = context.step(id);
    if (step.refusal !== null) continue;
    const entries = step.entries.splice(0);
    for (const entry of entries) step.link(again, 'item', entry.node, entry.port);
    step.enter(again, 'input');
    for (const back of backs) {
      const from = context.step(back);
      from.nodes.push({ id: back, type: 'logic.pass', name: from.source.name, config: {} });
      from.enter(back, 'input');
      from.link(back, 'output', again, 'feedback');
    }
  }
  return { ways: [...ways], nodes, edges: insideEdges(context, ways) };
}

/** What steps elsewhere read of a step inside a loop is kept in variables, as passes are not seen from outside. */
export function addCaptures(context: FlowiseContext): void {
  for (const [index, [name, { node, expression }]] of [...context.captures].entries()) {
    const step = context.step(node);
    const exit = step.exits.get('*');
    if (exit === undefined || step.refusal !== null) continue;
    const id = step.add('transform.variable', { operation: 'set', name, value: `{{ ${expression} }}` }, `kept${index}`, 'kept');
    step.link(exit.node, exit.port, id, 'input');
    step.exit(id, 'output');
  }
}

/** Steps inside an iteration: those nothing leads to begin with the item, those that lead nowhere give the result. */
function insideEdges(context: FlowiseContext, ways: readonly Way[]): FlowEdge[] {
  const edges: FlowEdge[] = [];
  const [targets, sources] = [new Set(ways.map((way) => way.target)), new Set(ways.map((way) => way.source))];
  for (const node of context.flow.nodes) {
    const loop = node.parent === null ? undefined : context.node(node.parent);
    if (loop?.kind !== 'iterationAgentflow' || context.step(loop.id).refusal !== null) continue;
    const step = context.step(node.id);
    const [entries, exit] = step.refusal === null ? [step.entries, step.exits.get('*')] : [[{ node: node.id, port: 'input' }], { node: node.id, port: 'output' }];
    if (!targets.has(node.id)) for (const entry of entries) edges.push({ source: loop.id, sourcePort: 'item', target: entry.node, targetPort: entry.port });
    if (!sources.has(node.id) && exit) edges.push({ source: exit.node, sourcePort: exit.port, target: loop.id, targetPort: 'feedback' });
  }
  return edges;
}
