import { z } from 'zod';

/** What is asked of the process that looks into packs. A request is one frame of JSON; an answer a status byte and its body. */
export const GitRequest = z.discriminatedUnion('kind', [
  /** Reads the pack of a store (a folder by this name) so that its objects can be found. Answer: nothing. */
  z.object({ kind: z.literal('index'), store: z.string() }),
  /** Every file of a commit below a folder that fits the patterns. Answer: a GitListing. */
  z.object({ kind: z.literal('list'), store: z.string(), commit: z.string(), folder: z.string(), include: z.array(z.string()), exclude: z.array(z.string()), entriesMax: z.number(), depthMax: z.number() }),
  /** A file's content. Answer: its bytes. */
  z.object({ kind: z.literal('blob'), store: z.string(), oid: z.string(), bytesMax: z.number() }),
]);
export type GitRequest = z.infer<typeof GitRequest>;

export const GitFile = z.object({ path: z.string(), oid: z.string(), link: z.boolean() });
export type GitFile = z.infer<typeof GitFile>;

/** `cut`: there are more entries than are looked at. `unreadable`: folders whose list is damaged or holds names that lead elsewhere. */
export const GitListing = z.object({ files: z.array(GitFile), cut: z.boolean(), unreadable: z.array(z.string()) });
export type GitListing = z.infer<typeof GitListing>;

export const GIT_STATUS = { ok: 1, failed: 2 } as const;
/** Body of a failure. */
export const GitFailure = z.enum(['no-folder', 'missing', 'too-large', 'damaged']);
export type GitFailure = z.infer<typeof GitFailure>;
