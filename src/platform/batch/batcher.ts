/** Collects calls that arrive together and does them in one go. */
export interface Batcher<T, R> {
  /** Resolves with this item's result once its batch is done; rejects when the whole batch failed. */
  add(item: T): Promise<R>;
  /** Resolves when nothing waits or runs. */
  drain(): Promise<void>;
}

/**
 * Creates a batcher around `flush`, which gets the waiting items in order and answers one result for each. While a flush
 * runs, new items wait for the next, so batches grow with the load and a lone item never waits.
 */
export function createBatcher<T, R>(flush: (items: readonly T[]) => Promise<readonly R[]>, itemsMax = 200): Batcher<T, R> {
  interface Waiting { item: T; resolve(result: R): void; reject(error: unknown): void }
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  async function work(): Promise<void> {
    // Lets everything that this turn of the event loop adds join the first batch.
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    while (waiting.length > 0) {
      const batch = waiting.slice(0, itemsMax);
      waiting = waiting.slice(itemsMax);
      try {
        const results = await flush(batch.map((entry) => entry.item));
        for (const [index, entry] of batch.entries()) {
          const result = results[index];
          if (index < results.length) entry.resolve(result as R);
          else entry.reject(new Error('the batch answered too few results'));
        }
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
  }

  return {
    add: async (item) => new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      running ??= work().finally(() => { running = null; });
    }),
    async drain() {
      while (running) await running;
    },
  };
}
