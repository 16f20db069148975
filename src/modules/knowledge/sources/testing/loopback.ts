import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a server of a test was asked. */
export interface LoopbackCall { method: string; url: URL; headers: IncomingHttpHeaders; body: string }

/** What it answers: an object becomes JSON. With `write` it does as it likes with the connection. */
export interface LoopbackAnswer { status?: number; headers?: Record<string, string>; body?: unknown; write?: (response: ServerResponse) => void }

export interface Loopback { url: string; host: string; calls: LoopbackCall[]; close(): Promise<void> }

/** A real HTTP server on the loopback. What it was asked stays in `calls`. */
export async function startLoopback(answer: (call: LoopbackCall) => LoopbackAnswer): Promise<Loopback> {
  const calls: LoopbackCall[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const call = { method: request.method ?? '', url: new URL(request.url ?? '/', `http://${request.headers.host}`), headers: request.headers, body: Buffer.concat(pieces).toString('utf8') };
      calls.push(call);
      const { status = 200, headers = {}, body, write } = answer(call);
      if (write) { write(response); return; }
      const isText = typeof body === 'string' || body instanceof Uint8Array;
      response.writeHead(status, { ...(isText || body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
      response.end(isText ? body : body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const host = `127.0.0.1:${portOf(server.address())}`;
  return {
    url: `http://${host}`, host, calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address !== null ? address.port : 0);
