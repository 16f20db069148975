import type { PlainRecord } from '../plain.ts';

/** A Langflow file reduced to what importing needs; still in Langflow's own words. */
export interface RawField {
  name: string;
  value: unknown;
  /** `str`, `int`, `prompt`, `code`, `other`, …; empty where absent. */
  type: string;
  title: string;
  info: string;
  show: boolean;
  advanced: boolean;
  multiline: boolean;
  options: readonly string[];
}

export interface RawOutput {
  name: string;
  types: readonly string[];
}

export interface RawNode {
  id: string;
  /** Component name, e.g. `ChatInput`. */
  type: string;
  title: string;
  fields: ReadonlyMap<string, RawField>;
  outputs: readonly RawOutput[];
  baseClasses: readonly string[];
  /** Python path of the component's class; empty before 1.6. */
  module: string;
  /** The node is offered to an agent as a tool. */
  toolMode: boolean;
  /** Langflow's mark that somebody changed the component's code. */
  edited: boolean;
  /** Python source the file carries. */
  code: string | null;
  position: { x: number; y: number } | undefined;
}

export interface RawEdge {
  source: string;
  /** Output name; null in old files. */
  output: string | null;
  target: string;
  field: string | null;
  /** Runs back into an output of a loop. */
  feedback: boolean;
}

export interface RawFlow {
  name: string;
  description: string;
  version: string | null;
  nodes: RawNode[];
  edges: RawEdge[];
  warnings: string[];
}

/** A flow with its groups still folded: edges keep their handles, groups their inner flow. */
export interface GroupedNode extends RawNode {
  group: { inner: PlainRecord; template: PlainRecord } | null;
}
