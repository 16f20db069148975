import type { Flow } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { convertWorkflow } from './convert.ts';
import type { RawWorkflow } from './raw-workflow.ts';
import { WorkflowContext } from './workflow-context.ts';
import type { InlinedFlow } from './workflow-context.ts';

const DEPTH_MAX = 3;
/** Each is a copy of the workflow it runs. */
const FLOWS_MAX = 30;

/**
 * The part of a workflow that is run when another one calls it: what hangs on its "executed by another workflow" trigger.
 * `depth` counts the calls around it and `made` all of the file, so that workflows that call each other end.
 */
export function inlineFlow(workflow: RawWorkflow, siblings: readonly RawWorkflow[], made: { flows: number }, depth = 1): InlinedFlow {
  if (++made.flows > FLOWS_MAX) return { problem: `the file runs other workflows in more than ${FLOWS_MAX} places.` };
  if (depth > DEPTH_MAX) return { problem: 'it runs itself again and again.' };
  const start = workflow.nodes.find((node) => node.kind === 'base.executeWorkflowTrigger' && !node.disabled);
  if (start === undefined) return { problem: 'it has no trigger for being run by another workflow.' };
  const context = new WorkflowContext(partAfter(start.id, workflow), siblings, (called) => inlineFlow(called, siblings, made, depth + 1));
  const { nodes, edges, fragments } = convertWorkflow(context);
  const flow: Flow = { nodes, edges, parameters: [], requires: { models: [], connections: [], secrets: [], mcpServers: [] }, origin: { format: 'n8n', version: workflow.version, sha256: '' } };
  const lost = context.workflow.nodes.find((node) => fragments.get(node.id)?.kind === 'unsupported' && context.lending(node.id).length === 0);
  if (lost !== undefined) return { problem: `“${lost.name}” cannot run on the built-in engine.` };
  const [problem] = checkRunnable(flow);
  if (problem !== undefined) return { problem: problem.message };
  const steps = [...fragments.values()].flatMap((fragment) => (fragment.kind === 'steps' ? [fragment] : []));
  return { flow, connections: steps.flatMap((fragment) => fragment.connections), remarks: [...new Set(steps.flatMap((fragment) => fragment.approximations))].slice(0, 5) };
}

/** The steps behind a trigger with all that lends itself to them, under ids of their own. */
function partAfter(start: string, workflow: RawWorkflow): RawWorkflow {
  const whole = new WorkflowContext(workflow);
  const kept = new Set([start, ...whole.after(start)]);
  const open = [...kept];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const lender of whole.lendersOf(id)) {
      if (kept.has(lender)) continue;
      kept.add(lender);
      open.push(lender);
    }
  }
  // Texts of the inner flow may name its steps; the steps of the outer one must not be meant.
  const renamed = (id: string): string => `inner:${id}`.slice(0, 180);
  return {
    ...workflow,
    nodes: workflow.nodes.filter((node) => kept.has(node.id)).map((node) => ({ ...node, id: renamed(node.id) })),
    edges: workflow.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target)).map((edge) => ({ ...edge, source: renamed(edge.source), target: renamed(edge.target) })),
  };
}
