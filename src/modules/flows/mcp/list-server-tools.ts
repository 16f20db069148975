import type { Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { Problem } from '#platform/http/problem.ts';
import { plainText } from '../import/tools/tool-text.ts';
import { NodeError } from '../nodes/node-error.ts';
import { connectTo } from '../nodes/mcp/server-config.ts';
import { problems } from '../problems.ts';
import type { mcpEndpoints } from './contract.ts';
import { effectOf, pinOf } from './pin-tool.ts';
import type { McpTool } from './protocol.ts';
import type { McpFetch } from './server-address.ts';

/** How requests leave for a seller: through the guard, with the connections bound to the product; null for none. */
export type SellerFetch = (process: Process, productId: string | null) => McpFetch;

type Endpoint = typeof mcpEndpoints['listTools'];

/** Asks a remote MCP server for its tools, so that a seller can choose among them. Nothing is stored and no tool is called. */
export const listServerTools = (fetchFor: SellerFetch) => async (process: Process, { body }: Input<Endpoint>): Promise<Output<Endpoint>> => {
  try {
    const { name, product_id: productId, ...server } = body;
    const client = await connectTo({ fetch: fetchFor(process, productId) }, { ...server, server: name, revision: null });
    const tools = await client.listTools();
    await client.close();
    return {
      revision: client.revision,
      tools: tools.map((tool) => ({
        name: tool.name, title: plainText(tool.title ?? tool.annotations?.title ?? '', 120) || tool.name, description: plainText(tool.description, 1_000), effect: effectOf(tool), pin: pinOf(tool),
      })),
      document: documentOf(body, client.revision, tools),
    };
  } catch (error) {
    if (error instanceof NodeError) throw new Problem(problems['mcp-server-failed'], error.message);
    throw error;
  }
};

/** The form of the MCP registry, with the tools beside it. Credentials are gaps, as in every file. */
function documentOf({ name, url, transport, variables, headers, credentials }: Input<Endpoint>['body'], revision: string, tools: readonly McpTool[]): Record<string, unknown> {
  const secret = credentials.filter(({ place }) => place !== 'query').map((use) => ({
    name: use.place === 'header' ? use.name : 'Authorization', value: `${use.place === 'bearer' ? 'Bearer ' : use.place === 'basic' ? 'Basic ' : use.prefix}{token}`, isSecret: true, isRequired: true,
  }));
  const query = credentials.filter(({ place }) => place === 'query').map((use) => `${use.name}={token}`).join('&');
  return {
    name: name || (URL.canParse(url) ? new URL(url).hostname : 'server'), title: name, version: '1.0.0',
    remotes: [{
      type: transport, protocolVersion: revision, url: query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`,
      headers: [...Object.entries(headers).map(([header, value]) => ({ name: header, value })), ...secret],
      variables: Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, { default: value }])),
    }],
    tools: tools.map((tool) => ({ ...tool })),
  };
}
