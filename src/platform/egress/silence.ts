/** How long another side may keep silent, in milliseconds. */
export interface SilenceBounds {
  /** From the call to the first byte of the answer's body. */
  firstByteMs: number;
  /** Longest silence inside an answer. */
  idleMs: number;
}

/** Aborts a call that says nothing for too long: one timer, restarted by every byte. `errorOf` makes the reason, which is told what the other side did. */
export class Silence {
  #timer: NodeJS.Timeout;
  #isFirst = true;
  readonly #idleMs: number;
  readonly #giveUp: (what: string) => void;

  constructor(controller: AbortController, { firstByteMs, idleMs }: SilenceBounds, errorOf: (what: string) => Error) {
    this.#idleMs = idleMs;
    this.#giveUp = (what) => { controller.abort(errorOf(what)); };
    this.#timer = setTimeout(() => { this.#giveUp(`did not begin to answer within ${firstByteMs / 1_000} seconds`); }, firstByteMs);
  }

  heard(): void {
    if (!this.#isFirst) { this.#timer.refresh(); return; }
    this.#isFirst = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#giveUp(`stopped sending for ${this.#idleMs / 1_000} seconds`); }, this.#idleMs);
  }

  stop(): void { clearTimeout(this.#timer); }
}
