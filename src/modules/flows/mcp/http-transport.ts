import { randomUUID } from 'node:crypto';
import { resultOf, untilAnswer } from './answers.ts';
import { CLIENT_INFO, InitializeResult, McpError, SESSION_REVISIONS, STATELESS_REVISION } from './protocol.ts';
import type { McpFetch, McpServer, McpTransport } from './server-address.ts';

const ACCEPT = 'application/json, text/event-stream';

/** Streamable HTTP of the stateless revision: each request says who asks and names its method in headers too. */
export function statelessTransport(fetch: McpFetch, server: McpServer): McpTransport {
  return {
    revision: STATELESS_REVISION,
    async request(method, params, { headers = {}, readsOnly = false, name } = {}) {
      const _meta = { 'io.modelcontextprotocol/protocolVersion': STATELESS_REVISION, 'io.modelcontextprotocol/clientInfo': CLIENT_INFO, 'io.modelcontextprotocol/clientCapabilities': {} };
      return post(fetch, server, { method, params: { ...params, _meta } }, {
        'mcp-protocol-version': STATELESS_REVISION, 'mcp-method': method, ...(name === undefined ? {} : { 'mcp-name': headerText(name) }), ...headers,
      }, readsOnly);
    },
    close: async () => undefined,
  };
}

/** Streamable HTTP of the revisions before: `initialize` first, then a session if the server wants one. */
export async function sessionTransport(fetch: McpFetch, server: McpServer): Promise<McpTransport> {
  const opened = await postRaw(fetch, server, { method: 'initialize', params: { protocolVersion: SESSION_REVISIONS[0], capabilities: {}, clientInfo: CLIENT_INFO } }, {}, true);
  const { protocolVersion } = InitializeResult.parse(opened.result);
  if (!SESSION_REVISIONS.some((revision) => revision === protocolVersion)) throw new McpError(null, opened.status, `It speaks the unknown revision “${protocolVersion.slice(0, 40)}” of the Model Context Protocol.`);
  const session = opened.headers['mcp-session-id'];
  const own = { 'mcp-protocol-version': protocolVersion, ...(session === undefined ? {} : { 'mcp-session-id': session }) };
  const greeting = await send(fetch, server, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), own, { readsOnly: true });
  if (greeting.status >= 400) throw new McpError(null, greeting.status, `It answered the greeting with status ${greeting.status}.`);
  return {
    revision: protocolVersion,
    request: async (method, params, { readsOnly = false } = {}) => post(fetch, server, { method, params }, own, readsOnly),
    async close() {
      if (session === undefined) return;
      // A server may refuse to end sessions (405); they then expire.
      await fetch(server.url.href, { method: 'DELETE', headers: { ...server.headers, ...own }, credentials: server.credentials, readsOnly: true });
    },
  };
}

interface Message { method: string; params: Readonly<Record<string, unknown>> }

const post = async (fetch: McpFetch, server: McpServer, message: Message, headers: Record<string, string>, readsOnly: boolean): Promise<unknown> =>
  (await postRaw(fetch, server, message, headers, readsOnly)).result;

async function postRaw(fetch: McpFetch, server: McpServer, message: Message, headers: Record<string, string>, readsOnly: boolean): Promise<{ status: number; headers: Record<string, string>; result: unknown }> {
  // Unique beyond this client: servers have mixed up the answers of clients that all count from zero.
  const id = randomUUID();
  const answer = await send(fetch, server, JSON.stringify({ jsonrpc: '2.0', id, ...message }), headers, { enough: untilAnswer(id), readsOnly });
  return { status: answer.status, headers: answer.headers, result: resultOf(answer, id) };
}

const send = async (fetch: McpFetch, server: McpServer, body: string, headers: Record<string, string>, { enough, readsOnly }: { enough?: (piece: string) => boolean; readsOnly: boolean }) =>
  fetch(server.url.href, {
    method: 'POST', body, headers: { ...server.headers, 'content-type': 'application/json', accept: ACCEPT, ...headers },
    credentials: server.credentials, ...(enough ? { enough } : {}), ...(readsOnly ? { readsOnly: true } : {}),
  });

/** A header value; what headers cannot carry goes as Base64 in the protocol's own wrapping. */
export const headerText = (text: string): string =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?') ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
