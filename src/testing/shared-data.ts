import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

/** The folder with files made by others, or null where it is absent; tests that need it then skip. */
export const sharedData: string | null = [process.env.CMP_SHARED_DATA, path.resolve(import.meta.dirname, '../../../shared/data')]
  .find((folder): folder is string => Boolean(folder && existsSync(folder))) ?? null;

/** The files of one folder there, by pattern; none, with one line that says so, where they are not on this machine. */
export function sharedFiles(title: string, name: string, patterns: string | string[]): { folder: string; files: string[] } {
  const folder = path.join(sharedData ?? '', name);
  const files = sharedData === null ? [] : globSync(patterns, { cwd: folder }).toSorted();
  if (files.length === 0) console.log(`skipped: no ${title} files in the folder of shared data`);
  return { folder, files };
}
