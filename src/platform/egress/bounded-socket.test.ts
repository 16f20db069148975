import { createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { testIdentity } from '../../testing/tls-identity.ts';
import { BoundedSocket } from './bounded-socket.ts';

const servers: (Server | tls.Server)[] = [];
afterAll(() => { for (const server of servers) server.close(); });

async function listen(server: Server | tls.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Sends until nobody takes it any more. */
function flood(socket: Socket): void {
  const piece = Buffer.alloc(64 * 1024);
  const more = () => { while (!socket.destroyed && socket.write(piece)); if (!socket.destroyed) socket.once('drain', more); };
  socket.on('error', () => undefined);
  more();
}

const open = (port: number, bytesMax = 1024 * 1024, signal = new AbortController().signal) => new BoundedSocket({ address: '127.0.0.1', port, bytesMax, connectMs: 1_000, signal }).connect();
const failure = async (stream: NodeJS.EventEmitter) => new Promise<Error>((resolve) => { stream.once('error', resolve); });

test('a server that sends without end is cut off, also under TLS', async () => {
  const plain = open(await listen(createServer(flood)));
  plain.resume();
  expect((await failure(plain)).message).toBe('the answer is larger than 1 MB');

  const below = open(await listen(tls.createServer(testIdentity, flood)));
  const error = failure(below);
  below.once('connect', () => { tls.connect({ socket: below, servername: 'db.example.org', ca: testIdentity.cert }).on('error', () => undefined).resume(); });
  expect((await error).message).toBe('the answer is larger than 1 MB');
});

test('what was allowed anew is not counted, and what nobody reads is not taken in', async () => {
  const socket = open(await listen(createServer(flood)));
  let bytes = 0;
  await new Promise<void>((resolve) => {
    socket.on('data', (piece: Buffer) => {
      bytes += piece.length;
      socket.allow();
      if (bytes > 4 * 1024 * 1024) { socket.pause(); resolve(); }
    });
  });
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  // 5 MB are far from here: the server had to wait.
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test('it connects to its own address, whatever a driver names', async () => {
  const port = await listen(createServer((socket) => socket.end('here')));
  const socket = new BoundedSocket({ address: '127.0.0.1', port, bytesMax: 100, connectMs: 1_000, signal: new AbortController().signal });
  const connect: (port: number, host: string) => unknown = socket.connect.bind(socket);
  connect(1, '192.0.2.1');
  expect(socket.answered).toBe(false);
  expect(await new Promise((resolve) => { socket.once('data', (piece: Buffer) => { resolve(piece.toString()); }); })).toBe('here');
  expect(socket.answered).toBe(true);
});

test('a signal ends it at any moment', async () => {
  const port = await listen(createServer((socket) => { socket.on('error', () => undefined); }));
  const ending = new AbortController();
  const socket = open(port, 100, ending.signal);
  const error = failure(socket);
  ending.abort();
  expect((await error).message).toBe('the connection was ended');
  expect(await failure(open(port, 100, AbortSignal.abort()))).toMatchObject({ message: 'the connection was ended' });
});

test('what breaks a parser ends the connection, also under TLS, and nothing else', async () => {
  const parse = () => { throw new RangeError('the parser broke'); };
  const plain = open(await listen(createServer((socket) => { socket.on('error', () => undefined).write('nonsense'); })));
  plain.on('data', parse);
  expect((await failure(plain)).message).toBe('the parser broke');

  const below = open(await listen(tls.createServer(testIdentity, (socket) => { socket.on('error', () => undefined).write('nonsense'); })));
  const error = failure(below);
  below.once('connect', () => { tls.connect({ socket: below, servername: 'db.example.org', ca: testIdentity.cert }).on('error', () => undefined).on('data', parse); });
  expect((await error).message).toBe('the parser broke');
});
