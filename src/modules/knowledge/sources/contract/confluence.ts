import { z } from 'zod';
import { address, lines, optionalLine, secret } from './fields.ts';

/** Pages of Confluence spaces, in the cloud or on a server of one's own. */
export const ConfluenceConfig = z.strictObject({
  url: address('Address', 'Such as https://acme.atlassian.net/wiki'),
  user: optionalLine('E-mail', 'In the cloud, of the person whose token it is; empty where the token goes alone, as on a server of your own.'),
  spaces: lines('Spaces', 'Their keys. Nothing written: every space that may be read.'),
  pagesMax: z.int().min(1).max(100_000).default(1000).meta({ title: 'Pages', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
});
export type ConfluenceConfig = z.infer<typeof ConfluenceConfig>;
export const ConfluenceSecrets = z.strictObject({ token: secret('Token', 'In the cloud an API token, on a server of your own a personal access token.') });
export type ConfluenceSecrets = z.infer<typeof ConfluenceSecrets>;
