import type { ReadContext } from '../source-reader.ts';
import { type Fingerprint, readFingerprint } from './fingerprint.ts';

const AT_ONCE = 50;

/** What is known of pages from the last reading, asked for in batches. */
export class KnownPages {
  readonly #ask: ReadContext<unknown, unknown>['known'];
  readonly #known = new Map<string, Fingerprint | null>();

  constructor(ask: ReadContext<unknown, unknown>['known']) {
    this.#ask = ask;
  }

  /** `upcoming` are addresses that will be asked for next. */
  async of(url: URL, upcoming: Iterable<string> = []): Promise<Fingerprint | null> {
    if (!this.#known.has(url.href)) {
      const batch = new Set([url.href]);
      for (const next of upcoming) if (batch.size < AT_ONCE && !this.#known.has(next)) batch.add(next);
      const answers = await this.#ask([...batch]);
      for (const address of batch) this.#known.set(address, readFingerprint(answers.get(address)));
    }
    return this.#known.get(url.href) ?? null;
  }
}
