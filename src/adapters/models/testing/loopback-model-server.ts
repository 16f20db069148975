import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { embedLexically } from '#modules/models/index.ts';
import { anthropicMessages } from './loopback-anthropic.ts';
import { openaiChat } from './loopback-openai.ts';

/** What the model answers: text, or tool calls. */
export interface Reply {
  text?: string;
  toolCalls?: readonly { id: string; name: string; arguments: unknown }[];
  finish?: 'stop' | 'length' | 'content-filter';
}

/** How the next calls fail. `times` is how often; for ever unless told. */
export type Failure = { times?: number } & (
  | { kind: 'status'; status: number; retryAfterSeconds?: number; body?: string }
  /** Accepts the call and never answers. */
  | { kind: 'hang' }
  /** Closes the connection without a word. */
  | { kind: 'reset' }
  | { kind: 'invalid-json' }
  | { kind: 'empty' }
  /** Streams this many pieces and then: ends without an end mark, cuts the connection, sends an error event, or falls silent. */
  | { kind: 'end-early' | 'cut' | 'error-event' | 'silence'; after: number });

/** One call as the server saw it. `port` is the caller's: equal ports mean one connection. */
export interface SeenCall { path: string; port: number; headers: Readonly<Record<string, string>>; body: Record<string, unknown>; aborted: boolean }

export interface LoopbackModelServer {
  /** `http://127.0.0.1:port`, without `/v1`. */
  url: string;
  calls: SeenCall[];
  /** What later calls answer; a function sees the call. Repeats the last user message unless told. */
  reply(reply: Reply | ((call: SeenCall) => Reply)): void;
  fail(failure: Failure | null): void;
  /** Milliseconds before the first byte and between pieces. */
  delay(firstMs: number, betweenMs?: number): void;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const JsonObject = z.record(z.string(), z.unknown());

/**
 * A model provider on 127.0.0.1 for tests and benchmarks that speaks the real wire protocols: OpenAI's
 * `/v1/chat/completions` and `/v1/embeddings`, Anthropic's `/v1/messages`. Failures can be scripted.
 */
export async function startLoopbackModelServer(): Promise<LoopbackModelServer> {
  const state: { reply: (call: SeenCall) => Reply; failure: Failure | null; firstMs: number; betweenMs: number } =
    { reply: (call) => ({ text: lastUserText(call.body) }), failure: null, firstMs: 0, betweenMs: 0 };
  const calls: SeenCall[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: SeenCall = { path: request.url ?? '', port: request.socket.remotePort ?? 0, headers: headersOf(request), body: await bodyOf(request), aborted: false };
    calls.push(call);
    response.on('close', () => { call.aborted = !response.writableFinished; });
    const failure = takeFailure();
    if (state.firstMs > 0) await pause(state.firstMs);
    if (failure && failBeforeAnswer(failure, response)) return;
    const turn = (): Turn => ({ call, reply: state.reply(call), failure, betweenMs: state.betweenMs, response });
    if (call.path.endsWith('/chat/completions')) await openaiChat(turn());
    else if (call.path.endsWith('/messages')) await anthropicMessages(turn());
    else if (call.path.endsWith('/embeddings')) sendEmbeddings(call, response);
    else sendJson(response, 404, { error: { message: 'no such path', type: 'invalid_request_error' } });
  }

  function takeFailure(): Failure | null {
    const { failure } = state;
    if (!failure || failure.times === undefined) return failure;
    state.failure = failure.times <= 1 ? null : { ...failure, times: failure.times - 1 };
    return failure;
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // a listening TCP server always has one
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    reply: (reply) => { state.reply = typeof reply === 'function' ? reply : () => reply; },
    fail: (failure) => { state.failure = failure; },
    delay: (firstMs, betweenMs = 0) => { state.firstMs = firstMs; state.betweenMs = betweenMs; },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

/** Everything one answer needs. */
export interface Turn { call: SeenCall; reply: Reply; failure: Failure | null; betweenMs: number; response: ServerResponse }

/** True when the failure has used up the call. */
function failBeforeAnswer(failure: Failure, response: ServerResponse): boolean {
  switch (failure.kind) {
    case 'hang': return true;
    case 'reset': response.destroy(); return true;
    case 'status':
      if (failure.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(failure.retryAfterSeconds));
      response.writeHead(failure.status, { 'content-type': 'application/json' }).end(failure.body ?? JSON.stringify({ error: { message: `scripted ${failure.status}`, type: 'scripted' } }));
      return true;
    case 'invalid-json': response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices": [{\n\n'); return true;
    case 'empty': response.writeHead(200, { 'content-type': 'text/event-stream' }).end(); return true;
    default: return false;
  }
}

/**
 * Writes stream events one by one; a scripted failure strikes after its number of pieces. `errorEvent` is the
 * protocol's own. Returns false when the stream must not go on.
 */
export async function writeEvents(turn: Turn, events: readonly string[], errorEvent: string): Promise<boolean> {
  const { response, failure, betweenMs } = turn;
  for (const [i, event] of events.entries()) {
    if (failure && 'after' in failure && i === failure.after) {
      // What was written before must have left: a cut connection drops what waits.
      await pause(10);
      if (failure.kind === 'error-event') response.end(errorEvent);
      else if (failure.kind === 'end-early') response.end();
      else if (failure.kind === 'cut') response.destroy();
      return false;
    }
    if (response.destroyed) return false;
    response.write(event);
    if (betweenMs > 0) await pause(betweenMs);
  }
  return true;
}

/** Text in pieces as a model streams it: a few characters each. */
export const piecesOf = (text: string): string[] => text.match(/\s*\S{1,8}/g) ?? (text === '' ? [] : [text]);

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendEmbeddings(call: SeenCall, response: ServerResponse): void {
  const { input, encoding_format: format, dimensions } = z.object({
    input: z.union([z.string(), z.array(z.string())]), encoding_format: z.enum(['float', 'base64']).default('float'), dimensions: z.number().default(512),
  }).parse(call.body);
  const texts = typeof input === 'string' ? [input] : input;
  const data = texts.map((text, index) => {
    const vector = new Float32Array(dimensions);
    vector.set(embedLexically(text).subarray(0, dimensions));
    return { object: 'embedding', index, embedding: format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector] };
  });
  sendJson(response, 200, { object: 'list', data, model: call.body['model'], usage: { prompt_tokens: texts.length, total_tokens: texts.length } });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const buffer = Buffer.from(z.instanceof(Uint8Array).parse(part));
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('the request is too large');
    parts.push(buffer);
  }
  return bytes === 0 ? {} : JsonObject.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']));

const Messages = z.array(z.object({ role: z.string(), content: z.unknown() }).loose());
const TextParts = z.array(z.object({ type: z.string(), text: z.string().optional() }).loose());

function lastUserText(body: Record<string, unknown>): string {
  const messages = Messages.safeParse(body['messages']);
  const content = messages.success ? messages.data.findLast((message) => message.role === 'user')?.content : '';
  if (typeof content === 'string') return content;
  const parts = TextParts.safeParse(content);
  return parts.success ? parts.data.map((part) => part.text ?? '').join('') : '';
}
