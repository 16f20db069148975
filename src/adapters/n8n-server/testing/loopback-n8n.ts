import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

export type N8nScript =
  | { kind: 'echo' | 'stream' | 'hang' | 'html' | 'drop' | 'inactive' | 'empty' }
  | { kind: 'body'; status?: number; type?: string; body: string }
  | { kind: 'redirect'; to: string };

export interface LoopbackN8n {
  url: string;
  webhookUrl: string;
  header: { name: string; value: string };
  runs: Record<string, unknown>[];
  script(script: N8nScript): void;
  close(): Promise<void>;
}

const WEBHOOK = '/webhook/3f1c2b4a/chat';
const send = (response: ServerResponse, status: number, body: unknown) => { response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body)); };

/** An n8n server on 127.0.0.1 for tests: one active webhook with header authentication, and no engine behind it. */
export async function startLoopbackN8n(): Promise<LoopbackN8n> {
  const state: { script: N8nScript } = { script: { kind: 'echo' } };
  const runs: Record<string, unknown>[] = [];
  const header = { name: 'x-webhook-key', value: 'n8n-secret-0123456789' };

  const server = createServer((request, response) => {
    void route(request, response).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(z.instanceof(Uint8Array).parse(part)));
    if (request.url === '/healthz') return send(response, 200, { status: 'ok' });
    if (request.url !== WEBHOOK || state.script.kind === 'inactive') return send(response, 404, { code: 404, message: 'The requested webhook "POST chat" is not registered.', hint: 'The workflow must be active.' });
    if (request.headers[header.name] !== header.value) return send(response, 403, { code: 403, message: 'Authorization data is wrong!' });
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
    runs.push(body);
    await answer(state.script, `You said: ${z.string().parse(body['chatInput'])}`, response);
  }

  async function answer(script: N8nScript, said: string, response: ServerResponse): Promise<void> {
    switch (script.kind) {
      case 'hang': return;
      case 'empty': response.writeHead(200, { 'content-type': 'application/json' }).end(); return;
      case 'html': response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>n8n</title>'); return;
      case 'redirect': response.writeHead(307, { location: script.to }).end(); return;
      case 'body': response.writeHead(script.status ?? 200, { 'content-type': script.type ?? 'application/json' }).end(script.body); return;
      case 'stream': case 'drop': return stream(said, script.kind === 'drop', response);
      default: return send(response, 200, [{ output: said }]);
    }
  }

  async function stream(said: string, drops: boolean, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    const line = (type: string, content?: string) => { response.write(`${JSON.stringify({ type, ...(content === undefined ? {} : { content }), metadata: { nodeName: 'AI Agent' } })}\n`); };
    line('begin');
    for (const [index, piece] of (said.match(/\s*\S{1,8}/g) ?? []).entries()) {
      line('item', piece);
      await pause(1);
      if (drops && index === 1) { response.end(); return; }
    }
    line('end');
    response.end();
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // a listening TCP server always has one
  const url = `http://127.0.0.1:${port}`;
  return {
    url, webhookUrl: `${url}${WEBHOOK}`, header, runs,
    script: (script) => { state.script = script; },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}
