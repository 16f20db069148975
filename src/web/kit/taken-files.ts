import { formatBytes } from './format.ts';

/** What a choice of files leaves: those that are taken, and why the others are not. */
export interface TakenFiles { taken: File[]; refused: string[] }

/** Names told one by one for a reason; of more only the first are named. */
const NAMED = 3;

/** Where a file lies in the folder that was chosen or dropped; its bare name otherwise. */
export const pathOf = (file: File): string => {
  const relative = file.webkitRelativePath || ('relativePath' in file && typeof file.relativePath === 'string' ? file.relativePath : '');
  return relative.replace(/^\.?\/+/, '') || file.name;
};

/** What systems and tools keep in folders for themselves. Nobody meant to choose it, so nobody is told. */
const isOwnedBySystem = (path: string): boolean => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'node_modules' || /^(thumbs\.db|desktop\.ini)$/i.test(part));

/**
 * Browsers name types differently, so files are told by their ending; the server looks at the bytes. `bytesMax` is for each
 * file, `filesMax` for all of them.
 */
export const takeFiles = (files: readonly File[], { accept, bytesMax, filesMax }: { accept: readonly string[]; bytesMax: number; filesMax: number }): TakenFiles => {
  const reasons = new Map<string, string[]>();
  const refuse = (file: File, reason: string) => { reasons.set(reason, [...reasons.get(reason) ?? [], pathOf(file)]); };
  const taken: File[] = [];
  for (const file of files) {
    const path = pathOf(file);
    if (path.includes('/') && isOwnedBySystem(path)) continue;
    if (!accept.some((ending) => file.name.toLowerCase().endsWith(ending))) refuse(file, 'not one of these kinds');
    else if (file.size > bytesMax) refuse(file, `larger than ${formatBytes(bytesMax)}`);
    else if (file.size === 0) refuse(file, 'empty');
    else if (taken.length >= filesMax) refuse(file, filesMax === 0 ? 'too many: there is no room left' : `left out: at most ${filesMax} at once`);
    else taken.push(file);
  }
  return { taken, refused: [...reasons].flatMap(([reason, names]) => told(reason, names)) };
};

const told = (reason: string, names: readonly string[]): string[] => (names.length <= NAMED
  ? names.map((name) => `${name} is ${reason}`)
  : [`${names.length} files are ${reason}: ${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`]);
