import type { Value } from '../node-type.ts';
import type { CompiledGraph, CompiledNode, Source } from './compiled-flow.ts';

/** What nodes have produced: by port; null for a skipped node, undefined while it has none. */
export type Result = Readonly<Record<string, Value>> | null | undefined;

/** One going-through of a graph: the run's own, or a loop's body once. */
export class Pass {
  readonly graph: CompiledGraph;
  /** The pass around it; null for the run's own. */
  readonly outer: Pass | null;
  /** Names the pass in traces and journals: empty, or `loop#2/`. */
  readonly prefix: string;
  readonly results: Result[];
  readonly waits: number[];
  /** Nodes without a result. */
  left: number;
  readonly onDone: () => void;

  constructor(graph: CompiledGraph, outer: Pass | null, prefix: string, onDone: () => void) {
    this.graph = graph;
    this.outer = outer;
    this.prefix = prefix;
    this.onDone = onDone;
    this.results = graph.nodes.map((): Result => undefined);
    this.waits = graph.nodes.map((node) => node.waitsFor);
    this.left = graph.nodes.length;
  }

  valueAt({ node, port, level }: Source, up: number = level): Value | undefined {
    return up === 0 ? this.results[node]?.[port] : this.outer?.valueAt({ node, port, level }, up - 1);
  }

  /** What a step produced as this pass sees it: in the pass itself, else in the passes around it. */
  resultOf(id: string): Result {
    const index = this.graph.indexById.get(id);
    return index === undefined ? this.outer?.resultOf(id) : this.results[index];
  }

  /** Values for a node's ports; null when its branch was not taken. */
  inputsOf(node: CompiledNode): Record<string, Value | readonly Value[]> | null {
    const inputs: Record<string, Value | readonly Value[]> = {};
    let live = 0;
    for (const port of node.ports) {
      if (port.many) {
        const values: Value[] = [];
        for (const source of port.sources) {
          const value = this.valueAt(source);
          if (value) values.push(value);
        }
        live += values.length;
        inputs[port.name] = values;
        continue;
      }
      let last: Value | undefined;
      for (const source of port.sources) last = this.valueAt(source) ?? last;
      if (last) {
        live++;
        inputs[port.name] = last;
      } else if (port.needed) return null;
    }
    return node.ports.length > 0 && live === 0 ? null : inputs;
  }
}
