import type { Flow } from '#modules/flows/contract.ts';
import type { Point } from './flow-edits.ts';

/** How much room a step takes on the canvas, in pixels. */
export const NODE_WIDTH = 248;
const HEADER = 60;
const PORT = 24;

/** Two lines that say why a step does not run. */
const REASON = 44;

/** The height of a step with this many ports. */
export const heightOf = (inputs: number, outputs: number, unsupported = false): number => HEADER + Math.max(inputs, outputs, 1) * PORT + 10 + (unsupported ? REASON : 0);

/** Places for all steps, from left to right along the edges. Brings the library that works them out only when asked. */
export const layOut = async (flow: Flow, heights: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, Point>> => {
  const { graphlib, layout } = await import('@dagrejs/dagre');
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 36, ranksep: 88, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of flow.nodes) graph.setNode(id, { width: NODE_WIDTH, height: heights.get(id) ?? heightOf(1, 1) });
  for (const [index, { source, target }] of flow.edges.entries()) if (graph.hasNode(source) && graph.hasNode(target)) graph.setEdge(source, target, {}, String(index));
  layout(graph);
  return new Map(flow.nodes.map(({ id }) => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
    return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
  }));
};
