import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** What every run does next; `echo` repeats the question. */
export type LangflowScript =
  | { kind: 'echo'; betweenMs?: number }
  | { kind: 'answer'; text: string; usage?: { input_tokens: number; output_tokens: number } }
  | { kind: 'component-error'; words: string }
  | { kind: 'status-error'; status: number; detail: string }
  | { kind: 'hang' | 'html' | 'drop' | 'not-streaming' }
  | { kind: 'redirect'; to: string };

export interface LoopbackLangflow {
  url: string;
  apiKey: string;
  /** Bodies of runs as they came. */
  runs: { flow: string; body: Record<string, unknown> }[];
  /** Bodies of builds and of calls of webhooks as they came. */
  builds: { flow: string; body: Record<string, unknown> }[];
  webhooks: { flow: string; body: Record<string, unknown> }[];
  /** Flows by id, and folders. */
  flows: Map<string, { id: string; name: string; folder_id: string; data: unknown; description: string }>;
  folders: { id: string; name: string }[];
  script(script: LangflowScript): void;
  /** Serves as a version before `PUT /flows/{id}`, projects and builds as jobs. */
  old(isOld: boolean): void;
  close(): Promise<void>;
}

/** What the server itself offers, with code of its own. */
const COMPONENTS = { own: Object.fromEntries(['ChatInput', 'ChatOutput', 'Prompt Template', 'VoiceTuner', 'ext:openai:OpenAIModelComponent@official'].map((name) => [name, { display_name: name, template: { code: { value: `# ${name} of the server` } } }])) };

const Body = z.record(z.string(), z.unknown());
const Flow = z.looseObject({ name: z.string(), folder_id: z.string(), data: z.unknown(), description: z.string().default('') });
const send = (response: ServerResponse, status: number, body: unknown) => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };

/** A Langflow server on 127.0.0.1 for tests: the wire of API v1 without an engine behind it. */
export async function startLoopbackLangflow(apiKey = 'sk-langflow-0123456789'): Promise<LoopbackLangflow> {
  const state: { script: LangflowScript; old: boolean } = { script: { kind: 'echo' }, old: false };
  const flows: LoopbackLangflow['flows'] = new Map();
  const folders: LoopbackLangflow['folders'] = [];
  const runs: LoopbackLangflow['runs'] = [];
  const builds: LoopbackLangflow['builds'] = [];
  const webhooks: LoopbackLangflow['webhooks'] = [];

  const server = createServer((request, response) => {
    void route(request, response).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback');
    const body = await bodyOf(request);
    if (pathname === '/api/v1/version') return send(response, 200, { version: state.old ? '1.0.19' : '1.10.0', main_version: '1.10.0', package: 'Langflow' });
    if (pathname === '/openapi.json') return send(response, 200, { paths: state.old ? { '/api/v1/folders/': {} } : { '/api/v1/projects/': {}, '/api/v1/webhook/{flow_id_or_name}': {}, '/api/v1/build/{flow_id}/flow': {} } });
    if (request.headers['x-api-key'] !== apiKey) return send(response, 403, { detail: 'Invalid or missing API key' });
    if (pathname === '/api/v1/all') return send(response, 200, COMPONENTS);
    if (pathname === (state.old ? '/api/v1/folders/' : '/api/v1/projects/')) return folder(request, response, body);
    const run = /^\/api\/v1\/run\/([^/]+)$/.exec(pathname)?.[1];
    if (run !== undefined) return answer(run, body, response);
    const webhook = /^\/api\/v1\/webhook\/([^/]+)$/.exec(pathname)?.[1];
    if (webhook !== undefined) return start(webhook, body, response);
    const [, build, step] = /^\/api\/v1\/build\/([^/]+)\/(flow|events)$/.exec(pathname) ?? [];
    if (build !== undefined && !state.old) return step === 'flow' ? job(build, body, response) : buildEvents(response);
    const upload = /^\/api\/v1\/files\/upload\/([^/]+)$/.exec(pathname)?.[1];
    if (upload !== undefined) return send(response, 201, { flowId: upload, file_path: `${upload}/picture.png` });
    if (pathname === '/api/v1/flows/') return request.method === 'GET' ? send(response, 200, [...flows.values()]) : keep(randomUUID(), body, response, 201);
    const id = /^\/api\/v1\/flows\/([^/]+)$/.exec(pathname)?.[1];
    if (id !== undefined) return flow(request.method ?? '', id, body, response);
    return send(response, 404, { detail: 'Not Found' });
  }

  function folder(request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>): void {
    if (request.method === 'GET') return send(response, 200, folders);
    const made = { id: randomUUID(), name: z.string().parse(body['name']) };
    folders.push(made);
    return send(response, 201, { ...made, parent_id: null });
  }

  function keep(id: string, body: Record<string, unknown>, response: ServerResponse, status: number): void {
    const parsed = Flow.parse(body);
    flows.set(id, { id, name: parsed.name, folder_id: parsed.folder_id, data: parsed.data, description: parsed.description });
    return send(response, status, flows.get(id));
  }

  function flow(method: string, id: string, body: Record<string, unknown>, response: ServerResponse): void {
    const known = flows.get(id);
    if (method === 'PUT') return state.old ? send(response, 405, { detail: 'Method Not Allowed' }) : keep(id, body, response, known ? 200 : 201);
    if (!known) return send(response, 404, { detail: 'Flow not found' });
    if (method === 'PATCH') return keep(id, body, response, 200);
    if (method === 'DELETE') flows.delete(id);
    return send(response, 200, method === 'DELETE' ? { message: 'Flow deleted successfully' } : known);
  }

  async function answer(id: string, body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    runs.push({ flow: id, body });
    const { script } = state;
    if (!flows.has(id)) return send(response, 404, { detail: `Flow identifier ${id} not found` });
    if (script.kind === 'hang') return;
    if (script.kind === 'html') { response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'); return; }
    if (script.kind === 'redirect') { response.writeHead(302, { location: script.to }).end(); return; }
    if (script.kind === 'status-error') return send(response, script.status, { detail: script.detail });
    if (script.kind === 'not-streaming') return send(response, 200, resultOf(textOf(body), body, null));
    await stream(script, body, response);
  }

  function start(id: string, body: Record<string, unknown>, response: ServerResponse): void {
    webhooks.push({ flow: id, body });
    if (!flows.has(id)) return send(response, 404, { detail: `Flow identifier ${id} not found` });
    if (state.script.kind === 'status-error') return send(response, state.script.status, { detail: state.script.detail });
    return send(response, 202, { message: 'Task started in the background', status: 'in progress' });
  }

  function job(id: string, body: Record<string, unknown>, response: ServerResponse): void {
    builds.push({ flow: id, body });
    return flows.has(id) ? send(response, 200, { job_id: randomUUID() }) : send(response, 404, { detail: 'Flow not found' });
  }

  /** The chat input is built; the model after it fails where components are to fail. */
  function buildEvents(response: ServerResponse): void {
    const { script } = state;
    const event = (name: string, data: unknown) => `${JSON.stringify({ event: name, data })}\n\n`;
    const built = (id: string, name: string, outputs: unknown, valid: boolean) => event('end_vertex', { build_data: { id, valid, params: null, next_vertices_ids: [], data: { results: {}, outputs } }, output_meta: { component_id: id, display_name: name } });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(event('vertices_sorted', { ids: ['ChatInput-1'], to_run: ['ChatInput-1', 'Model-1'] }) + built('ChatInput-1', 'Chat Input', { message: { message: 'Hi', type: 'text' } }, true));
    const failure = script.kind === 'component-error' ? { text_output: { message: { errorMessage: script.words, stackTrace: 'Traceback (most recent call last)' }, type: 'error' } } : null;
    response.end(built('Model-1', 'Language Model', failure ?? {}, failure === null) + event('end', {}));
  }

  async function stream(script: LangflowScript, body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const event = (name: string, data: unknown) => { response.write(`${JSON.stringify({ event: name, data })}\n\n`); };
    const message = (sender: string, said: string, state_: string, id: string) => ({ sender, sender_name: sender, text: said, id, session_id: body['session_id'], error: false, properties: { state: state_ }, category: 'message' });
    event('add_message', message('User', z.string().parse(body['input_value']), 'complete', randomUUID()));
    if (script.kind === 'component-error') {
      event('error', { ...message('Language Model', script.words, 'complete', randomUUID()), category: 'error' });
      response.end();
      return;
    }
    const said = script.kind === 'answer' ? script.text : textOf(body);
    const id = randomUUID();
    const pieces = said.match(/\s*\S{1,8}/g) ?? [said];
    event('add_message', message('Machine', pieces[0] ?? '', 'partial', id));
    for (const [index, chunk] of pieces.entries()) {
      if (script.kind === 'drop' && index === 1) { await pause(10); response.destroy(); return; }
      if (response.destroyed) return;
      event('token', { chunk, id });
      await pause(script.kind === 'echo' ? script.betweenMs ?? 1 : 1);
    }
    event('add_message', message('Machine', said, 'complete', id));
    event('end', { result: resultOf(said, body, script.kind === 'answer' ? script.usage ?? null : { input_tokens: 3, output_tokens: pieces.length }) });
    response.end();
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // a listening TCP server always has one
  return {
    url: `http://127.0.0.1:${port}`, apiKey, runs, builds, webhooks, flows, folders,
    script: (script) => { state.script = script; },
    old: (isOld) => { state.old = isOld; },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

const textOf = (body: Record<string, unknown>): string => `You said: ${z.string().parse(body['input_value'])}`;

const resultOf = (said: string, body: Record<string, unknown>, usage: unknown) => ({
  session_id: body['session_id'],
  outputs: [{ inputs: { input_value: body['input_value'] }, outputs: [{ results: { message: { text_key: 'text', data: { text: said, sender: 'Machine', properties: { usage } }, text: said } }, component_id: 'ChatOutput-1' }] }],
});

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(z.instanceof(Uint8Array).parse(part)));
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' || !(request.headers['content-type'] ?? '').includes('json') ? {} : Body.parse(JSON.parse(text));
}
