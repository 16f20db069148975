import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { fetchForFlow } from '#modules/runtime/index.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { NodeError } from '../nodes/node-error.ts';
import { EventStream } from './event-stream.ts';
import { headerText } from './http-transport.ts';
import { connectMcp } from './mcp-client.ts';
import type { McpFetch, McpServer } from './server-address.ts';
import { startLoopbackMcpServer } from './testing/loopback-mcp-server.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => { for (const close of closing) await close(); });

/** HTTP as runs have it: the real guard, opened for these hosts as an operator would. */
function guarded(...hosts: string[]): McpFetch {
  const egress = createEgress(hosts);
  closing.push(async () => egress.close());
  return fetchForFlow(egress, new AbortController().signal, async () => ({ origin: `http://${hosts[0]}`, username: '', secret: 'mcp-token', redact: (text) => text }));
}

async function started(options: Parameters<typeof startLoopbackMcpServer>[0] = {}) {
  const server = await startLoopbackMcpServer(options);
  closing.push(async () => server.close());
  return server;
}

const at = (url: string, parts: Partial<McpServer> = {}): McpServer => ({ url: new URL(url), transport: 'streamable-http', headers: {}, credentials: [], revision: null, ...parts });

/** A plain server that answers what `answer` says, for what no real server does. */
async function double(answer: (body: string, path: string) => { status?: number; type?: string; body: string; stay?: boolean }) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => { body += piece.toString(); });
    request.on('end', () => {
      bodies.push(body);
      const { status = 200, type = 'application/json', body: text, stay = false } = answer(body, request.url ?? '');
      response.writeHead(status, { 'content-type': type });
      if (stay) response.write(text);
      else response.end(text);
    });
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  closing.push(async () => { server.closeAllConnections(); server.close(); });
  const address = server.address();
  const host = address === null || typeof address === 'string' ? '' : `127.0.0.1:${address.port}`;
  return { host, url: `http://${host}/mcp`, bodies };
}

const idOf = (body: string): string => /"id":"([^"]+)"/.exec(body)?.[1] ?? '';

describe('a server of the official package', () => {
  test.each([['both', '2026-07-28'], ['stateless', '2026-07-28'], ['sessions', '2025-11-25']] as const)('that speaks %s is talked to in revision %s: tools are listed and called', async (speaks, revision) => {
    const server = await started({ speaks });
    const client = await connectMcp(guarded(server.host), at(server.url));
    expect(client.revision).toBe(revision);
    const tools = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(['delete_city', 'fail', 'get_weather']);
    const weather = tools.find(({ name }) => name === 'get_weather');
    const answer = await client.callTool(weather ?? { name: '', inputSchema: {} }, { place: 'Tromsø' });
    expect(answer).toMatchObject({ content: [{ type: 'text', text: 'Sunny in Tromsø.' }], structuredContent: { place: 'Tromsø', sky: 'sunny' }, isError: false });
    await client.close();
    expect(server.calls).toEqual([{ tool: 'get_weather', args: { place: 'Tromsø' } }]);
    if (speaks === 'sessions') expect(server.seen.filter(({ rpc }) => rpc === 'tools/call')[0]?.headers['mcp-session-id']).toMatch(/\S/);
    else expect(server.seen.find(({ rpc }) => rpc === 'tools/call')?.headers).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'get_weather', 'mcp-protocol-version': '2026-07-28' });
  });

  test('whose revision is known is not asked for it again', async () => {
    const server = await started({ speaks: 'sessions' });
    await (await connectMcp(guarded(server.host), at(server.url, { revision: '2025-11-25' }))).listTools();
    expect(server.seen.map(({ rpc }) => rpc)).toEqual(['initialize', 'notifications/initialized', 'tools/list']);
  });

  test('that asks for a token gets the one of the connection, and without it the refusal is told', async () => {
    const server = await started({ token: 'mcp-token' });
    const credentials = [{ connection: 'weather', place: 'bearer' as const, name: '', prefix: '' }];
    expect(await (await connectMcp(guarded(server.host), at(server.url, { credentials }))).listTools()).toHaveLength(3);
    await expect(connectMcp(guarded(server.host), at(server.url))).rejects.toThrow(/did not accept the credential, or asks for one \(status 401\)/);
  });

  test('two at once with clients of equal names never get each other’s answers', async () => {
    const server = await started();
    const fetch = guarded(server.host);
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
      const client = await connectMcp(fetch, at(server.url));
      return client.callTool({ name: 'get_weather', inputSchema: {} }, { place: `Place ${index}` });
    }));
    expect(answers.map(({ content }) => content[0]?.['text'])).toEqual(Array.from({ length: 20 }, (_, index) => `Sunny in Place ${index}.`));
  });
});

test('a server of 2024 is reached over its event stream, and nothing stays open', async () => {
  const sessions = new Map<string, (message: unknown) => void>();
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: endpoint\ndata: /messages?session=1\n\n');
      sessions.set('1', (message) => { response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`); });
      return;
    }
    let body = '';
    request.on('data', (piece: Buffer) => { body += piece.toString(); });
    request.on('end', () => {
      response.writeHead(request.url === '/sse' ? 405 : 202).end();
      const message: { id?: string; method?: string } = JSON.parse(body);
      const result = message.method === 'initialize' ? { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'old', version: '1' } } : message.method === 'tools/list' ? { tools: [{ name: 'old_tool', inputSchema: { type: 'object' } }] } : { content: [{ type: 'text', text: 'From 2024.' }] };
      if (request.url !== '/sse' && message.id !== undefined) sessions.get('1')?.({ jsonrpc: '2.0', id: message.id, result });
    });
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  closing.push(async () => { server.closeAllConnections(); server.close(); });
  const address = server.address();
  const host = address === null || typeof address === 'string' ? '' : `127.0.0.1:${address.port}`;
  for (const transport of ['sse', 'streamable-http'] as const) {
    const client = await connectMcp(guarded(host), at(`http://${host}/sse`, { transport }));
    expect(await client.listTools()).toMatchObject([{ name: 'old_tool' }]);
    expect((await client.callTool({ name: 'old_tool', inputSchema: {} }, {})).content).toEqual([{ type: 'text', text: 'From 2024.' }]);
  }
});

describe('a server that misbehaves', () => {
  test('by leaving its stream open after the answer does not hold up the run', async () => {
    const { host, url } = await double((body) => ({ type: 'text/event-stream', stay: true, body: `: hello\n\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\ndata: {"jsonrpc":"2.0","id":"${idOf(body)}","result":${body.includes('discover') ? '{"supportedVersions":["2026-07-28"]}' : '{"tools":[{"name":"a","inputSchema":{"type":"object"}}]}'}}\n\n` }));
    const client = await connectMcp(guarded(host), at(url));
    expect(await client.listTools()).toMatchObject([{ name: 'a' }]);
  });

  test('by pages without end, tools that are none or the same tool twice gives a bounded list', async () => {
    let page = 0;
    const { host, url } = await double((body) => ({
      body: JSON.stringify({ jsonrpc: '2.0', id: idOf(body), result: body.includes('discover') ? { supportedVersions: ['2026-07-28'] } : { tools: [{ name: 'twice' }, { name: '' }, 7, { name: `tool-${page += 1}`, inputSchema: { type: 'object' } }], nextCursor: `page-${page}` } }),
    }));
    const tools = await (await connectMcp(guarded(host), at(url))).listTools();
    expect(tools.length).toBeLessThanOrEqual(21);
    expect(tools.filter(({ name }) => name === 'twice')).toHaveLength(1);
  });

  test.each([
    ['an HTML page', () => ({ type: 'text/html', body: '<html>Hello</html>' }), /did not answer in the Model Context Protocol/],
    ['an error of its own', (body: string) => ({ body: `{"jsonrpc":"2.0","id":"${idOf(body)}","error":{"code":-32603,"message":"Out of order"}}` }), /Out of order/],
    ['a result of another form', (body: string) => ({ body: `{"jsonrpc":"2.0","id":"${idOf(body)}","result":{"protocolVersion":7}}` }), /in a form that is none of the Model Context Protocol/],
    ['a revision of the future', (body: string) => ({ body: `{"jsonrpc":"2.0","id":"${idOf(body)}","result":{"protocolVersion":"2031-01-01"}}` }), /unknown revision “2031-01-01”/],
    ['the answer to somebody else', () => ({ body: '{"jsonrpc":"2.0","id":"other","result":{}}' }), /did not answer in the Model Context Protocol/],
    ['a failure', () => ({ status: 500, body: '' }), /status 500/],
  ])('by answering %s is told about in words', async (_title, answer, words) => {
    const { host, url } = await double(answer);
    const failure = connectMcp(guarded(host), at(url));
    await expect(failure).rejects.toBeInstanceOf(NodeError);
    await expect(failure).rejects.toThrow(words);
  });

  test('by naming another host for messages gets none', async () => {
    const { host, url } = await double(() => ({ type: 'text/event-stream', stay: true, body: 'event: endpoint\ndata: https://elsewhere.example.com/steal\n\n' }));
    const client = await connectMcp(guarded(host), at(url, { transport: 'sse' }));
    await expect(client.listTools()).rejects.toThrow(/another host/);
  });
});

test('a private address is refused by the guard, whatever is there, and reads like one that is down', async () => {
  const server = await started();
  const refused = connectMcp(guarded('elsewhere.example.com'), at(server.url));
  await expect(refused).rejects.toMatchObject({ code: 'node-http-failed', message: 'This address cannot be reached from here' });
  await expect(connectMcp(guarded('127.0.0.1:9'), at('http://127.0.0.1:9/mcp'))).rejects.toMatchObject({ code: 'node-http-failed', message: 'This address cannot be reached from here' });
  expect(server.seen).toEqual([]);
});

test('event streams are read however they are cut, with every end of line', () => {
  const text = ': comment\r\nevent: endpoint\r\ndata: /a\r\n\r\ndata: {"x":\ndata:  1}\n\nid: 3\rdata: last\r\rdata: open';
  for (const size of [1, 2, 7, 1000]) {
    const stream = new EventStream();
    const events = (text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []).flatMap((piece) => stream.push(piece)).concat(stream.end());
    expect(events).toEqual([{ event: 'endpoint', data: '/a' }, { event: 'message', data: '{"x":\n 1}' }, { event: 'message', data: 'last' }, { event: 'message', data: 'open' }]);
  }
});

test('names that headers cannot carry are wrapped, and no name can begin another header', () => {
  expect(headerText('get_weather')).toBe('get_weather');
  expect(headerText('wetter-für')).toBe('=?base64?d2V0dGVyLWbDvHI=?=');
  for (const name of ['a\r\nx: y', ' a', '', '=?base64?x?=']) expect(headerText(name)).toMatch(/^=\?base64\?[A-Za-z0-9+/=]*\?=$/);
});
