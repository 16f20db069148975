import { createRequire } from 'node:module';
import type * as Tokenizer from 'gpt-tokenizer/encoding/o200k_base';
import type * as Patterns from 'gpt-tokenizer/encodingParams/constants';

/** Loaded when the first text is counted: the vocabulary takes 80 MiB, which a server that reads no documents never needs. */
const load = createRequire(import.meta.url);
let tokenizer: typeof Tokenizer | null = null;
// What `require` answers has no type of its own; the package's declarations give it.
const tokenizerOf = () => tokenizer ??= load('gpt-tokenizer/encoding/o200k_base') as typeof Tokenizer;
/** Markers such as `<|endoftext|>` in a document are words like any other; by default the tokenizer throws on them. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** Tokens of a text in the o200k vocabulary. */
export const countTokens = (text: string): number => (text === '' ? 0 : tokenizerOf().countTokens(text, PLAIN));

let pattern: RegExp | null = null;

/** What the vocabulary splits a text into before it looks anything up; one shared expression, so set `lastIndex` before use. */
export function tokenPieces(): RegExp {
  pattern ??= new RegExp((load('gpt-tokenizer/encodingParams/constants') as typeof Patterns).O200K_TOKEN_SPLIT_REGEX);
  pattern.lastIndex = 0;
  return pattern;
}
