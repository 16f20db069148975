import { expect, test } from 'vitest';
import { LinkRecorder, readLinkMemory } from './link-memory.ts';

test('the links of each page come back', async () => {
  const recorder = new LinkRecorder();
  recorder.record('https://a/1', ['https://a/2', 'https://a/3']);
  recorder.record('https://a/2', []);
  const memory = await readLinkMemory(JSON.parse(JSON.stringify(await recorder.checkpoint(2))));
  expect([memory.linksOf('https://a/1'), memory.linksOf('https://a/2'), memory.linksOf('https://a/3'), memory.sitemaps]).toEqual([['https://a/2', 'https://a/3'], [], null, 2]);
});

test('two thousand pages with the same menu of a hundred links take a small part of the room', async () => {
  const recorder = new LinkRecorder();
  const menu = Array.from({ length: 100 }, (_, n) => `https://example.com/section/topic-${n}`);
  for (let n = 0; n < 2000; n += 1) recorder.record(`https://example.com/articles/${n}`, [...menu, `https://example.com/articles/${n + 1}`]);
  expect(JSON.stringify(await recorder.checkpoint(0)).length).toBeLessThan(40_000);
});

test('what does not fit is left out, the first pages stay', async () => {
  const recorder = new LinkRecorder();
  const drawn = (n: number) => `https://example.com/${Array.from({ length: 8 }, (_, i) => Math.imul(n + 1, 2654435761 + i * 40503).toString(36)).join('')}`;
  for (let n = 0; n < 5000; n += 1) recorder.record(drawn(n), [drawn(n + 10_000), drawn(n + 20_000), drawn(n + 30_000)]);
  const checkpoint = await recorder.checkpoint(0);
  const memory = await readLinkMemory(checkpoint);
  expect(JSON.stringify(checkpoint).length).toBeLessThan(270_000);
  expect(memory.linksOf(drawn(0))).toHaveLength(3);
  expect(memory.linksOf(drawn(4999))).toBeNull();
});

test.each([[null], [{}], [{ links: 'no', sitemaps: 1 }], [{ links: Buffer.from('x').toString('base64'), sitemaps: 1 }], [{ links: 7 }]])('%j counts as nothing', async (checkpoint) => {
  expect((await readLinkMemory(checkpoint)).linksOf('https://a/1')).toBeNull();
});
