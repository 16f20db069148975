import { expect, test } from 'vitest';
import { embedLexically, offlineEmbedding } from './embedding.ts';

const likeness = (a: string, b: string): number => {
  const [left, right] = [embedLexically(a), embedLexically(b)];
  return left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
};

test('vectors have 512 dimensions and unit length, also for a text without words', async () => {
  const vectors = await offlineEmbedding.embed(['Refunds take 14 days.', '', '!!! …', '退款']);
  for (const vector of vectors) {
    expect(vector.length).toBe(512);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  }
});

test('the same text always gives the same vector', () => {
  // Stored vectors depend on this value: a change here needs every knowledge base embedded again.
  const vector = embedLexically('Refunds take 14 days.');
  const strongest = [...vector.keys()].sort((a, b) => Math.abs(vector[b] ?? 0) - Math.abs(vector[a] ?? 0)).slice(0, 3);
  expect(strongest).toEqual([76, 107, 388]);
});

test.each([
  ['How do refunds work?', 'A refund is paid within 14 days.', 'Our office is open on Monday.'],
  ['Kündigung', 'Sie können jederzeit kündigen.', 'Das Büro ist montags geöffnet.'],
  ['怎么退款', '退款政策适用于三十天内的订单', '办公室星期一开放'],
  ['استرجاع المنتج', 'يمكن استرجاع المنتجات خلال شهر', 'المكتب مفتوح يوم الاثنين'],
])('"%s" is closer to the text that answers it', (question, answer, other) => {
  expect(likeness(question, answer)).toBeGreaterThan(likeness(question, other) + 0.1);
});

test('embedding a thousand chunks leaves the event loop free in between and stops when aborted', async () => {
  const texts = Array.from({ length: 1_000 }, (_, i) => `Chunk ${i} about refunds and orders. `.repeat(12));
  let turns = 0;
  const timer = setInterval(() => { turns++; }, 1);
  const controller = new AbortController();
  setTimeout(() => { controller.abort(); }, 20);
  await expect(offlineEmbedding.embed(texts, controller.signal)).rejects.toThrow('aborted');
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
