import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { FrameReader, frame, type ParserRequest, STATUS } from './child-protocol.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseFailure } from './parsed-document.ts';

/** What one child may use up for one request. */
export interface ProcessLimits {
  /** Wall clock of one request; starting the process is not part of it. */
  timeoutMs: number;
  /** Resident memory of the process, polled on Linux; the JavaScript heap is bounded below this everywhere. */
  memoryBytesMax: number;
  /** Bytes of one answer. */
  outputBytesMax: number;
}

/** An answer's JSON, not yet validated, or why there is none. */
export type RawAnswer = { ok: true; json: Buffer } | { ok: false; failure: ParseFailure };

const MEMORY_POLL_MS = 50;
const STDERR_KEPT = 4000;
/** For loading the libraries, on a machine that has better things to do. */
const START_TIMEOUT_MS = 60_000;
const TIMEOUT: ParseFailure = { code: 'timeout', message: 'Reading this file took too long. Split it into smaller files or export it in a simpler format.' };
const TOO_COMPLEX: ParseFailure = { code: 'too-complex', message: 'Reading this file needs more memory than one document may use. Split it into smaller files or export it in a simpler format.' };
const TOO_LARGE: ParseFailure = { code: 'too-large', message: 'This file holds more text than one document may have. Split it into smaller files.' };
const CRASHED: ParseFailure = { code: 'damaged', message: 'The reader stopped unexpectedly on this file. It may be damaged; export it again or in another format, such as PDF.' };

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * One parser process and the request it works on. It runs with an empty environment, may read nothing but our code and
 * its libraries, start nothing, write nothing; it is killed at its limits and started again for the next request.
 */
export class ParserProcess {
  readonly #limits: ProcessLimits;
  #child: Child | null = null;
  #stderr = '';
  #settle: ((answer: RawAnswer) => void) | null = null;
  #isReady = false;
  #onReady: (() => void) | null = null;
  #peakBytes = 0;

  constructor(limits: ProcessLimits) {
    this.#limits = limits;
  }

  /** Highest resident memory seen in any request, in bytes; 0 where it cannot be read. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the process ahead of its first request, so that this does not pay for loading the libraries. */
  warm(): void {
    this.#child ??= this.#start();
  }

  /** One request at a time. Never rejects. */
  run(request: ParserRequest, body: Uint8Array): Promise<RawAnswer> {
    const child = this.#child ?? this.#start();
    this.#child = child;
    return new Promise((resolve) => {
      let timer = setTimeout(() => this.#stop(CRASHED), START_TIMEOUT_MS);
      const startClock = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => this.#stop(TIMEOUT), this.#limits.timeoutMs);
      };
      if (this.#isReady) startClock();
      else this.#onReady = startClock;
      const watch = setInterval(() => this.#checkMemory(), MEMORY_POLL_MS);
      this.#settle = (answer) => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#settle = null;
        this.#onReady = null;
        resolve(answer);
      };
      for (const part of [...frame(Buffer.from(JSON.stringify(request))), ...frame(body)]) child.stdin.write(part);
    });
  }

  close(): void {
    this.#stop(CRASHED);
  }

  /** Ends the process, and with it the running request. */
  #stop(failure: ParseFailure): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    this.#settle?.({ ok: false, failure });
  }

  #checkMemory(): void {
    const bytes = residentBytes(this.#child?.pid);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
    if (bytes > this.#limits.memoryBytesMax) this.#stop(TOO_COMPLEX);
  }

  #start(): Child {
    const child = spawn(process.execPath, [...nodeFlags(this.#limits.memoryBytesMax), path.join(import.meta.dirname, 'child.ts')], {
      env: {}, stdio: ['pipe', 'pipe', 'pipe'], cwd: projectRoot(), windowsHide: true,
    });
    this.#stderr = '';
    this.#isReady = false;
    const reader = new FrameReader(this.#limits.outputBytesMax, (payload) => this.#answer(payload));
    child.stdout.on('data', (data: Buffer) => {
      try {
        reader.push(data);
      } catch {
        if (this.#child === child) this.#stop(TOO_LARGE); // the frame exceeds the limit of output
      }
    });
    child.stderr.on('data', (data: Buffer) => { this.#stderr = (this.#stderr + data.toString('utf8')).slice(-STDERR_KEPT); });
    // Writing to a process that just died: its exit tells the story.
    child.stdin.on('error', () => {});
    const gone = (): void => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#settle?.({ ok: false, failure: /heap out of memory|Allocation failed/i.test(this.#stderr) ? TOO_COMPLEX : CRASHED });
    };
    child.on('error', gone);
    child.on('close', gone);
    return child;
  }

  #answer(payload: Buffer): void {
    const json = payload.subarray(1);
    if (payload[0] === STATUS.ready) {
      this.#isReady = true;
      this.#onReady?.();
    } else if (payload[0] === STATUS.ok) this.#settle?.({ ok: true, json });
    else this.#settle?.({ ok: false, failure: ParseFailure.safeParse(parseJson(json)).data ?? CRASHED });
  }
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return null; // a broken answer counts as a crash
  }
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

function nodeFlags(memoryBytesMax: number): string[] {
  const needed = [import.meta.dirname, path.join(import.meta.dirname, '../chunk'), path.join(projectRoot(), 'package.json'), path.join(projectRoot(), 'node_modules')];
  // Links are checked by where they lead as well.
  const readable = new Set(needed.filter((entry) => existsSync(entry)).flatMap((entry) => [entry, realpathSync(entry)]));
  return [
    '--permission', ...[...readable].map((entry) => `--allow-fs-read=${entry}`),
    `--max-old-space-size=${Math.max(64, Math.floor((memoryBytesMax * 0.7) / 1024 / 1024))}`,
    // Text runs and tokens die young; a larger nursery keeps them from being promoted.
    '--max-semi-space-size=32',
    '--disallow-code-generation-from-strings', '--disable-warning=ExperimentalWarning', '--no-deprecation',
  ];
}

/** The folder of the nearest package.json above this file. */
function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

export const DEFAULT_LIMITS: ProcessLimits = {
  timeoutMs: 60_000, memoryBytesMax: 1024 * 1024 * 1024, outputBytesMax: PARSE_LIMITS.charactersMax * 4,
};
