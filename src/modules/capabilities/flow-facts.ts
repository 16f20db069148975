/**
 * As much of a flow and of its import report as capabilities need to know. The types of the flows module, which comes
 * later in the order of modules, are assignable to these.
 */
export interface FlowShape {
  nodes: readonly { id: string; type: string }[];
  parameters: readonly FlowParameterShape[];
  requires: FlowRequirementsShape;
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

/** What a flow does, worked out from its nodes and, where there is one, its import report. */
export interface FlowFacts {
  entries: ReadonlySet<string>;
  /** False while unsupported nodes hide part of the flow: then the absence of something proves nothing. */
  fullyKnown: boolean;
  answers: boolean;
  generates: boolean;
  retrieves: boolean;
  seesImages: boolean;
  takesFiles: boolean;
  hears: boolean;
  unsupported: readonly { id: string; type: string; reason: string }[];
  runnable: boolean;
}

/** Works out what the flow does; `report` is null for a flow that was not imported from a file. */
export const flowFacts = (flow: FlowShape, report: ImportReportShape | null): FlowFacts => {
  const has = (...families: readonly string[]) => flow.nodes.some((node) => families.includes(familyOf(node.type)));
  const unsupported = report?.nodes.unsupported
    ?? flow.nodes.filter((node) => node.type === 'unsupported').map((node) => ({ id: node.id, type: node.type, reason: 'It has no counterpart here.' }));
  const traits = report?.traits;
  const entries = new Set([...(report?.entryPoints.map((entry) => entry.kind) ?? []), ...entriesByNode(flow)]);
  return {
    entries,
    fullyKnown: unsupported.length === 0,
    answers: has('output'),
    generates: has('model', 'agent'),
    retrieves: has('knowledge') || (traits?.knowledge ?? false),
    seesImages: has('vision') || (traits?.images ?? false),
    takesFiles: entries.has('file') || (traits?.files ?? false),
    hears: has('speech'),
    unsupported,
    runnable: report?.runnable ?? unsupported.length === 0,
  };
};

/** True when a person can write something to the flow. */
export const takesMessages = (entries: ReadonlySet<string>): boolean => entries.has('chat') || entries.has('text');

const familyOf = (type: string): string => type.split('.', 1)[0] ?? '';

const entriesByNode = (flow: FlowShape): readonly string[] =>
  flow.nodes.filter((node) => familyOf(node.type) === 'input').map((node) => node.type.slice('input.'.length));
