/** Collects calls that arrive together and does them in one go. */
export interface Batcher<T, R> {
  /** Resolves with this item's result once its batch is done; rejects when the whole batch failed. */
  add(item: T): Promise<R>;
  /** Resolves when nothing waits or runs. */
  drain(): Promise<void>;
}

/**
 * Creates a batcher around `flush`, which gets the waiting items in order and answers one result for each. While a flush
 * runs, new items wait for the next, so batches grow with the load and a lone item never waits. A batch ends before the items
 * together weigh more than `weightMax`; `weigh` is asked when they are taken, and an item counts as one unless told.
 */
export function createBatcher<T, R>(flush: (items: readonly T[]) => Promise<readonly R[]>, weightMax = 200, weigh: (item: T) => number = () => 1): Batcher<T, R> {
  interface Waiting { item: T; resolve(result: R): void; reject(error: unknown): void }
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  /** How many of those that wait make a batch; the first always does. */
  function fitting(): number {
    let weight = 0;
    const past = waiting.findIndex(({ item }) => (weight += weigh(item)) > weightMax);
    return past === -1 ? waiting.length : Math.max(1, past);
  }

  async function work(): Promise<void> {
    // Lets everything that this turn of the event loop adds join the first batch.
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    while (waiting.length > 0) {
      const batch = waiting.slice(0, fitting());
      waiting = waiting.slice(batch.length);
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
