import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { FrameReader, frame, READY } from './frames.ts';

/** How a process is started and what one request may use up. */
export interface ChildOptions {
  /** The file it runs. */
  entry: string;
  /** What it finds in its `process.argv` after itself. */
  args?: readonly string[];
  /** Flags of Node, e.g. those of {@link permissionFlags}. */
  flags: readonly string[];
  /** A program that starts it, with its arguments, e.g. to take the network away; it has to become the process. */
  launcher?: readonly string[];
  cwd: string;
  /** Resident memory of the process, polled on Linux. The caller bounds the heap below this by flags, which holds everywhere. */
  memoryBytesMax: number;
  /** Bytes of one answer. */
  outputBytesMax: number;
}

/** How a request ended: an answer with its status byte, or the limit that ended the process with it. */
export type ChildOutcome =
  | { kind: 'answer'; status: number; body: Buffer }
  | { kind: 'timeout' | 'memory' | 'output' | 'stopped' }
  /** It ended by itself; `stderr` is the end of what it said. */
  | { kind: 'crash'; stderr: string };

const MEMORY_POLL_MS = 50;
const STDERR_KEPT = 4000;
/** For loading the libraries, on a machine that has better things to do. */
const START_TIMEOUT_MS = 60_000;

/**
 * A Node process with an empty environment that answers one request at a time, and dies at its limits. Messages are
 * frames over stdin and stdout: JSON and not V8's own format, because what has read hostile input is not to be trusted.
 */
export class BoundedChild {
  readonly #options: ChildOptions;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #stderr = '';
  #settle: ((outcome: ChildOutcome) => void) | null = null;
  #onReady: (() => void) | null = null;
  #isReady = false;
  #alive = true;
  #peakBytes = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
    const command = [...options.launcher ?? [], process.execPath, ...options.flags, options.entry, ...options.args ?? []];
    const child = spawn(command[0] ?? process.execPath, command.slice(1), { env: {}, stdio: ['pipe', 'pipe', 'pipe'], cwd: options.cwd, windowsHide: true });
    this.#process = child;
    const reader = new FrameReader(options.outputBytesMax, (payload) => this.#take(payload));
    child.stdout.on('data', (data: Buffer) => {
      try {
        reader.push(data);
      } catch {
        this.#end({ kind: 'output' }); // the frame exceeds the limit of output
      }
    });
    child.stderr.on('data', (data: Buffer) => { this.#stderr = (this.#stderr + data.toString('utf8')).slice(-STDERR_KEPT); });
    // Writing to a process that just died: its exit tells the story.
    child.stdin.on('error', () => {});
    const gone = (error?: unknown): void => this.#end({ kind: 'crash', stderr: error instanceof Error ? error.message : this.#stderr });
    child.on('error', gone);
    child.on('close', () => gone());
  }

  /** False once it has ended; it never comes back. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Whether it has loaded what it needs. */
  get ready(): boolean {
    return this.#isReady;
  }

  get pid(): number | null {
    return this.#process.pid ?? null;
  }

  /** Highest resident memory seen in any request, in bytes; 0 where it cannot be read. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /**
   * One request at a time. Never rejects. The clock starts when the process is ready.
   * @param parts one frame each
   */
  request(parts: readonly Uint8Array[], timeoutMs: number): Promise<ChildOutcome> {
    if (!this.#alive) return Promise.resolve({ kind: 'crash', stderr: this.#stderr });
    return new Promise((resolve) => {
      let timer = setTimeout(() => this.#end({ kind: 'crash', stderr: 'did not start in time' }), START_TIMEOUT_MS);
      const startClock = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => this.#end({ kind: 'timeout' }), timeoutMs);
      };
      if (this.#isReady) startClock();
      else this.#onReady = startClock;
      const watch = setInterval(() => this.#checkMemory(), MEMORY_POLL_MS);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#settle = null;
        this.#onReady = null;
        resolve(outcome);
      };
      for (const part of parts) for (const piece of frame(part)) this.#process.stdin.write(piece);
    });
  }

  /** Kills the process, and with it the running request. */
  stop(): void {
    this.#end({ kind: 'stopped' });
  }

  #end(outcome: ChildOutcome): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#process.kill('SIGKILL');
    this.#settle?.(outcome);
  }

  #checkMemory(): void {
    const bytes = residentBytes(this.#process.pid);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
    if (bytes > this.#options.memoryBytesMax) this.#end({ kind: 'memory' });
  }

  #take(payload: Buffer): void {
    if (!this.#alive) return;
    if (payload[0] === READY) {
      this.#isReady = true;
      this.#onReady?.();
    } else this.#settle?.({ kind: 'answer', status: payload[0] ?? 0, body: payload.subarray(1) });
  }
}

/** Whether a crash was V8 running out of the heap its flags allow. */
export const ranOutOfHeap = (stderr: string): boolean => /heap out of memory|Allocation failed/i.test(stderr);

/** Node's own sandbox: the process may read these files and folders, start nothing and write nothing. What is absent is left out. */
export function permissionFlags(readable: readonly string[]): string[] {
  // Links are checked by where they lead as well.
  const entries = new Set(readable.filter((entry) => existsSync(entry)).flatMap((entry) => [entry, realpathSync(entry)]));
  return ['--permission', ...[...entries].map((entry) => `--allow-fs-read=${entry}`)];
}

/** The folder of the nearest package.json above this one. */
export function packageRoot(from: string = import.meta.dirname): string {
  let folder = from;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

/** 0 where the system does not tell (not Linux) or the process is gone. */
function residentBytes(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0; // ended between two polls
  }
}
