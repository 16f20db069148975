import { z } from 'zod';
import { jsonOf } from '../http/json-answer.ts';
import type { SourceAnswer, SourceHttp } from '../http/source-http.ts';
import { SourceError } from '../source-reader.ts';

export interface ConfluencePage { id: string; title: string; version: number; url: string | null; space: string | null }
export interface ConfluenceBody { storage: string; labels: string[] }

/** Reads a Confluence. What may not be read is absent, like what does not exist. */
export interface ConfluenceApi {
  /** Current pages of all spaces, or of those with these keys; `missing` is told the keys that do not exist. */
  pages(keys: readonly string[], missing: (key: string) => void): AsyncGenerator<ConfluencePage>;
  body(id: string): Promise<ConfluenceBody | null>;
}

/** Where a Confluence is and how to ask it. */
export interface ConfluencePlace { http: SourceHttp; base: URL; headers: Record<string, string> }

const Links = z.object({ next: z.string().optional(), base: z.string().optional(), webui: z.string().optional() }).default({});
const Id = z.union([z.string(), z.number()]).transform(String);
const Version = z.object({ number: z.number() }).default({ number: 0 });
const Labels = z.object({ results: z.array(z.object({ name: z.string() })).default([]) }).optional();
const List = z.object({ results: z.array(z.unknown()), _links: Links });
const Space = z.object({ id: Id, key: z.string() });
const Page = z.object({ id: Id, title: z.string(), version: Version, space: z.object({ key: z.string() }).optional(), _links: Links });
const Body = z.object({ storage: z.object({ value: z.string() }).optional() }).default({});

const PAGE_SIZE = 100;
const SPACES_AT_ONCE = 50;
/** One page with its content, which is turned into HTML in the server's own process. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** The second version of the API, or the first where that is all there is. Throws {@link SourceError}. */
export async function openConfluence(place: ConfluencePlace): Promise<ConfluenceApi> {
  const probe = await place.http.send({ url: at(place, 'api/v2/spaces', { limit: '1' }), headers: place.headers, expected: [400, 403, 404, 405, 410] });
  return probe.status === 200 && isList(probe) ? secondVersion(place) : firstVersion(place);
}

function secondVersion(place: ConfluencePlace): ConfluenceApi {
  return {
    async* pages(keys, missing) {
      const ids: string[] = [];
      for (let from = 0; from < keys.length; from += SPACES_AT_ONCE) {
        const asked = keys.slice(from, from + SPACES_AT_ONCE);
        const found = new Map<string, string>();
        for await (const { item } of all(place, 'api/v2/spaces', { keys: asked.join(','), limit: String(PAGE_SIZE) }, Space)) found.set(item.key.toLowerCase(), item.id);
        for (const key of asked) if (!found.has(key.toLowerCase())) missing(key);
        ids.push(...found.values());
      }
      if (keys.length > 0 && ids.length === 0) return;
      for (let from = 0; from < Math.max(1, ids.length); from += SPACES_AT_ONCE) {
        const some = ids.slice(from, from + SPACES_AT_ONCE);
        yield* pagesFrom(place, 'api/v2/pages', { status: 'current', sort: 'id', limit: String(PAGE_SIZE), ...(some.length > 0 ? { 'space-id': some.join(',') } : {}) });
      }
    },
    async body(id) {
      const answer = await place.http.send({ url: at(place, `api/v2/pages/${encodeURIComponent(id)}`, { 'body-format': 'storage', 'include-labels': 'true' }), headers: place.headers, bytesMax: BODY_BYTES_MAX, expected: [403, 404] });
      const read = answer.status === 200 ? z.object({ body: Body, labels: Labels }).safeParse(jsonOf(answer)).data : undefined;
      return read ? { storage: read.body.storage?.value ?? '', labels: (read.labels?.results ?? []).map(({ name }) => name) } : null;
    },
  };
}

function firstVersion(place: ConfluencePlace): ConfluenceApi {
  return {
    async* pages(keys, missing) {
      const query = { type: 'page', status: 'current', expand: 'version,space', limit: String(PAGE_SIZE) };
      if (keys.length === 0) yield* pagesFrom(place, 'rest/api/content', query);
      for (const key of keys) {
        const space = await place.http.send({ url: at(place, `rest/api/space/${encodeURIComponent(key)}`, {}), headers: place.headers, expected: [403, 404] });
        if (space.status === 200) yield* pagesFrom(place, 'rest/api/content', { ...query, spaceKey: key });
        else missing(key);
      }
    },
    async body(id) {
      const answer = await place.http.send({ url: at(place, `rest/api/content/${encodeURIComponent(id)}`, { expand: 'body.storage,metadata.labels' }), headers: place.headers, bytesMax: BODY_BYTES_MAX, expected: [403, 404] });
      const read = answer.status === 200 ? z.object({ body: Body, metadata: z.object({ labels: Labels }).optional() }).safeParse(jsonOf(answer)).data : undefined;
      return read ? { storage: read.body.storage?.value ?? '', labels: (read.metadata?.labels?.results ?? []).map(({ name }) => name) } : null;
    },
  };
}

async function* pagesFrom(place: ConfluencePlace, path: string, query: Record<string, string>): AsyncGenerator<ConfluencePage> {
  for await (const { item, base } of all(place, path, query, Page)) {
    const web = item._links.webui;
    const url = web === undefined ? null : webAddress(base ?? place.base.href, web);
    yield { id: item.id, title: item.title, version: item.version.number, url, space: item.space?.key ?? /\/(?:spaces|display)\/([^/]+)/.exec(web ?? '')?.[1] ?? null };
  }
}

/** All items of a list. Of the address of the next page only its query counts, so that no answer leads elsewhere. */
async function* all<Output>(place: ConfluencePlace, path: string, query: Record<string, string>, schema: z.ZodType<Output>): AsyncGenerator<{ item: Output; base: string | undefined }> {
  const seen = new Set<string>();
  for (let url: URL | null = at(place, path, query); url !== null && !seen.has(url.href);) {
    seen.add(url.href);
    const answer = await place.http.send({ url, headers: place.headers });
    const { results, _links: links } = listOf(answer);
    for (const result of results) {
      const read = schema.safeParse(result);
      if (read.success) yield { item: read.data, base: links.base };
    }
    if (results.length === 0 || links.next === undefined || !URL.canParse(links.next, place.base.href)) return;
    const next: URL = at(place, path, {});
    next.search = new URL(links.next, place.base).search;
    url = next;
  }
}

function at({ base }: ConfluencePlace, path: string, query: Record<string, string>): URL {
  const url = new URL(`${base.href.replace(/\/+$/, '')}/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function webAddress(base: string, web: string): string | null {
  const written = `${base.replace(/\/+$/, '')}/${web.replace(/^\/+/, '')}`;
  return /^https?:\/\//i.test(written) && URL.canParse(written) ? new URL(written).href : null;
}

function listOf(answer: SourceAnswer): z.infer<typeof List> {
  const list = List.safeParse(jsonOf(answer));
  if (!list.success) throw new SourceError('unexpected', `${answer.url.host} answered, but not as a Confluence does. Write the address of Confluence, such as https://acme.atlassian.net/wiki.`);
  return list.data;
}

function isList(answer: SourceAnswer): boolean {
  try {
    return List.safeParse(jsonOf(answer)).success;
  } catch {
    return false; // a page for browsers, such as one to sign in
  }
}
