import { z } from 'zod';

/** The stateless revision of the Model Context Protocol: every request stands alone. */
export const STATELESS_REVISION = '2026-07-28';
/** Revisions that begin with `initialize` and may keep a session, newest first. */
export const SESSION_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

export const CLIENT_INFO = { name: 'cmp', version: '1.0.0' };

/** Bounds of what is taken from a server. */
export const TOOLS_MAX = 500;
export const TOOL_PAGES_MAX = 20;

const Annotations = z.object({
  title: z.string().optional(), readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional(), idempotentHint: z.boolean().optional(), openWorldHint: z.boolean().optional(),
}).catch({});

/** A tool as a server lists it. What we do not know is left out. */
export const McpTool = z.object({
  name: z.string().min(1).max(200),
  title: z.string().optional().catch(undefined),
  description: z.string().default('').catch(''),
  inputSchema: z.record(z.string(), z.unknown()).default({ type: 'object' }),
  annotations: Annotations.optional(),
});
export type McpTool = z.infer<typeof McpTool>;

export const ToolPage = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

export const DiscoverResult = z.object({ supportedVersions: z.array(z.string()) });
export const InitializeResult = z.object({ protocolVersion: z.string(), serverInfo: z.object({ name: z.string().catch('') }).optional() });

/** One part of a tool's answer; kinds we do not know keep their name. */
const Content = z.looseObject({ type: z.string() });
export const CallResult = z.object({
  content: z.array(Content).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
  resultType: z.string().default('complete'),
});
export type CallResult = z.infer<typeof CallResult>;

/** An answer to a request (JSON-RPC 2.0). */
export const RpcAnswer = z.union([
  z.object({ id: z.union([z.string(), z.number()]).nullish(), error: z.object({ code: z.number(), message: z.string().catch(''), data: z.unknown().optional() }) }),
  z.object({ id: z.union([z.string(), z.number()]), result: z.unknown() }),
]);
export type RpcAnswer = z.infer<typeof RpcAnswer>;

/** A server answered a request with an error. */
export class McpError extends Error {
  /** The JSON-RPC code; null where the server answered with something else than JSON-RPC. */
  readonly code: number | null;
  /** The HTTP status. */
  readonly status: number;
  constructor(code: number | null, status: number, message: string) {
    super(message.slice(0, 1_000));
    this.name = 'McpError';
    this.code = code;
    this.status = status;
  }
}
