import { mkdirSync, openSync, readFileSync, rmSync, writeSync, closeSync } from 'node:fs';
import path from 'node:path';

/** Another process holds the data folder. */
export class FolderLockedError extends Error {
  override name = 'FolderLockedError';
}

/**
 * Takes the data folder for this process, or throws {@link FolderLockedError} naming the holder. The embedded database
 * has no lock of its own, and a second process on one folder silently loses rows. A lock left by a process that no
 * longer runs is taken over. Returns the release.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && runs(holder)) {
        throw new FolderLockedError(`${folder} is in use by process ${holder}. Stop it first, or choose another DATA_DIR.`);
      }
      rmSync(file, { force: true });
    }
  }
  throw new FolderLockedError(`${folder} could not be locked.`);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
