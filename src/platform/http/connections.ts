import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** An answer that still runs so long after the stop began is cut, so that what follows the HTTP server has time to end in order. */
const DRAIN_MS = 25_000;
/** Longer than a proxy in front keeps its own connections idle, so that none is reused at the moment it is closed. */
const KEEP_ALIVE_MS = 72_000;

/** The connections of a server, told apart by whether a request is in progress on them. */
export interface Connections {
  /** Makes a server whose connections are known. */
  serve(handler: RequestListener): Server;
  /**
   * Closes at once what has no request in progress, every other connection as soon as its answer is complete, and whatever
   * is left after `drainMs`. An upgraded connection is left to whoever took it over until then.
   */
  drain(): void;
  /** No more than the tidying of a timer; call it when every server has closed. */
  end(): void;
}

/**
 * Node closes connections that are idle between two requests, but waits for one on which nothing was ever asked, and for
 * one whose last answer was promised to be kept alive before the stop began.
 */
export function trackConnections({ requestTimeoutMs, drainMs = DRAIN_MS }: { requestTimeoutMs: number; drainMs?: number }): Connections {
  /** Requests in progress on each connection. */
  const open = new Map<Socket, number>();
  const upgraded = new Set<Socket>();
  let draining = false;
  let cut: NodeJS.Timeout | undefined;
  const count = (socket: Socket, change: 1 | -1): void => {
    const running = open.get(socket);
    if (running === undefined) return; // it closed, or was taken over
    open.set(socket, running + change);
    if (draining && running + change === 0) socket.destroySoon();
  };
  return {
    serve(handler) {
      const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: KEEP_ALIVE_MS }, handler);
      server.on('connection', (socket) => {
        if (draining) return socket.destroy();
        open.set(socket, 0);
        socket.once('close', () => { open.delete(socket); upgraded.delete(socket); });
      });
      server.on('request', ({ socket }, answer) => {
        count(socket, 1);
        answer.once('close', () => count(socket, -1));
      });
      server.on('upgrade', ({ socket }) => {
        open.delete(socket);
        upgraded.add(socket);
      });
      return server;
    },
    drain() {
      draining = true;
      for (const [socket, running] of open) if (running === 0) socket.destroySoon();
      cut = setTimeout(() => { for (const socket of [...open.keys(), ...upgraded]) socket.destroy(); }, drainMs).unref();
    },
    end() { clearTimeout(cut); },
  };
}
