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

/** A step without a place, or two that cover each other: somebody has to arrange this before it can be read. */
export const needsLayout = ({ nodes }: Flow): boolean => {
  const covers = (a: Point, b: Point) => Math.abs(a.x - b.x) < NODE_WIDTH * 0.6 && Math.abs(a.y - b.y) < HEADER * 0.75;
  const placed = nodes.map(({ position }) => position).filter((position) => position !== undefined).toSorted((a, b) => a.x - b.x);
  if (nodes.length < 2) return false;
  if (placed.length < nodes.length) return true;
  return placed.some((place, at) => {
    for (let next = at + 1; next < placed.length; next++) {
      const other = placed[next];
      if (other === undefined || other.x - place.x >= NODE_WIDTH) return false;
      if (covers(place, other)) return true;
    }
    return false;
  });
};

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
