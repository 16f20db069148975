import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createEgress, type Egress } from '#platform/egress/egress.ts';
import { WebsiteConfig } from '../../contract/website.ts';
import type { Found, FoundDocument, ReadContext } from '../../source-reader.ts';
import { CRAWL_LIMITS, type CrawlLimits } from '../crawl-limits.ts';
import { createWebsiteSource } from '../website-source.ts';

interface DoubleAnswer { status?: number; headers?: Record<string, string | string[]>; body?: string | Buffer }
export type DoublePage = string | DoubleAnswer | ((request: IncomingMessage, response: ServerResponse) => void);

/** A website on the loopback. Pages are by path and query; anything else is 404. They may be changed while it runs. */
export interface SiteDouble {
  url: string;
  host: string;
  pages: Record<string, DoublePage>;
  requests: { path: string; headers: IncomingHttpHeaders; at: number }[];
  /** What was asked for since the last time, robots.txt and sitemap.xml aside. */
  asked(): string[];
  close(): Promise<void>;
}

const open: SiteDouble[] = [];
/** Ends every site that was started since the last time: after each test. */
export const closeSites = async (): Promise<void> => { await Promise.all(open.splice(0).map(async (site) => site.close())); };

export async function startSite(pages: Record<string, DoublePage> = {}): Promise<SiteDouble> {
  const requests: SiteDouble['requests'] = [];
  let looked = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ path, headers: request.headers, at: performance.now() });
    const page = Object.hasOwn(site.pages, path) ? site.pages[path] : site.pages['*'];
    if (typeof page === 'function') return page(request, response);
    const { status = 200, headers = {}, body = '' } = page === undefined ? { status: 404, body: 'not here' } : typeof page === 'string' ? { body: page } : page;
    response.writeHead(status, { ...(status === 200 && headers['content-type'] === undefined ? { 'content-type': path === '/robots.txt' ? 'text/plain' : 'text/html; charset=utf-8' } : {}), ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const site: SiteDouble = {
    url: `http://${host}`, host, pages, requests,
    asked() {
      const paths = requests.slice(looked).map(({ path }) => path).filter((path) => path !== '/robots.txt' && path !== '/sitemap.xml');
      looked = requests.length;
      return paths;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
  open.push(site);
  return site;
}

/** A page with a title, words of its own and links. */
export const page = (title: string, links: readonly string[] = [], { head = '', text = `These are the words of the page about ${title}.` } = {}): string =>
  `<!doctype html><html><head><title>${title}</title>${head}</head><body><h1>${title}</h1><p>${text}</p>${links.map((link) => `<a href="${link}">on</a>`).join(' ')}</body></html>`;

/** Without pauses, so that tests are fast. */
export const FAST: CrawlLimits = { ...CRAWL_LIMITS, pauseMs: 0, retryWaitMaxMs: 2000 };

export interface Reading {
  /** Paths of what is new or changed, in order. */
  documents: string[];
  unchanged: string[];
  problems: Record<string, string>;
  incomplete: string | null;
  /** The last words of progress. */
  words: string;
  found: FoundDocument[];
}

interface ReaderOptions { limits?: Partial<CrawlLimits>; egress?: Egress; documentsMax?: number; depthMax?: number; bytesMax?: number; signal?: AbortSignal }

/** Reads a site as the caller of readers does: keeps fingerprints and, after a whole reading, the checkpoint. */
export class SiteReaderDouble {
  #config: WebsiteConfig;
  readonly #options: ReaderOptions;
  readonly #kept = new Map<string, string | null>();
  readonly #origin: string;
  readonly #egress: Egress;
  checkpoint: Record<string, unknown> | null = null;

  constructor(config: Partial<WebsiteConfig> & { url: string }, options: ReaderOptions = {}) {
    this.#config = WebsiteConfig.parse({ depth: 5, ...config });
    this.#options = options;
    this.#origin = new URL(config.url).origin;
    this.#egress = options.egress ?? createEgress([new URL(config.url).host]);
  }

  /** The buyer changes the settings between two readings. */
  change(config: Partial<WebsiteConfig>): void {
    this.#config = { ...this.#config, ...config };
  }

  context(remember: (checkpoint: Record<string, unknown>) => void = () => {}): ReadContext<WebsiteConfig, Record<string, never>> {
    const { documentsMax = 1000, depthMax = 10, bytesMax = 5_000_000, signal = new AbortController().signal } = this.#options;
    return {
      config: this.#config, secrets: {}, egress: this.#egress, signal, documentsMax, depthMax, bytesMax, now: () => new Date(), checkpoint: this.checkpoint, remember,
      known: async (ids) => new Map(ids.flatMap((id) => (this.#kept.has(id) ? [[id, this.#kept.get(id) ?? null]] : []))),
    };
  }

  async test(): ReturnType<ReturnType<typeof createWebsiteSource>['test']> {
    return createWebsiteSource({ ...FAST, ...this.#options.limits }).test(this.context());
  }

  async read(): Promise<Reading> {
    const reading: Reading = { documents: [], unchanged: [], problems: {}, incomplete: null, words: '', found: [] };
    let checkpoint: Record<string, unknown> | null = null;
    const seen = new Set<string>();
    for await (const found of createWebsiteSource({ ...FAST, ...this.#options.limits }).read(this.context((kept) => { checkpoint = kept; }))) {
      this.#note(reading, found);
      if (found.type === 'gone') this.#kept.delete(found.externalId);
      else if ('externalId' in found) seen.add(found.externalId);
      if (found.type === 'document') {
        seen.add(found.document.externalId);
        this.#kept.set(found.document.externalId, found.document.fingerprint);
      }
    }
    if (reading.incomplete === null) {
      this.checkpoint = checkpoint;
      for (const id of this.#kept.keys()) if (!seen.has(id)) this.#kept.delete(id);
    }
    return reading;
  }

  /** Paths of what is there after all readings. */
  kept(): string[] {
    return [...this.#kept.keys()].map((id) => this.#path(id)).toSorted();
  }

  #note(reading: Reading, found: Found): void {
    if (found.type === 'document') {
      reading.documents.push(this.#path(found.document.externalId));
      reading.found.push(found.document);
    }
    if (found.type === 'unchanged') reading.unchanged.push(this.#path(found.externalId));
    if (found.type === 'problem') reading.problems[this.#path(found.externalId)] = found.message;
    if (found.type === 'incomplete') reading.incomplete ??= found.reason;
    if (found.type === 'progress') reading.words = found.message;
  }

  #path(id: string): string {
    return id.startsWith(`${this.#origin}/`) ? id.slice(this.#origin.length) : id;
  }
}
