import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';
import { callEndpoint, fileNameOf } from './call-endpoint.ts';
import { ApiProblem, isAbort } from './problem.ts';
import { buildRequest, fillPath, formDataOf, queryString } from './request.ts';
import { parseServerEvents, streamEvents, type ServerEvent } from './stream-events.ts';

/** The other side: records what is asked and answers with a real Response. Node's own servers are unknown to browser code. */
const seen: { method: string; url: string; headers: Headers; body: string }[] = [];
let answer: () => Response | Promise<Response>;
const server = {
  answerWith(status: number, body: string, headers: Record<string, string> = {}) { answer = () => new Response(status === 204 ? null : body, { status, headers }); },
  unreachable() { answer = () => Promise.reject(new TypeError('fetch failed')); },
  answerWithStream(onClosed: () => void) {
    let number = 0;
    answer = () => new Response(new ReadableStream<Uint8Array>({
      async pull(stream) { await new Promise((resolve) => { setTimeout(resolve, 2); }); stream.enqueue(new TextEncoder().encode(`data: ${number++}\n\n`)); },
      cancel() { onClosed(); },
    }), { headers: { 'content-type': 'text/event-stream' } });
  },
};
const baseUrl = 'https://api.example';
beforeEach(() => {
  seen.length = 0;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const request = new Request(url, { ...init, credentials: undefined });
    request.signal.throwIfAborted();
    seen.push({ method: request.method, url: request.url.slice(baseUrl.length), headers: request.headers, body: await request.text() });
    return answer();
  });
});

const json = (status: number, body: unknown, type = 'application/json') => {
  server.answerWith(status, JSON.stringify(body), { 'content-type': type, 'x-request-id': 'req_header' });
};

const rename = endpoint({
  method: 'PATCH', path: '/api/v1/products/:productId', access: { member: 'admin' }, summary: 'Rename', params: z.object({ productId: z.string() }),
  query: z.object({ dry: z.boolean().optional(), tag: z.array(z.string()).optional() }), body: z.strictObject({ name: z.string() }), response: z.object({ name: z.string() }),
});
const remove = endpoint({ method: 'DELETE', path: '/api/v1/x', access: { user: true }, summary: 'Remove', status: 204, response: z.undefined() });
const ask = endpoint({ method: 'POST', path: '/api/v1/ask', access: { user: true }, summary: 'Ask', body: z.object({ q: z.string() }), response: z.unknown(), produces: 'text/event-stream' });
const upload = endpoint({ method: 'POST', path: '/api/v1/files', access: { user: true }, summary: 'Upload', bodyKind: 'multipart', body: z.object({ name: z.string(), files: z.array(z.instanceof(File)) }), response: z.unknown() });

const refusal = async (call: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await call.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof ApiProblem)) throw new Error('expected an ApiProblem');
  return error;
};

test('a call fills the path, the query, the body and the acting organization', async () => {
  json(200, { name: 'New', extra: 1 });
  const result = await callEndpoint(rename, { params: { productId: 'a/b' }, query: { dry: true, tag: ['x', 'y'] }, body: { name: 'New' } }, { baseUrl, organizationId: 'org-1', idempotencyKey: 'k' });
  expect(result).toEqual({ name: 'New' });
  expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/api/v1/products/a%2Fb?dry=true&tag=x&tag=y', body: '{"name":"New"}' });
  expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({ 'x-organization-id': 'org-1', 'idempotency-key': 'k', 'content-type': 'application/json' });
});

test('without an organization no header is sent, and an empty answer is undefined', async () => {
  server.answerWith(204, '');
  expect(await callEndpoint(remove, {}, { baseUrl, organizationId: null })).toBeUndefined();
  expect(seen[0]?.headers.has('x-organization-id')).toBe(false);
});

test('a problem keeps its words, its fields and its request id', async () => {
  json(422, { type: 'https://x/p', title: 'Check this', status: 422, detail: 'Name is taken', code: 'taken', request_id: 'req_1', errors: [{ path: 'body.name', message: 'Taken' }] }, 'application/problem+json');
  const problem = await refusal(callEndpoint(rename, { params: { productId: '1' }, query: {}, body: { name: 'x' } }, { baseUrl, organizationId: null }));
  expect(problem).toMatchObject({ kind: 'problem', status: 422, code: 'taken', title: 'Check this', message: 'Name is taken', requestId: 'req_1', errors: [{ path: 'body.name', message: 'Taken' }] });
});

test('an error page of a proxy becomes plain words with the request id of the header', async () => {
  server.answerWith(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html', 'x-request-id': 'req_2' });
  const problem = await refusal(callEndpoint(remove, {}, { baseUrl, organizationId: null }));
  expect(problem).toMatchObject({ status: 502, title: 'Something went wrong on our side', requestId: 'req_2' });
  expect(problem.message).not.toContain('<h1>');
});

test('no connection is a network problem, and a stopped call is not a problem at all', async () => {
  server.unreachable();
  expect(await refusal(callEndpoint(remove, {}, { baseUrl, organizationId: null }))).toMatchObject({ kind: 'network', status: 0 });
  const stop = AbortSignal.abort();
  const error: unknown = await callEndpoint(remove, {}, { baseUrl, organizationId: null, signal: stop }).then(() => null, (thrown: unknown) => thrown);
  expect(isAbort(error)).toBe(true);
});

test('an answer that does not match the contract is refused rather than passed on', async () => {
  json(200, { name: 5 });
  expect(await refusal(callEndpoint(rename, { params: { productId: '1' }, query: {}, body: { name: 'x' } }, { baseUrl, organizationId: null }))).toMatchObject({ kind: 'answer' });
});

test('a path with a missing parameter is a bug that shows at once', () => {
  expect(() => fillPath('/a/:b', {})).toThrow(/needs b/);
  expect(() => fillPath('/a/:constructor', {})).toThrow();
  expect(queryString({ a: null, b: undefined, c: [], d: 0, e: false })).toBe('?d=0&e=false');
});

test('a multipart body has its fields before its files', () => {
  const form = formDataOf({ files: [new File(['a'], 'a.txt'), new File(['b'], 'b.txt')], name: 'Handbook', options: { chunk: 512 }, none: undefined });
  expect([...form.keys()]).toEqual(['name', 'options', 'files', 'files']);
  expect(form.get('options')).toBe('{"chunk":512}');
  const request = buildRequest(upload, { body: { name: 'x', files: [] } }, { organizationId: null });
  expect(request.headers['content-type']).toBeUndefined();
  expect(request.body).toBeInstanceOf(FormData);
});

async function* slices(...parts: string[]): AsyncGenerator<string> { for (const part of parts) yield await Promise.resolve(part); }
const collect = async (events: AsyncIterable<ServerEvent>) => { const all: ServerEvent[] = []; for await (const event of events) all.push(event); return all; };

test('events are read whatever the slices and line ends', async () => {
  const text = ': keep-alive\r\n\r\nevent: delta\r\nid: 7\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata: two\n\nevent: x\n\ndata:three\r\r';
  const whole = await collect(parseServerEvents(slices(text)));
  const bytewise = await collect(parseServerEvents(slices(...text)));
  expect(whole).toEqual([{ event: 'delta', data: '{"a":\n1}', id: '7' }, { event: 'message', data: 'two', id: '7' }]);
  expect(bytewise).toEqual(whole);
});

test('a stream is read while it is written, and leaving it stops the server', async () => {
  let closed = false;
  server.answerWithStream(() => { closed = true; });
  const got: string[] = [];
  for await (const { data } of streamEvents(ask, { body: { q: 'x' } }, { baseUrl, organizationId: null })) {
    got.push(data);
    if (got.length === 3) break;
  }
  expect(got).toEqual(['0', '1', '2']);
  await expect.poll(() => closed).toBe(true);
  expect(seen[0]?.headers.get('accept')).toBe('text/event-stream');
});

test('a refused stream is a problem like any other', async () => {
  json(402, { title: 'Not enough credits', status: 402, detail: '', code: 'credits', request_id: 'r', errors: [], type: 'x' });
  expect(await refusal(collect(streamEvents(ask, { body: { q: 'x' } }, { baseUrl, organizationId: null })))).toMatchObject({ status: 402, title: 'Not enough credits' });
});

test('a file name from a header loses its path', () => {
  expect(fileNameOf('attachment; filename="../../etc/passwd"')).toBe('passwd');
  expect(fileNameOf("attachment; filename=x.csv; filename*=UTF-8''%E2%82%AC.csv")).toBe('€.csv');
  expect(fileNameOf(null)).toBeNull();
});
