/**
 * Two origins on loopback for the widget's tests: a customer's site, whose pages the test writes, and the API with
 * the widget's scripts, speaking the real wire format (config, OpenAI chunks with our fields, feedback). What it
 * answers is set per test; everything it was asked is recorded.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WIDGET_CHAT_SCRIPT_PATH, WIDGET_SCRIPT_PATHS, type WidgetChatRequest, type WidgetCitation, type WidgetConfig } from '../src/modules/widget/embed-contract.ts';

export type RecordedRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: string };

/** A refusal before the stream, or a stream: text pieces, waits in ms, raw bytes, a cut connection. */
export type DemoAnswer =
  | { status: number; code: string; message: string; headers?: Record<string, string> }
  | { steps: (string | { wait: number } | { raw: string } | { cut: true })[]; citations?: WidgetCitation[]; end?: 'done' | 'silent' };

export const DEMO_CONFIG: WidgetConfig = {
  name: 'Acme Support',
  avatar: null,
  logo: null,
  welcome_message: 'Hi. How can I help you today?',
  suggested_prompts: ['Where is my order?', 'What is your return policy?', 'Talk to a person'],
  theme: 'light',
  colors: { primary: '#6B46C1' },
  position: 'bottom-right',
  size: 'medium',
  launcher: { icon: null, label: null },
  greeting: '',
  fallback_message: 'We are out for the moment. Write to help@acme.example and we will answer within a day.',
  auto_open: false,
  sound: false,
  citations: true,
  file_upload: false,
  feedback: true,
  locale: 'auto',
  powered_by: 'Powered by CMP',
};

export class DemoServers {
  config: unknown = DEMO_CONFIG;
  configStatus = 200;
  answer: (request: WidgetChatRequest) => DemoAnswer = () => ({ steps: ['Hello.'] });
  requests: RecordedRequest[] = [];
  readonly #pages = new Map<string, { html: string; headers: Record<string, string> }>();
  readonly #scripts: string;
  readonly #site: Server;
  readonly #api: Server;

  constructor(scripts: string) {
    this.#scripts = scripts;
    this.#site = createServer((request, response) => this.#servePage(request, response));
    this.#api = createServer((request, response) => void this.#serveApi(request, response).catch(() => response.destroy()));
  }

  async start(): Promise<void> {
    for (const server of [this.#site, this.#api]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const server of [this.#site, this.#api]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  reset(): void {
    this.config = DEMO_CONFIG;
    this.configStatus = 200;
    this.answer = () => ({ steps: ['Hello.'] });
    this.requests = [];
    this.#pages.clear();
  }

  get siteUrl(): string {
    return `http://127.0.0.1:${portOf(this.#site)}`;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${portOf(this.#api)}`;
  }

  /** Puts a page on the customer's site and gives its address. */
  page(html: string, headers: Record<string, string> = {}, at = '/'): string {
    this.#pages.set(at, { html, headers });
    return `${this.siteUrl}${at}`;
  }

  /** What the API was asked under a path, preflights aside. */
  asked(pathname: string): RecordedRequest[] {
    return this.requests.filter((request) => request.path === pathname && request.method !== 'OPTIONS');
  }

  #servePage(request: IncomingMessage, response: ServerResponse): void {
    const page = this.#pages.get(new URL(request.url ?? '/', 'http://site').pathname);
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
    response.end(page?.html ?? '');
  }

  async #serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://api');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString();
    this.requests.push({ method: request.method ?? '', path: pathname, headers: request.headers, body });
    response.setHeader('access-control-allow-origin', this.siteUrl);
    response.setHeader('access-control-expose-headers', 'retry-after, x-request-id');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-headers': 'authorization, content-type', 'access-control-allow-methods': 'GET, POST' }).end();
    } else if (pathname === '/v1/widget/config') {
      const refused = { error: { message: 'This domain is not allowed for this key.', code: 'domain_not_allowed' } };
      json(response, this.configStatus, this.configStatus === 200 ? this.config : refused);
    } else if (pathname === '/v1/chat/completions' && request.method === 'POST') {
      await stream(response, this.answer(JSON.parse(body)));
    } else if (pathname === '/v1/widget/feedback') {
      json(response, 200, { ok: true });
    } else {
      this.#script(pathname, response);
    }
  }

  #script(pathname: string, response: ServerResponse): void {
    const isLoader = WIDGET_SCRIPT_PATHS.some((known) => known === pathname);
    const file = isLoader ? 'widget.js' : pathname === WIDGET_CHAT_SCRIPT_PATH ? 'widget-chat.js' : null;
    if (file === null) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(readFileSync(path.join(this.#scripts, file)));
  }
}

async function stream(response: ServerResponse, answer: DemoAnswer): Promise<void> {
  response.setHeader('x-request-id', 'req_demo1');
  if ('status' in answer) {
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    return json(response, answer.status, { error: { message: answer.message, code: answer.code } });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const ids = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'demo', conversation_id: 'conv_1', run_id: 'run_1' };
  const send = (chunk: object): void => void response.write(`data: ${JSON.stringify({ ...ids, ...chunk })}\n\n`);
  response.write(': keep-alive\n\n');
  send({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
  for (const step of answer.steps) {
    if (response.destroyed) return;
    if (typeof step === 'string') send({ choices: [{ index: 0, delta: { content: step }, finish_reason: null }] });
    else if ('cut' in step) return void response.destroy();
    else if ('wait' in step) await wait(step.wait);
    else response.write(step.raw);
  }
  if (answer.end === 'silent') return void response.end();
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  send({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, citations: answer.citations ?? [] });
  response.end('data: [DONE]\n\n');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The demo server is not listening on a port.');
  return address.port;
}
