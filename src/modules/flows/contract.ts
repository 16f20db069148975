import { z } from 'zod';

/** Where an imported flow came from. The original file is kept beside the flow, byte for byte. */
export const FlowOrigin = z.object({
  format: z.enum(['langflow', 'n8n', 'flowise', 'dify', 'openapi', 'mcp', 'template', 'cmp']),
  /** The version the file states about itself; null where it states none. */
  version: z.string().nullable(),
  /** Hex SHA-256 of the original bytes. */
  sha256: z.string(),
});
export type FlowOrigin = z.infer<typeof FlowOrigin>;

/**
 * `stop` ends the run; `continue` goes on with what came in; `route` goes on at the port `error` with `{message, code}`.
 * Retries wait `retryWaitMs` and double it each time.
 */
export const FailurePolicy = z.object({
  action: z.enum(['stop', 'continue', 'route']).default('stop'),
  retries: z.number().int().min(0).max(10).default(0),
  retryWaitMs: z.number().int().min(0).max(60_000).default(1_000),
});
export type FailurePolicy = z.infer<typeof FailurePolicy>;

export const FlowNode = z.object({
  id: z.string().min(1).max(200),
  /** A type of the node registry, e.g. `prompt.template`; `unsupported` for what we cannot run. */
  type: z.string().min(1).max(100),
  name: z.string().max(200).default(''),
  config: z.record(z.string(), z.unknown()).default({}),
  position: z.object({ x: z.number(), y: z.number() }).optional(),
  /** What happens when the step fails, and how often it is tried. */
  onFailure: FailurePolicy.optional(),
});
export type FlowNode = z.infer<typeof FlowNode>;

export const FlowEdge = z.object({
  source: z.string(),
  sourcePort: z.string(),
  target: z.string(),
  targetPort: z.string(),
});
export type FlowEdge = z.infer<typeof FlowEdge>;

/** A value of the flow that a seller may hand to the buyer (a "tweak"), addressed as node + config path. */
export const FlowParameter = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/).max(80),
  title: z.string().max(120),
  description: z.string().max(500).default(''),
  kind: z.enum(['text', 'long-text', 'number', 'boolean', 'choice', 'list']),
  choices: z.array(z.string()).default([]),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]).default(null),
  node: z.string(),
  /** Dot path inside the node's config. */
  path: z.string(),
  /** The setting as the imported file names it inside its own node of that id: what the server the file came from calls it. */
  field: z.string().max(200).optional(),
  /** Whether buyers may set it. The importer proposes; the seller decides. */
  exposed: z.boolean().default(false),
});
export type FlowParameter = z.infer<typeof FlowParameter>;

/** What a flow needs from outside before it can run. */
export const FlowRequirements = z.object({
  /** Model ids the file names; empty when a model node names none and the product's default serves. */
  models: z.array(z.string()).default([]),
  connections: z.array(z.string()).default([]),
  /** Names of credentials, never values. */
  secrets: z.array(z.string()).default([]),
  mcpServers: z.array(z.string()).default([]),
});

/** A variable of a flow with the value it starts with. */
export const FlowVariable = z.object({
  name: z.string().min(1).max(100),
  initial: z.unknown().default(null),
  scope: z.enum(['run', 'conversation']).default('run'),
});
export type FlowVariable = z.infer<typeof FlowVariable>;

/** A runnable graph as data. */
export const Flow = z.object({
  nodes: z.array(FlowNode).max(2000),
  edges: z.array(FlowEdge).max(10_000),
  parameters: z.array(FlowParameter).default([]),
  /** Variables that steps set and read; those of a conversation keep their value from one message to the next. */
  state: z.array(FlowVariable).optional(),
  requires: FlowRequirements.default({ models: [], connections: [], secrets: [], mcpServers: [] }),
  origin: FlowOrigin,
});
export type Flow = z.infer<typeof Flow>;

export const NODE_SUPPORT = ['supported', 'approximated', 'unsupported'] as const;

export const ImportedNode = z.object({
  id: z.string(),
  /** The type as the file writes it. */
  type: z.string(),
  name: z.string(),
  support: z.enum(NODE_SUPPORT),
  /** The registry type it became; null when unsupported. */
  mappedTo: z.string().nullable(),
  /** Why it is approximated or unsupported, in words for a seller; null when supported. */
  reason: z.string().nullable(),
  /** What comes closest here, in words; null when nothing is to be replaced. */
  substitute: z.string().nullable().default(null),
});
export type ImportedNode = z.infer<typeof ImportedNode>;

/** One operation of an OpenAPI document, or one tool of an MCP server. */
export const ImportedOperation = z.object({
  id: z.string(),
  title: z.string(),
  /** `GET`, `POST`, …, or `tool`. */
  method: z.string(),
  /** Whether it may change something. Only reading ones are taken unless the seller chooses others. */
  effect: z.enum(['read', 'write']),
  chosen: z.boolean(),
});
export type ImportedOperation = z.infer<typeof ImportedOperation>;

/** What an import found: shown to the seller and to the operator who reviews. */
export const ImportReport = z.object({
  format: z.string(),
  version: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  nodes: z.object({
    total: z.number().int(),
    supported: z.number().int(),
    approximated: z.number().int(),
    unsupported: z.array(z.object({ id: z.string(), type: z.string(), reason: z.string() })),
    /** Every node with what became of it, in file order. */
    all: z.array(ImportedNode),
  }),
  /** Credentials the file asks for (`required`) and values found inside it (`stripped`: the value was removed). */
  secrets: z.array(z.object({ name: z.string(), node: z.string(), field: z.string(), kind: z.enum(['required', 'stripped']) })),
  parameters: z.array(FlowParameter),
  entryPoints: z.array(z.object({ node: z.string(), kind: z.enum(['chat', 'text', 'webhook', 'schedule', 'file', 'manual']) })),
  requires: FlowRequirements,
  /** Accounts in other systems that somebody has to bind before the flow runs; `key` is what `requires.connections` lists. */
  connections: z.array(z.object({ key: z.string(), connector: z.string(), title: z.string(), nodes: z.array(z.string()) })).default([]),
  /** What a file of operations or tools offers, and which of them were taken. Empty for flows. */
  operations: z.array(ImportedOperation).default([]),
  /** Code the file carries; kept as data for the reviewer and never run. */
  code: z.array(z.object({ node: z.string(), language: z.string(), bytes: z.number().int(), sha256: z.string(), custom: z.boolean() })),
  /** What the flow visibly does, for proposing capabilities. */
  traits: z.object({
    chat: z.boolean(), streaming: z.boolean(), knowledge: z.boolean(), memory: z.boolean(), tools: z.boolean(),
    files: z.boolean(), images: z.boolean(), agents: z.number().int(), code: z.boolean(),
  }),
  warnings: z.array(z.string()),
  /** True when every node the answer depends on runs on the built-in engine. */
  runnable: z.boolean(),
});
export type ImportReport = z.infer<typeof ImportReport>;
