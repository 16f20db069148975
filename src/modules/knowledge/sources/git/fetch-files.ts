import { SourceError } from '../source-reader.ts';
import type { GitFile } from './child-protocol.ts';
import type { GitRemote } from './git-remote.ts';
import type { BlobRefused, PackStore } from './pack-store.ts';

export interface FetchedFile { file: GitFile; content: Buffer | BlobRefused }

/** Files asked for at once: few at first, as nobody knows how large they are. */
const AT_ONCE_FIRST = 20;
const AT_ONCE_MAX = 200;
const SMALL_PACK_BYTES = 8 * 1024 * 1024;
const LARGE_PACK_BYTES = 48 * 1024 * 1024;

/**
 * The contents of files of a state whose folders are in the store. Where the server sent the files with it they are there;
 * otherwise they are fetched, as many at once as their sizes allow. One that is too large does not keep the others.
 */
export async function* fetchFiles(remote: GitRemote, store: PackStore, files: readonly GitFile[]): AsyncGenerator<FetchedFile> {
  if (!remote.canFilter) {
    for (const file of files) yield { file, content: await store.blob('state', file.oid) };
    return;
  }
  let atOnce = AT_ONCE_FIRST;
  for (let from = 0, batch = 0; from < files.length; batch += 1) {
    const some = files.slice(from, from + atOnce);
    const name = `files-${batch}`;
    try {
      const bytes = await store.add(name, remote.pack({ wants: [...new Set(some.map(({ oid }) => oid))], withBlobs: true }, null));
      for (const file of some) yield { file, content: await store.blob(name, file.oid) };
      from += some.length;
      if (bytes < SMALL_PACK_BYTES) atOnce = Math.min(AT_ONCE_MAX, atOnce * 2);
      if (bytes > LARGE_PACK_BYTES) atOnce = Math.max(1, Math.floor(atOnce / 2));
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'too-large') throw error;
      // Half as many, until it is known which one is too large.
      if (some.length > 1) atOnce = Math.floor(some.length / 2);
      else {
        from += 1;
        for (const file of some) yield { file, content: { refused: 'too-large' } };
      }
    } finally {
      await store.drop(name);
    }
  }
}
