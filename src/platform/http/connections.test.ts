import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../log/logger.ts';
import { createMetrics } from './metrics.ts';
import { createServer } from './server.ts';

/** What "at once" means on a machine that has other things to do; Node by itself would wait for a minute. */
const AT_ONCE_MS = 5_000;
const DRAIN_MS = 1_000;

const opened: Socket[] = [];
const agent = new Agent({ keepAlive: true });
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  agent.destroy();
});

/** A server whose `/stream` answers its first piece at once and its last when told. */
async function startServer(drainMs: number = 4 * AT_ONCE_MS) {
  const app = await createServer({
    log: createLogger('silent'), baseUrl: 'http://localhost', brand: 'CMP', version: '1', metrics: createMetrics(), metricsToken: undefined, ready: async () => undefined, drainMs,
  });
  let finish = (): void => undefined;
  app.get('/stream', async (_request, reply) => {
    reply.raw.write('first, ');
    finish = () => { reply.raw.end('last'); };
    return reply.hijack();
  });
  app.get('/socket', { websocket: true }, () => undefined);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, url, port: Number(new URL(url).port), finish: () => finish() };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

const begin = async (url: string): Promise<IncomingMessage> => new Promise((resolve, reject) => { get(url, { agent }, resolve).on('error', reject); });

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of answer) text += String(piece);
  return text;
}

async function msOf(work: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work;
  return performance.now() - started;
}

test('a server that stops waits for no connection on which nothing was asked, was answered, or was asked to its end', async () => {
  const { app, url, port } = await startServer();
  const unused = await open(port);
  const halfAsked = await open(port);
  halfAsked.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
  const keptAlive = await begin(`${url}/healthz`);
  expect(await textOf(keptAlive)).toContain('ok');
  expect(keptAlive.headers.connection).toBe('keep-alive');
  const closed = Promise.all([once(unused, 'close'), once(halfAsked, 'close')]);
  unused.resume();
  halfAsked.resume();
  expect(await msOf(app.close())).toBeLessThan(AT_ONCE_MS);
  await closed;
});

test('a stream under way is finished, and its connection does not outlive it although it was promised to be kept', async () => {
  const { app, url, finish } = await startServer();
  const answer = await begin(`${url}/stream`);
  const whole = textOf(answer);
  let stopped = false;
  const stopping = app.close().then(() => { stopped = true; });
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  expect(stopped).toBe(false);
  finish();
  expect(await whole).toBe('first, last');
  expect(await msOf(stopping)).toBeLessThan(AT_ONCE_MS);
});

test('a stream without an end is cut when its time is over', async () => {
  const { app, url } = await startServer(DRAIN_MS);
  const cut = textOf(await begin(`${url}/stream`)).then(() => null, (error: unknown) => error);
  const took = await msOf(app.close());
  expect(took).toBeGreaterThan(DRAIN_MS - 100);
  expect(took).toBeLessThan(DRAIN_MS + AT_ONCE_MS);
  expect(await cut).toBeInstanceOf(Error);
});

test('a WebSocket that nothing closes is cut when its time is over', async () => {
  const { app, port } = await startServer(DRAIN_MS);
  const silent = await open(port);
  silent.write('GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
  expect(String((await once(silent, 'data'))[0])).toContain('101 Switching Protocols');
  const took = await msOf(app.close());
  expect(took).toBeGreaterThan(DRAIN_MS - 100);
  expect(took).toBeLessThan(DRAIN_MS + AT_ONCE_MS);
});
