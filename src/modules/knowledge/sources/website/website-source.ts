import { WebsiteConfig, WebsiteSecrets } from '../contract/website.ts';
import { defineSource } from '../source-reader.ts';
import { CRAWL_LIMITS, type CrawlLimits } from './crawl-limits.ts';

/** A reader of websites with bounds of its own. */
export const createWebsiteSource = (limits: CrawlLimits) => defineSource({
  kind: 'website',
  title: 'Website',
  description: 'Pages and documents of a site, followed from link to link or listed in its sitemap. What the site tells robots is kept to.',
  config: WebsiteConfig,
  secrets: WebsiteSecrets,
  nameOf: ({ url }) => { const { host, pathname } = new URL(url); return `${host}${pathname.replace(/\/+$/, '')}`.slice(0, 100); },
  secretsFor: ({ url }) => new URL(url).host,
  test: async (context) => (await import('./try-site.ts')).trySite(context, limits),
  async* read(context) { yield* (await import('./crawl.ts')).crawlSite(context, limits); },
});

export const websiteSource = createWebsiteSource(CRAWL_LIMITS);
