import { countTokens as count } from 'gpt-tokenizer/encoding/o200k_base';

const CACHE_MAX = 50_000;
const cache = new Map<string, number>();
/** Markers such as `<|endoftext|>` in a document are words like any other; by default the tokenizer throws on them. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** Tokens of a text in the o200k vocabulary. */
export const countTokens = (text: string): number => (text === '' ? 0 : count(text, PLAIN));

/** As {@link countTokens}, remembered: for words, which repeat. */
export function countWordTokens(word: string): number {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const tokens = countTokens(word);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(word, tokens);
  return tokens;
}
