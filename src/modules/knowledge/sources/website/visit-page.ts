import { createHash } from 'node:crypto';
import { charsetOf, decodeText } from '../../parse/encoding.ts';
import { SourceError } from '../source-reader.ts';
import { conditionsOf, type Fingerprint, validatorsOf } from './fingerprint.ts';
import { documentType, isPage, isText } from './media-type.ts';
import { pageAddress, type Site } from './page-address.ts';
import { type PageScan, scanPage } from './page-scan.ts';
import { tooLarge } from './read-body.ts';
import type { RobotsBook } from './robots-book.ts';
import { headerDirectives } from './robots-directives.ts';
import { redirectOf, type SiteAnswer, type SiteClient } from './site-client.ts';

/** What came of asking for one address. `url` is where it ended, after redirects. */
export type Visit = { url: URL } & (
  | { kind: 'content'; content: PageContent }
  /** The server says that nothing changed. */
  | { kind: 'unchanged'; fingerprint: Fingerprint; noindex: boolean }
  /** Another address led here before. */
  | { kind: 'seen' }
  | { kind: 'missing' }
  /** Not to be read: robots.txt forbids it, it leads to another site, or it is no document. */
  | { kind: 'left-out'; why: 'robots' | 'elsewhere' | 'type' }
  | { kind: 'problem'; problem: SourceError; busy: boolean }
);

export interface PageContent {
  bytes: Buffer;
  /** Without parameters, and what the server says of the encoding. */
  type: string;
  charset: string | null;
  fingerprint: Fingerprint;
  noindex: boolean;
  modified: string | null;
  /** Null for a file. */
  scan: PageScan | null;
  /** The first words, where they are cheap to have. */
  sample: string;
  /** The page that this one says it is a copy of, and one it leads its visitors to at once, as absolute addresses. */
  canonical: URL | null;
  refresh: URL | null;
  links: URL[];
}

export interface VisitTools {
  client: SiteClient;
  robots: RobotsBook;
  agent: string;
  bytesMax: number;
  /** The site, or null for the first page, which decides what the site is. */
  site: Site | null;
  /** Takes an address for this visit; false when another visit has it. */
  claim(url: URL): boolean;
  /** What is known of a page and may be asked about; null to fetch it anew. */
  known(url: URL): Promise<Fingerprint | null>;
}

const ACCEPT = 'text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.9, text/markdown;q=0.9, */*;q=0.5';

/** Asks for an address and follows its redirects within the site. Never throws but for the end of the crawl. */
export async function visitPage(start: URL, tools: VisitTools): Promise<Visit> {
  let url = start;
  try {
    // A redirect may insist on parameters that we leave out: the address stays ours, the request is the site's.
    let requested = start;
    for (let hop = 0; hop <= tools.client.limits.redirectsMax; hop += 1) {
      if (!(await tools.robots.of(url)).allows(url)) return { url, kind: 'left-out', why: 'robots' };
      const known = await tools.known(url);
      const answer = await tools.client.get(requested, { accept: ACCEPT, headers: known ? conditionsOf(known) : {}, bytesMax: tools.bytesMax, cut: false });
      const location = redirectOf(answer);
      if (location === null) return await outcomeOf(url, answer, known, tools);
      const target = targetOf(location, requested, tools.site);
      if (target === null) return { url, kind: 'left-out', why: 'elsewhere' };
      if (target.requested.href === requested.href) break;
      if (target.url.href !== url.href && !tools.claim(target.url)) return { url: target.url, kind: 'seen' };
      ({ url, requested } = target);
    }
    return problem(start, new SourceError('unexpected', 'This address is redirected in circles, or too often.'));
  } catch (error) {
    if (error instanceof SourceError) return problem(url, error);
    throw error;
  }
}

const problem = (url: URL, cause: SourceError, busy = false): Visit => ({ url, kind: 'problem', problem: cause, busy });

function targetOf(location: string, from: URL, site: Site | null): { url: URL; requested: URL } | null {
  const address = pageAddress(location, from);
  const url = address && site ? site.own(address) : address;
  if (url === null) return null;
  const requested = new URL(location.trim(), from);
  requested.hash = '';
  return { url, requested: site?.own(requested) ?? requested };
}

async function outcomeOf(url: URL, answer: SiteAnswer, known: Fingerprint | null, tools: VisitTools): Promise<Visit> {
  const { status, headers } = answer;
  const directives = headerDirectives(headers.get('x-robots-tag'), tools.agent);
  if (status === 304 && known) return { url, kind: 'unchanged', fingerprint: known, noindex: directives.noindex };
  if (status === 404 || status === 410) return { url, kind: 'missing' };
  if (status !== 200 && status !== 203) return problem(url, refusalOf(status, headers.get('retry-after')), status === 429 || status === 503);
  const type = documentType(headers.get('content-type'), url);
  if (type === null) return { url, kind: 'left-out', why: 'type' };
  if (isPage(type) && answer.bytes.length > tools.client.limits.pageBytesMax) {
    return problem(url, tooLarge(tools.client.limits.pageBytesMax));
  }
  return { url, kind: 'content', content: await contentOf(url, answer, type, tools) };
}

async function contentOf(url: URL, { bytes, headers }: SiteAnswer, type: string, { agent, client }: VisitTools): Promise<PageContent> {
  const charset = charsetOf(headers.get('content-type'));
  const scan = isPage(type) ? await scanPage(bytes, { charset, agent, signal: client.signal }) : null;
  const header = headerDirectives(headers.get('x-robots-tag'), agent);
  const base = scan?.base && URL.canParse(scan.base, url.href) ? new URL(scan.base, url) : url;
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  const canonical = scan?.canonical ?? canonicalHeader(headers.get('link'));
  return {
    bytes, type, charset, scan,
    fingerprint: { ...validatorsOf(headers), hash: scan?.hash.slice(0, 22) ?? hash, bytes: hash, file: scan === null },
    noindex: header.noindex || scan?.noindex === true, modified: dateOf(headers.get('last-modified')),
    sample: scan?.sample ?? (isText(type) ? decodeText(bytes.subarray(0, 4000), null, charset).text.replace(/\s+/g, ' ').trim().slice(0, 300) : ''),
    canonical: canonical === null ? null : pageAddress(canonical, base),
    refresh: scan?.refresh ? pageAddress(scan.refresh, base) : null,
    links: scan === null || header.nofollow || scan.nofollow ? [] : linksOf(scan, base),
  };
}

function linksOf({ links }: PageScan, base: URL): URL[] {
  const found = new Map<string, URL>();
  for (const link of links) {
    const url = pageAddress(link, base);
    if (url) found.set(url.href, url);
  }
  return [...found.values()];
}

/** `Link: <…>; rel="canonical"` (RFC 6596), for files, which have no head. */
const canonicalHeader = (header: string | null): string | null => /<([^<>]{1,2000})>\s*;[^,<>]{0,200}\brel="?canonical\b/i.exec(header?.slice(0, 8000) ?? '')?.[1] ?? null;

function dateOf(header: string | null): string | null {
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? null : new Date(date).toISOString();
}

function refusalOf(status: number, retryAfter: string | null): SourceError {
  if (status === 401 || status === 403 || status === 407) return new SourceError('refused', `This page is not open to everyone: the site answers ${status}.`);
  if (status === 429 || status === 503) {
    return new SourceError('unreachable', `The site asks to come back later (${status}${retryAfter && /^\d{1,9}$/.test(retryAfter) ? `, in ${retryAfter} seconds` : ''}).`);
  }
  return new SourceError('unexpected', `The site answers this page with an error (${status}).`, { retryable: status >= 500 });
}
