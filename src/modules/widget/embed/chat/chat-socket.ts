import { WIDGET_SOCKET_PATH } from '../../embed-contract.ts';

const OPEN_MAX_MS = 10_000;
const SILENCE_MAX_MS = 60_000;

/** Opens the chat's WebSocket; null when the server, the browser or something between refuses. */
export function openSocket(base: string, key: string, signal: AbortSignal): Promise<WebSocket | null> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      // A page cannot set headers on a socket, so the publishable key is one of the subprotocols.
      socket = new WebSocket(`${base.replace(/^http/, 'ws')}${WIDGET_SOCKET_PATH}`, ['cmp', `cmp.key.${key}`]);
    } catch {
      return resolve(null);
    }
    const give = (result: WebSocket | null) => () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', refuse);
      socket.onopen = socket.onerror = null;
      if (result === null) socket.close();
      resolve(result);
    };
    const refuse = give(null);
    const timer = setTimeout(refuse, OPEN_MAX_MS);
    signal.addEventListener('abort', refuse);
    socket.onopen = give(socket);
    socket.onerror = refuse;
  });
}

/** The socket's messages until it closes, falls silent or the visitor stops; closes it at the end. */
export async function* readSocket(socket: WebSocket, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake = (): void => undefined;
  let closed = false;
  const end = (): void => { closed = true; wake(); };
  socket.onmessage = (event) => { waiting.push(String(event.data)); wake(); };
  socket.onclose = end;
  signal.addEventListener('abort', end);
  try {
    while (true) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (closed) break;
      else await new Promise<void>((resolve) => {
        const silence = setTimeout(end, SILENCE_MAX_MS);
        wake = () => { clearTimeout(silence); resolve(); };
      });
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', end);
    socket.close();
  }
}
