import { z } from 'zod';
import { address, lines } from './fields.ts';

/** How a site is read. Bounds of the plan hold besides. */
export const WebsiteConfig = z.strictObject({
  url: address('Address', 'Where reading begins. Pages of the same site are followed from there.'),
  depth: z.int().min(1).max(10).default(2).meta({ title: 'Depth', description: 'How many links away from the first page; 1 reads that page only.' }),
  pagesMax: z.int().min(1).max(100_000).default(100).meta({ title: 'Pages', description: 'Reading ends when so many pages are there.' }),
  include: lines('Only addresses with', 'Begin of a path such as /docs, or a pattern with * such as /help/*/en. Nothing written: the whole site. The first page is looked through for links in any case.'),
  exclude: lines('Never addresses with', 'Begin of a path or a pattern with *.'),
  sitemap: z.boolean().default(true).meta({ title: 'Use the sitemap', description: 'Pages that the site lists are read too, however deep; not with a depth of 1.', ui: { widget: 'switch' } }),
});
export type WebsiteConfig = z.infer<typeof WebsiteConfig>;
export const WebsiteSecrets = z.strictObject({});
