import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodeError, type CodeCall, type CodeOutcome, type CodeRunner } from '#modules/flows/ports.ts';
import { findIsolation, type Isolation } from './isolation.ts';
import { isInstalled, type Language, type Surroundings, writeProgram } from './language.ts';
import { pythonSnapshot } from './python-snapshot.ts';
import { SandboxChild } from './sandbox-child.ts';
import { Turns } from './turns.ts';

export interface CodePoolOptions {
  /** Calls running at once, and how many of them one tenant may have. */
  callsMax?: number;
  tenantCallsMax?: number;
  /** Characters of a result's JSON. */
  resultCharsMax?: number;
  /** Processes without work end after this long, so that an idle server holds none. */
  idleMs?: number;
  /** Folder for what makes starting faster; kept from one start of the server to the next. */
  cacheDir?: string;
  /** Whether a language is there; asks for its package unless told. */
  installed?: (language: Language) => boolean;
  /** What the system puts around a child; found by trying unless told. */
  isolation?: Isolation;
}

const TIMEOUT_MS = 5_000;
const TIMEOUT_MS_MAX = 10_000;
const GLOBALS_CHARS_MAX = 16 * 1024 * 1024;
/** Processes that wait for another call of their tenant. */
const KEPT_MAX = 3;

/**
 * Runs code of sellers in processes of their own: see `isolation.ts` and `language.ts` for their walls. A process
 * belongs to the tenant whose call it took first and ends with its use; JavaScript, where each call gets a new engine,
 * stays a while for further calls of that tenant. One fresh process of a language waits after its first use. None is
 * started before that.
 */
export function createCodePool(options: CodePoolOptions = {}): CodeRunner {
  return new CodePool(options);
}

class CodePool implements CodeRunner {
  readonly #resultCharsMax: number;
  readonly #idleMs: number;
  readonly #turns: Turns;
  readonly #cacheDir: string | null;
  readonly #isInstalled: (language: Language) => boolean;
  readonly #isolation: Isolation | null;
  /** A folder of this pool, and what children find; made before the first one. */
  #base: Promise<{ folder: string; launcher: readonly string[] }> | null = null;
  #snapshot: Promise<string | null> | null = null;
  readonly #running = new Set<SandboxChild>();
  /** Used by one tenant, waiting for its next call; the longest unused first. */
  #kept: SandboxChild[] = [];
  readonly #fresh = new Map<Language, SandboxChild>();
  #idleTimer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

  constructor(options: CodePoolOptions) {
    this.#resultCharsMax = options.resultCharsMax ?? 1_000_000;
    this.#idleMs = options.idleMs ?? 30_000;
    this.#isolation = options.isolation ?? null;
    this.#isInstalled = options.installed ?? isInstalled;
    this.#cacheDir = options.cacheDir === undefined ? null : path.resolve(options.cacheDir);
    this.#turns = new Turns(options.callsMax ?? 4, options.tenantCallsMax ?? 2);
  }

  async run(tenant: string, call: CodeCall, signal: AbortSignal): Promise<CodeOutcome> {
    if (!this.#isInstalled(call.language)) throw new CodeError('code-unavailable', 'Python is not installed on this server, so steps with Python code cannot run.');
    const timeoutMs = Math.min(Math.max(1, call.timeoutMs ?? TIMEOUT_MS), TIMEOUT_MS_MAX);
    if (JSON.stringify(call.globals).length > GLOBALS_CHARS_MAX) throw new CodeError('code-error', `The step hands its code more than ${GLOBALS_CHARS_MAX / 1024 / 1024} MB of data.`);
    const done = await this.#turns.take(tenant, signal);
    try {
      const child = await this.#childFor(tenant, call.language);
      try {
        return await child.run(tenant, call, { timeoutMs, resultCharsMax: this.#resultCharsMax }, signal);
      } finally {
        this.#release(child);
      }
    } finally {
      done();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#turns.close(closed());
    this.#stopIdle();
    for (const child of this.#running) child.stop();
    const base = await this.#base;
    await this.#snapshot;
    if (base) await rm(base.folder, { recursive: true, force: true });
  }

  async #childFor(tenant: string, language: Language): Promise<SandboxChild> {
    clearTimeout(this.#idleTimer);
    const surroundings = await this.#surroundings(language);
    if (this.#closing.signal.aborted) throw closed();
    const start = (): SandboxChild => new SandboxChild(language, surroundings, this.#resultCharsMax);
    const known = this.#kept.find((child) => child.tenant === tenant && child.language === language && child.reusable);
    this.#kept = this.#kept.filter((child) => child !== known);
    let child = known;
    if (!child) {
      const waiting = this.#fresh.get(language);
      child = waiting?.reusable === true ? waiting : start();
      this.#fresh.set(language, start());
    }
    this.#running.add(child);
    return child;
  }

  async #surroundings(language: Language): Promise<Surroundings> {
    const { folder, launcher } = await (this.#base ??= makeBase(this.#isolation));
    const bare: Surroundings = { launcher, program: path.join(folder, 'program'), cwd: path.join(folder, 'empty'), pythonSnapshot: null };
    if (language !== 'python') return bare;
    return { ...bare, pythonSnapshot: await (this.#snapshot ??= pythonSnapshot(this.#cacheDir ?? folder, bare, this.#closing.signal)) };
  }

  #release(child: SandboxChild): void {
    this.#running.delete(child);
    if (child.reusable && !this.#closing.signal.aborted) this.#kept.push(child);
    else child.stop();
    while (this.#kept.length > KEPT_MAX) this.#kept.shift()?.stop();
    clearTimeout(this.#idleTimer);
    if (this.#running.size > 0) return;
    this.#idleTimer = setTimeout(() => this.#stopIdle(), this.#idleMs);
    this.#idleTimer.unref();
  }

  #stopIdle(): void {
    clearTimeout(this.#idleTimer);
    for (const child of [...this.#kept, ...this.#fresh.values()]) child.stop();
    this.#kept = [];
    this.#fresh.clear();
  }
}

const closed = (): CodeError => new CodeError('code-unavailable', 'Code steps are being shut down.');

async function makeBase(given: Isolation | null): Promise<{ folder: string; launcher: readonly string[] }> {
  const [isolation, folder] = await Promise.all([given ?? findIsolation(), mkdtemp(path.join(tmpdir(), 'code-'))]);
  await Promise.all([mkdir(path.join(folder, 'empty')), writeProgram(path.join(folder, 'program'))]);
  return { folder, launcher: isolation.launcher };
}
