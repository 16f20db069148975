/**
 * As much of a flow and of its import report as capabilities need to know. The types of the flows module, which comes
 * later in the order of modules, are assignable to these.
 */
export interface FlowShape {
  nodes: readonly { id: string; type: string }[];
  parameters: readonly FlowParameterShape[];
  requires: FlowRequirementsShape;
  /** Where it was made; some servers run only their own. */
  origin?: { format: string };
}

/** A value of the flow that the seller may hand to buyers. */
export interface FlowParameterShape {
  name: string;
  title: string;
  description: string;
  kind: 'text' | 'long-text' | 'number' | 'boolean' | 'choice' | 'list';
  choices: readonly string[];
  default: string | number | boolean | readonly string[] | null;
  node: string;
  exposed: boolean;
}

export interface FlowRequirementsShape {
  models: readonly string[];
  connections: readonly string[];
  secrets: readonly string[];
  mcpServers: readonly string[];
}

/** What the importer saw the file do. */
export interface FlowTraits {
  chat: boolean;
  streaming: boolean;
  knowledge: boolean;
  memory: boolean;
  tools: boolean;
  files: boolean;
  images: boolean;
  /** How many agents work in it. */
  agents: number;
  code: boolean;
}

export interface ImportReportShape {
  nodes: { unsupported: readonly { id: string; type: string; reason: string }[] };
  secrets: readonly { name: string; kind: string }[];
  entryPoints: readonly { node: string; kind: string }[];
  code: readonly { custom: boolean }[];
  traits: FlowTraits;
  /** True when every node the answer depends on runs on the built-in engine. */
  runnable: boolean;
}
