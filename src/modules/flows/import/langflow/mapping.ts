import type { FlowParameter } from '../../contract.ts';
import type { Graph } from './graph.ts';
import type { RawNode } from './raw-flow.ts';

/** A value of the node that may become a parameter; dropped when its field is wired, hidden or (unless `always`) advanced. */
export interface ParameterSeed {
  field: string;
  /** Dot path inside our node's config. */
  path: string;
  kind: FlowParameter['kind'];
  always?: boolean;
  /** Proposed to buyers, not only offered to the seller. */
  exposed?: boolean;
}

/** A node that one Langflow component needs beside its own. Its id is `<id>:<suffix>`. */
export interface Companion {
  suffix: string;
  type: string;
  name: string;
  config: Record<string, unknown>;
  /** Port of the companion → port of the main node. */
  feeds?: { from: string; to: string };
}

/** The component became a node of ours. Ports of a companion are written `suffix/port`. */
export interface MappedNode {
  kind: 'node';
  type: string;
  support: 'supported' | 'approximated';
  reason: string | null;
  config: Record<string, unknown>;
  /** Langflow field → our port; null where the connection has no meaning here and is dropped without a word. */
  inputs: ReadonlyMap<string, string | null>;
  /** Langflow output → our port. */
  outputs: ReadonlyMap<string, string>;
  /** Port for outputs that are not named. */
  output: string;
  parameters: readonly ParameterSeed[];
  /** Fields whose fixed text becomes a node of its own when nothing is wired to them. */
  constants: readonly string[];
  companions: readonly Companion[];
  /** The connector whose account the step needs; null for none. */
  connector: string | null;
}

export type Mapping =
  | MappedNode
  /** Became part of another node, e.g. a model that only lends itself to an agent. */
  | { kind: 'absorbed'; mappedTo: string; support: 'supported' | 'approximated'; reason: string | null }
  | { kind: 'unsupported'; reason: string; service: string | null };

export interface MappingContext {
  graph: Graph;
  /** Nodes that only prepare documents for a store and never touch an answer. */
  ingesting: ReadonlySet<string>;
}

export type Mapper = (node: RawNode, context: MappingContext) => Mapping;

interface MappedNodeParts {
  config?: Record<string, unknown>;
  inputs?: Record<string, string | null>;
  outputs?: Record<string, string>;
  output: string;
  /** Why it is not exactly the same; absent when it is. */
  approximated?: string | null | undefined;
  parameters?: readonly ParameterSeed[];
  constants?: readonly string[];
  companions?: readonly Companion[];
  connector?: string;
}

/** A mapped node, with what is left out filled in. */
export const mapped = (type: string, parts: MappedNodeParts): MappedNode => ({
  kind: 'node',
  type,
  support: parts.approximated ? 'approximated' : 'supported',
  reason: parts.approximated ?? null,
  config: parts.config ?? {},
  inputs: new Map(Object.entries(parts.inputs ?? {})),
  outputs: new Map(Object.entries(parts.outputs ?? {})),
  output: parts.output,
  parameters: parts.parameters ?? [],
  constants: parts.constants ?? [],
  companions: parts.companions ?? [],
  connector: parts.connector ?? null,
});

export const unsupported = (reason: string, service: string | null = null): Mapping => ({ kind: 'unsupported', reason, service });

/** Outputs by which Langflow hands a component to an agent as a tool. */
export const TOOL_OUTPUTS: ReadonlySet<string> = new Set(['component_as_tool', 'api_build_tool', 'tool', 'tools', 'example_tool_output']);

/** Our node types with a `tool` port. */
export const TOOL_TYPES: ReadonlySet<string> = new Set(['http.fetch-pages', 'http.request', 'tool.calculator', 'tool.current-date', 'knowledge.retrieve', 'connector.tool', 'code.tool', 'agent.tool']);

export const usedAsTool = (node: RawNode, graph: Graph): boolean =>
  graph.outgoing(node.id).some((edge) => (edge.output !== null && TOOL_OUTPUTS.has(edge.output)) || edge.field === 'tools');

/** Inputs that take a model rather than a value. */
export const MODEL_FIELDS: readonly string[] = ['llm', 'model', 'agent_llm', 'language_model', 'llm_model'];

/** `\n` as people type it into a settings field. */
export const unescaped = (text: string): string => text.replace(/\\([nrt])/g, (_, char: string) => ({ n: '\n', r: '\r', t: '\t' })[char] ?? '');
