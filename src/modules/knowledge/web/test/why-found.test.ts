import { expect, test } from 'vitest';
import { whyFound } from './why-found.ts';

test('why a passage was found is said in a sentence, with only the rankings that were asked', () => {
  expect(whyFound({ words: 2, meaning: 1, reranked: false })).toBe('Place 2 by words and 1 by meaning.');
  expect(whyFound({ words: null, meaning: 3, reranked: false })).toBe('Place 3 by meaning, not among the best by words.');
  expect(whyFound({ words: 14, meaning: null, reranked: true })).toBe('Place 14 by words, not among the best by meaning; a model read the best again and put them in this order.');
  expect(whyFound({ words: 1, reranked: false })).toBe('Place 1 by words.');
  expect(whyFound({ meaning: 1, reranked: false })).toBe('Place 1 by meaning.');
});
