import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import type { Scope } from '../../expression/scope.ts';
import type { NodeContext, Value } from '../../node-type.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { itemsOf, listOf, madeOf, wholeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { CredentialPlace } from '../../credential-contract.ts';
import { parseJson } from '../transform/json.ts';
import { isRow, scalarText, textOf, type Row } from '../values.ts';
import { httpUrl } from './url.ts';

const ITEMS_MAX = 500;
const PAGES_MAX = 100;
const BODY_CHARS_MAX = 2_000_000;
const READS_AT_ONCE = 4;
/** Headers that decide how a message is framed or routed; nobody sets them by hand. */
const FRAMING: ReadonlySet<string> = new Set(['transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'expect']);

const Pages = z.strictObject({
  /** Address of the next page, from the answer before: `loop.last.body`, `.headers`, `.statusCode`; it ends when there is none. */
  next: z.string().max(2_000).default(''),
  /** Parameters that change from page to page; `loop.index` is the number of the page, from 0. */
  parameters: z.array(z.strictObject({ in: z.enum(['query', 'header', 'body']).default('query'), name: z.string().max(200), value: z.unknown() })).max(20).default([]),
  /** True when the last page has been read; an empty answer ends it too. */
  until: z.string().max(2_000).default(''),
  max: z.number().int().min(1).max(PAGES_MAX).default(20),
});

const Config = z.strictObject({
  method: z.string().max(300).default('GET').meta({ title: 'Method' }),
  url: z.string().max(4_000).default('').meta({ title: 'Address' }),
  query: z.record(z.string().max(200), z.unknown()).default({}).meta({ title: 'Query', ui: { widget: 'code' } }),
  headers: z.record(z.string().max(200), z.unknown()).default({}).meta({ title: 'Headers', ui: { widget: 'code' } }),
  bodyKind: z.enum(['none', 'json', 'form', 'text']).default('none').meta({ title: 'Body' }),
  /** A template or data with templates; fields for a form. */
  body: z.unknown().default('').meta({ title: 'Content of the body', ui: { widget: 'code' } }),
  contentType: z.string().max(200).default('').meta({ title: 'Type of a text body' }),
  credentials: z.array(CredentialPlace).max(5).default([]),
  /** `auto` reads JSON where the answer says that it is JSON. */
  answer: z.enum(['auto', 'json', 'text']).default('auto').meta({ title: 'Answer' }),
  /** Field for the text of an answer that is no data. */
  field: z.string().max(200).default('data').meta({ title: 'Field of a text' }),
  /** Status and headers go along: `{body, headers, statusCode}`. */
  full: z.boolean().default(false).meta({ title: 'With status and headers' }),
  /** Statuses of 400 and more are answers like any other. */
  anyStatus: z.boolean().default(false).meta({ title: 'Every status counts' }),
  pages: Pages.nullable().default(null).meta({ title: 'Pages' }),
  each: z.boolean().default(true).meta({ title: 'Once for each item' }),
  /** As a tool of an agent: its name, what it does, and the JSON Schema of its arguments, which templates see as `item`. */
  tool: z.strictObject({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), description: z.string().max(2_000).default(''), parameters: z.record(z.string(), z.unknown()) }).nullable().default(null),
});
type Config = z.output<typeof Config>;

export const httpForEach = defineNode({
  type: 'http.each',
  title: 'HTTP request for each item',
  description: 'Calls a web address for every item, with the credentials bound to it, page by page where asked, or lets an agent call it.',
  family: 'http',
  effect: true,
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'response' }, { name: 'text' }, { name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    if (config.tool !== null) return { tool: toolOf(context, config, config.tool) };
    const input = inputAt(inputs, 'input');
    const items = input === undefined ? [{}] : itemsOf(input);
    if (!config.each) return outputsOf(await answersFor(context, config, scopeFor(context, items, 0, wholeOf(input))));
    if (items.length > ITEMS_MAX) throw new NodeError('node-limit', `${items.length} items came in; a step makes at most ${ITEMS_MAX} requests.`);
    const results: unknown[] = [];
    const atOnce = /^(?:get|head)$/i.test(config.method.trim()) ? READS_AT_ONCE : 1;
    for (let start = 0; start < items.length; start += atOnce) {
      context.signal.throwIfAborted();
      results.push(...(await Promise.all(items.slice(start, start + atOnce).map(async (item, offset) => (await answersFor(context, config, scopeFor(context, items, start + offset))).map((one) => madeOf(one, item))))).flat());
    }
    return outputsOf(results);
  },
});

const outputsOf = (results: readonly unknown[]): Record<string, Value> => {
  const response = listOf(results);
  return { response, text: text(textOf(response)) };
};

function toolOf(context: NodeContext, config: Config, tool: NonNullable<Config['tool']>): Value {
  return {
    kind: 'tool',
    tool: {
      name: tool.name, description: tool.description, parameters: tool.parameters,
      call: async (given) => {
        const results = await answersFor(context, config, scopeFor(context, [isRow(given) ? given : {}], 0));
        return results.length === 1 ? { kind: 'json', json: results[0] } : listOf(results);
      },
    },
  };
}

/** Every answer for one item: a list among them becomes items of its own. */
async function answersFor(context: NodeContext, config: Config, scope: Scope): Promise<unknown[]> {
  if (config.pages === null) return itemsFrom(await send(context, config, scope, []), config);
  const { pages } = config;
  const results: unknown[] = [];
  let last: Answer | undefined;
  for (let index = 0; index < pages.max; index++) {
    const pageScope: Scope = { ...scope, loop: { index, ...(last === undefined ? {} : { last }) } };
    const next: string = last === undefined || pages.next === '' ? '' : scalarText(resolve(pages.next, pageScope));
    if (last !== undefined && pages.next !== '' && next === '') break;
    const changed = pages.parameters.map((one) => ({ ...one, value: resolve(one.value, pageScope) }));
    last = await send(context, next === '' ? config : { ...config, url: next, query: {} }, pageScope, changed);
    const found = itemsFrom(last, config);
    if (found.length === 0 || isEmptyAnswer(last.body)) break;
    results.push(...found);
    if (pages.until !== '' && resolve(pages.until, { ...scope, loop: { index: index + 1, last } }) === true) break;
    if (pages.next === '' && pages.parameters.length === 0) break;
  }
  return results;
}

type Answer = { body: unknown; headers: Readonly<Record<string, string>>; statusCode: number };

const isEmptyAnswer = (body: unknown): boolean => body === '' || body === null || (Array.isArray(body) && body.length === 0) || (isRow(body) && Object.keys(body).length === 0);

function itemsFrom(answer: Answer, { full, field }: Config): unknown[] {
  if (full) return [answer];
  const { body } = answer;
  if (Array.isArray(body)) return body;
  return [isRow(body) ? body : { [field]: body }];
}

interface Changed { in: 'query' | 'header' | 'body'; name: string; value: unknown }

async function send(context: NodeContext, config: Config, scope: Scope, changed: readonly Changed[]): Promise<Answer> {
  const method = scalarText(resolve(config.method, scope)).trim().toUpperCase() || 'GET';
  if (!/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)) throw new NodeError('node-config-invalid', `"${method.slice(0, 20)}" is no method of HTTP.`);
  const url = httpUrl(scalarText(resolve(config.url, scope)));
  const at = (place: Changed['in']): Row => Object.fromEntries(changed.filter((one) => one.in === place).map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries({ ...rowOf(resolve(config.query, scope)), ...at('query') })) addParameter(url, name, value);
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(config, resolve(config.body, scope), at('body'));
  const headers = headersOf({ ...rowOf(resolve(config.headers, scope)), ...at('header') }, body?.type);
  const response = await context.fetch(url.href, { method, headers, ...(body === undefined ? {} : { body: body.content }), ...(config.credentials.length === 0 ? {} : { credentials: config.credentials }) });
  if (response.status >= 400 && !config.anyStatus) throw new NodeError('node-http-failed', `${url.host} answered with status ${response.status}.`);
  const content = response.body.slice(0, BODY_CHARS_MAX);
  const isData = config.answer === 'json' || (config.answer === 'auto' && ((response.headers['content-type'] ?? '').includes('json') || /^\s*[[{]/.test(content)));
  const data = isData ? parseJson(content) : undefined;
  if (config.answer === 'json' && data === undefined && content.trim() !== '') throw new NodeError('node-output-invalid', `${url.host} did not answer with JSON.`);
  return { body: data ?? content, headers: response.headers, statusCode: response.status };
}

const rowOf = (value: unknown): Row => (isRow(value) ? value : {});

/** Lists are repeated, as most servers read them. */
function addParameter(url: URL, name: string, value: unknown): void {
  if (name === '' || value === undefined || value === null) return;
  for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, scalarText(one));
}

function bodyOf(config: Config, resolved: unknown, changed: Row): { content: string; type: string } | undefined {
  switch (config.bodyKind) {
    case 'none': return undefined;
    case 'text': return { content: scalarText(resolved), type: config.contentType || 'text/plain; charset=utf-8' };
    case 'form': return { content: new URLSearchParams(Object.entries({ ...rowOf(resolved), ...changed }).map(([name, value]): [string, string] => [name, scalarText(value)])).toString(), type: 'application/x-www-form-urlencoded' };
    case 'json': return { content: isRow(resolved) ? JSON.stringify({ ...resolved, ...changed }) : typeof resolved === 'string' && parseJson(resolved) !== undefined ? resolved : JSON.stringify(resolved ?? null), type: 'application/json' };
  }
}

function headersOf(given: Row, bodyType: string | undefined): Record<string, string> {
  const headers = new Map<string, string>(bodyType === undefined ? [] : [['content-type', bodyType]]);
  for (const [written, value] of Object.entries(given)) {
    const name = written.trim().toLowerCase();
    const content = scalarText(value);
    if (name === '' || name === 'content-length' || name === 'host') continue;
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || /[\r\n\0]/.test(content) || FRAMING.has(name)) throw new NodeError('node-config-invalid', `The header "${written.slice(0, 50)}" cannot be set.`);
    headers.set(name, content);
  }
  return Object.fromEntries(headers);
}
