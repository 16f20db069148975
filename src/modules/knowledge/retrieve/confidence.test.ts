import { expect, test } from 'vitest';
import { analyze, embedLexically, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { confidenceOf } from './confidence.ts';
import { questionTerms, wordsOf } from './query-terms.ts';

const texts = [
  'You may return unused items within 30 days of delivery for a full refund.',
  'Standard shipping takes three to five working days.',
  '您可以在收货后三十天内退货并获得全额退款。',
  'The office is open from nine to six on weekdays.',
];

/** As a search over the texts above would judge the question with the built-in model. */
function judged(question: string, embeddingModel = OFFLINE_EMBEDDING_ID, similarity?: number): number {
  const { groups } = wordsOf(questionTerms(question), []);
  const rarity = groups.map((group) => {
    const holding = texts.filter((text) => group.some((term) => analyze(text).includes(term))).length;
    return Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
  });
  const vector = embedLexically(question);
  const cosine = Math.max(...texts.map((text) => embedLexically(text).reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0)));
  return confidenceOf({ groups, rarity, texts: texts.map((text) => analyze(text)), similarity: similarity ?? cosine, embeddingModel });
}

test('a question the texts answer is above the default threshold, another below', () => {
  for (const question of ['Can I return items within 30 days?', 'How long does standard shipping take?', '退货多少天内可以退款？', 'When is the office open?']) expect(judged(question), question).toBeGreaterThan(0.3);
  for (const question of ['Who won the world cup in 1998?', 'How do I cook risotto?', '今天天气怎么样？', 'asdf qwer zxcv', '???']) expect(judged(question), question).toBeLessThan(0.3);
});

test('a trained model may vouch for a passage in other words; the built-in one may not', () => {
  expect(judged('Where do I get my money back?', 'text-embedding-3-small', 0.55)).toBeGreaterThan(0.7);
  expect(judged('How do I cook risotto?', 'text-embedding-3-small', 0.15)).toBeLessThan(0.3);
  expect(judged('How do I cook risotto?', OFFLINE_EMBEDDING_ID, 0.15)).toBeLessThan(0.3);
});
