const SEGMENTS_MAX = 30;
const SAME_SEGMENT_MAX = 3;

/**
 * Bounds for what sites make without end: calendars, filters, addresses that grow by themselves. Each is a share of the
 * pages that are read, so that a trap never takes all of them. Asked once for each new link.
 */
export class LinkTraps {
  readonly #variantsMax: number;
  readonly #numberedMax: number;
  readonly #variants = new Map<string, number>();
  readonly #shapes = new Map<string, number>();

  constructor(pagesMax: number) {
    this.#variantsMax = Math.min(1000, Math.max(20, Math.ceil(pagesMax / 4)));
    this.#numberedMax = Math.max(50, Math.ceil(pagesMax / 2));
  }

  /** Whether a link is to be followed, as far as this goes. */
  admits(url: URL): boolean {
    const segments = url.pathname.split('/').filter((segment) => segment !== '');
    if (segments.length > SEGMENTS_MAX || repeats(segments)) return false;
    if (url.search !== '' && !counted(this.#variants, url.pathname, this.#variantsMax)) return false;
    const shape = segments.map(shapeOf).join('/');
    const numbers = shape.split('#').length - 1;
    // One number is the id of a page; two and more are a date, or a page within something.
    return numbers < 2 || counted(this.#shapes, `/${shape}`, this.#numberedMax);
  }
}

function repeats(segments: readonly string[]): boolean {
  const seen = new Map<string, number>();
  return segments.some((segment) => !counted(seen, segment, SAME_SEGMENT_MAX));
}

function counted(counts: Map<string, number>, key: string, max: number): boolean {
  const count = (counts.get(key) ?? 0) + 1;
  if (count > max) return false;
  counts.set(key, count);
  return true;
}

/** A segment without what is counted or drawn in it. A drawn one weighs as two numbers: it is a visit or a hash. */
const shapeOf = (segment: string): string =>
  /^(?=.*\d)([0-9a-f]{16,}|[0-9a-f-]{32,})$/i.test(segment) ? '##' : segment.replace(/\d+/g, '#');
