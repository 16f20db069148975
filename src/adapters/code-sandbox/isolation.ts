import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where the system keeps its programs; the environment is not asked. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];
/** Address space a process may write to; reserved space, of which the engines take much, does not count. */
const DATA_BYTES_MAX = 1536 * 1024 * 1024;
/** Seconds of computing in the life of one process: for the case that nobody is left to watch it. */
const CPU_SECONDS_MAX = 60;

export interface Isolation {
  /** The programs that start a child, outermost first; empty where the system has none. */
  launcher: readonly string[];
  /** The kernel gives children a network without any interface. */
  networkClosed: boolean;
}

/**
 * What this system can put around a child beyond Node's own permissions, found by trying: a user and network namespace
 * of its own (`unshare`) and hard limits (`prlimit`). Containers often forbid the first, other systems have neither;
 * there the child's own closed doors remain, see `python/close-doors.ts`. JavaScript has no doors anywhere.
 */
export async function findIsolation(): Promise<Isolation> {
  const unshare = programOf('unshare');
  const prlimit = programOf('prlimit');
  const truth = programOf('true');
  if (process.platform !== 'linux' || !truth) return { launcher: [], networkClosed: false };
  const limits = prlimit ? [prlimit, '--core=0', '--fsize=0', '--nofile=64', `--cpu=${CPU_SECONDS_MAX}`, `--data=${DATA_BYTES_MAX}`, '--'] : [];
  const usable = limits.length > 0 && await starts([...limits, truth]) ? limits : [];
  const alone = unshare ? [unshare, '-rn', '--'] : [];
  const networkClosed = alone.length > 0 && await starts([...alone, ...usable, truth]);
  return { launcher: networkClosed ? [...alone, ...usable] : usable, networkClosed };
}

const programOf = (name: string): string | undefined => FOLDERS.map((folder) => path.join(folder, name)).find((file) => existsSync(file));

function starts([program = '', ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => { execFile(program, args, { env: {}, timeout: 5000 }, (error) => { resolve(error === null); }); });
}
