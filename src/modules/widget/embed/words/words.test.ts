import { expect, test } from 'vitest';
import { WIDGET_LOCALES } from '../../embed-contract.ts';
import { chooseLocale, launcherWords } from '../locale.ts';
import { en } from './en.ts';
import { WORDS } from './words.ts';

test('every language has every word, its own, with the same blanks', () => {
  const blanks = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).toSorted();
  for (const locale of WIDGET_LOCALES) {
    for (const [key, english] of Object.entries(en)) {
      const words = Reflect.get(WORDS[locale], key);
      expect(words, `${locale}.${key}`).toBeTypeOf('string');
      expect(blanks(String(words)), `${locale}.${key}`).toEqual(blanks(english));
      expect(String(words), `${locale}.${key}`).not.toMatch(/!|^\s*$/);
    }
    expect(launcherWords(locale).unread).toContain('{n}');
    if (locale !== 'en') expect(WORDS[locale].send).not.toBe(en.send);
  }
});

test('the first known wish decides the language', () => {
  expect(chooseLocale('auto', 'de-AT', 'fr')).toBe('de');
  expect(chooseLocale('', undefined, 'zh_TW')).toBe('zh');
  expect(chooseLocale('iw')).toBe('he');
  expect(chooseLocale('xx', null)).toBe('en');
});
