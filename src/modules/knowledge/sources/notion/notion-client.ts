import { z } from 'zod';
import { HostPace } from '../http/host-pace.ts';
import { jsonOf } from '../http/json-answer.ts';
import { createSourceHttp, headerValue, type SourceHttp, type SourceHttpParts } from '../http/source-http.ts';
import { SourceError } from '../source-reader.ts';

/** What something lies in. `block_id` is a page or a part of one. */
const Parent = z.object({ type: z.string(), page_id: z.string().optional(), block_id: z.string().optional(), database_id: z.string().optional(), data_source_id: z.string().optional() });
export type NotionParent = z.infer<typeof Parent>;

const Trash = { in_trash: z.boolean().optional(), archived: z.boolean().optional() };

export const NotionPage = z.object({
  object: z.literal('page'), id: z.string(), url: z.string().nullish(), public_url: z.string().nullish(), last_edited_time: z.string(), parent: Parent, properties: z.record(z.string(), z.unknown()).default({}), ...Trash,
});
export type NotionPage = z.infer<typeof NotionPage>;

/** A table of a database; its entries are pages. */
export const NotionDataSource = z.object({ object: z.literal('data_source'), id: z.string(), parent: Parent, database_parent: Parent.optional(), ...Trash });
export type NotionDataSource = z.infer<typeof NotionDataSource>;

const Database = z.object({ object: z.literal('database'), id: z.string(), data_sources: z.array(z.object({ id: z.string() })).default([]), ...Trash });

export const NotionBlock = z.object({ id: z.string(), type: z.string(), has_children: z.boolean().default(false), parent: Parent.optional(), ...Trash }).loose();
export type NotionBlock = z.infer<typeof NotionBlock>;

const List = z.object({ results: z.array(z.unknown()), has_more: z.boolean().default(false), next_cursor: z.string().nullish() });

/** Reads a workspace over Notion's API. What an integration may not see is null, like what does not exist. */
export interface NotionClient {
  page(id: string): Promise<NotionPage | null>;
  /** The tables of a database. */
  database(id: string): Promise<readonly string[] | null>;
  dataSource(id: string): Promise<NotionDataSource | null>;
  block(id: string): Promise<NotionBlock | null>;
  /** Everything the integration may read, as far as Notion's search knows it; it lags behind. */
  search(): AsyncGenerator<NotionPage | NotionDataSource>;
  /** The first pages that were edited, newest first. */
  newest(count: number): Promise<{ pages: NotionPage[]; more: boolean }>;
  entries(dataSourceId: string): AsyncGenerator<NotionPage>;
  children(blockId: string): AsyncGenerator<NotionBlock>;
}

export interface NotionClientParts extends Omit<SourceHttpParts, 'secrets' | 'hints' | 'inTurn'> { baseUrl: string; token: string; pauseMs: number }

const VERSION = '2026-03-11';
const PAGE_SIZE = 100;
const HINTS = {
  400: 'Notion does not understand the request. Check the addresses of the pages.',
  401: 'Notion does not know this secret. Copy it again from the settings of the integration.',
  403: 'The integration may not read content. Allow that among its capabilities in Notion.',
  404: 'It does not exist, or is not shared with the integration. In Notion, open it, choose ••• and Connections, and add the integration.',
  429: 'Notion was asked too often. Try again in some minutes.',
};

export function createNotionClient({ baseUrl, token, pauseMs, ...parts }: NotionClientParts): NotionClient {
  // Notion counts how often it is asked, not how many requests are under way.
  const pace = new HostPace({ atOnceMax: Infinity, pauseMs });
  const http = createSourceHttp({ ...parts, secrets: () => [token], hints: HINTS, inTurn: async (request) => pace.run(request, parts.signal) });
  const headers = { authorization: headerValue(`Bearer ${token}`, 'The secret'), 'notion-version': VERSION };
  const at = (path: string): URL => new URL(`/v1/${path}`, baseUrl);

  async function found<Output>(path: string, schema: z.ZodType<Output>): Promise<Output | null> {
    // An id of another kind of thing is a validation error.
    const answer = await http.send({ url: at(path), headers, expected: [400, 404] });
    return answer.status === 200 ? schema.safeParse(jsonOf(answer)).data ?? null : null;
  }

  async function post(path: string, body: object): Promise<z.infer<typeof List>> {
    return listOf(await http.send({ url: at(path), method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }));
  }

  async function* all<Output>(schema: z.ZodType<Output>, next: (cursor: string | undefined) => Promise<z.infer<typeof List>>): AsyncGenerator<Output> {
    const seen = new Set<string>();
    for (let cursor: string | undefined; ;) {
      const { results, has_more: hasMore, next_cursor: after } = await next(cursor);
      for (const result of results) {
        const read = schema.safeParse(result);
        if (read.success) yield read.data;
      }
      if (!hasMore || !after || seen.has(after)) return;
      seen.add(after);
      cursor = after;
    }
  }

  return {
    page: async (id) => found(`pages/${encodeURIComponent(id)}`, NotionPage),
    database: async (id) => (await found(`databases/${encodeURIComponent(id)}`, Database))?.data_sources.map((source) => source.id) ?? null,
    dataSource: async (id) => found(`data_sources/${encodeURIComponent(id)}`, NotionDataSource),
    block: async (id) => found(`blocks/${encodeURIComponent(id)}`, NotionBlock),
    search: () => all(z.union([NotionPage, NotionDataSource]), async (cursor) => post('search', { page_size: PAGE_SIZE, ...(cursor === undefined ? {} : { start_cursor: cursor }) })),
    async newest(count) {
      const { results, has_more: more } = await post('search', { page_size: count, filter: { property: 'object', value: 'page' }, sort: { timestamp: 'last_edited_time', direction: 'descending' } });
      return { pages: results.flatMap((result) => NotionPage.safeParse(result).data ?? []), more };
    },
    entries: (id) => all(NotionPage, async (cursor) => post(`data_sources/${encodeURIComponent(id)}/query`, { page_size: PAGE_SIZE, ...(cursor === undefined ? {} : { start_cursor: cursor }) })),
    children: (id) => all(NotionBlock, async (cursor) => {
      const url = at(`blocks/${encodeURIComponent(id)}/children`);
      url.searchParams.set('page_size', String(PAGE_SIZE));
      if (cursor !== undefined) url.searchParams.set('start_cursor', cursor);
      return listOf(await http.send({ url, headers }));
    }),
  };
}

function listOf(answer: Awaited<ReturnType<SourceHttp['send']>>): z.infer<typeof List> {
  const list = List.safeParse(jsonOf(answer));
  if (!list.success) throw new SourceError('unexpected', `${answer.url.host} answered with something that is no list. Try again later.`);
  return list.data;
}

export const isTrashed = ({ in_trash: inTrash, archived }: { in_trash?: boolean | undefined; archived?: boolean | undefined }): boolean => inTrash === true || archived === true;

/** Ids are written with and without dashes. */
export const plainId = (id: string): string => id.replaceAll('-', '').toLowerCase();
