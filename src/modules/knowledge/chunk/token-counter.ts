import { countTokens, tokenPieces } from './count-tokens.ts';

/** Pieces up to this length are counted whole. Longer ones (endless words, Chinese without marks) only in parts, for their tokens are dear to count. */
const PIECE_MAX = 96;
const PART = 24;

/**
 * Tokens of any stretch of one text, which is split into the vocabulary's pieces once. Merges never cross a piece, so
 * sums of pieces are exact, and a stretch costs no more than its two ends.
 */
export class TokenCounter {
  readonly #text: string;
  /** Where pieces start, the tokens before each, and how many before it are only estimated. */
  readonly #starts: Uint32Array;
  readonly #tokens: Uint32Array;
  readonly #rough: Uint32Array;

  constructor(text: string) {
    this.#text = text;
    const starts: number[] = [];
    const tokens: number[] = [0];
    const rough: number[] = [0];
    const add = (start: number, piece: string, exact: boolean): void => {
      starts.push(start);
      tokens.push((tokens.at(-1) ?? 0) + pieceTokens(piece));
      rough.push((rough.at(-1) ?? 0) + (exact ? 0 : 1));
    };
    for (const { index, 0: piece } of text.matchAll(tokenPieces())) {
      if (piece.length <= PIECE_MAX) add(index, piece, true);
      else for (let at = 0; at < piece.length;) {
        const to = wholeCharacters(piece, at + PART);
        add(index + at, piece.slice(at, to), false);
        at = to;
      }
    }
    this.#starts = Uint32Array.from([...starts, text.length]);
    this.#tokens = Uint32Array.from(tokens);
    this.#rough = Uint32Array.from(rough);
  }

  /** Of neighbouring stretches, which add up to that of the whole: each piece counts where it starts. */
  estimate(start: number, end: number): number {
    return (this.#tokens[this.#from(end)] ?? 0) - (this.#tokens[this.#from(start)] ?? 0);
  }

  /** Exactly what the tokenizer counts for `text.slice(start, end)`, which must not end in space. */
  exact(start: number, end: number): number {
    const last = this.#from(end + 1) - 1;
    if ((this.#rough[this.#from(end)] ?? 0) !== (this.#rough[Math.max(0, this.#from(start) - 1)] ?? 0)) return countTokens(this.#text.slice(start, end));
    const pieces = tokenPieces();
    let at = start;
    let tokens = 0;
    // A stretch may begin inside a piece; after a few of its own pieces it falls into step.
    while (this.#starts[this.#from(at)] !== at) {
      pieces.lastIndex = at;
      const piece = pieces.exec(this.#text)?.[0] ?? '';
      if (piece === '' || at + piece.length > end) return tokens + countTokens(this.#text.slice(at, end));
      tokens += pieceTokens(piece);
      at += piece.length;
    }
    const lastStart = this.#starts[last] ?? end;
    if (lastStart < at) return tokens + countTokens(this.#text.slice(at, end));
    return tokens + (this.#tokens[last] ?? 0) - (this.#tokens[this.#from(at)] ?? 0) + countTokens(this.#text.slice(lastStart, end));
  }

  /** Index of the first piece that starts at or after a place. */
  #from(place: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A place at or after `at` that splits neither a surrogate pair nor a letter from its marks, as far as a few characters tell. */
function wholeCharacters(text: string, at: number): number {
  let end = at;
  while (end < text.length && end < at + 16 && /[\p{M}\u200d\udc00-\udfff]/u.test(text.charAt(end))) end++;
  return Math.min(end, text.length);
}

const CACHE_MAX = 100_000;
const cache = new Map<string, number>();

/** Remembered: pieces are words for the most part, which repeat. */
function pieceTokens(piece: string): number {
  const known = cache.get(piece);
  if (known !== undefined) return known;
  const tokens = countTokens(piece);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(piece, tokens);
  return tokens;
}
