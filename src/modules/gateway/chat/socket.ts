import type { WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Process } from '#platform/context.ts';
import { presentedKey } from '#platform/http/authorize.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { KeyDirectory } from '../api-keys/key-directory.ts';
import { ChatCompletionRequest } from '../contract.ts';
import { failure } from './chat-answer.ts';
import type { chatService } from './service.ts';

const Stop = z.looseObject({ type: z.literal('stop') });
/** How often an open socket is asked whether it lives, and its key whether it still holds. */
const PING_MS = 30_000;
const KEY_CHECK_MS = 1_000;
/** The server goes away (RFC 6455, section 7.4.1), and a close code of our own (section 7.4.2). */
const GOING_AWAY = 1001;
const KEY_ENDED = 4401;

/**
 * Chat over one WebSocket: a completion request a message, one answer at a time. A key that is revoked closes its
 * sockets within a second. Gives what closes the socket after the answer under way, if there is one.
 */
export function acceptChatSocket(
  { chat, keys }: { chat: ReturnType<typeof chatService>; keys: KeyDirectory },
  socket: WebSocket, request: FastifyRequest, start: (signal: AbortSignal) => Process,
): () => void {
  const key = presentedKey(request) ?? '';
  let running: AbortController | null = null;
  let leaving = false;
  let alive = true;
  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS);
  const check = setInterval(() => {
    keys.find(key).catch(() => socket.close(KEY_ENDED, 'The key no longer holds.'));
  }, KEY_CHECK_MS);
  socket.on('pong', () => { alive = true; });
  socket.on('close', () => {
    clearInterval(ping);
    clearInterval(check);
    running?.abort();
  });
  // What is wrong with the connection shows as its close.
  socket.on('error', () => undefined);
  socket.on('message', (data: unknown) => {
    void answer(read(data)).catch((error: unknown) => send({ error: failure(error, request) }));
  });

  const send = (value: string | object) => { if (socket.readyState === socket.OPEN) socket.send(typeof value === 'string' ? value : JSON.stringify(value)); };

  async function answer(message: unknown): Promise<void> {
    if (Stop.safeParse(message).success) return running?.abort();
    if (leaving && !running) return; // It was written before the close was read.
    const parsed = ChatCompletionRequest.safeParse(message);
    if (!parsed.success) throw new Problem(kernel.invalid, 'Send a chat completion request as JSON.');
    if (running) throw new Problem(kernel.conflict, 'An answer is on its way; wait for it or stop it.');
    running = new AbortController();
    try {
      for await (const event of chat.overSocket(start(running.signal), parsed.data, request)) send(event);
    } finally {
      running = null;
      if (leaving) leave();
    }
  }

  function leave(): void {
    leaving = true;
    if (!running) socket.close(GOING_AWAY, 'The server is stopping.');
  }
  return leave;
}

function read(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // Text that is no JSON is refused like JSON of another shape.
    return null;
  }
}
