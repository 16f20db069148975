import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isSignedBy } from '#platform/crypto/webhook-signature.ts';

export type EndpointScript =
  | { kind: 'json' | 'events' | 'lines' | 'chat-completion' | 'hang' | 'html' | 'drop' }
  | { kind: 'body'; status?: number; type?: string; body: string }
  | { kind: 'redirect'; to: string };

export const EndpointMessage = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()) });
export type EndpointMessage = z.infer<typeof EndpointMessage>;

export interface LoopbackEndpoint {
  url: string;
  messages: (EndpointMessage & { id: string })[];
  script(script: EndpointScript): void;
  /** The secret it checks signatures with; messages with another one get 401. */
  trust(secret: string): void;
  close(): Promise<void>;
}

/** A seller's endpoint on 127.0.0.1 for tests: checks our signature, and repeats what it is asked. */
export async function startLoopbackEndpoint(secret = ''): Promise<LoopbackEndpoint> {
  const state: { script: EndpointScript; secret: string } = { script: { kind: 'json' }, secret };
  const messages: LoopbackEndpoint['messages'] = [];
  const server = createServer((request, response) => {
    void route(request, response).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(z.instanceof(Uint8Array).parse(part)));
    const body = Buffer.concat(parts).toString('utf8');
    const header = (name: string) => z.string().catch('').parse(request.headers[name]);
    const id = header('webhook-id');
    if (!isSignedBy(state.secret, { id, timestamp: header('webhook-timestamp'), signatures: header('webhook-signature'), body }, new Date())) return json(response, 401, { error: 'wrong signature' });
    const message = EndpointMessage.parse(JSON.parse(body));
    messages.push({ ...message, id });
    if (message.type === 'ping') return json(response, 200, { version: '2.1' });
    if (message.type !== 'run') return json(response, 501, { error: 'not handled' });
    await answer(state.script, `You said: ${z.string().parse(message.data['message'])}`, response);
  }

  async function answer(script: EndpointScript, said: string, response: ServerResponse): Promise<void> {
    switch (script.kind) {
      case 'hang': return;
      case 'html': response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Hello</title>'); return;
      case 'redirect': response.writeHead(308, { location: script.to }).end(); return;
      case 'body': response.writeHead(script.status ?? 200, { 'content-type': script.type ?? 'application/json' }).end(script.body); return;
      case 'json': return json(response, 200, { output: said, usage: { tokens_input: 4, tokens_output: 2 } });
      default: return stream(script.kind, said, response);
    }
  }

  async function stream(kind: 'events' | 'lines' | 'chat-completion' | 'drop', said: string, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': kind === 'lines' ? 'application/x-ndjson' : 'text/event-stream' });
    const write = (data: unknown) => { response.write(kind === 'lines' ? `${JSON.stringify(data)}\n` : `: keep-alive\r\ndata: ${JSON.stringify(data)}\r\n\r\n`); };
    for (const [index, piece] of (said.match(/\s*\S{1,8}/g) ?? []).entries()) {
      write(kind === 'chat-completion' ? { choices: [{ delta: { content: piece }, finish_reason: null }] } : { type: 'text', text: piece });
      await pause(1);
      if (kind === 'drop' && index === 1) { response.end(); return; }
    }
    if (kind === 'chat-completion') {
      write({ choices: [{ delta: {}, finish_reason: 'stop' }] });
      write({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 2 } });
      response.end('data: [DONE]\n\n');
      return;
    }
    write({ type: 'finish', usage: { tokens_input: 4, tokens_output: 2 } });
    response.end();
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // a listening TCP server always has one
  return {
    url: `http://127.0.0.1:${port}/runtime`, messages,
    script: (script) => { state.script = script; },
    trust: (trusted) => { state.secret = trusted; },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

const json = (response: ServerResponse, status: number, body: unknown): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
