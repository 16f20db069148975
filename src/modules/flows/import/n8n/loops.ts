import type { RawEdge } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** Circles of a workflow, of two kinds. */
export interface LoopFacts {
  /** Edges that lead from inside a "loop over items" back to it. */
  feedback: ReadonlySet<RawEdge>;
  /** Steps that some other edge leads back to, with those edges: they are done again as long as something comes back. */
  repeated: ReadonlyMap<string, ReadonlySet<RawEdge>>;
}

/** Finds the circles. Without recursion, in time linear in steps and connections, but for the body of each loop. */
export function findLoops(context: WorkflowContext): LoopFacts {
  const feedback = new Set<RawEdge>();
  for (const loop of context.workflow.nodes.filter((node) => node.kind === 'base.splitInBatches' && !node.disabled)) {
    const out = node3(loop.version);
    const body = new Set<string>();
    const open = context.outgoing(loop.id).filter((edge) => edge.output === out).map((edge) => edge.target);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (body.has(id) || id === loop.id) continue;
      body.add(id);
      for (const edge of context.outgoing(id)) open.push(edge.target);
    }
    for (const edge of context.incoming(loop.id)) if (body.has(edge.source)) feedback.add(edge);
  }
  return { feedback, repeated: backEdges(context, feedback) };
}

/** From version 3 on the loop leaves at the second output. */
const node3 = (version: number): number => (version >= 3 ? 1 : 0);

/** Edges that close a circle, by the step they lead to; steps before others in the file's order of reaching come first. */
function backEdges(context: WorkflowContext, feedback: ReadonlySet<RawEdge>): Map<string, Set<RawEdge>> {
  const repeated = new Map<string, Set<RawEdge>>();
  const done = new Set<string>();
  const onPath = new Set<string>();
  const starts = [...context.workflow.nodes].toSorted((a, b) => context.incoming(a.id).length - context.incoming(b.id).length);
  for (const start of starts) {
    if (done.has(start.id)) continue;
    const stack: { id: string; edges: readonly RawEdge[]; next: number }[] = [{ id: start.id, edges: context.outgoing(start.id), next: 0 }];
    onPath.add(start.id);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.edges[top.next++];
      if (edge === undefined) {
        stack.pop();
        onPath.delete(top.id);
        done.add(top.id);
        continue;
      }
      if (feedback.has(edge) || done.has(edge.target)) continue;
      if (onPath.has(edge.target)) {
        const known = repeated.get(edge.target) ?? new Set<RawEdge>();
        repeated.set(edge.target, known.add(edge));
        continue;
      }
      onPath.add(edge.target);
      stack.push({ id: edge.target, edges: context.outgoing(edge.target), next: 0 });
    }
  }
  return repeated;
}
