import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetch } from 'undici';
import type { Connector, Fields } from '../kit.ts';
import { openOutside } from '../outside/open-outside.ts';
import { createTokens } from '../outside/tokens.ts';

/** A request as the other system would get it. */
export interface SeenRequest { method: string; url: string; headers: Record<string, string>; body: unknown }
/** What the double answers; `{}` as JSON unless told. */
export interface DoubleAnswer { status?: number; json?: unknown; text?: string; bytes?: Uint8Array; headers?: Record<string, string> }

/** A server on the loopback that stands in for every other system and notes what it was asked. */
export interface ConnectorDouble {
  /** Runs an action; answers are used up in order, the last one again and again. */
  run(connector: Connector, action: string, input: unknown, options?: { fields?: Fields; baseUrl?: string; answers?: readonly DoubleAnswer[]; now?: Date; idempotencyKey?: string }): Promise<{ result: unknown; requests: readonly SeenRequest[] }>;
  probe(connector: Connector, options: { fields: Fields; baseUrl?: string; answers?: readonly DoubleAnswer[] }): Promise<readonly SeenRequest[]>;
  close(): Promise<void>;
}

/** Set by the client itself, the same for every request. */
const ORDINARY = new Set(['host', 'connection', 'accept-language', 'sec-fetch-mode', 'accept-encoding', 'content-length', 'user-agent', 'transfer-encoding', 'x-double']);

export async function startConnectorDouble(): Promise<ConnectorDouble> {
  let requests: SeenRequest[] = [];
  let answers: readonly DoubleAnswer[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (ORDINARY.has(name) || value === undefined ? [] : [[name, String(value)]])));
      if (headers['accept'] === '*/*') delete headers['accept'];
      requests.push({ method: request.method ?? '', url: `${String(request.headers['x-double'])}${request.url ?? ''}`, headers, body: bodyOf(Buffer.concat(pieces), headers['content-type'] ?? '') });
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? {};
      const json = answer.text === undefined && answer.bytes === undefined;
      response.writeHead(answer.status ?? 200, { 'content-type': json ? 'application/json' : 'text/plain', ...answer.headers });
      response.end(json ? JSON.stringify(answer.json ?? {}) : answer.bytes ?? answer.text);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const port = portOf(server.address());

  /** Leads every address to the double, which is told where the request was meant to go. */
  const egress: Parameters<typeof openOutside>[1]['egress'] = {
    fetch: async (url, init = {}) => {
      const meant = new URL(url);
      return fetch(`http://127.0.0.1:${port}${meant.pathname}${meant.search}`, { ...init, headers: { ...Object.fromEntries(new Headers(plainHeaders(init.headers))), 'x-double': meant.origin } });
    },
    addressOf: async () => '127.0.0.1',
  };
  const open = (connector: Connector, fields: Fields, baseUrl: string | undefined, now: Date, idempotencyKey?: string) =>
    openOutside({ connector, fields, baseUrl: baseUrl ?? null }, { egress, tokens: createTokens(egress, () => now, async () => undefined), signal: AbortSignal.timeout(10_000), now: () => now, idempotencyKey });

  return {
    async run(connector, actionId, input, { fields = {}, baseUrl, answers: given = [], now = new Date('2026-03-01T12:00:00Z'), idempotencyKey } = {}) {
      const action = connector.actions.find(({ id }) => id === actionId);
      if (!action) throw new Error(`${connector.id} has no action ${actionId}`);
      requests = [];
      answers = given;
      const result = await action.perform(open(connector, fields, baseUrl, now, idempotencyKey), input);
      return { result, requests };
    },
    async probe(connector, { fields, baseUrl, answers: given = [] }) {
      requests = [];
      answers = given;
      const outside = open(connector, fields, baseUrl, new Date('2026-03-01T12:00:00Z'));
      if (typeof connector.probe === 'function') await connector.probe(outside);
      else if (connector.probe) await outside.http(connector.probe);
      return requests;
    },
    close: async () => new Promise((resolve) => { server.close(() => { resolve(); }); }),
  };
}

const portOf = (address: AddressInfo | string | null): number => (address !== null && typeof address === 'object' ? address.port : 0);

const plainHeaders = (headers: unknown): Record<string, string> => (headers !== null && typeof headers === 'object' ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) : {});

function bodyOf(bytes: Buffer, mediaType: string): unknown {
  const text = bytes.toString('utf8');
  if (mediaType.includes('json')) return JSON.parse(text);
  return mediaType.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : text;
}
