import type { RestConfig } from '../contract/rest.ts';
import { jsonOf, shapeOf } from '../http/json-answer.ts';
import type { SourceAnswer, SourceHttp } from '../http/source-http.ts';
import { SourceError } from '../source-reader.ts';
import type { RestAuth } from './rest-auth.ts';
import { pathOf, type RestRecords } from './rest-records.ts';

/** One answer of the API. */
export type RestPage =
  | { type: 'records'; address: string; url: URL; records: readonly unknown[]; etag: string | null; next: URL | null }
  /** The server says that it is as it was. */
  | { type: 'unchanged'; address: string }
  /** Following the pages ended before their end, for this reason. */
  | { type: 'broken-off'; reason: string };

/** What is known of a page from the last time. */
export interface KnownPage { etag: string; next: string | null }

export interface RestPagesParts {
  config: RestConfig;
  http: SourceHttp;
  auth: RestAuth;
  records: RestRecords;
  /** The page at an address as it was last time, if it may be asked for by its ETag. */
  known(address: string): Promise<KnownPage | null>;
}

const PAGES_MAX = 10_000;

/**
 * The pages of a list, one after the other: by an address or cursor in the answer, a `Link` header (RFC 8288), or a number
 * that counts up. Never another host, never a page twice. Throws {@link SourceError} when the first cannot be read.
 */
export async function* restPages({ config, http, auth, records, known }: RestPagesParts): AsyncGenerator<RestPage> {
  const start = firstPage(config);
  const next = nextPage(config);
  const visited = new Set<string>();
  let url: URL | null = start;
  for (let page = 1; url !== null; page += 1) {
    const address = url.href;
    if (visited.has(address)) return yield { type: 'broken-off', reason: `Page ${page} is one that was read before: the API leads in a circle.` };
    if (page > PAGES_MAX) return yield { type: 'broken-off', reason: `Reading ended after ${PAGES_MAX} pages.` };
    visited.add(address);
    const before = await known(address);
    let found: RestPage;
    try {
      const answer = await ask(url, before?.etag ?? null, page > 1 && config.paging !== 'answer');
      if (answer === null) return;
      if (answer.status === 304 && before) {
        found = { type: 'unchanged', address };
        url = before.next === null ? null : new URL(before.next);
      } else {
        found = read(answer, address, page);
        if (found.type === 'records') url = found.next;
      }
    } catch (error) {
      // What came so far is kept, and the next reading tries again.
      if (page === 1 || !(error instanceof SourceError)) throw error;
      return yield { type: 'broken-off', reason: `Page ${page} could not be read. ${error.message}` };
    }
    yield found;
  }

  /** Null where a number was counted past the last page. */
  async function ask(page: URL, etag: string | null, mayBePast: boolean): Promise<SourceAnswer | null> {
    const refused = mayBePast ? [304, 400, 401, 404] : [304, 401];
    for (let tried = 0; ; tried += 1) {
      const { url: signed, headers } = await auth.sign(page);
      const again = tried === 0 && config.auth === 'oauth2';
      const answer = await http.send({ url: signed, headers: { ...headers, ...(etag === null ? {} : { 'if-none-match': etag }) }, expected: again ? refused : refused.filter((status) => status !== 401) });
      if (answer.status === 401 && auth.renew()) continue;
      return answer.status === 400 || answer.status === 404 ? null : answer;
    }
  }

  function read(answer: SourceAnswer, address: string, page: number): Extract<RestPage, { type: 'records' }> {
    const body = jsonOf(answer);
    const found = records.of(body);
    if (found === null && page === 1) throw nothingAt(config.records, body);
    const list = found ?? [];
    // Addresses are told without the credentials that were sent with them.
    const from = new URL(address);
    return { type: 'records', address, url: from, records: list, etag: answer.header('etag'), next: list.length === 0 ? null : next({ body, answer, from, count: list.length, start }) };
  }
}

function nothingAt(path: string, body: unknown): SourceError {
  const list = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body).find(([, value]) => Array.isArray(value))?.[0] : undefined;
  return new SourceError('settings', `“${path}” finds nothing in the answer, which is ${shapeOf(body)}. Write where its records are${list === undefined ? '' : `, such as $.${list.slice(0, 40)}`}.`);
}

interface PageEnd { body: unknown; answer: SourceAnswer; from: URL; count: number; start: URL }

const parameterOf = ({ paging, nextParameter }: RestConfig): string => (nextParameter !== '' || paging === 'answer' ? nextParameter : paging);

function firstPage(config: RestConfig): URL {
  const url = new URL(config.url);
  url.hash = '';
  if (config.paging !== 'answer' && !url.searchParams.has(parameterOf(config))) url.searchParams.set(parameterOf(config), config.paging === 'page' ? '1' : '0');
  return url;
}

/** Where the next page is; null at the end. */
function nextPage(config: RestConfig): (page: PageEnd) => URL | null {
  const parameter = parameterOf(config);
  if (config.paging !== 'answer') {
    return ({ from, count }) => withParameter(from, parameter, String(Number(from.searchParams.get(parameter) ?? 0) + (config.paging === 'page' ? 1 : count)));
  }
  const path = config.nextField === '' ? null : pathOf('Next page', config.nextField);
  return ({ body, answer, from, start }) => {
    const [value] = path ? path(body) : [linkedNext(answer.header('link'))];
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return null;
    if (path && parameter !== '') return withParameter(from, parameter, String(value));
    return sameHost(String(value), from, start, config);
  };
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value.slice(0, 4_000));
  return next;
}

/** The credentials were given for one host, and go to no other. */
function sameHost(written: string, from: URL, start: URL, { auth, keyIn, keyName }: RestConfig): URL {
  if (!URL.canParse(written, from.href)) throw new SourceError('settings', 'What stands at “Next page” is no address. Where it is a cursor, write the parameter it goes into.');
  const next = new URL(written, from);
  if (next.host !== start.host || !/^https?:$/.test(next.protocol) || (start.protocol === 'https:' && next.protocol !== 'https:') || next.username !== '') {
    throw new SourceError('settings', `The next page is at ${next.host === start.host ? 'an unencrypted address' : `another host (${next.host.slice(0, 100)})`}. Pages are followed on ${start.host} only.`);
  }
  next.hash = '';
  // Many APIs repeat the key in the address of the next page.
  if (auth === 'api_key' && keyIn === 'query') next.searchParams.delete(keyName);
  return next;
}

/** The address of `rel=next` in a Link header. */
function linkedNext(header: string | null): string {
  for (const [, target = '', parameters = ''] of (header ?? '').slice(0, 20_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
    if ((relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return '';
}
