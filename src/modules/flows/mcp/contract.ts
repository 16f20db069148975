import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';
import { CredentialPlace } from '../credential-contract.ts';

const McpServerQuery = z.strictObject({
  /** The name the imported product gets. */
  name: z.string().trim().max(120).default(''),
  url: z.string().trim().min(1).max(2_000).meta({ title: 'Address of the server', description: 'Begins with https://. Servers that are started by a command cannot be used.' }),
  transport: z.enum(['streamable-http', 'sse']).default('streamable-http'),
  variables: z.record(z.string().max(100), z.string().max(500)).default({}),
  headers: z.record(z.string().max(200), z.string().max(2_000)).default({}),
  /** Where credentials go, as the draft's flow says it; taken from the connections bound to `product_id`. */
  credentials: z.array(CredentialPlace).max(5).default([]),
  product_id: Id.nullable().default(null),
});

export const ListedMcpTool = z.object({
  name: z.string(), title: z.string(), description: z.string(),
  /** What the server says: only a tool that says it only reads is taken to. */
  effect: z.enum(['read', 'write']),
  /** Hash of name, description and schema as they are now. */
  pin: z.string(),
});

export const McpServerTools = z.object({
  /** The revision of the protocol the server speaks. */
  revision: z.string(),
  tools: z.array(ListedMcpTool),
  /** Server and tools as one file, to be imported with the chosen tools as `operations`. */
  document: z.record(z.string(), z.unknown()),
});

export const mcpEndpoints = {
  listTools: endpoint({
    method: 'POST', path: '/api/v1/mcp/tools', access: { member: 'member' }, summary: 'Tools of a remote MCP server, asked now', tags: ['Seller'],
    body: McpServerQuery, response: McpServerTools,
  }),
};
