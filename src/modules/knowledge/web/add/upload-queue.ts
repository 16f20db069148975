import { asProblem, isAbort } from '#web/api/problem.ts';
import { pathOf } from '#web/kit/taken-files.ts';

/** Files sent at once; the rest wait their turn. */
const AT_ONCE = 3;
/** A server that asks to wait is asked again by itself this often, with growing pauses. */
const WAITS_MAX = 4;
const WAIT_MS = 1_500;

/** Refusals that the next file would meet too: what is still waiting is not sent in vain. */
const STOPS_ALL: ReadonlySet<string> = new Set(['documents-full', 'storage-full', 'chunk-limit', 'credits-exhausted', 'insufficient-credits', 'source-not-included']);
/** Refusals of the file itself. */
const FINAL: ReadonlySet<string> = new Set(['duplicate', 'unsupported', 'format-not-included', 'empty', 'too-large']);

export interface Upload {
  key: number;
  file: File;
  /** With the folder it came in. */
  path: string;
  state: 'waiting' | 'sending' | 'failed';
  /** 0 to 1. */
  share: number;
  /** Why it was not taken and what to do; null unless it failed. */
  failure: string | null;
  /** Sending the same file again would end the same way. */
  final: boolean;
}

/** All a screen draws. A new object with every change. */
export interface UploadState {
  /** In the order they were added; what was taken leaves the list. */
  uploads: readonly Upload[];
  /** Files taken since the list was last empty, and the bytes of everything in that time. */
  sent: number;
  sentBytes: number;
  totalBytes: number;
  /** When sending began and when it last moved, in milliseconds since 1970. */
  startedAt: number | null;
  changedAt: number | null;
}

/** Why the server did not take a file, or null when it did. */
export type Refused = { code: string; message: string } | null;
export type SendFile = (file: File, options: { signal: AbortSignal; onProgress: (share: number) => void }) => Promise<Refused>;

const EMPTY: UploadState = { uploads: [], sent: 0, sentBytes: 0, totalBytes: 0, startedAt: null, changedAt: null };

/** A queue of uploads: a few at once, each with its own progress, end and second try. What failed stays until it is dismissed. */
export class UploadQueue {
  readonly #send: SendFile;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #listeners = new Set<() => void>();
  readonly #settled = new Set<() => void>();
  readonly #running = new Map<number, AbortController>();
  #state: UploadState = EMPTY;
  #keys = 0;

  constructor(send: SendFile, pause: (ms: number) => Promise<void> = async (ms) => new Promise((resolve) => { setTimeout(resolve, ms); })) {
    this.#send = send;
    this.#pause = pause;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };
  /** Tells `listener` of each file that ended one way or the other. Returns the way to stop. */
  readonly onSettled = (listener: () => void): (() => void) => {
    this.#settled.add(listener);
    return () => { this.#settled.delete(listener); };
  };
  readonly state = (): UploadState => this.#state;

  add(files: readonly File[]): void {
    const uploads = files.map((file): Upload => ({ key: this.#keys++, file, path: pathOf(file), state: 'waiting', share: 0, failure: null, final: false }));
    const begun = this.#state.uploads.length === 0 ? EMPTY : this.#state;
    this.#write({ ...begun, startedAt: begun.startedAt ?? Date.now(), totalBytes: begun.totalBytes + bytesOf(uploads), uploads: [...begun.uploads, ...uploads] });
    this.#next();
  }

  /** Ends an upload, or takes a failed one off the list. */
  drop(keys: readonly number[]): void {
    for (const key of keys) this.#running.get(key)?.abort();
    const gone = new Set(keys);
    this.#write({ ...this.#state, totalBytes: this.#state.totalBytes - bytesOf(this.#state.uploads.filter(({ key }) => gone.has(key))), uploads: this.#state.uploads.filter(({ key }) => !gone.has(key)) });
    this.#next();
  }

  /** Sends what failed once more. */
  retry(keys: readonly number[]): void {
    for (const key of keys) this.#change(key, { state: 'waiting', failure: null, share: 0, final: false });
    this.#next();
  }

  #next(): void {
    const free = AT_ONCE - this.#running.size;
    for (const upload of this.#state.uploads.filter(({ key, state }) => state === 'waiting' && !this.#running.has(key)).slice(0, Math.max(0, free))) void this.#run(upload);
  }

  async #run(upload: Upload): Promise<void> {
    const abort = new AbortController();
    this.#running.set(upload.key, abort);
    this.#change(upload.key, { state: 'sending', share: 0 });
    try {
      const refused = await this.#sendPatiently(upload, abort.signal);
      if (refused === null) this.#taken(upload);
      else this.#failed(upload, refused);
    } catch (error) {
      if (!isAbort(error) && !abort.signal.aborted) {
        const problem = asProblem(error);
        this.#failed(upload, { code: problem.code, message: problem.detail || problem.title });
      }
    } finally {
      this.#running.delete(upload.key);
      if (!abort.signal.aborted) for (const tell of this.#settled) tell();
      this.#next();
    }
  }

  async #sendPatiently(upload: Upload, signal: AbortSignal): Promise<Refused> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#send(upload.file, { signal, onProgress: (share) => { this.#change(upload.key, { share }); } });
      } catch (error) {
        const { status } = asProblem(error);
        if (isAbort(error) || tries > WAITS_MAX || (status !== 429 && status !== 503)) throw error;
        this.#change(upload.key, { share: 0 });
        await this.#pause(WAIT_MS * 2 ** (tries - 1));
        if (signal.aborted) throw error;
      }
    }
  }

  #taken({ key, file }: Upload): void {
    const { uploads, sent, sentBytes } = this.#state;
    if (!uploads.some((upload) => upload.key === key)) return;
    this.#write({ ...this.#state, sent: sent + 1, sentBytes: sentBytes + file.size, uploads: uploads.filter((upload) => upload.key !== key) });
  }

  #failed({ key }: Upload, { code, message }: { code: string; message: string }): void {
    this.#change(key, { state: 'failed', failure: message, final: FINAL.has(code) });
    if (!STOPS_ALL.has(code)) return;
    for (const waiting of this.#state.uploads.filter((upload) => upload.state === 'waiting')) this.#change(waiting.key, { state: 'failed', failure: `Not sent. ${message}` });
  }

  #change(key: number, patch: Partial<Upload>): void {
    this.#write({ ...this.#state, uploads: this.#state.uploads.map((upload) => (upload.key === key ? { ...upload, ...patch } : upload)) });
  }

  #write(state: UploadState): void {
    this.#state = { ...state, changedAt: Date.now() };
    for (const listener of this.#listeners) listener();
  }
}

const bytesOf = (uploads: readonly Upload[]): number => uploads.reduce((sum, { file }) => sum + file.size, 0);

/** How much of everything has been sent, 0 to 1; what failed counts as done. */
export const shareSent = ({ uploads, sentBytes, totalBytes }: UploadState): number =>
  (totalBytes === 0 ? 0 : (sentBytes + uploads.reduce((sum, { file, share, state }) => sum + file.size * (state === 'failed' ? 1 : share), 0)) / totalBytes);
