import { z } from 'zod';

/** How a page tells its versions apart: what its server says, and a hashes of what it holds. Stored as JSON, some 200 characters. */
const Fingerprint = z.object({
  etag: z.string().nullable(), modified: z.string().nullable(),
  /** Of the words, as the scan of a page makes it; of the bytes. */
  hash: z.string(), bytes: z.string(),
  /** A file, which has no links to follow. */
  file: z.boolean(),
});
export type Fingerprint = z.infer<typeof Fingerprint>;

/** Null for what is absent or was written by another version. */
export function readFingerprint(stored: string | null | undefined): Fingerprint | null {
  if (!stored) return null;
  try {
    return Fingerprint.safeParse(JSON.parse(stored)).data ?? null;
  } catch {
    return null; // not ours: the page is fetched anew
  }
}

export const writeFingerprint = ({ etag, modified, hash, bytes, file }: Fingerprint): string => JSON.stringify({ etag, modified, hash, bytes, file });

/** The validators of an answer (RFC 9110, 8.8), as far as they can be sent back. */
export function validatorsOf(headers: { get(name: string): string | null }): Pick<Fingerprint, 'etag' | 'modified'> {
  const plain = (value: string | null) => (value !== null && /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(value) ? value : null);
  return { etag: plain(headers.get('etag')), modified: plain(headers.get('last-modified')) };
}

export function conditionsOf(fingerprint: Fingerprint): Record<string, string> {
  return {
    ...(fingerprint.etag === null ? {} : { 'if-none-match': fingerprint.etag }),
    ...(fingerprint.modified === null ? {} : { 'if-modified-since': fingerprint.modified }),
  };
}
