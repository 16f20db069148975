import { z } from 'zod';

/** What a search must know of a knowledge base before it can begin. */
export const BaseFacts = z.object({ id: z.string(), edition: z.number(), embeddingModel: z.string(), dimensions: z.number(), chunks: z.number(), length: z.number() });
export type BaseFacts = z.infer<typeof BaseFacts>;

/** A bounded memory: what was not asked for longest goes first. */
export class Remembered<T> {
  readonly #entries = new Map<string, T>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#max && oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
