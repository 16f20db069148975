/** Bounds of one crawl. A site chooses what it sends; these choose when we stop listening. */
export interface CrawlLimits {
  /** How we name ourselves; what stands before the slash is the name that robots.txt may address. */
  userAgent: string;
  /** Requests at one host at the same time. */
  atOnceMax: number;
  /** From the start of one request to the start of the next at the same host. */
  pauseMs: number;
  /** The longest `Crawl-delay` we keep. */
  delayMaxMs: number;
  /** The longest we wait because a site asks us to come back later, and how often for one address. */
  retryWaitMaxMs: number;
  retriesMax: number;
  /** From the request to the first byte of the body; longest silence inside it; the whole answer. */
  firstByteMs: number;
  idleMs: number;
  answerMs: number;
  /** The whole crawl, and a try. */
  totalMs: number;
  testMs: number;
  redirectsMax: number;
  /** Bytes of one page after decompression; files have the bound of documents. */
  pageBytesMax: number;
  /** Bytes of everything after decompression. */
  totalBytesMax: number;
  /** What is read of a robots.txt (RFC 9309 asks for 500 KiB at least); the rest is not looked at. */
  robotsBytesMax: number;
  /** Of one sitemap after decompression, as the protocol says; of all of them; how many files, how many pages. */
  sitemapBytesMax: number;
  sitemapsBytesMax: number;
  sitemapsMax: number;
  sitemapPagesMax: number;
  /** All addresses kept in memory while reading, in characters. */
  addressCharactersMax: number;
}

const MEBIBYTE = 1024 * 1024;

export const CRAWL_LIMITS: CrawlLimits = {
  userAgent: 'cmp-crawler/1.0',
  atOnceMax: 2, pauseMs: 100, delayMaxMs: 30_000, retryWaitMaxMs: 120_000, retriesMax: 2,
  firstByteMs: 20_000, idleMs: 15_000, answerMs: 90_000, totalMs: 20 * 60_000, testMs: 20_000,
  redirectsMax: 5, pageBytesMax: 10 * MEBIBYTE, totalBytesMax: 1024 * MEBIBYTE, robotsBytesMax: 500 * 1024,
  sitemapBytesMax: 50 * MEBIBYTE, sitemapsBytesMax: 100 * MEBIBYTE, sitemapsMax: 50, sitemapPagesMax: 50_000,
  addressCharactersMax: 30_000_000,
};

/** Everything but what was found so far is given up: a budget of the whole crawl is used up. The message is for the buyer. */
export class CrawlEnded extends Error {
  override name = 'CrawlEnded';
}
