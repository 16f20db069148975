import { z } from 'zod';
import { lines, secret } from './fields.ts';

/** Pages and databases of a Notion workspace that an integration may read. */
export const NotionConfig = z.strictObject({
  pages: lines('Pages and databases', 'Their addresses or ids, each with all that is below it. Nothing written: everything the integration may read.'),
  pagesMax: z.int().min(1).max(100_000).default(500).meta({ title: 'Pages', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
});
export type NotionConfig = z.infer<typeof NotionConfig>;
export const NotionSecrets = z.strictObject({ token: secret('Integration secret', 'Of an internal integration that the pages are shared with.') });
export type NotionSecrets = z.infer<typeof NotionSecrets>;
