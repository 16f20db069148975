import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, isLegacyRequest, McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { z } from 'zod';

export interface SeenRequest { method: string; headers: Record<string, string | string[] | undefined>; rpc: string | null }

export interface LoopbackMcpServer {
  /** Ends in `/mcp`. */
  url: string;
  host: string;
  seen: SeenRequest[];
  /** Names of the tools that were really called, with what they got. */
  calls: { tool: string; args: unknown }[];
  /** Another description of the weather tool, as after an update of the server. */
  describe(words: string): void;
  close(): Promise<void>;
}

/**
 * A real MCP server of the official package on 127.0.0.1. `both` speaks the stateless revision and the one before; `stateless`
 * only the new one, over event streams; `sessions` only the old one, with sessions. `token` makes it ask for a bearer token.
 */
export async function startLoopbackMcpServer({ speaks = 'both', token }: { speaks?: 'both' | 'stateless' | 'sessions'; token?: string } = {}): Promise<LoopbackMcpServer> {
  const state = { description: 'Tells the weather at a place.' };
  const calls: LoopbackMcpServer['calls'] = [];
  const seen: SeenRequest[] = [];
  const build = () => toolServer(state.description, calls);
  const modern = createMcpHandler(build, { legacy: speaks === 'both' ? 'stateless' : 'reject', responseMode: speaks === 'stateless' ? 'sse' : 'auto' });
  const sessions = sessionServer(build);

  async function serve(request: Request): Promise<Response> {
    if (token !== undefined && request.headers.get('authorization') !== `Bearer ${token}`) return new Response('{"error":"unauthorized"}', { status: 401, headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' } });
    if (speaks !== 'sessions') return modern.fetch(request);
    return (await isLegacyRequest(request)) ? sessions(request) : new Response('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Unsupported protocol version"}}', { status: 400, headers: { 'content-type': 'application/json' } });
  }

  const server = createServer((request, response) => {
    void toWeb(request).then(async (web) => {
      const body = await web.clone().text();
      const rpc = z.object({ method: z.string() }).safeParse(body === '' ? {} : JSON.parse(body));
      seen.push({ method: request.method ?? '', headers: request.headers, rpc: rpc.success ? rpc.data.method : null });
      await reply(await serve(web), response);
    }).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });
  const { port, host } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/mcp`, host, seen, calls,
    describe: (words) => { state.description = words; },
    async close() {
      await modern.close();
      server.closeAllConnections();
      await new Promise<void>((done) => { server.close(() => { done(); }); });
    },
  };
}

function toolServer(description: string, calls: LoopbackMcpServer['calls']): McpServer {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
  server.registerTool('get_weather', { title: 'Weather', description, inputSchema: z.object({ place: z.string(), days: z.number().int().optional() }), annotations: { readOnlyHint: true } }, async (args) => {
    calls.push({ tool: 'get_weather', args });
    return { ...text(`Sunny in ${args.place}.`), structuredContent: { place: args.place, sky: 'sunny' } };
  });
  server.registerTool('delete_city', { description: 'Deletes a city.', inputSchema: z.object({ place: z.string() }), annotations: { destructiveHint: true } }, async (args) => {
    calls.push({ tool: 'delete_city', args });
    return text(`Deleted ${args.place}.`);
  });
  server.registerTool('fail', { description: 'Always fails.', inputSchema: z.object({}), annotations: { readOnlyHint: true } }, async () => ({ ...text('The forecast is closed today.'), isError: true }));
  return server;
}

/** Sessions as servers of 2025 keep them: one server and transport for each. */
function sessionServer(build: () => McpServer): (request: Request) => Promise<Response> {
  const open = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return async (request) => {
    const id = request.headers.get('mcp-session-id');
    const known = id === null ? undefined : open.get(id);
    if (known) return known.handleRequest(request);
    if (id !== null) return new Response('no such session', { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => { open.set(session, transport); },
      onsessionclosed: (session) => { open.delete(session); },
    });
    await build().connect(transport);
    return transport.handleRequest(request);
  };
}

async function toWeb(request: IncomingMessage): Promise<Request> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const headers = new Headers(Object.entries(request.headers).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])));
  const hasBody = request.method === 'POST' || request.method === 'DELETE';
  return new Request(`http://${request.headers.host ?? ''}${request.url ?? ''}`, { method: request.method ?? 'GET', headers, ...(hasBody ? { body: Buffer.concat(pieces) } : {}) });
}

async function reply(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.flushHeaders();
  if (answer.body) for await (const piece of answer.body) response.write(piece);
  response.end();
}

async function listen(server: ReturnType<typeof createServer>): Promise<{ port: number; host: string }> {
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { port: address.port, host: `127.0.0.1:${address.port}` };
}
