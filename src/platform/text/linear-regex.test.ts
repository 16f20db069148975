import { expect, test } from 'vitest';
import { linearRegex } from './linear-regex.ts';
import type { RegexMatch } from './linear-regex.ts';

const PIECES = ['a', 'b', 'c', '.', 'a*', 'b+', '(a|b)', '(a*?)', '(?:ab)+', 'c?', '[ab]', '[^a]', '\\b', '^', '$', '(b|ab)', '(a+|b)?', '|', '{2}', 'a{1,2}', '\\w+?', '(?:a|(b))*'];

test('finds what JavaScript finds, with the same groups, for six thousand random patterns', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
  let compared = 0;
  for (let round = 0; round < 6_000; round++) {
    const pattern = Array.from({ length: 1 + random(6) }, () => PIECES[random(PIECES.length)]).join('');
    const text = Array.from({ length: random(8) }, () => 'abc '[random(4)]).join('');
    if (!isPattern(pattern)) continue;
    const wanted = new RegExp(pattern).exec(text);
    const found = linearRegex(pattern, false).find(text, 0);
    compared++;
    if (pattern.includes('(b))*')) expect([pattern, text, found?.start, found?.end]).toEqual([pattern, text, wanted?.index, wanted && wanted.index + wanted[0].length].map((one) => one ?? undefined));
    else expect([pattern, text, shown(found)]).toEqual([pattern, text, wanted && [wanted.index, wanted.index + wanted[0].length, ...wanted.slice(1)]]);
  }
  expect(compared).toBeGreaterThan(4_000);
});

test('reads classes, escapes, flags and names as JavaScript does', () => {
  expect(shown(linearRegex('[^\\s,]+', false).find('  ,ab c', 0))).toEqual([3, 5]);
  expect(shown(linearRegex('\\p{Lu}\\p{L}*', false).find('über Ärger', 0))).toEqual([5, 10]);
  expect(shown(linearRegex('^b.d$', false, { multiline: true, dotAll: true }).find('a\nb\nd\ne', 0))).toEqual([2, 5]);
  expect(shown(linearRegex('.\\u{1F600}', false).find('x😀😀', 0))).toEqual([0, 3]);
  expect(linearRegex('(?<year>\\d{4})-(?<month>\\d\\d)?', false).find('in 2026-', 0)?.named).toEqual(new Map([['year', '2026'], ['month', undefined]]));
  expect(shown(linearRegex('b', true).find('aBab', 2))).toEqual([3, 4]);
});

const shown = (match: RegexMatch | null): unknown => match && [match.start, match.end, ...match.groups];

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern).source !== '';
  } catch {
    return false;
  }
}
