/** Remembers what was loaded, for a bounded time. */
export interface FreshMemory<T> {
  /** What is remembered under the key, else what `load` answers. A failure is not remembered. */
  get(key: string, load: () => Promise<T>): Promise<T>;
  delete(matches: (key: string) => boolean): void;
  clear(): void;
}

/** From this share of its time on, what is asked for is loaded anew in the background, so that nobody waits for it. */
const RENEW_SHARE = 0.6;

/** Creates a memory that trusts a value for `trustMs` from the moment its loading began. */
export function createFreshMemory<T>(trustMs: number, entriesMax: number, now: () => number): FreshMemory<T> {
  interface Entry { value: Promise<T>; since: number; renewing: boolean }
  let entries = new Map<string, Entry>();

  const begin = (load: () => Promise<T>): Entry => ({ value: load(), since: now(), renewing: false });

  function renew(key: string, old: Entry, load: () => Promise<T>): void {
    old.renewing = true;
    const entry = begin(load);
    // Only in place of the value it renews: what was forgotten meanwhile stays forgotten. After a failure the old value
    // serves to the end of its time, and whoever asks then sees the failure.
    entry.value.then(() => { if (entries.get(key) === old) entries.set(key, entry); }, () => undefined);
  }

  return {
    get(key, load) {
      const known = entries.get(key);
      const age = known ? now() - known.since : trustMs;
      if (known && age < trustMs) {
        if (age >= trustMs * RENEW_SHARE && !known.renewing) renew(key, known, load);
        return known.value;
      }
      if (entries.size >= entriesMax) entries = new Map();
      const entry = begin(load);
      entries.set(key, entry);
      entry.value.catch(() => { if (entries.get(key) === entry) entries.delete(key); });
      return entry.value;
    },
    delete(matches) {
      for (const key of entries.keys()) if (matches(key)) entries.delete(key);
    },
    clear() { entries = new Map(); },
  };
}
