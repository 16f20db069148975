import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BoundedChild, packageRoot, permissionFlags, ranOutOfHeap, type ChildOutcome } from '#platform/process/bounded-child.ts';
import { SourceError } from '../source-reader.ts';
import { GIT_STATUS, GitFailure, GitListing, type GitRequest } from './child-protocol.ts';
import type { GitLimits } from './git-limits.ts';

const LISTING_BYTES_MAX = 128 * 1024 * 1024;

/** What was asked for is not there or is too large. */
export interface BlobRefused { refused: Extract<GitFailure, 'missing' | 'too-large' | 'damaged'> }

/**
 * Packs of one reading, in a folder of their own that goes with {@link close}. They are unpacked by another process, which
 * may read and write nothing but this folder, and dies at the limits.
 */
export class PackStore {
  readonly #folder: string;
  readonly #limits: GitLimits;
  readonly #bytesMax: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => { this.#child?.stop(); };
  #child: BoundedChild | null = null;

  private constructor(folder: string, { limits, bytesMax, signal }: { limits: GitLimits; bytesMax: number; signal: AbortSignal }) {
    this.#folder = folder;
    this.#limits = limits;
    this.#bytesMax = bytesMax;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
  }

  /** @param options.bytesMax of one file */
  static async create(options: { limits: GitLimits; bytesMax: number; signal: AbortSignal }): Promise<PackStore> {
    return new PackStore(await mkdtemp(path.join(tmpdir(), 'git-source-')), options);
  }

  /** Keeps a pack under a name and looks into it; how many bytes it has. Throws {@link SourceError} `too-large`. */
  async add(name: string, pack: AsyncIterable<Uint8Array>): Promise<number> {
    const folder = path.join(this.#folder, name, 'objects', 'pack');
    await mkdir(folder, { recursive: true });
    const { packBytesMax } = this.#limits;
    let bytes = 0;
    await pipeline(pack, async function* bounded(pieces) {
      for await (const piece of pieces) {
        bytes += piece.byteLength;
        if (bytes > packBytesMax) throw new SourceError('too-large', `The newest state of this repository is larger than the ${Math.round(packBytesMax / 1024 / 1024)} MB that are fetched at once. Choose one without large files.`);
        yield piece;
      }
    }, createWriteStream(path.join(folder, 'all.pack')), { signal: this.#signal });
    const outcome = await this.#ask({ kind: 'index', store: name }, this.#limits.indexMs);
    if (outcome.kind !== 'answer' || outcome.status !== GIT_STATUS.ok) throw this.#failure(outcome);
    return bytes;
  }

  async list(name: string, request: Pick<Extract<GitRequest, { kind: 'list' }>, 'commit' | 'folder' | 'include' | 'exclude'>): Promise<GitListing> {
    const { entriesMax, depthMax, listMs } = this.#limits;
    const outcome = await this.#ask({ kind: 'list', store: name, entriesMax, depthMax, ...request }, listMs);
    if (outcome.kind === 'answer' && outcome.status === GIT_STATUS.ok) return GitListing.parse(JSON.parse(outcome.body.toString('utf8')));
    if (outcome.kind === 'answer' && outcome.body.toString('utf8') === 'no-folder') throw new SourceError('settings', `There is no folder “${request.folder.slice(0, 200)}” in this repository.`);
    if (outcome.kind === 'timeout') throw new SourceError('settings', 'Comparing the files with the patterns took too long. Write simpler patterns.');
    throw this.#failure(outcome);
  }

  async blob(name: string, oid: string): Promise<Buffer | BlobRefused> {
    const outcome = await this.#ask({ kind: 'blob', store: name, oid, bytesMax: this.#bytesMax }, this.#limits.blobMs);
    if (outcome.kind === 'answer' && outcome.status === GIT_STATUS.ok) return outcome.body;
    if (outcome.kind === 'answer') { const code = GitFailure.safeParse(outcome.body.toString('utf8')).data; return { refused: code === 'missing' || code === 'too-large' ? code : 'damaged' }; }
    this.#signal.throwIfAborted();
    return { refused: outcome.kind === 'crash' && !ranOutOfHeap(outcome.stderr) ? 'damaged' : 'too-large' };
  }

  /** Lets go of a pack that is no longer needed. */
  async drop(name: string): Promise<void> {
    await rm(path.join(this.#folder, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#child?.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #ask(request: GitRequest, timeoutMs: number): Promise<ChildOutcome> {
    this.#signal.throwIfAborted();
    if (!this.#child?.alive) this.#child = this.#start();
    return this.#child.request([Buffer.from(JSON.stringify(request))], timeoutMs);
  }

  #start(): BoundedChild {
    const { memoryBytesMax } = this.#limits;
    const root = packageRoot();
    return new BoundedChild({
      entry: path.join(import.meta.dirname, 'child.ts'), args: [this.#folder], cwd: root, memoryBytesMax, outputBytesMax: Math.max(LISTING_BYTES_MAX, this.#bytesMax + 1024),
      flags: [
        ...permissionFlags([import.meta.dirname, path.join(root, 'src/platform/process'), path.join(root, 'package.json'), path.join(root, 'node_modules'), this.#folder]), `--allow-fs-write=${this.#folder}`,
        `--max-old-space-size=${Math.max(64, Math.floor((memoryBytesMax * 0.6) / 1024 / 1024))}`, '--disallow-code-generation-from-strings', '--disable-warning=ExperimentalWarning', '--no-deprecation',
      ],
    });
  }

  #failure(outcome: ChildOutcome): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    const isTooMuch = outcome.kind === 'memory' || outcome.kind === 'timeout' || outcome.kind === 'output' || (outcome.kind === 'crash' && ranOutOfHeap(outcome.stderr));
    return isTooMuch
      ? new SourceError('too-large', 'Unpacking this repository takes more time or memory than one source may use. Choose one without large files.')
      : new SourceError('unexpected', 'What the server sent is damaged and cannot be unpacked. Try again later.');
  }
}
