import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { embedLexically, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { sharedFiles } from '../../../testing/shared-data.ts';
import { bestWording, isSameQuestion, sharedWords, withoutNumbers, wordsOf } from './same-question.ts';
import { isSmallTalk } from './small-talk.ts';

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
const same = (a: string, b: string): boolean =>
  isSameQuestion({ similarity: cosine(embedLexically(withoutNumbers(a)), embedLexically(withoutNumbers(b))), shared: sharedWords(wordsOf(a), wordsOf(b)) }, OFFLINE_EMBEDDING_ID);

test.each([
  ['Do you ship to Norway?', 'do you deliver and ship to norway'], ['Where is my order 113542617735902?', 'where is my order 00004587345'],
  ['Wie lange dauert die Garantie?', 'Wie lange ist die Garantie'], ['保修期是多久？', '请问保修期多久'],
])('"%s" and "%s" are one question', (a, b) => { expect(same(a, b)).toBe(true); });

test.each([
  ['Do you ship to Norway?', 'Do you have a shop in Oslo?'], ['How do I cancel my order?', 'How do I change my delivery address?'], ['How long is the warranty?', '保修期是多久？'],
])('"%s" and "%s" are two', (a, b) => { expect(same(a, b)).toBe(false); });

const faq = sharedFiles('question similarity', 'faq', 'covid-question-similarity-en.csv');
test.skipIf(faq.files.length === 0)('of public pairs of questions, those taken for one nearly always are', () => {
  const rows = z.array(z.object({ question_1: z.string(), question_2: z.string(), similar: z.string() })).parse(parse(readFileSync(path.join(faq.folder, faq.files[0] ?? '')), { columns: true, bom: true }));
  const joined = rows.filter((row) => same(row.question_1, row.question_2));
  const right = joined.filter(({ similar }) => similar === '1').length;
  const all = rows.filter(({ similar }) => similar === '1').length;
  console.log(`of ${rows.length} pairs ${joined.length} are taken for one: ${(100 * right / joined.length).toFixed(1)} % rightly, ${(100 * right / all).toFixed(1)} % of those that are`);
  expect(right / joined.length).toBeGreaterThan(0.95);
  expect(right / all).toBeGreaterThan(0.4);
});

test('of several wordings the one most people used stands for all, else the most typical', () => {
  expect(bestWording(['shipping norway', 'Do you ship to Norway?', 'do you ship to norway'])).toBe('Do you ship to Norway?');
  expect(bestWording(['hey so my cousin lives in norway and I wonder about ship times', 'ship to Norway', 'Do you ship to Norway?'])).toBe('Do you ship to Norway?');
  expect(bestWording(['x'])).toBe('x');
});

test.each(['Hi', 'Thanks a lot!', 'good morning, how are you?', '你好', '谢谢！', 'شكرا', 'Vielen Dank', '👍', ' '])('"%s" is no question', (text) => { expect(isSmallTalk(text)).toBe(true); });
test.each(['returns?', 'What about no?', 'Do you ship to Norway', '保修', 'good morning, what does it cost'])('"%s" is one', (text) => { expect(isSmallTalk(text)).toBe(false); });
