import type { EmbeddingModel } from '../ports.ts';
import { scriptOf } from './language.ts';
import { analyzeWithWords } from './lexical.ts';

export const OFFLINE_EMBEDDING_ID = 'offline-embedding';
export const OFFLINE_EMBEDDING_DIMENSIONS = 512;

/** Characters of one text that count; a longer text is judged by its beginning. */
const TEXT_CHARS_MAX = 20_000;
/** Texts between two looks at the abort signal and at the event loop. */
const TEXTS_PER_TURN = 32;

/**
 * What each kind of feature adds to the squared length of a vector before the common scaling. Measured on five
 * languages of a public question set: more weight on pairs costs recall, less on characters costs it for Arabic and
 * Chinese.
 */
const WEIGHTS = { word: 1, pair: 0.03, characters: 0.5 };

/**
 * The built-in embedding: feature hashing of stems, pairs of stems and character 3- and 4-grams into 512 signed
 * dimensions of unit length. It knows no meaning, only shared wording (in any language), so it is keyword-grade: good
 * beside full-text search and without any provider, no match for a trained model on paraphrases. Deterministic: the
 * same text gives the same vector on every machine, for ever (stored vectors depend on it).
 */
export const offlineEmbedding: EmbeddingModel = {
  id: OFFLINE_EMBEDDING_ID,
  dimensions: OFFLINE_EMBEDDING_DIMENSIONS,
  async embed(texts, signal) {
    const vectors: Float32Array[] = [];
    for (const [i, text] of texts.entries()) {
      if (i % TEXTS_PER_TURN === 0) {
        signal?.throwIfAborted();
        if (i > 0) await new Promise((resolve) => { setImmediate(resolve); });
      }
      vectors.push(embedLexically(text));
    }
    return vectors;
  },
};

/** The vector of one text. A text without any word gives a fixed unit vector, never zeros (cosine would be undefined). */
export function embedLexically(text: string): Float32Array {
  const { terms, words } = analyzeWithWords(text.slice(0, TEXT_CHARS_MAX));
  const vector = new Float32Array(OFFLINE_EMBEDDING_DIMENSIONS);
  addTerms(vector, terms);
  addCharacters(vector, words);
  scaleToUnit(vector);
  return vector;
}

function addTerms(vector: Float32Array, terms: readonly string[]): void {
  const words = new Map<number, number>();
  const pairs = new Map<number, number>();
  let before = 0;
  for (const term of terms) {
    const value = hashRange(term, 0, term.length, 17);
    words.set(value, (words.get(value) ?? 0) + 1);
    if (before !== 0) {
      const pair = mix(before ^ Math.imul(value, 0x9e3779b1));
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    before = value;
  }
  addBlock(vector, words, WEIGHTS.word);
  addBlock(vector, pairs, WEIGHTS.pair);
}

/** Single characters of CJK; elsewhere grams inside words, with a mark at both ends, so that "refundable" and "refund" share most of theirs. */
function addCharacters(vector: Float32Array, words: readonly string[]): void {
  const block = new Float32Array(OFFLINE_EMBEDDING_DIMENSIONS);
  for (const word of words) {
    if (scriptOf(word) === 'cjk') {
      for (let i = 0; i < word.length; i++) addSigned(block, hashRange(word, i, i + 1, 71), 1);
      continue;
    }
    const marked = `<${word}>`;
    for (let i = 0; i + 3 <= marked.length; i++) {
      const three = rawHash(marked, i, i + 3, 71);
      addSigned(block, mix(three), 1);
      if (i + 4 <= marked.length) addSigned(block, mix(Math.imul(three ^ marked.charCodeAt(i + 3), FNV_PRIME)), 1);
    }
  }
  let squares = 0;
  for (const value of block) squares += value * value;
  if (squares === 0) return;
  const scale = Math.sqrt(WEIGHTS.characters / squares);
  for (let i = 0; i < block.length; i++) vector[i] = (vector[i] ?? 0) + (block[i] ?? 0) * scale;
}

/** Adds features with damped counts; the block as a whole gets the squared length `weight`. */
function addBlock(vector: Float32Array, counts: ReadonlyMap<number, number>, weight: number): void {
  let squares = 0;
  for (const count of counts.values()) squares += count;
  if (squares === 0) return;
  const scale = Math.sqrt(weight / squares);
  for (const [value, count] of counts) addSigned(vector, value, scale * Math.sqrt(count));
}
function addSigned(vector: Float32Array, value: number, amount: number): void {
  const index = value % OFFLINE_EMBEDDING_DIMENSIONS;
  vector[index] = (vector[index] ?? 0) + (value & 0x40000000 ? -amount : amount);
}

function scaleToUnit(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) { vector[0] = 1; return; }
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
}

const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 units. */
function rawHash(text: string, from: number, to: number, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let i = from; i < to; i++) value = Math.imul(value ^ text.charCodeAt(i), FNV_PRIME);
  return value;
}

/** Spreads a hash over all bits; 31 of them, so that it stays a small integer. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 15);
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  mixed ^= mixed >>> 12;
  return mixed & 0x7fffffff;
}

const hashRange = (text: string, from: number, to: number, seed: number): number => mix(rawHash(text, from, to, seed));
