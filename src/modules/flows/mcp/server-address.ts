import type { CredentialUse, NodeContext } from '../node-type.ts';

/** Where an MCP server is and how to come in. */
export interface McpServer {
  url: URL;
  transport: 'streamable-http' | 'sse';
  /** Fixed headers the server's description asks for; never credentials. */
  headers: Readonly<Record<string, string>>;
  credentials: readonly CredentialUse[];
  /** The revision it spoke when its tools were chosen; null to find out. */
  revision: string | null;
}

export type McpFetch = NodeContext['fetch'];

/** Sends requests of one revision. */
export interface McpTransport {
  readonly revision: string;
  /** The result of a request. Throws McpError for an error of the server, NodeError where it cannot be reached. */
  request(method: string, params: Readonly<Record<string, unknown>>, more?: { headers?: Record<string, string>; readsOnly?: boolean; name?: string }): Promise<unknown>;
  /** Ends a session, where there is one. */
  close(): Promise<void>;
}
