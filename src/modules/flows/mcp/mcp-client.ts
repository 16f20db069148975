import { ZodError } from 'zod';
import { NodeError } from '../nodes/node-error.ts';
import { isRow } from '../nodes/values.ts';
import { headerText, sessionTransport, statelessTransport } from './http-transport.ts';
import { CallResult, DiscoverResult, McpError, McpTool, SESSION_REVISIONS, STATELESS_REVISION, TOOL_PAGES_MAX, ToolPage, TOOLS_MAX } from './protocol.ts';
import type { McpFetch, McpServer, McpTransport } from './server-address.ts';
import { sseTransport } from './sse-transport.ts';

/** A conversation with one MCP server. Everything it throws is a NodeError in words a person or a model can act on. */
export interface McpClient {
  /** The revision of the protocol that is spoken. */
  revision: string;
  /** All tools, bounded; what is no tool is left out. */
  listTools(): Promise<McpTool[]>;
  callTool(tool: Pick<McpTool, 'name' | 'inputSchema'>, args: Readonly<Record<string, unknown>>, options?: { readsOnly?: boolean }): Promise<CallResult>;
  close(): Promise<void>;
}

/** Finds out which revision the server speaks, newest first, and opens the conversation. Everything goes through `fetch`. */
export async function connectMcp(fetch: McpFetch, server: McpServer): Promise<McpClient> {
  const transport = await told(server, async () => negotiate(fetch, server));
  return {
    revision: transport.revision,
    listTools: async () => told(server, async () => listTools(transport)),
    callTool: async ({ name, inputSchema }, args, { readsOnly = false } = {}) => told(server, async () => {
      const result = CallResult.parse(await transport.request('tools/call', { name, arguments: args }, { name, readsOnly, headers: parameterHeaders(inputSchema, args) }));
      if (result.resultType !== 'complete') throw new NodeError('node-http-failed', `The tool “${name}” asks for more than its arguments, which agents cannot give.`);
      return result;
    }),
    close: async () => told(server, async () => transport.close()),
  };
}

async function negotiate(fetch: McpFetch, server: McpServer): Promise<McpTransport> {
  if (server.transport === 'sse') return sseTransport(fetch, server);
  if (server.revision === null || server.revision === STATELESS_REVISION) {
    const stateless = statelessTransport(fetch, server);
    const discovered = await discover(stateless);
    if (discovered) return stateless;
  }
  try {
    return await sessionTransport(fetch, server);
  } catch (error) {
    // Servers of 2024 take no POST at the address of their stream.
    if (error instanceof McpError && error.code === null && [404, 405].includes(error.status)) return sseTransport(fetch, server);
    throw error;
  }
}

/** Whether the server speaks the stateless revision. Whatever an older one answers to a question it does not know means no. */
async function discover(transport: McpTransport): Promise<boolean> {
  try {
    const found = DiscoverResult.safeParse(await transport.request('server/discover', {}, { readsOnly: true }));
    return found.success && found.data.supportedVersions.includes(STATELESS_REVISION);
  } catch (error) {
    if (error instanceof McpError && error.status !== 401 && error.status !== 403) return false;
    throw error;
  }
}

async function listTools(transport: McpTransport): Promise<McpTool[]> {
  const tools: McpTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < TOOL_PAGES_MAX && tools.length < TOOLS_MAX; page += 1) {
    const answer = ToolPage.parse(await transport.request('tools/list', cursor === undefined ? {} : { cursor }, { readsOnly: true }));
    for (const given of answer.tools) {
      const tool = McpTool.safeParse(given);
      if (tool.success && tools.length < TOOLS_MAX && !tools.some(({ name }) => name === tool.data.name)) tools.push(tool.data);
    }
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) break;
    cursor = answer.nextCursor;
  }
  return tools;
}

/** Arguments that the tool's schema wants repeated as headers, so that servers in between can route by them. */
function parameterHeaders(schema: unknown, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  const visit = (part: unknown, value: unknown, depth: number): void => {
    const properties = isRow(part) && isRow(part['properties']) ? part['properties'] : {};
    for (const [name, property] of Object.entries(properties)) {
      const given = isRow(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      const header = isRow(property) ? property['x-mcp-header'] : undefined;
      if (typeof header === 'string' && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(header) && ['string', 'number', 'boolean'].includes(typeof given)) headers[`mcp-param-${header.toLowerCase()}`] = headerText(String(given));
      if (depth < 5) visit(property, given, depth + 1);
    }
  };
  visit(schema, args, 0);
  return headers;
}

const REVISIONS = [STATELESS_REVISION, ...SESSION_REVISIONS].join(', ');

/** What went wrong, in words that name the server and hold nothing secret. */
async function told<T>({ url }: McpServer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ZodError) throw new NodeError('node-http-failed', `The MCP server at ${url.host} answers in a form that is none of the Model Context Protocol (${REVISIONS}).`, { cause: error });
    if (!(error instanceof McpError)) throw error;
    if (error.status === 401 || error.status === 403) throw new NodeError('node-http-failed', `The MCP server at ${url.host} did not accept the credential, or asks for one (status ${error.status}).`, { cause: error });
    throw new NodeError('node-http-failed', `The MCP server at ${url.host}: ${error.message}`, { cause: error });
  }
}
