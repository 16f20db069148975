import { setTimeout as sleep } from 'node:timers/promises';

/** How fast one host is asked: so many at the same time, a pause between them, and not at all while it asks for rest. */
export class HostPace {
  #atOnceMax: number;
  #pauseMs: number;
  #running = 0;
  #earliest = 0;
  readonly #queue: (() => void)[] = [];

  constructor({ atOnceMax, pauseMs }: { atOnceMax: number; pauseMs: number }) {
    this.#atOnceMax = atOnceMax;
    this.#pauseMs = pauseMs;
  }

  /** Asks one by one, with a longer pause. */
  slowTo(pauseMs: number): void {
    if (pauseMs <= this.#pauseMs) return;
    this.#pauseMs = pauseMs;
    this.#atOnceMax = 1;
    this.rest(pauseMs);
  }

  /** Nothing begins before so much time is over. */
  rest(ms: number): void {
    this.#earliest = Math.max(this.#earliest, performance.now() + ms);
  }

  /** Runs a request in its turn. Rejects with the signal's reason when that ends while waiting. */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    while (this.#running >= this.#atOnceMax) await new Promise<void>((resolve) => { this.#queue.push(resolve); });
    this.#running += 1;
    try {
      for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await pause(wait, signal);
      signal.throwIfAborted();
      this.#earliest = performance.now() + this.#pauseMs;
      return await request();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  #wait(): number {
    return this.#earliest - performance.now();
  }
}

/** Rejects with the signal's own reason, which says more than that something was aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(ms, undefined, { signal }).catch(() => { signal.throwIfAborted(); });
}
