import { expect, test } from 'vitest';
import { pageAddress } from './page-address.ts';
import { headerDirectives, metaDirectives } from './robots-directives.ts';
import { readRobots } from './robots-rules.ts';

const allows = (robots: string, path: string): boolean => readRobots(robots, 'cmp-crawler').allows(pageAddress(path, new URL('https://example.com')) ?? new URL('https://example.com'));

test.each<[string, string, string, boolean]>([
  ['nothing written allows everything', '', '/a', true],
  ['the longest pattern decides', 'User-agent: *\nDisallow: /a\nAllow: /a/b', '/a/b/c', true],
  ['the longest pattern decides, whatever its place', 'User-agent: *\nAllow: /a/b\nDisallow: /a/b/c', '/a/b/c', false],
  ['permission wins between two of a length', 'User-agent: *\nDisallow: /page\nAllow: /page', '/page', true],
  ['a star stands for anything', 'User-agent: *\nDisallow: /*.php', '/x/y.php?z', false],
  ['a dollar ends it', 'User-agent: *\nDisallow: /*.php$', '/x/y.php?z', true],
  ['the query counts', 'User-agent: *\nDisallow: /*?print', '/x?print=1', false],
  ['our group instead of the one for all', 'User-agent: *\nDisallow: /\n\nUser-agent: CMP-Crawler\nDisallow: /private', '/a', true],
  ['our group holds for us', 'User-agent: *\nAllow: /\n\nUser-agent: cmp-crawler/2.0\nDisallow: /private', '/private/x', false],
  ['groups of one name count together', 'User-agent: cmp-crawler\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: cmp-crawler\nDisallow: /b', '/b', false],
  ['a group may name several', 'User-agent: other\nUser-agent: cmp-crawler\nDisallow: /x', '/x', false],
  ['another robot is not us', 'User-agent: cmp-crawler-images\nDisallow: /', '/', true],
  ['an empty disallow forbids nothing', 'User-agent: *\nDisallow:', '/a', true],
  ['an empty disallow does not outweigh another', 'User-agent: *\nDisallow: /\nDisallow:', '/a', false],
  ['an empty disallow ends the list of names', 'User-agent: a\nDisallow:\nUser-agent: *\nDisallow: /', '/x', false],
  ['comments, spaces, marks and Windows line ends', '\ufeff  user-agent :  * # all\r\n DISALLOW : /a # b\r\n', '/a', false],
  ['encodings are compared in one form', 'User-agent: *\nDisallow: /ü/%7euser', '/%c3%bc/~user', false],
  ['rules before any name are nobody’s', 'Disallow: /\nUser-agent: x\nDisallow: /', '/a', true],
  ['robots.txt itself is always allowed', 'User-agent: *\nDisallow: /', '/robots.txt', true],
  ['a page is no robots.txt', '<!doctype html><html><body>Disallow: /</body></html>', '/a', true],
])('%s', (_, robots, path, allowed) => {
  expect(allows(robots, path)).toBe(allowed);
});

test('delay and sitemaps are read', () => {
  const rules = readRobots('Sitemap: https://example.com/a.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x\nSITEMAP: /b.xml', 'cmp-crawler');
  expect(rules).toMatchObject({ delayMs: 2500, sitemaps: ['https://example.com/a.xml', '/b.xml'] });
  expect(readRobots('User-agent: *\nCrawl-delay: -1', 'cmp-crawler').delayMs).toBeNull();
});

test('half a megabyte of the worst rules is answered quickly', () => {
  const robots = `User-agent: *\n${`Disallow: /${'*aaaaaaaaab'.repeat(40)}\n`.repeat(1100)}`;
  const rules = readRobots(robots, 'cmp-crawler');
  const started = performance.now();
  expect(rules.allows(new URL(`https://example.com/${'a'.repeat(1900)}`))).toBe(true);
  expect(performance.now() - started).toBeLessThan(500);
});

test.each([
  ['noindex', { noindex: true, nofollow: false }], ['NoFollow, archive', { noindex: false, nofollow: true }], ['none', { noindex: true, nofollow: true }], ['index, follow', { noindex: false, nofollow: false }],
])('the directives %s', (content, directives) => {
  expect(metaDirectives(content)).toEqual(directives);
  expect(headerDirectives(content, 'cmp-crawler')).toEqual(directives);
});

test('a header may speak to one robot only', () => {
  const noindex = (header: string) => headerDirectives(header, 'cmp-crawler').noindex;
  expect([noindex('googlebot: noindex'), noindex('googlebot: noarchive, noindex'), noindex('CMP-Crawler: noindex'), noindex('unavailable_after: 25 Jun 2010 15:00:00 PST, noindex'), noindex('max-snippet: 5')]).toEqual([false, false, true, true, false]);
});
