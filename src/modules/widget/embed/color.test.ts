import { expect, test } from 'vitest';
import { contrast, hexColor, readableOn, textOn, TEXT_CONTRAST_MIN } from './color.ts';

test('contrast follows WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test('only hex colours are colours', () => {
  expect([hexColor('#ABC'), hexColor(' #6b46c1 '), hexColor('red'), hexColor('#12345'), hexColor('url(x)'), hexColor(5)]).toEqual(['#aabbcc', '#6b46c1', null, null, null, null]);
});

test('words on any brand colour and brand colours on any surface are readable', () => {
  for (let value = 0; value < 0x1000; value += 7) {
    const brand = hexColor(`#${value.toString(16).padStart(3, '0')}`) ?? '';
    expect(contrast(textOn(brand), brand)).toBeGreaterThanOrEqual(TEXT_CONTRAST_MIN);
    for (const surface of ['#f3f4f6', '#25282e']) expect(contrast(readableOn(surface, brand), surface)).toBeGreaterThanOrEqual(TEXT_CONTRAST_MIN);
  }
  expect(textOn('#6b46c1', '#5a3ab0')).toBe('#ffffff');
  expect(readableOn('#ffffff', '#6b46c1')).toBe('#6b46c1');
});
