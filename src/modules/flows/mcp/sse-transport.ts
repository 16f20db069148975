import { randomUUID } from 'node:crypto';
import { NodeError } from '../nodes/node-error.ts';
import { resultFrom } from './answers.ts';
import { EventStream } from './event-stream.ts';
import { CLIENT_INFO, InitializeResult, McpError, RpcAnswer, SESSION_REVISIONS } from './protocol.ts';
import type { McpFetch, McpServer, McpTransport } from './server-address.ts';

/**
 * The transport of 2024: answers come on a stream that is opened with GET, requests go to an address the stream names. One
 * stream for each request, so that nothing stays open between them.
 */
export const sseTransport = (fetch: McpFetch, server: McpServer): McpTransport => ({
  revision: SESSION_REVISIONS.at(-1) ?? '',
  request: async (method, params, { readsOnly = false } = {}) => new Exchange(fetch, server, { method, params }, readsOnly).result(),
  close: async () => undefined,
});

class Exchange {
  readonly #fetch: McpFetch;
  readonly #server: McpServer;
  readonly #asked: { method: string; params: Readonly<Record<string, unknown>> };
  readonly #readsOnly: boolean;
  readonly #ids = { initialize: randomUUID(), asked: randomUUID() };
  readonly #done = Promise.withResolvers<unknown>();
  readonly #stream = new EventStream();
  readonly #closing = new AbortController();
  #endpoint: string | null = null;

  constructor(fetch: McpFetch, server: McpServer, asked: { method: string; params: Readonly<Record<string, unknown>> }, readsOnly: boolean) {
    this.#fetch = fetch;
    this.#server = server;
    this.#asked = asked;
    this.#readsOnly = readsOnly;
  }

  async result(): Promise<unknown> {
    const { url, headers, credentials } = this.#server;
    const opened = this.#fetch(url.href, {
      headers: { ...headers, accept: 'text/event-stream' }, credentials, signal: this.#closing.signal,
      enough: (piece) => { this.#take(piece); return this.#closing.signal.aborted; },
    });
    opened.then(
      ({ status }) => { this.#done.reject(new McpError(null, status, status >= 400 ? `It answered with status ${status}.` : 'It closed the stream before it answered.')); },
      (error: unknown) => { this.#done.reject(error); },
    );
    try {
      return await this.#done.promise;
    } finally {
      this.#closing.abort();
    }
  }

  #take(piece: string): void {
    for (const { event, data } of this.#stream.push(piece)) {
      if (event === 'endpoint') this.#greet(data.trim());
      else if (event === 'message') this.#answer(data);
    }
  }

  #greet(written: string): void {
    if (this.#endpoint !== null) return;
    const endpoint = URL.canParse(written, this.#server.url.href) ? new URL(written, this.#server.url.href) : null;
    // The credentials are for this host, and so is everything the agent says.
    if (endpoint?.origin !== this.#server.url.origin) return this.#done.reject(new NodeError('node-http-failed', 'The MCP server names an address of another host for its messages.'));
    this.#endpoint = endpoint.href;
    this.#post({ id: this.#ids.initialize, method: 'initialize', params: { protocolVersion: SESSION_REVISIONS.at(-1), capabilities: {}, clientInfo: CLIENT_INFO } }, true);
  }

  #answer(data: string): void {
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    const answer = RpcAnswer.safeParse(message);
    if (!answer.success) return;
    try {
      if (answer.data.id === this.#ids.initialize) {
        InitializeResult.parse(resultFrom(answer.data, 200));
        this.#post({ method: 'notifications/initialized' }, true);
        this.#post({ id: this.#ids.asked, ...this.#asked }, this.#readsOnly);
      } else if (answer.data.id === this.#ids.asked) this.#done.resolve(resultFrom(answer.data, 200));
    } catch (error) {
      this.#done.reject(error);
    }
  }

  #post(message: Record<string, unknown>, readsOnly: boolean): void {
    const { headers, credentials } = this.#server;
    this.#fetch(this.#endpoint ?? '', {
      method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', ...message }), headers: { ...headers, 'content-type': 'application/json' }, credentials, ...(readsOnly ? { readsOnly: true } : {}),
    }).then(
      ({ status }) => { if (status >= 400) this.#done.reject(new McpError(null, status, `It answered with status ${status}.`)); },
      (error: unknown) => { this.#done.reject(error); },
    );
  }
}
