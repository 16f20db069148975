import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BoundedChild } from '#platform/process/bounded-child.ts';
import { childOptions, packageFile, type Surroundings } from './language.ts';
import { STATUS } from './protocol.ts';

/** About 31 MB with the interpreter that is pinned. */
const BYTES_MAX = 128 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/**
 * The file with the state of a started interpreter, made unless it is there: then starting one takes 0.4 s of computing
 * instead of 4. Null where it cannot be made or kept; Python still runs without.
 * @param signal ends the making
 */
export async function pythonSnapshot(folder: string, surroundings: Surroundings, signal: AbortSignal): Promise<string | null> {
  const file = path.join(folder, `python-${fingerprint()}.snapshot`);
  if (existsSync(file)) return file;
  const child = new BoundedChild(childOptions('python', surroundings, BYTES_MAX, 'snapshot/child.js'));
  signal.addEventListener('abort', () => child.stop(), { once: true });
  const outcome = await child.request([Buffer.from('make')], TIMEOUT_MS);
  child.stop();
  if (outcome.kind !== 'answer' || outcome.status !== STATUS.ok) return null;
  // Written aside, so that another server on the same folder never reads half of it.
  const aside = `${file}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(aside, outcome.body);
    await rename(aside, file);
    return file;
  } catch {
    return null; // a full or closed disk makes starting slow, not impossible
  }
}

/** Of everything the state depends on. */
function fingerprint(): string {
  const hash = createHash('sha256').update(process.version).update(readFileSync(packageFile('pyodide', 'package.json')));
  for (const name of ['sandbox.py', 'run-python.ts']) hash.update(readFileSync(path.join(import.meta.dirname, 'python', name)));
  return hash.digest('hex').slice(0, 16);
}
