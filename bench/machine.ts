import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';

/** Root of the project, and where measurements, logs and peers are kept (not in version control). */
export const ROOT = path.resolve(import.meta.dirname, '..');
export const CACHE = path.join(ROOT, '.cache/bench');
mkdirSync(CACHE, { recursive: true });

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What the figures were taken on, in one line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

/** A program under measurement. */
export interface Program { pid: number; child: ChildProcess; stop(signal?: NodeJS.Signals): Promise<void> }

/** Starts a program with its output in a log file; `core` pins it to one processor core. */
export function start(name: string, command: readonly string[], options: { env?: Record<string, string>; core?: number | null } = {}): Program {
  const log = openSync(path.join(CACHE, `${name}.log`), 'w');
  const [file = '', ...args] = options.core === undefined || options.core === null ? command : ['taskset', '-c', String(options.core), ...command];
  const child = spawn(file, args, { cwd: ROOT, env: { ...process.env, ...options.env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} did not start`);
  const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  return {
    pid, child,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE']).toString());

/** Fields of /proc/<pid>/stat after the command's name: parent, then times and memory at fixed places. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null; // It ended between listing and reading.
  }
}

/** A process and everything it started. */
function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(statOf(Number(name))?.[1]) : Number.NaN;
    if (Number.isFinite(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i] ?? 0) ?? []));
  return tree;
}

/** Processor seconds used so far and resident memory now, of a process tree. */
export function usageOf(pid: number): { cpuSeconds: number; rssMiB: number } {
  let [cpuSeconds, rssMiB] = [0, 0];
  for (const one of treeOf(pid)) {
    const stat = statOf(one);
    if (!stat) continue;
    cpuSeconds += (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
    rssMiB += (Number(stat[21]) * PAGE_BYTES) / 2 ** 20;
  }
  return { cpuSeconds, rssMiB: Math.round(rssMiB) };
}

/** Seconds all cores together were busy since the machine started. */
export function busySeconds(): number {
  const times = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
  return [0, 1, 2, 5, 6].reduce((sum, index) => sum + (times[index] ?? 0), 0) / TICKS_PER_SECOND;
}

/** Waits for a moment in which other programs leave at least half of the machine alone, but not for ever. */
export async function quietMoment(timeoutMs = 5_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const [before, at] = [busySeconds(), performance.now()];
    await sleep(250);
    const busy = (busySeconds() - before) / (((performance.now() - at) / 1000) * cpus().length);
    if (busy < 0.5 || performance.now() > until) return;
  }
}

/** A free port below those the system hands to outgoing connections, which could take it before the server does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => { probe.close(() => resolve(true)); });
    });
    if (free) return port;
  }
}

/** Milliseconds until an address answers with success. Throws when the program ends or the time is over. */
export async function answering(url: string, program: Program, timeoutMs = 60_000): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(`the program at ${url} ended with code ${program.child.exitCode}; see its log in .cache/bench`);
    const ok = await fetch(url).then((answer) => answer.ok, () => false);
    if (ok) return performance.now() - startedAt;
    if (performance.now() - startedAt > timeoutMs) throw new Error(`${url} did not answer in ${timeoutMs} ms`);
    await sleep(10);
  }
}
