import { z } from 'zod';
import type { NodeContext, Value } from '../../node-type.ts';
import { defineNode, inputAt, json, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';
import { NodeError } from '../node-error.ts';
import { parseJson } from '../transform/json.ts';
import { textOf } from '../values.ts';
import { httpUrl } from './url.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
const BODY_CHARS_MAX = 2_000_000;

/** Headers that decide how a message is framed or routed; nobody sets them by hand. */
const RESERVED = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'expect']);

const Config = z.strictObject({
  method: z.enum(METHODS).default('GET'),
  url: z.string().max(2000).default(''),
  headers: z.record(z.string().max(200), z.string().max(4000)).default({}),
  query: z.record(z.string().max(200), z.string().max(4000)).default({}),
});

export const httpRequest = defineNode({
  type: 'http.request',
  title: 'HTTP request',
  description: 'Calls a web address and gives its answer. Statuses of 400 and more are errors.',
  family: 'http',
  config: Config,
  inputs: [{ name: 'url' }, { name: 'body' }],
  outputs: [{ name: 'response' }, { name: 'text' }, { name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const given = inputAt(inputs, 'url');
    const written = given ? textOf(given) : config.url;
    const body = inputAt(inputs, 'body');
    const tool = requestTool(context, config);
    // Without an address it can still be an agent's tool.
    if (written.trim() === '') return { tool };
    const answer = await send(context, config, written, body ? textOf(body) : undefined);
    return { ...answer, tool };
  },
});

/** An agent may choose the address only where the seller left it open; the guard decides what is reachable. */
function requestTool(context: NodeContext, config: z.output<typeof Config>): Value {
  const fixed = config.url.trim() !== '';
  const Arguments = z.object({
    ...(fixed ? {} : { url: z.string().max(2000).describe('Address to call.') }),
    body: z.string().max(100_000).optional().describe('Body of the request, usually JSON.'),
  });
  return toolValue('http_request', fixed ? `Calls ${config.method} ${config.url}.` : `Calls a web address with ${config.method}.`, Arguments, async (args) => {
    const { url, body } = z.object({ url: z.string().default(config.url), body: z.string().optional() }).parse(args);
    return (await send(context, config, url, body)).text;
  });
}

async function send(context: NodeContext, config: z.output<typeof Config>, written: string, body: string | undefined): Promise<{ response: Value; text: Value }> {
  const url = httpUrl(written);
  for (const [name, value] of Object.entries(config.query)) url.searchParams.set(name, value);
  const hasBody = body !== undefined && config.method !== 'GET' && config.method !== 'HEAD';
  const response = await context.fetch(url.href, { method: config.method, headers: headersOf(config.headers, hasBody ? body : undefined), ...(hasBody ? { body } : {}) });
  if (response.status >= 400) throw new NodeError('node-http-failed', `${url.host} answered with status ${response.status}.`);
  const answer = response.body.slice(0, BODY_CHARS_MAX);
  const data = (response.headers['content-type'] ?? '').includes('json') ? parseJson(answer) : undefined;
  return { response: json(data ?? answer), text: text(answer) };
}

function headersOf(configured: Readonly<Record<string, string>>, body: string | undefined): Record<string, string> {
  const headers = new Map<string, string>();
  if (body !== undefined) headers.set('content-type', /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8');
  for (const [written, value] of Object.entries(configured)) {
    const name = written.trim().toLowerCase();
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || /[\r\n\0]/.test(value)) throw new NodeError('node-config-invalid', `The header "${written.slice(0, 50)}" is not allowed.`);
    if (RESERVED.has(name)) throw new NodeError('node-config-invalid', `The header "${name}" cannot be set.`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}
