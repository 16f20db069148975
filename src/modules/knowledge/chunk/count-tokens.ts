import { createRequire } from 'node:module';
import type * as Tokenizer from 'gpt-tokenizer/encoding/o200k_base';

/** Loaded when the first text is counted: the vocabulary takes 80 MiB, which a server that reads no documents never needs. */
const load = createRequire(import.meta.url);
let tokenizer: typeof Tokenizer | null = null;
// What `require` answers has no type of its own; the package's declarations give it.
const tokenizerOf = () => tokenizer ??= load('gpt-tokenizer/encoding/o200k_base') as typeof Tokenizer;

const CACHE_MAX = 50_000;
const cache = new Map<string, number>();
/** Markers such as `<|endoftext|>` in a document are words like any other; by default the tokenizer throws on them. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** Tokens of a text in the o200k vocabulary. */
export const countTokens = (text: string): number => (text === '' ? 0 : tokenizerOf().countTokens(text, PLAIN));

/** As {@link countTokens}, remembered: for words, which repeat. */
export function countWordTokens(word: string): number {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const tokens = countTokens(word);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(word, tokens);
  return tokens;
}
