import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { embedLexically } from '#modules/models/index.ts';
import { anthropicMessages } from './loopback-anthropic.ts';
import { sendCohereEmbeddings, sendRerank } from './loopback-cohere.ts';
import { openaiChat } from './loopback-openai.ts';
import { sendJson } from './loopback-wire.ts';
import type { Failure, Reply, SeenCall, Turn } from './loopback-wire.ts';

export type { Failure, Reply, SeenCall } from './loopback-wire.ts';

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
 * `/v1/chat/completions` and `/v1/embeddings`, Anthropic's `/v1/messages`, Cohere's `/v2/embed` and
 * `/v2/rerank`. Failures can be scripted. On any free port unless told.
 */
export async function startLoopbackModelServer(atPort = 0): Promise<LoopbackModelServer> {
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
    else if (call.path.endsWith('/v2/embed')) sendCohereEmbeddings(call, response);
    else if (call.path.endsWith('/rerank')) sendRerank(call, response);
    else sendJson(response, 404, { error: { message: 'no such path', type: 'invalid_request_error' } });
  }

  function takeFailure(): Failure | null {
    const { failure } = state;
    if (!failure || failure.times === undefined) return failure;
    state.failure = failure.times <= 1 ? null : { ...failure, times: failure.times - 1 };
    return failure;
  }

  await new Promise<void>((resolve) => { server.listen(atPort, '127.0.0.1', resolve); });
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

const OWN_LENGTHS: Readonly<Record<string, number>> = { 'text-embedding-3-small': 1536, 'text-embedding-ada-002': 1536, 'text-embedding-3-large': 3072 };

function sendEmbeddings(call: SeenCall, response: ServerResponse): void {
  const { input, encoding_format: format, dimensions: asked } = z.object({
    input: z.union([z.string(), z.array(z.string())]), encoding_format: z.enum(['float', 'base64']).default('float'), dimensions: z.number().optional(),
  }).parse(call.body);
  const own = OWN_LENGTHS[String(call.body['model'])] ?? 512;
  // Older servers do not know the parameter and pass over it.
  const dimensions = String(call.body['model']).startsWith('deaf-') ? own : asked ?? own;
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
