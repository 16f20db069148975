import { expect, test } from 'vitest';
import { LinkTraps } from './link-traps.ts';

const admitted = (traps: LinkTraps, paths: string[]): number => paths.filter((path) => traps.admits(new URL(path, 'https://example.com'))).length;
const many = (count: number, path: (n: number) => string): string[] => Array.from({ length: count }, (_, n) => path(n));

test('a page has a bounded number of variants by query, a share of what is read', () => {
  expect(admitted(new LinkTraps(100), many(500, (n) => `/calendar?month=${n}`))).toBe(25);
  expect(admitted(new LinkTraps(10_000), many(5000, (n) => `/item?id=${n}`))).toBe(1000);
  expect(admitted(new LinkTraps(10), many(500, (n) => `/calendar?month=${n}`))).toBe(20);
});

test('folders that count without end get a share', () => {
  expect(admitted(new LinkTraps(100), many(500, (n) => `/calendar/${2000 + Math.floor(n / 12)}/${n % 12}`))).toBe(50);
  expect(admitted(new LinkTraps(100), many(500, (n) => `/s/${n.toString(16).padStart(20, 'a1')}/start`))).toBe(50);
});

test('pages with a number of their own are no trap', () => {
  expect(admitted(new LinkTraps(1000), many(500, (n) => `/articles/${n}`))).toBe(500);
  expect(admitted(new LinkTraps(100), many(80, (n) => `/2024/05/story-about-${'abcdefghij'[n % 10]}${'klmnopqrst'[Math.floor(n / 10)]}`))).toBe(80);
});

test('paths that repeat themselves or grow too deep are left out', () => {
  expect(admitted(new LinkTraps(100), ['/a/b/a/b/a/b', '/a/b/a/b/a/b/a/b', `/${many(31, (n) => `x${'abcdefghijklmnopqrstuvwxyzABCDEFGH'[n]}`).join('/')}`])).toBe(1);
});
