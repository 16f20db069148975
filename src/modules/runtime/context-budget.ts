import { countTokens, type Passage } from '#modules/models/ports.ts';

/** What stands around a passage where it is handed to a model: its number, title and page. */
const aroundOf = ({ title, page }: Passage): string => `[99] ${title}${page === null ? '' : ` (page ${page})`}\n\n`;

/**
 * The room for passages in one run, in tokens of the o200k vocabulary. A token is at least one byte, so as long as all of
 * them together have no more bytes than there is room, nothing is counted and no vocabulary loaded.
 */
export class ContextBudget {
  readonly #tokensMax: number;
  /** Of what was counted. */
  #tokens = 0;
  /** Taken without being counted. */
  #uncounted: string[] = [];
  #bytes = 0;
  /** Searches of one run may overlap: one passage is weighed after the other. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(tokensMax: number) {
    this.#tokensMax = tokensMax;
  }

  /** The passage, if there is room for it; with `cut`, its beginning where there is room for that only. Null otherwise. */
  async take(passage: Passage, cut: boolean): Promise<Passage | null> {
    const taken = this.#before.then(async () => this.#weigh(passage, cut));
    this.#before = taken.catch(() => undefined);
    return taken;
  }

  async #weigh(passage: Passage, cut: boolean): Promise<Passage | null> {
    const around = aroundOf(passage);
    const bytes = Buffer.byteLength(around) + Buffer.byteLength(passage.text);
    if (this.#tokens + this.#bytes + bytes <= this.#tokensMax) {
      this.#uncounted.push(around + passage.text);
      this.#bytes += bytes;
      return passage;
    }
    for (const text of this.#uncounted) this.#tokens += await countTokens(text);
    this.#uncounted = [];
    this.#bytes = 0;
    const tokens = await countTokens(around + passage.text);
    if (this.#tokens + tokens <= this.#tokensMax) {
      this.#tokens += tokens;
      return passage;
    }
    if (!cut) return null;
    const text = await beginningOf(passage.text, this.#tokensMax - this.#tokens - await countTokens(around));
    this.#tokens = this.#tokensMax;
    return text === '' ? null : { ...passage, text };
  }
}

/** As much of the beginning as fits, up to the end of a word. */
async function beginningOf(text: string, tokensMax: number): Promise<string> {
  let length = tokensMax <= 0 ? 0 : text.length;
  while (length > 0) {
    const tokens = await countTokens(text.slice(0, length));
    if (tokens <= tokensMax) break;
    length = Math.min(length - 1, Math.floor((length * tokensMax) / tokens));
  }
  const beginning = text.slice(0, length);
  const space = beginning.search(/\s\S*$/);
  return (length < text.length && space > length / 2 ? beginning.slice(0, space) : beginning).toWellFormed();
}
