import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkKey, type FileStore } from '#platform/storage/file-store.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';

/** Keeps files below one folder. A file appears whole or not at all. */
export function diskFileStore(folder: string): FileStore {
  const locate = (key: string) => path.join(folder, checkKey(key));
  return {
    async put(key, bytes) {
      const target = locate(key);
      await mkdir(path.dirname(target), { recursive: true });
      const partial = `${target}.${uuidv7()}.part`;
      await writeFile(partial, bytes);
      await rename(partial, target);
    },
    async get(key) {
      return readFile(locate(key)).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      });
    },
    async remove(key) {
      await rm(locate(key), { force: true });
    },
  };
}
