import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { packageRoot } from './bounded-child.ts';

/**
 * Copies part of this program to a folder, TypeScript as JavaScript: for processes that start often. Node strips types by
 * itself, but that takes each of them 100 ms of computing and 24 MB.
 * @param files paths from the root of the project; files they import must be among them
 * @param packages linked, so that the files find them; those that are not installed are left out
 */
export async function writeStrippedProgram(folder: string, files: readonly string[], packages: readonly string[]): Promise<void> {
  const root = packageRoot();
  await mkdir(folder, { recursive: true });
  // It says that files are modules and what `#…` means.
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  for (const file of files) {
    const target = path.join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(path.dirname(target), { recursive: true });
    const source = await readFile(path.join(root, file), 'utf8');
    await writeFile(target, file.endsWith('.ts') ? stripTypeScriptTypes(source).replace(/(from|import) '([.#][^']*)\.ts'/g, "$1 '$2.js'") : source);
  }
  for (const name of packages) {
    const link = path.join(folder, 'node_modules', name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), link, 'junction');
  }
}
