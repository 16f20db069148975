import { count, defineConnector, line, noAuth, read } from '#modules/connections/kit.ts';
import { feedItems } from './feed-items.ts';

export const rss = defineConnector({
  id: 'rss', title: 'RSS and Atom', description: 'News feeds of any site.', category: 'web',
  auth: noAuth(), baseUrl: null,
  actions: [
    read(['read-feed', 'Read a feed', 'Returns the newest entries of an RSS or Atom feed.'], { url: line('Address of the feed').regex(/^https?:\/\//, 'an address that begins with https://'), limit: count('Entries', 1, 500).default(20) },
      ({ url }) => ({ method: 'GET', path: url, answer: 'text', headers: { accept: 'application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1' } }), async (body, { limit }) => (await feedItems(String(body))).slice(0, limit)),
  ],
});
