import { expect, test } from 'vitest';
import { pathFilter, pathPattern } from './path-pattern.ts';

test.each([
  ['/docs', '/docs/a', true], ['/docs', '/docs-old', true], ['/docs', '/a/docs', false], ['/docs/', '/docs', false],
  ['/help/*/en', '/help/x/y/en/1', true], ['/help/*/en', '/help/en', false], ['/*.pdf$', '/a/b.pdf', true], ['/*.pdf$', '/a/b.pdf?x', false],
  ['/a$', '/a', true], ['/a$', '/ab', false], ['*', '/anything', true], ['/a*a$', '/a', false], ['/a*a$', '/aa', true], ['/*?lang=de', '/x?lang=de', true],
  ['/über', '/%C3%BCber/x', true], ['/%c3%bcber', '/%C3%BCber', true], ['/a b', '/a%20b', true],
])('the pattern %s on %s: %s', (pattern, path, matches) => {
  expect(pathPattern(pattern)(path)).toBe(matches);
});

test('what is wanted may be written as a whole address or without its slash, and what is not wanted goes first', () => {
  const wanted = pathFilter({ include: ['https://example.com/docs', 'help'], exclude: ['/docs/old'] });
  const ask = (path: string) => wanted(new URL(path, 'https://example.com'));
  expect([ask('/docs/a'), ask('/help/me'), ask('/'), ask('/docs/old/1')]).toEqual([true, true, false, false]);
});

test('no pattern is slow', () => {
  const slow = pathPattern(`/${'*a'.repeat(900)}b`);
  const started = performance.now();
  for (let round = 0; round < 100; round += 1) slow(`/${'a'.repeat(1900)}`);
  expect(performance.now() - started).toBeLessThan(1000);
});
