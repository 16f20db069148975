import { expect, test } from 'vitest';
import { inWork, lookAgainMs } from './use-watched.ts';

test('the page looks often while something moves, less often the longer it stays the same, and seldom otherwise', () => {
  const waits = Array.from({ length: 8 }, (_, unchanged) => lookAgainMs(true, unchanged));
  expect(waits[0]).toBeLessThan(2_000);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(Math.max(...waits)).toBeLessThanOrEqual(6_000);
  expect(lookAgainMs(false, 0)).toBeGreaterThan(10_000);
});

test('a document is on its way until it is indexed or failed', () => {
  expect((['queued', 'parsing', 'chunking', 'embedding', 'indexed', 'failed'] as const).filter((state) => inWork({ state }))).toEqual(['queued', 'parsing', 'chunking', 'embedding']);
});
