import type { WebsiteConfig } from '../contract/website.ts';
import type { SourceTest } from '../contract.ts';
import { type ReadContext, SourceError } from '../source-reader.ts';
import { CrawlEnded, type CrawlLimits } from './crawl-limits.ts';
import { isNoDocument, nameOf } from './media-type.ts';
import { openSite } from './open-site.ts';
import type { Site } from './page-address.ts';
import { pathFilter } from './path-pattern.ts';
import { RobotsBook } from './robots-book.ts';
import { SiteClient } from './site-client.ts';
import { readSitemaps, sitemapRoots } from './sitemaps.ts';
import { type PageContent, visitPage, type VisitTools } from './visit-page.ts';

const SAMPLE_MAX = 3;
/** How many links are tried for the sample. */
const TRIES_MAX = 5;

type Context = ReadContext<WebsiteConfig, unknown>;
type Sample = SourceTest['sample'];

/** Looks at a site: its rules for robots, its first page, some that this links to, and how many pages its sitemap lists. Throws {@link SourceError}. */
export async function trySite(context: Context, given: CrawlLimits): Promise<Omit<SourceTest, 'ok'>> {
  const ended = new AbortController();
  const timer = setTimeout(() => { ended.abort(new CrawlEnded('The site is slow.')); }, given.testMs);
  // A few requests of a person who waits: no pauses, no second tries.
  const limits = { ...given, pauseMs: 0, delayMaxMs: 1000, retriesMax: 0, firstByteMs: Math.min(given.firstByteMs, given.testMs / 2) };
  const agent = limits.userAgent.split('/')[0] ?? '';
  const client = new SiteClient({ egress: context.egress, limits, signal: AbortSignal.any([context.signal, ended.signal]), now: context.now });
  const claimed = new Set<string>();
  const tools = {
    client, agent, robots: new RobotsBook(client, agent), bytesMax: context.bytesMax, known: async () => null,
    claim: ({ href }: URL) => !claimed.has(href) && Boolean(claimed.add(href)),
  };
  try {
    return await look(context, tools);
  } catch (error) {
    if (error instanceof CrawlEnded) throw new SourceError('unreachable', `The site did not answer within ${Math.round(limits.testMs / 1000)} seconds.`);
    throw error;
  } finally {
    clearTimeout(timer);
    ended.abort(new CrawlEnded('The look at the site is over.'));
  }
}

async function look({ config, depthMax }: Context, tools: Omit<VisitTools, 'site'>): Promise<Omit<SourceTest, 'ok'>> {
  const { site, first } = await openSite(config.url, tools);
  if (first.kind === 'unchanged') throw new SourceError('unexpected', 'The site says that nothing changed without being asked.');
  const wanted = pathFilter(config);
  const isWanted = (url: URL) => !isNoDocument(url) && wanted(url);
  const links = Math.min(config.depth, depthMax) > 1 ? [...new Map(first.content.links.flatMap((link) => site.own(link) ?? []).filter(isWanted).map((url) => [url.href, url])).values()].filter(({ href }) => href !== first.url.href) : [];
  const sample: Sample = isReadable(first.content) ? [sampleOf(first.url, first.content)] : [];
  for (const link of links.slice(0, TRIES_MAX)) {
    if (sample.length >= SAMPLE_MAX) break;
    if (!tools.claim(link)) continue;
    const visit = await visitPage(link, { ...tools, site });
    if (visit.kind === 'content' && isReadable(visit.content)) sample.push(sampleOf(visit.url, visit.content));
  }
  const found = config.sitemap && Math.min(config.depth, depthMax) > 1 ? await countListed(site, tools, isWanted) : null;
  if (sample.length === 0 && found === null) throw unreadable(first.content);
  return { message: wordsOf(first.content, links.length, found), found: found?.pages ?? null, sample };
}

const isReadable = ({ scan, noindex }: PageContent): boolean => !noindex && (scan === null || scan.characters > 0);
const sampleOf = (url: URL, { scan, sample }: PageContent): Sample[number] => ({ title: scan?.title ?? nameOf(url), text: sample, url: url.href });

async function countListed(site: Site, { client, robots }: Omit<VisitTools, 'site'>, isWanted: (url: URL) => boolean): Promise<{ pages: number; isAll: boolean } | null> {
  try {
    const { pages, files, cut } = await readSitemaps(client, sitemapRoots(await robots.of(site.home), site.home), (url) => site.own(url));
    const count = pages.filter(({ url }) => isWanted(url)).length;
    return files > 0 && count > 0 ? { pages: count, isAll: !cut } : null;
  } catch (error) {
    if (error instanceof CrawlEnded) return null; // how many there are is not worth waiting for
    throw error;
  }
}

function unreadable({ noindex, scan }: PageContent): SourceError {
  if (noindex) return new SourceError('refused', 'The site answers, but its pages ask robots not to keep them.');
  return new SourceError('unexpected', scan?.hasScripts ? 'The site answers, but its pages hold no text without running scripts, which is not done here.' : 'The site answers, but its pages hold no text.');
}

function wordsOf({ scan }: PageContent, links: number, found: { pages: number; isAll: boolean } | null): string {
  const parts = [scan?.title ? `The site answers: “${scan.title}”.` : 'The site answers.'];
  if (scan && scan.characters === 0) parts.push('Its first page holds no text without running scripts.');
  if (links > 0) parts.push(`Its first page links to ${links === 1 ? 'one other page' : `${links} other pages`} of the site.`);
  if (found) parts.push(`Its sitemap lists ${found.isAll ? '' : 'at least '}${found.pages === 1 ? 'one page' : `${found.pages} pages`}.`);
  return parts.join(' ');
}
