import { z } from 'zod';
import { startLoopback, type LoopbackAnswer, type LoopbackCall } from './loopback.ts';

type Json = Record<string, unknown>;
interface HeldPage { page: Json; searched: boolean }

/** Results of one answer, so that a few things take several pages. */
const PAGE_SIZE = 3;

/** An id as Notion writes it, from a number. */
export const notionId = (n: number): string => `${String(n).padStart(8, '0')}-aaaa-4bbb-8ccc-${String(n).padStart(12, '0')}`;
export const richText = (text: string, annotations: Json = {}, href: string | null = null): Json => ({ type: 'text', plain_text: text, href, annotations: { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default', ...annotations } });

/** A Notion that speaks the wire of its API on the loopback: versions, secrets, pages of lists, refusals, search that lags behind. */
export async function startNotionDouble(token: string) {
  const pages = new Map<string, HeldPage>();
  const sources = new Map<string, Json>();
  const databases = new Map<string, Json>();
  const blocks = new Map<string, Json>();
  const children = new Map<string, string[]>();
  let faults: (LoopbackAnswer | null)[] = [];
  let nextBlock = 900_000;

  const refused = (status: number, code: string, message: string): LoopbackAnswer => ({ status, body: { object: 'error', status, code, message, request_id: 'r' } });
  const found = (thing: Json | undefined, kind: string, id: string): LoopbackAnswer => (thing ? { body: thing } : refused(404, 'object_not_found', `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`));
  const listed = (all: Json[], cursor: string | null | undefined): LoopbackAnswer => {
    const from = cursor ? Number(Buffer.from(cursor, 'base64').toString()) : 0;
    if (!Number.isInteger(from)) return refused(400, 'validation_error', 'start_cursor is wrong');
    const more = all.length > from + PAGE_SIZE;
    return { body: { object: 'list', results: all.slice(from, from + PAGE_SIZE), has_more: more, next_cursor: more ? Buffer.from(String(from + PAGE_SIZE)).toString('base64') : null } };
  };

  function answer({ method, url, headers, body }: LoopbackCall): LoopbackAnswer {
    const fault = faults.shift();
    if (fault) return fault;
    if (headers.authorization !== `Bearer ${token}`) return refused(401, 'unauthorized', `API token is invalid: ${headers.authorization}`);
    if (!/^\d{4}-\d\d-\d\d$/.test(String(headers['notion-version']))) return refused(400, 'missing_version', 'Notion-Version header should be defined.');
    const [, kind = '', id = '', rest = ''] = /^\/v1\/([a-z_]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(url.pathname) ?? [];
    const asked: { start_cursor?: string; filter?: { value: string }; page_size?: number } = method === 'POST' ? JSON.parse(body) : {};
    if ((asked.page_size ?? 1) > 100) return refused(400, 'validation_error', 'page_size should be at most 100');
    switch (`${method} ${kind} ${rest}`.trim()) {
      case 'POST search': {
        const all: Json[] = [...[...pages.values()].filter(({ page, searched }) => searched && page.in_trash !== true).map(({ page }) => page), ...sources.values()];
        return listed(asked.filter ? all.filter(({ object }) => object === asked.filter?.value) : all, asked.start_cursor);
      }
      case 'POST data_sources query': return sources.has(id) ? listed([...pages.values()].map(({ page }) => page).filter(({ parent }) => JSON.stringify(parent).includes(`"data_source_id":"${id}"`)), asked.start_cursor) : found(undefined, 'data source', id);
      case 'GET pages': return found(pages.get(id)?.page, 'page', id);
      case 'GET databases': return found(databases.get(id), 'database', id);
      case 'GET data_sources': return found(sources.get(id), 'data source', id);
      case 'GET blocks': return found(blocks.get(id), 'block', id);
      case 'GET blocks children': return children.has(id) ? listed((children.get(id) ?? []).map((child) => blocks.get(child)).filter((one) => one !== undefined), url.searchParams.get('start_cursor')) : found(undefined, 'block', id);
      default: return refused(400, 'invalid_request_url', 'Invalid request URL.');
    }
  }

  const server = await startLoopback(answer);
  const put = (parent: string, held: readonly Json[]): void => {
    children.set(parent, held.map((one) => {
      const id = typeof one.id === 'string' ? one.id : notionId(nextBlock += 1);
      const { inside, ...block } = one;
      blocks.set(id, { object: 'block', id, parent: { type: pages.has(parent) ? 'page_id' : 'block_id', [pages.has(parent) ? 'page_id' : 'block_id']: parent }, has_children: Array.isArray(inside), in_trash: false, ...block });
      const below = z.array(z.record(z.string(), z.unknown())).safeParse(inside);
      if (below.success) put(id, below.data);
      return id;
    }));
  };

  return {
    ...server,
    /** The next answers, whatever is asked; null answers as always. */
    failWith: (...answers: (LoopbackAnswer | null)[]) => { faults = answers; },
    asked: () => server.calls.splice(0).map(({ method, url }) => `${method} ${url.pathname.replace('/v1/', '')}`),
    page(n: number, title: string, content: Json[], more: { parent?: Json; edited?: string; trashed?: boolean; searched?: boolean; properties?: Json; public?: string } = {}) {
      const id = notionId(n);
      const { parent = { type: 'workspace', workspace: true }, edited = '2026-01-02T03:04:00.000Z', trashed = false, searched = true, properties = {}, public: open = null } = more;
      pages.set(id, { searched, page: { object: 'page', id, url: `https://www.notion.so/${title.replaceAll(' ', '-')}-${id.replaceAll('-', '')}`, public_url: open, created_time: edited, last_edited_time: edited, in_trash: trashed, parent, properties: { Name: { id: 'title', type: 'title', title: [richText(title)] }, ...properties } } });
      put(id, content);
      return id;
    },
    remove: (n: number) => { pages.delete(notionId(n)); children.delete(notionId(n)); },
    database(n: number, parent: Json) {
      const [id, source] = [notionId(n), notionId(n + 1)];
      databases.set(id, { object: 'database', id, parent, in_trash: false, title: [], data_sources: [{ id: source, name: 'Table' }] });
      sources.set(source, { object: 'data_source', id: source, parent: { type: 'database_id', database_id: id }, database_parent: parent, in_trash: false, title: [], properties: {} });
      return { id, source };
    },
  };
}

/** A block of a kind; what is inside it comes with it. */
export const notionBlock = (type: string, value: Json | string, inside?: Json[]): Json => ({ type, [type]: typeof value === 'string' ? { rich_text: [richText(value)], color: 'default' } : value, ...(inside ? { inside } : {}) });
