import { startLoopback, type LoopbackAnswer, type LoopbackCall } from './loopback.ts';

interface HeldPage { id: string; title: string; space: string; version: number; storage: string; labels: string[]; restricted: boolean }

/** Results of one answer, so that a few things take several pages. */
const PAGE_SIZE = 2;

/**
 * A Confluence on the loopback that speaks the wire of its API: in the cloud the second version below `/wiki`, with e-mail
 * and token; on a server of one's own the first version below `/confluence`, with a token alone.
 */
export async function startConfluenceDouble(kind: 'cloud' | 'server', token: string) {
  const isCloud = kind === 'cloud';
  const path = isCloud ? '/wiki' : '/confluence';
  const authorization = isCloud ? `Basic ${Buffer.from(`ada@acme.example:${token}`).toString('base64')}` : `Bearer ${token}`;
  const spaces = new Map<string, string>();
  let pages: HeldPage[] = [];
  let faults: (LoopbackAnswer | null)[] = [];

  const listed = <Item>(all: Item[], url: URL, present: (item: Item) => unknown): LoopbackAnswer => {
    const from = Number(url.searchParams.get(isCloud ? 'cursor' : 'start')?.replace('c-', '') ?? 0);
    const next = new URL(url);
    next.searchParams.set(isCloud ? 'cursor' : 'start', `${isCloud ? 'c-' : ''}${from + PAGE_SIZE}`);
    const links = { base: `${url.origin}${path}`, ...(all.length > from + PAGE_SIZE ? { next: isCloud ? `${next.pathname}${next.search}` : `${next.pathname.replace(path, '')}${next.search}` } : {}) };
    return { body: { results: all.slice(from, from + PAGE_SIZE).map(present), _links: links, ...(isCloud ? {} : { start: from, limit: PAGE_SIZE, size: PAGE_SIZE }) } };
  };
  const webui = ({ space, id, title }: HeldPage): string => (isCloud ? `/spaces/${space}/pages/${id}/${title.replaceAll(' ', '+')}` : `/display/${space}/${title.replaceAll(' ', '+')}`);
  const missing: LoopbackAnswer = { status: 404, body: isCloud ? { errors: [{ status: 404, code: 'NOT_FOUND', title: 'Not Found' }] } : { statusCode: 404, message: 'No content found' } };

  function answerCloud(url: URL): LoopbackAnswer {
    const [, list, id] = /\/api\/v2\/(spaces|pages)(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (list === 'spaces') {
      const keys = url.searchParams.get('keys')?.split(',');
      return listed([...spaces].filter(([key]) => !keys || keys.includes(key)), url, ([key, spaceId]) => ({ id: spaceId, key, name: key, status: 'current' }));
    }
    if (list !== 'pages') return missing;
    const page = pages.find((one) => one.id === id && !one.restricted);
    if (id !== undefined) return page ? { body: { id: page.id, title: page.title, version: { number: page.version }, ...(url.searchParams.get('body-format') === 'storage' ? { body: { storage: { representation: 'storage', value: page.storage } } } : { body: {} }), ...(url.searchParams.get('include-labels') === 'true' ? { labels: { results: page.labels.map((name) => ({ name, prefix: 'global' })) } } : {}) } } : missing;
    const wanted = url.searchParams.get('space-id')?.split(',');
    return listed(pages.filter((one) => !one.restricted && (!wanted || wanted.includes(spaces.get(one.space) ?? ''))), url, (one) => ({ id: one.id, status: 'current', title: one.title, spaceId: spaces.get(one.space), version: { number: one.version }, _links: { webui: webui(one) } }));
  }

  function answerServer(url: URL): LoopbackAnswer {
    if (url.pathname.includes('/api/v2/')) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Page Not Found</html>' };
    const [, list, id] = /\/rest\/api\/(space|content)(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (list === 'space') return id !== undefined && spaces.has(id) ? { body: { id: Number(spaces.get(id)), key: id } } : missing;
    if (list !== 'content') return missing;
    const page = pages.find((one) => one.id === id && !one.restricted);
    if (id !== undefined) return page ? { body: { id: page.id, type: 'page', title: page.title, body: { storage: { value: page.storage, representation: 'storage' } }, metadata: { labels: { results: page.labels.map((name) => ({ name, prefix: 'global', id: '1' })) } } } } : missing;
    const key = url.searchParams.get('spaceKey');
    return listed(pages.filter((one) => !one.restricted && (key === null || one.space === key)), url, (one) => ({ id: one.id, type: 'page', status: 'current', title: one.title, space: { id: 1, key: one.space }, version: { number: one.version }, _links: { webui: webui(one) } }));
  }

  function answer({ url, headers }: LoopbackCall): LoopbackAnswer {
    const fault = faults.shift();
    if (fault) return fault;
    if (!url.pathname.startsWith(`${path}/`)) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' };
    if (headers.authorization !== authorization) return { status: 401, headers: { 'content-type': 'application/json' }, body: { message: `Client must be authenticated to access this resource: ${headers.authorization}` } };
    return isCloud ? answerCloud(url) : answerServer(url);
  }

  const server = await startLoopback(answer);
  return {
    ...server, url: `${server.url}${path}`, user: isCloud ? 'ada@acme.example' : '',
    /** The next answers, whatever is asked; null answers as always. */
    failWith: (...answers: (LoopbackAnswer | null)[]) => { faults = answers; },
    asked: () => server.calls.splice(0).map(({ url }) => url.pathname.replace(path, '')),
    space: (key: string) => { spaces.set(key, String(100 + spaces.size)); },
    /** Adds a page, or replaces it with a new version. */
    page(id: number, title: string, storage: string, { space = 'DOCS', labels = [], restricted = false, version = 1 }: Partial<Omit<HeldPage, 'id' | 'title' | 'storage'>> = {}) {
      pages = [...pages.filter((one) => one.id !== String(id)), { id: String(id), title, storage, space, labels, restricted, version }];
    },
    remove: (id: number) => { pages = pages.filter((one) => one.id !== String(id)); },
  };
}
