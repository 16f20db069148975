import type { Flow, FailurePolicy } from '../contract.ts';
import type { NodeType } from '../node-type.ts';

/** Where a value comes from: a node's port in this graph (`level` 0), or in a graph around it. */
export interface Source { node: number; port: string; level: number }

/** An input port with the edges that feed it. */
export interface CompiledPort {
  name: string;
  many: boolean;
  /** The node is skipped when every edge of this port comes from a skipped branch. */
  needed: boolean;
  sources: readonly Source[];
}

export interface CompiledNode {
  id: string;
  name: string;
  type: NodeType;
  /** Parsed by the type's schema. */
  config: unknown;
  /** As stored, for applying parameters. */
  rawConfig: Readonly<Record<string, unknown>>;
  ports: readonly CompiledPort[];
  /** Required ports nothing is connected to: the node fails when reached. */
  missingInputs: readonly string[];
  /** Named in expressions, which need its whole text: it does not stream. */
  isNamed: boolean;
  /** Output ports that something is connected to. */
  usedPorts: ReadonlySet<string>;
  /** Nodes of the same graph that wait for this one, and how many this one waits for. */
  dependents: readonly number[];
  waitsFor: number;
  /** Stands in for the missing chat input. */
  isEntry: boolean;
  /** Starts a run of its own: of several, only the one that was triggered is live. */
  isTrigger: boolean;
  /** Gets the conversation so far. */
  seesHistory: boolean;
  onFailure: FailurePolicy | null;
  /** What is done once for each pass, where the node is a loop. */
  loop: CompiledLoop | null;
}

/** The inside of a loop. Node 0 of the body is the loop itself: its ports hold the values of the pass. */
export interface CompiledLoop {
  body: CompiledGraph;
  /** What leads back, as sources in the body. */
  feedback: readonly Source[];
  /** Results of the last pass that steps after the loop read; `as` is the port they find them at. */
  exports: readonly { source: Source; as: string }[];
}

/** Nodes in an order in which sources come before targets. */
export interface CompiledGraph {
  nodes: readonly CompiledNode[];
  indexById: ReadonlyMap<string, number>;
}

/** A flow ready to run, shared by any number of runs. Holds only what its outputs and its effects depend on. */
export interface CompiledFlow {
  flow: Flow;
  graph: CompiledGraph;
  /** Indexes of the nodes whose results are the run's answer, in the order they are shown. */
  outputs: readonly number[];
  /** The trigger that is live unless a run names another; null where the flow has none. */
  trigger: string | null;
  /** The parameter values this compilation includes; null for none. */
  configuredWith: Readonly<Record<string, unknown>> | null;
}
