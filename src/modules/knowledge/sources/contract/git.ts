import { z } from 'zod';
import { address, lines, optionalLine, secret } from './fields.ts';

/** Files of a Git repository, reached over HTTPS. */
export const GitConfig = z.strictObject({
  url: address('Repository', 'Its HTTPS address, such as https://github.com/acme/handbook.git'),
  branch: optionalLine('Branch', 'Empty takes the default one.'),
  folder: optionalLine('Folder', 'Only files below it.'),
  include: lines('Only files like', 'Patterns with * and **, such as docs/**/*.md or *.md. Nothing written: every file of a kind that can be read.'),
  exclude: lines('Never files like', 'Patterns with * and **.'),
  user: optionalLine('User', 'Where the token needs one.'),
  filesMax: z.int().min(1).max(100_000).default(2000).meta({ title: 'Files', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
});
export type GitConfig = z.infer<typeof GitConfig>;
export const GitSecrets = z.strictObject({ token: secret('Access token', 'For a repository that is not public. It needs to read contents only.').optional() });
export type GitSecrets = z.infer<typeof GitSecrets>;
