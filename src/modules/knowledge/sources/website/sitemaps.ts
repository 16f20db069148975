import { decodeText } from '../../parse/encoding.ts';
import { SourceError } from '../source-reader.ts';
import { readMarkup } from './markup-tokens.ts';
import { pageAddress } from './page-address.ts';
import { gunzipped } from './read-body.ts';
import type { RobotsRules } from './robots-rules.ts';
import type { SiteClient } from './site-client.ts';

/** A page that a site lists. */
interface ListedPage { url: URL; modified: number | null }

export interface SitemapReading {
  /** The newest first, then those without a date, each as the site lists them. */
  pages: ListedPage[];
  /** Sitemaps that were read, in part at least. */
  files: number;
  /** Sitemaps that are there but could not be read. */
  failed: number;
  /** Not everything was read: a bound was reached. */
  cut: boolean;
}

const LOCATION_CHARACTERS_MAX = 4000;
/** An index may name indexes; the protocol knows one level, some sites have two. */
const LEVELS_MAX = 3;

/** Where a site's sitemaps are: those its robots.txt names, and the usual place. */
export function sitemapRoots({ sitemaps }: RobotsRules, home: URL): URL[] {
  const urls = [...sitemaps, '/sitemap.xml'].flatMap((written) => pageAddress(written, home) ?? []);
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}

/**
 * The pages that sitemaps name (sitemaps.org, 0.9): XML files, indexes of such, lists of addresses in plain text, each
 * plain or gzipped. `wanted` says which pages count. One that is not there is no failure.
 */
export async function readSitemaps(client: SiteClient, roots: readonly URL[], wanted: (url: URL) => URL | null): Promise<SitemapReading> {
  const { limits } = client;
  const reading: SitemapReading = { pages: [], files: 0, failed: 0, cut: false };
  const found = new Map<string, ListedPage>();
  const waiting = roots.map((url) => ({ url, level: 1 }));
  const seen = new Set(roots.map(({ href }) => href));
  let bytesLeft = limits.sitemapsBytesMax;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (reading.files + reading.failed >= limits.sitemapsMax || bytesLeft <= 0 || found.size >= limits.sitemapPagesMax) {
      reading.cut = true;
      break;
    }
    const file = await fetchSitemap(client, next.url, Math.min(bytesLeft, limits.sitemapBytesMax));
    if (file === 'failed') reading.failed += 1;
    if (typeof file === 'string') continue;
    reading.files += 1;
    reading.cut ||= file.cut;
    bytesLeft -= file.bytes.length;
    for (const entry of await entriesOf(file.bytes, limits.sitemapPagesMax, client.signal)) {
      const url = pageAddress(entry.location, next.url);
      if (url === null) continue;
      if (!entry.isIndex) {
        const page = wanted(url);
        if (page && found.size < limits.sitemapPagesMax && !found.has(page.href)) found.set(page.href, { url: page, modified: entry.modified });
      } else if (next.level < LEVELS_MAX && !seen.has(url.href)) {
        seen.add(url.href);
        waiting.push({ url, level: next.level + 1 });
      }
    }
  }
  reading.pages = [...found.values()].toSorted((a, b) => (b.modified ?? -Infinity) - (a.modified ?? -Infinity) || 0);
  return reading;
}

async function fetchSitemap(client: SiteClient, url: URL, bytesMax: number): Promise<{ bytes: Buffer; cut: boolean } | 'absent' | 'failed'> {
  try {
    const answer = await client.follow(url, { accept: 'application/xml, text/xml;q=0.9, text/plain;q=0.8, */*;q=0.5', bytesMax, cut: true });
    if (answer.status === 200) return await gunzipped(answer, { bytesMax, cut: true, spend: client.spend });
    return answer.status >= 400 && answer.status < 500 && answer.status !== 429 ? 'absent' : 'failed';
  } catch (error) {
    if (error instanceof SourceError) return 'failed';
    throw error;
  }
}

interface Entry { isIndex: boolean; location: string; modified: number | null }

async function entriesOf(bytes: Buffer, max: number, signal: AbortSignal): Promise<Entry[]> {
  const { text } = decodeText(bytes, 'utf-8');
  if (!/^\s*</.test(text)) return plainEntries(text, max);
  const entries: Entry[] = [];
  let isIndex = false;
  let inside: 'loc' | 'lastmod' | null = null;
  let location = '';
  let modified = '';
  await readMarkup(text, {
    open(name) {
      // Extensions have elements of their own, such as image:loc; the names of the protocol have a prefix only if all have.
      if (name === 'sitemap' || name === 'url') { isIndex = name === 'sitemap'; location = modified = ''; }
      inside = name === 'loc' || name === 'lastmod' ? name : null;
    },
    text(part) {
      if (inside === 'loc' && location.length < LOCATION_CHARACTERS_MAX) location += part;
      if (inside === 'lastmod' && modified.length < 100) modified += part;
    },
    close(name) {
      inside = null;
      if ((name !== 'sitemap' && name !== 'url') || location.trim() === '' || entries.length >= max) return;
      const date = Date.parse(modified.trim());
      entries.push({ isIndex, location: location.trim(), modified: Number.isNaN(date) ? null : date });
      location = '';
    },
  }, { xml: true, signal });
  return entries;
}

function plainEntries(text: string, max: number): Entry[] {
  return text.split(/\r?\n/, max).filter((line) => /^\s*https?:\/\//i.test(line)).map((location) => ({ isIndex: false, location, modified: null }));
}
