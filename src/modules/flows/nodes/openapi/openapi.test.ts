import { createServer } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchForFlow } from '#modules/runtime/index.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { OutsideError } from '#modules/connections/index.ts';
import { runContext } from '../../engine/testing/run-context.ts';
import type { NodeContext, NodeTool, Value } from '../../node-type.ts';
import { NodeError } from '../node-error.ts';
import { buildRequest } from './build-request.ts';
import { openApiOperation } from './operation.ts';
import { Operation, type OperationParameter } from './operation-config.ts';
import { openApiServer } from './server.ts';
import { openApiTool } from './tool.ts';

interface Seen { method: string; url: string; headers: Record<string, string | string[] | undefined>; body: string }

const seen: Seen[] = [];
let answer: { status: number; type: string; body: string; location?: string } = { status: 200, type: 'application/json', body: '{"ok":true}' };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => { body += piece.toString(); });
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    response.writeHead(answer.status, { 'content-type': answer.type, ...(answer.location === undefined ? {} : { location: answer.location }) }).end(answer.body);
  });
});
await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
const address = server.address();
const host = address === null || typeof address === 'string' ? '' : `127.0.0.1:${address.port}`;
const egress = createEgress([host]);
afterAll(async () => { await egress.close(); server.closeAllConnections(); server.close(); });
beforeEach(() => { seen.length = 0; answer = { status: 200, type: 'application/json', body: '{"ok":true}' }; });

/** Requests as a run sends them: the real guard, and one bound connection that was made for the double. */
const fetch = fetchForFlow(egress, new AbortController().signal, async (connection) => {
  if (connection !== 'shelf') throw new OutsideError('connection-missing', `Nothing is bound to “${connection}”.`);
  return { origin: `http://${host}`, username: 'ada', secret: 's3cret-value', redact: (text) => text.replaceAll('s3cret-value', '[removed]') };
});
const context = (parts: Partial<NodeContext> = {}): NodeContext => runContext('', { fetch, ...parts });

const operation = (parts: Record<string, unknown> = {}): Operation => Operation.parse({ name: 'op', method: 'GET', path: '/items', server: `http://${host}/v1`, effect: 'read', ...parts });
const parameter = (name: string, where: 'path' | 'query' | 'header', parts: Partial<OperationParameter> = {}) => ({ name, argument: name, in: where, style: where === 'query' ? 'form' : 'simple', explode: where === 'query', ...parts });
const open = { type: 'object' };

async function toolOf(parts: Record<string, unknown> = {}, inputs: Record<string, Value> = {}): Promise<NodeTool> {
  const { tool } = await openApiTool.run(context(), operation(parts), inputs);
  if (tool?.kind !== 'tool') throw new Error('no tool');
  return tool.tool;
}

describe('arguments reach the server as OpenAPI writes them', () => {
  const built = (path: string, parameters: ReturnType<typeof parameter>[], args: Record<string, unknown>) =>
    buildRequest(operation({ path, parameters, arguments: open, server: 'https://api.example.com/v1/' }), 'https://api.example.com/v1/', args).url.replace('https://api.example.com/v1', '');
  const list = ['blue', 'black', 'a,b'];
  const object = { R: 100, G: 'x y' };

  test.each([
    ['simple', false, '/c/blue,black,a%2Cb', '/c/R,100,G,x%20y'], ['simple', true, '/c/blue,black,a%2Cb', '/c/R=100,G=x%20y'],
    ['label', false, '/c/.blue,black,a%2Cb', '/c/.R,100,G,x%20y'], ['label', true, '/c/.blue.black.a%2Cb', '/c/.R=100.G=x%20y'],
    ['matrix', false, '/c/;color=blue,black,a%2Cb', '/c/;color=R,100,G,x%20y'], ['matrix', true, '/c/;color=blue;color=black;color=a%2Cb', '/c/;R=100;G=x%20y'],
  ] as const)('in the path, style %s, explode %s', (style, explode, asList, asObject) => {
    expect(built('/c/{color}', [parameter('color', 'path', { style, explode })], { color: list })).toBe(asList);
    expect(built('/c/{color}', [parameter('color', 'path', { style, explode })], { color: object })).toBe(asObject);
  });

  test.each([
    ['form', true, '?color=blue&color=black&color=a%2Cb', '?R=100&G=x%20y'], ['form', false, '?color=blue,black,a%2Cb', '?color=R,100,G,x%20y'],
    ['spaceDelimited', false, '?color=blue%20black%20a%2Cb', '?color=R%20100%20G%20x%20y'], ['pipeDelimited', false, '?color=blue|black|a%2Cb', '?color=R|100|G|x%20y'],
    ['deepObject', true, '?color=blue&color=black&color=a%2Cb', '?color%5BR%5D=100&color%5BG%5D=x%20y'], ['json', false, '?color=%5B%22blue%22%2C%22black%22%2C%22a%2Cb%22%5D', '?color=%7B%22R%22%3A100%2C%22G%22%3A%22x%20y%22%7D'],
  ] as const)('in the query, style %s, explode %s', (style, explode, asList, asObject) => {
    expect(built('/', [parameter('color', 'query', { style, explode })], { color: list })).toBe(`/${asList}`);
    expect(built('/', [parameter('color', 'query', { style, explode })], { color: object })).toBe(`/${asObject}`);
  });

  test('in headers, in JSON, in forms and in multipart, and what nobody gave is not sent', async () => {
    const calls = [
      { method: 'POST', parameters: [parameter('X-Shelf', 'header', { argument: 'shelf' }), parameter('draft', 'query')], body: { kind: 'json', mediaType: 'application/json' } },
      { method: 'POST', body: { kind: 'form', mediaType: 'application/x-www-form-urlencoded' } }, { method: 'POST', body: { kind: 'multipart', mediaType: 'multipart/form-data' } }, { method: 'PUT', body: { kind: 'text', mediaType: 'application/xml' } },
    ];
    const bodies = [{ title: 'Ä', tags: ['a', 'b'] }, { title: 'Ä & ö', tags: ['a', 'b'] }, { title: 'say "hi"', 'na"me': 'x' }, '<book/>'];
    for (const [index, parts] of calls.entries()) await (await toolOf({ ...parts, arguments: open })).call({ shelf: ['A', 'B'], body: bodies[index] });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/items', body: '{"title":"Ä","tags":["a","b"]}', headers: { 'x-shelf': 'A,B', 'content-type': 'application/json' } });
    expect(seen[1]).toMatchObject({ body: 'title=%C3%84+%26+%C3%B6&tags=a&tags=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const boundary = /boundary=(\S+)/.exec(String(seen[2]?.headers['content-type']))?.[1] ?? '';
    expect(seen[2]?.body).toBe(`--${boundary}\r\ncontent-disposition: form-data; name="title"\r\n\r\nsay "hi"\r\n--${boundary}\r\ncontent-disposition: form-data; name="na%22me"\r\n\r\nx\r\n--${boundary}--\r\n`);
    expect(seen[3]).toMatchObject({ method: 'PUT', body: '<book/>', headers: { 'content-type': 'application/xml' } });
  });

  test('and stay in their place: no value leads to another path, host or header', () => {
    const shelf = operation({ path: '/shelves/{id}/books', parameters: [parameter('id', 'path'), parameter('q', 'query'), parameter('X-Note', 'header')], arguments: open });
    for (const id of ['..', '.', '', null, undefined]) expect(() => buildRequest(shelf, 'https://api.example.com/v1', { id })).toThrow(NodeError);
    expect(buildRequest(shelf, 'https://api.example.com/v1', { id: '../../admin?x=1#y', q: 'a&b=c#d' }).url).toBe('https://api.example.com/v1/shelves/..%2F..%2Fadmin%3Fx%3D1%23y/books?q=a%26b%3Dc%23d');
    expect(buildRequest(shelf, 'https://api.example.com/v1', { id: '@evil.example.com' }).url).toMatch(/^https:\/\/api\.example\.com\/v1\/shelves\/%40evil/);
    expect(() => buildRequest(shelf, 'https://api.example.com/v1', { id: 'a', 'X-Note': 'a\r\nhost: evil' })).toThrow(/cannot carry/);
    for (const name of ['Host', 'Content-Length', 'Transfer-Encoding', 'Authorization', 'Cookie', 'x y']) {
      const sets = operation({ parameters: [parameter(name, 'header')], arguments: open });
      expect(() => buildRequest(sets, 'https://api.example.com', { [name]: 'x' })).toThrow(/cannot be set/);
    }
  });
});

describe('credentials', () => {
  const use = (place: string, name = '', prefix = '') => [{ connection: 'shelf', place, name, prefix }];

  test.each([
    ['bearer', use('bearer'), { authorization: 'Bearer s3cret-value' }, '/v1/items'], ['basic', use('basic'), { authorization: `Basic ${Buffer.from('ada:s3cret-value').toString('base64')}` }, '/v1/items'],
    ['a header', use('header', 'X-Api-Key'), { 'x-api-key': 's3cret-value' }, '/v1/items'], ['a header with a prefix', use('header', 'Authorization', 'Token '), { authorization: 'Token s3cret-value' }, '/v1/items'],
    ['the query', use('query', 'api_key'), {}, '/v1/items?api_key=s3cret-value'],
  ])('go into %s, and no node sees them', async (_place, credentials, headers, url) => {
    answer = { ...answer, body: '{"you sent":"s3cret-value"}' };
    const result = await (await toolOf({ credentials })).call({});
    expect(seen[0]).toMatchObject({ url, headers });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  test('are missing where nothing is bound, and only go where their connection leads', async () => {
    await expect((await toolOf({ credentials: [{ connection: 'other', place: 'bearer' }] })).call({})).rejects.toMatchObject({ code: 'node-connection-missing' });
    await expect((await toolOf({ credentials: use('bearer'), server: 'https://elsewhere.example.com' })).call({})).rejects.toMatchObject({ code: 'node-connection-missing', message: expect.stringContaining('not sent to elsewhere.example.com') });
    answer = { ...answer, status: 302, location: 'https://elsewhere.example.com/items' };
    await expect((await toolOf({ credentials: use('header', 'X-Key') })).call({})).rejects.toThrow(/where the credential does not belong/);
    expect(seen).toHaveLength(1);
  });
});

describe('a tool', () => {
  const schema = {
    type: 'object', required: ['id'], additionalProperties: false,
    properties: { id: { type: 'integer', minimum: 1 }, sort: { type: 'string', enum: ['up', 'down'] }, tags: { type: 'array', items: { type: 'string' }, maxItems: 2 }, deep: { type: 'object', properties: { on: { type: 'boolean' } } } },
  };
  const parts = { path: '/items/{id}', arguments: schema, parameters: [parameter('id', 'path'), parameter('sort', 'query'), parameter('tags', 'query'), parameter('deep', 'query', { style: 'deepObject' })] };

  test('reads what a model writes as text, and leaves out what is null', async () => {
    await (await toolOf(parts)).call({ id: '7', sort: null, tags: '["a"]', deep: '{"on":"true"}' });
    expect(seen[0]?.url).toBe('/v1/items/7?tags=a&deep%5Bon%5D=true');
  });

  test('tells every fault of its arguments at once, and sends nothing', async () => {
    const failure = (await toolOf(parts)).call({ sort: 'sideways', tags: ['a', 'b', 'c'], deep: { on: 'maybe' }, extra: 1 });
    await expect(failure).rejects.toMatchObject({ code: 'node-input-invalid' });
    for (const words of ['id is missing', 'sort must be one of "up", "down"', 'tags takes at most 2 items', 'deep.on must be true or false', 'extra is not an argument (there are: id, sort, tags, deep)']) await expect(failure).rejects.toThrow(words);
    await expect((await toolOf(parts)).call('7')).rejects.toThrow(/id is missing/);
    await expect((await toolOf(parts)).call({ id: 0 })).rejects.toThrow('id must be at least 1');
    expect(seen).toEqual([]);
  });

  test('hides the values that are set, which win over what a model makes up', async () => {
    const tool = await toolOf({ ...parts, values: { id: 5 } });
    expect(tool.parameters['properties']).not.toHaveProperty('id');
    expect(tool.parameters['required']).toEqual([]);
    await tool.call({ id: 9, sort: 'up' });
    expect(seen[0]?.url).toBe('/v1/items/5?sort=up');
  });

  test('gives JSON as data, other text as it is, and says what a file is', async () => {
    const tool = await toolOf();
    expect(await tool.call({})).toEqual({ kind: 'json', json: { ok: true } });
    answer = { status: 200, type: 'application/vnd.api+json; charset=utf-8', body: '[1]' };
    expect(await tool.call({})).toEqual({ kind: 'json', json: [1] });
    answer = { status: 200, type: 'text/csv', body: 'a,b' };
    expect(await tool.call({})).toEqual({ kind: 'json', json: 'a,b' });
    answer = { status: 200, type: 'application/pdf', body: '%PDF' };
    expect(await tool.call({})).toMatchObject({ json: expect.stringContaining('application/pdf') });
    answer = { status: 204, type: 'text/plain', body: '' };
    expect(await tool.call({})).toEqual({ kind: 'json', json: null });
  });

  test('tells the status and what the server said, without its markup', async () => {
    answer = { status: 404, type: 'text/html', body: '<h1>No   such item</h1>' };
    await expect((await toolOf()).call({})).rejects.toMatchObject({ code: 'node-http-failed', message: `${host} answered “op” with status 404. It said: No such item` });
    answer = { status: 401, type: 'application/json', body: '{}' };
    await expect((await toolOf()).call({})).rejects.toThrow(/It asks for a credential/);
  });

  test('is refused by the guard where the address is private, and by itself where it is not encrypted', async () => {
    await expect((await toolOf({ server: 'http://169.254.169.254' })).call({})).rejects.toMatchObject({ code: 'node-http-failed', message: 'This address cannot be reached from here' });
    await expect((await toolOf({ server: 'http://api.example.com' })).call({})).rejects.toThrow(/must be reached over https/);
    for (const address of ['file:///etc/passwd', 'https://a:b@example.com', 'nonsense', '']) await expect((await toolOf({ server: address })).call({})).rejects.toMatchObject({ code: 'node-config-invalid' });
  });
});

test('as a step it is called once for each item, with expressions in its values, and a key for each call that writes', async () => {
  const config = { ...operation({ method: 'POST', effect: 'write', path: '/items/{id}', parameters: [parameter('id', 'path')], arguments: open, body: { kind: 'json', mediaType: 'application/json' } }), each: true };
  const rows: Value = { kind: 'table', rows: [{ id: 1, name: 'Ada' }, { id: 2, name: 'Bo' }] };
  const result = await openApiOperation.run(context({ idempotencyKey: 'run-1' }), { ...config, values: { body: { greeting: 'Hello {{ item.name }}', place: '{{ index }}' } } }, { arguments: rows });
  expect(seen.map(({ url, body, headers }) => [url, body, headers['idempotency-key']])).toEqual([['/v1/items/1', '{"greeting":"Hello Ada","place":0}', 'run-1-0'], ['/v1/items/2', '{"greeting":"Hello Bo","place":1}', 'run-1-1']]);
  expect(result['response']).toEqual({ kind: 'table', rows: [{ ok: true }, { ok: true }] });
});

test('an address is completed from its parts, and no part changes where it leads', async () => {
  const run = async (url: string, variables: Record<string, string>) => openApiServer.run(context(), openApiServer.config.parse({ url, variables }), {});
  expect(await run('https://{tenant}.example.com/{version}', { tenant: 'acme', version: 'v2/eu' })).toEqual({ server: { kind: 'text', text: 'https://acme.example.com/v2/eu' } });
  for (const tenant of ['evil.com/', 'evil.com#', 'a:b@evil', 'x\\y', '', '..']) await expect(run('https://{tenant}.example.com', { tenant })).rejects.toMatchObject({ code: 'node-config-invalid' });
  await expect(run('https://api.example.com/{path}', { path: '../admin' })).rejects.toThrow(/do not belong/);
  await expect(run('', {})).rejects.toThrow(/not set/);
});
