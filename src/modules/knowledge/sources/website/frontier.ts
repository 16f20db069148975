import type { CrawlTally } from './crawl-tally.ts';
import { LinkTraps } from './link-traps.ts';
import { isNoDocument } from './media-type.ts';

/** An address to be read. */
export interface Waiting {
  url: URL;
  /** 1 for the first page, 2 for what it links to. */
  depth: number;
  /** The page that links to it. */
  from: string | null;
}

/** `charactersMax` bounds all addresses ever kept, together. */
interface FrontierOptions { pagesMax: number; charactersMax: number; wanted(url: URL): boolean; tally: CrawlTally }

/** The addresses of a crawl: which wait, in which order, and which have been asked for. Each is asked for once. */
export class Frontier {
  readonly #options: FrontierOptions;
  readonly #traps: LinkTraps;
  readonly #seen = new Set<string>();
  readonly #claimed = new Set<string>();
  #queue: Waiting[] = [];
  #head = 0;
  #characters = 0;
  /** Some addresses were not kept, since there were too many. */
  overflowed = false;

  constructor(options: FrontierOptions) {
    this.#options = options;
    this.#traps = new LinkTraps(options.pagesMax);
  }

  /** About how many wait: some of them may have been taken by another way. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** How many wait that nobody has taken. */
  left(): number {
    return this.#queue.slice(this.#head).filter(({ url }) => !this.#claimed.has(url.href)).length;
  }

  /** How far from the first page the next one is; infinite where none waits. */
  get nearest(): number {
    return this.#queue[this.#head]?.depth ?? Infinity;
  }

  /** Takes an address; false when it was taken before. */
  claim({ href }: URL): boolean {
    if (this.#claimed.has(href)) return false;
    this.#claimed.add(href);
    return true;
  }

  add(entry: Waiting): void {
    const { href } = entry.url;
    if (this.#seen.has(href) || this.#claimed.has(href) || !this.#hasRoom(href)) return;
    this.#seen.add(href);
    const { wanted, tally } = this.#options;
    if (isNoDocument(entry.url)) tally.type += 1;
    else if (!wanted(entry.url)) tally.unwanted += 1;
    else if (!this.#traps.admits(entry.url)) tally.trapped += 1;
    else this.#queue.push(entry);
  }

  /** One that the site itself lists is no trap. */
  addListed(entry: Waiting): void {
    const { href } = entry.url;
    if (this.#claimed.has(href) || isNoDocument(entry.url) || !this.#options.wanted(entry.url) || !this.#hasRoom(href)) return;
    this.#seen.add(href);
    this.#queue.push(entry);
  }

  /** The next address, taken; null where none waits. */
  next(): Waiting | null {
    for (;;) {
      const entry = this.#queue[this.#head];
      if (!entry) {
        this.#queue = [];
        this.#head = 0;
        return null;
      }
      this.#head += 1;
      if (this.claim(entry.url)) return entry;
    }
  }

  *upcoming(): Generator<string> {
    for (let at = this.#head; at < this.#queue.length; at += 1) yield this.#queue[at]?.url.href ?? '';
  }

  #hasRoom(href: string): boolean {
    this.#characters += href.length;
    this.overflowed ||= this.#characters > this.#options.charactersMax;
    return !this.overflowed;
  }
}
