import { decodeJson, encodeJson, type Json } from './plain-data.ts';

/**
 * The page's own storage under one name. Where the browser refuses it (blocked site data, private mode, full)
 * the value lives in memory until the page is left: a chat must work without storage.
 */
export class BrowserStore {
  readonly #name: string;
  readonly #area: 'localStorage' | 'sessionStorage';
  #memory: string | null = null;

  constructor(area: 'localStorage' | 'sessionStorage', name: string) {
    this.#area = area;
    this.#name = `cmp-widget:${name}`;
  }

  /** What was last written, parsed; undefined if nothing or unreadable. Treat as input: other scripts share it. */
  read(): unknown {
    let stored = this.#memory;
    try {
      stored = window[this.#area].getItem(this.#name) ?? stored;
    } catch {
      // Access to storage itself throws when site data is blocked; memory serves.
    }
    return stored === null ? undefined : decodeJson(stored);
  }

  write(value: Json): void {
    this.#memory = encodeJson(value);
    try {
      window[this.#area].setItem(this.#name, this.#memory);
    } catch {
      // Blocked or full: the copy in memory is what remains.
    }
  }

  clear(): void {
    this.#memory = null;
    try {
      window[this.#area].removeItem(this.#name);
    } catch {
      // Blocked: there was nothing stored either.
    }
  }
}
