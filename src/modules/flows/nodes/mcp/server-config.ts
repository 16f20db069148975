import { z } from 'zod';
import { isReservedHeader } from '#platform/http/reserved-headers.ts';
import { connectMcp } from '../../mcp/mcp-client.ts';
import type { McpClient } from '../../mcp/mcp-client.ts';
import type { NodeContext } from '../../node-type.ts';
import { fillAddress } from '../http/fill-address.ts';
import { NodeError } from '../node-error.ts';
import { CredentialPlace } from '../../credential-contract.ts';

/** Where an MCP server is and how to come in: fields of every node that talks to one. Servers that are started by a command do not exist here. */
export const mcpServerFields = {
  /** For people. */
  server: z.string().max(200).default('').meta({ title: 'Name of the server' }),
  url: z.string().min(1, 'The address of the MCP server is not set.').max(2_000).default('').meta({ title: 'Address' }),
  /** Parts of the address in braces. */
  variables: z.record(z.string(), z.string().max(500)).default({}).meta({ title: 'Parts of the address' }),
  transport: z.enum(['streamable-http', 'sse']).default('streamable-http').meta({ title: 'Transport' }),
  /** The revision it spoke when its tools were chosen; spares finding out. */
  revision: z.string().max(40).nullable().default(null),
  /** Fixed headers, never credentials. */
  headers: z.record(z.string().max(200), z.string().max(2_000)).default({}).meta({ title: 'Headers' }),
  credentials: z.array(CredentialPlace).max(5).default([]),
};

const McpServerConfig = z.object(mcpServerFields);

/** Opens a conversation with the configured server, through the guard behind `context.fetch`. Throws NodeError. */
export async function connectTo(context: Pick<NodeContext, 'fetch'>, { url, variables, transport, revision, headers, credentials }: z.output<typeof McpServerConfig>): Promise<McpClient> {
  for (const [name, value] of Object.entries(headers)) {
    if (isReservedHeader(name) || !/^[\t\x20-\x7e]*$/.test(value)) throw new NodeError('node-config-invalid', `The header "${name.slice(0, 50)}" cannot be set.`);
  }
  return connectMcp(async (target, init) => context.fetch(target, init), { url: fillAddress(url, variables), transport, revision, headers, credentials });
}
