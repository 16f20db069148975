import type { FlowEdge, FlowNode, FlowParameter } from '../../contract.ts';

/** A port of one of our nodes. */
export interface Place { node: string; port: string }

/** A value inside a node's config that may become a parameter of the flow. */
export interface ParameterSeed {
  node: string;
  /** Dot path inside the config. */
  path: string;
  title: string;
  kind: FlowParameter['kind'];
  choices?: readonly string[];
  /** Proposed to buyers, not only offered to the seller. */
  exposed?: boolean;
}

/** An account in another system that the step needs. */
export interface NeededConnection {
  /** Name of the connection; the connector's own id unless the connector serves several systems. */
  key: string;
  connector: string;
  title: string;
}

/** One step of n8n as nodes of ours. The node that holds its items has the step's own id. */
export interface StepFragment {
  kind: 'steps';
  /** The type that does the work, for the report. */
  mappedTo: string;
  nodes: readonly FlowNode[];
  edges: readonly FlowEdge[];
  /** Where items that enter input n go; null where the step takes none. */
  input(index: number): Place | null;
  /** Where items leave output n; null where nothing ever leaves. */
  output(index: number): Place | null;
  /** Where sub-steps of a channel (`ai_tool`, …) connect; channels left out were taken into the config. */
  attach: ReadonlyMap<string, Place>;
  /** What the step offers as a sub-step of another, e.g. a tool. */
  offers: readonly Place[];
  approximations: readonly string[];
  parameters: readonly ParameterSeed[];
  connections: readonly NeededConnection[];
  /** Marks `input` as a port that collects every edge. */
  collects: boolean;
}

export type Fragment =
  | StepFragment
  /** Became part of other steps, e.g. a model that only lends itself to an agent. */
  | { kind: 'absorbed'; mappedTo: string; approximation: string | null }
  | { kind: 'unsupported'; reason: string; substitute: string | null; service: string | null };

export const unsupported = (reason: string, substitute: string | null = null, service: string | null = null): Fragment => ({ kind: 'unsupported', reason, substitute, service });
export const absorbed = (mappedTo: string, approximation: string | null = null): Fragment => ({ kind: 'absorbed', mappedTo, approximation });
