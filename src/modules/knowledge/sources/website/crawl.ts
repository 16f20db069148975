import type { WebsiteConfig } from '../contract/website.ts';
import type { Found, ReadContext } from '../source-reader.ts';
import { CrawlEnded, type CrawlLimits } from './crawl-limits.ts';
import { CrawlTally } from './crawl-tally.ts';
import { writeFingerprint } from './fingerprint.ts';
import { Frontier, type Waiting } from './frontier.ts';
import { KnownPages } from './known-pages.ts';
import { type LinkMemory, LinkRecorder, readLinkMemory } from './link-memory.ts';
import { fileNameOf, nameOf } from './media-type.ts';
import { openSite } from './open-site.ts';
import { pageAddress, type Site } from './page-address.ts';
import { pathFilter } from './path-pattern.ts';
import { RobotsBook } from './robots-book.ts';
import { SiteClient } from './site-client.ts';
import { readSitemaps, sitemapRoots } from './sitemaps.ts';
import { type PageContent, type Visit, visitPage, type VisitTools } from './visit-page.ts';

type Context = ReadContext<WebsiteConfig, unknown>;

/** Copies that name copies are followed so far. */
const ALIASES_MAX = 3;
/** Pages in a row that a site turned away before we stop asking. */
const BUSY_MAX = 3;
/** Less than this without scripts is no text of a page that has scripts. */
const CHARACTERS_MIN = 20;

/**
 * Reads a site page by page, those nearest to the first one before the others, then those its sitemap lists. The order
 * depends on the site alone, so that the next reading finds the same pages. Nothing that stands on a page changes what
 * is done but its links, its canonical address and what it says to robots.
 */
export async function* crawlSite(context: Context, limits: CrawlLimits): AsyncGenerator<Found> {
  const ended = new AbortController();
  const timer = setTimeout(() => { ended.abort(new CrawlEnded(`Reading ended after ${Math.ceil(limits.totalMs / 1000 / 60)} min.`)); }, limits.totalMs);
  try {
    yield* new Crawl(context, limits, AbortSignal.any([context.signal, ended.signal]), await readLinkMemory(context.checkpoint)).run();
  } catch (error) {
    if (!(error instanceof CrawlEnded)) throw error;
    yield { type: 'incomplete', reason: error.message };
  } finally {
    clearTimeout(timer);
    // Whoever reads may stop early: what is still being fetched ends too.
    ended.abort(new CrawlEnded('Reading was stopped.'));
  }
}

class Crawl {
  readonly #context: Context;
  readonly #limits: CrawlLimits;
  readonly #client: SiteClient;
  readonly #robots: RobotsBook;
  readonly #agent: string;
  readonly #memory: LinkMemory;
  readonly #recorder = new LinkRecorder();
  readonly #known: KnownPages;
  readonly #tally = new CrawlTally();
  readonly #frontier: Frontier;
  readonly #depthMax: number;
  readonly #pagesMax: number;
  readonly #wanted: (url: URL) => boolean;
  readonly #reported = new Set<string>();
  /** Where addresses ended after redirects. */
  readonly #ends = new Map<string, string>();
  readonly #hashes = new Map<string, string>();
  #running: { entry: Waiting; visit: Promise<Visit> }[] = [];
  /** Copies whose original is being fetched at this moment. */
  #undecided: { entry: Waiting; visit: Visit; original: URL }[] = [];
  #requests = 0;
  #busy = 0;
  #over = 0;
  #sitemaps: number | null = null;

  constructor(context: Context, limits: CrawlLimits, signal: AbortSignal, memory: LinkMemory) {
    const { config } = context;
    this.#context = context;
    this.#limits = limits;
    this.#memory = memory;
    this.#agent = limits.userAgent.split('/')[0] ?? '';
    this.#client = new SiteClient({ egress: context.egress, limits, signal, now: context.now });
    this.#robots = new RobotsBook(this.#client, this.#agent);
    this.#known = new KnownPages(context.known);
    this.#depthMax = Math.min(config.depth, context.depthMax);
    this.#pagesMax = Math.min(config.pagesMax, context.documentsMax);
    this.#wanted = pathFilter(config);
    this.#frontier = new Frontier({ pagesMax: this.#pagesMax, charactersMax: limits.addressCharactersMax, wanted: this.#wanted, tally: this.#tally });
  }

  async *run(): AsyncGenerator<Found> {
    const { site, asked, first } = await openSite(this.#context.config.url, this.#tools(null, 1));
    yield* this.#take({ url: asked, depth: 1, from: null }, first, site);
    for (;;) {
      this.#start(site);
      const next = this.#running.shift();
      if (next) {
        yield* this.#take(next.entry, await next.visit, site);
        yield* this.#decide(site);
        yield this.#progress();
      } else if (this.#frontier.waiting === 0 && this.#sitemaps === null && this.#context.config.sitemap && this.#depthMax > 1) {
        yield* this.#list(site);
      } else break;
    }
    yield* this.#end(first.url, site);
  }

  /** Fetches ahead as many pages as may run at once; they are taken in their order. */
  #start(site: Site): void {
    while (this.#running.length < Math.min(this.#limits.atOnceMax, this.#pagesMax - this.#reported.size)) {
      const entry = this.#frontier.next();
      if (entry === null) return;
      const visit = this.#visit(entry.url, entry.depth, site);
      visit.catch(() => undefined); // awaited in its turn, or given up with the crawl
      this.#running.push({ entry, visit });
    }
  }

  async #visit(url: URL, depth: number, site: Site): Promise<Visit> {
    this.#requests += 1;
    const max = Math.max(500, this.#pagesMax * 5);
    if (this.#requests > max) throw new CrawlEnded(`Reading ended after ${max} addresses, most of which held nothing to keep.`);
    return visitPage(url, { ...this.#tools(site, depth), site });
  }

  #tools(site: Site | null, depth: number): VisitTools {
    return {
      client: this.#client, robots: this.#robots, agent: this.#agent, bytesMax: this.#context.bytesMax, site,
      claim: (url) => this.#frontier.claim(url),
      known: async (url) => {
        const known = await this.#known.of(url, this.#frontier.upcoming());
        // Without its links an unchanged page would hide what it leads to.
        return known && (known.file || depth >= this.#depthMax || this.#memory.linksOf(url.href) !== null) ? known : null;
      },
    };
  }

  /** Reports what a visit found; the value is whether its content is there, under this address or another. */
  async *#take(entry: Waiting, visit: Visit, site: Site, aliases = 0): AsyncGenerator<Found, boolean> {
    const id = visit.url.href;
    this.#ends.set(entry.url.href, id);
    this.#busy = visit.kind === 'problem' && visit.busy ? this.#busy + 1 : 0;
    switch (visit.kind) {
      case 'seen': return this.#reported.has(id);
      case 'missing':
        this.#tally.miss(id, entry.from);
        yield { type: 'gone', externalId: id };
        return false;
      case 'left-out': this.#tally[visit.why] += 1; return false;
      case 'problem':
        this.#tally.problems += 1;
        yield { type: 'problem', externalId: id, name: id, message: visit.problem.message };
        if (this.#busy >= BUSY_MAX) throw new CrawlEnded('The site asks to come back later. The rest comes with the next reading.');
        this.#followRemembered(visit.url, entry.depth, site);
        return false;
      case 'unchanged':
        this.#followRemembered(visit.url, entry.depth, site);
        if (!this.#isTaken(visit.url, visit.noindex)) return false;
        if (this.#isCopy(id, visit.fingerprint.hash)) return true;
        return yield* this.#report(id, { type: 'unchanged', externalId: id });
      case 'content': return yield* this.#takeContent(entry, visit, site, aliases);
    }
  }

  async *#takeContent(entry: Waiting, visit: Extract<Visit, { kind: 'content' }>, site: Site, aliases: number): AsyncGenerator<Found, boolean> {
    const { url, content } = visit;
    const { scan, fingerprint } = content;
    if (scan) this.#follow(url, entry.depth, content.links, site);
    const original = this.#originalOf(url, content, site);
    if (original && aliases < ALIASES_MAX) {
      if (this.#isRunning(original)) {
        this.#undecided.push({ entry, visit, original });
        return false;
      }
      const isThere = this.#frontier.claim(original)
        ? yield* this.#take({ ...entry, url: original, from: url.href }, await this.#visit(original, entry.depth, site), site, aliases + 1)
        : this.#reported.has(this.#ends.get(original.href) ?? original.href);
      if (isThere) {
        this.#tally.copies += 1;
        return true;
      }
    }
    if (!this.#isTaken(url, content.noindex)) return false;
    if (scan && scan.characters < (scan.hasScripts ? CHARACTERS_MIN : 1)) {
      this.#tally.problems += 1;
      yield { type: 'problem', externalId: url.href, name: scan.title ?? url.href, message: scan.hasScripts ? 'This page holds no text without running scripts, which is not done here.' : 'This page holds no text.' };
      return false;
    }
    if (this.#isCopy(url.href, fingerprint.hash)) return true;
    return yield* this.#report(url.href, await this.#found(url, content));
  }

  async #found(url: URL, content: PageContent): Promise<Found> {
    const { fingerprint, scan, type, charset, bytes, modified } = content;
    const written = writeFingerprint(fingerprint);
    const known = await this.#known.of(url);
    // The same words in other bytes: what a page makes anew for each visitor is no change.
    if (known?.hash === fingerprint.hash && (known.bytes !== fingerprint.bytes || writeFingerprint(known) === written)) return { type: 'unchanged', externalId: url.href };
    return {
      type: 'document',
      document: {
        externalId: url.href, title: scan?.title ?? nameOf(url), url: url.href, fingerprint: written,
        content: { bytes, contentType: charset ? `${type}; charset=${charset}` : type, fileName: fileNameOf(url, type) },
        metadata: modified === null ? {} : { modified },
      },
    };
  }

  /** Another page of this site that a page names as the one it is a copy of, or sends its visitors to. */
  #originalOf(url: URL, { canonical, refresh }: PageContent, site: Site): URL | null {
    const named = refresh ?? canonical;
    const original = named && site.own(named);
    return original && original.href !== url.href && this.#wanted(original) ? original : null;
  }

  #isTaken(url: URL, noindex: boolean): boolean {
    if (noindex) this.#tally.noindex += 1;
    return !noindex && this.#wanted(url);
  }

  #isCopy(id: string, hash: string): boolean {
    const first = this.#hashes.get(hash);
    if (first === undefined) this.#hashes.set(hash, id);
    if (first === undefined || first === id) return false;
    this.#tally.copies += 1;
    return true;
  }

  *#report(id: string, found: Found): Generator<Found, boolean> {
    if (this.#reported.size >= this.#pagesMax) {
      this.#over += 1;
      return false;
    }
    this.#reported.add(id);
    yield found;
    return true;
  }

  /** Of a page that was not sent, the links it had. What is not known stays unknown for the next reading. */
  #followRemembered(page: URL, depth: number, site: Site): void {
    const links = this.#memory.linksOf(page.href);
    if (links !== null) this.#follow(page, depth, links.flatMap((link) => pageAddress(link) ?? []), site);
  }

  #follow(page: URL, depth: number, links: readonly URL[], site: Site): void {
    const own = links.flatMap((link) => site.own(link) ?? []);
    this.#recorder.record(page.href, own.map(({ href }) => href));
    if (depth < this.#depthMax) for (const url of own) this.#frontier.add({ url, depth: depth + 1, from: page.href });
  }

  /** Copies whose original has been fetched by now. */
  async *#decide(site: Site): AsyncGenerator<Found> {
    const [due, later] = [this.#undecided.filter(({ original }) => !this.#isRunning(original)), this.#undecided.filter(({ original }) => this.#isRunning(original))];
    this.#undecided = later;
    for (const { entry, visit } of due) yield* this.#take(entry, visit, site);
  }

  #isRunning({ href }: URL): boolean {
    return this.#running.some(({ entry }) => entry.url.href === href);
  }

  /** Adds what the sitemap lists and no link led to. Their links are not followed further than the depth allows. */
  async *#list(site: Site): AsyncGenerator<Found> {
    yield { type: 'progress', done: this.#reported.size, total: null, message: 'Reading the sitemap' };
    const roots = sitemapRoots(await this.#robots.of(site.home), site.home);
    const { pages, files, failed } = await readSitemaps(this.#client, roots, (url) => site.own(url));
    this.#sitemaps = files;
    if (failed > 0 && files < this.#memory.sitemaps) yield { type: 'incomplete', reason: 'The sitemap could not be read this time.' };
    for (const { url } of pages) this.#frontier.addListed({ url, depth: this.#depthMax, from: null });
  }

  #progress(): Found {
    const done = this.#reported.size;
    const waiting = this.#frontier.waiting + this.#running.length;
    const isAllFound = this.#frontier.nearest >= this.#depthMax && (this.#sitemaps !== null || !this.#context.config.sitemap);
    return { type: 'progress', done, total: isAllFound ? Math.min(this.#pagesMax, done + waiting) : null, message: `${done} ${done === 1 ? 'page' : 'pages'} read, ${waiting} waiting` };
  }

  async *#end(home: URL, site: Site): AsyncGenerator<Found> {
    const more = this.#frontier.left() + this.#over;
    const { config, documentsMax } = this.#context;
    if (more > 0 && documentsMax < config.pagesMax) {
      yield { type: 'incomplete', reason: `There is room for ${documentsMax} pages; ${site.name} has more. Narrow what is read by address, or choose a larger plan.` };
    } else if (more > 0) {
      // What is beyond the number the buyer chose is not part of the source, so the reading is complete. No page has such an id.
      yield { type: 'problem', externalId: `${home.href}#more`, name: site.name, message: `Reading ended at ${config.pagesMax} pages, as set. At least ${more} more addresses were found.` };
    }
    if (this.#frontier.overflowed) yield { type: 'incomplete', reason: 'The site has more addresses than are kept while reading.' };
    this.#context.remember(await this.#recorder.checkpoint(this.#sitemaps ?? 0));
    yield { type: 'progress', done: this.#reported.size, total: this.#reported.size, message: this.#tally.words(this.#reported.size) };
  }
}
