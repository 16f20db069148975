import { expect, test } from 'vitest';
import { readableText } from './html-text.ts';
import { labelledText, labelOf } from './labelled-text.ts';

test.each([['unit_price', 'Unit price'], ['unitPrice', 'Unit price'], ['SKU', 'SKU'], ['skuID', 'SkuID'], ['address.city-name', 'Address city name'], ['名前', '名前'], ['', '']])('the field %s is called %s', (name, label) => { expect(labelOf(name)).toBe(label); });

test('short values are lines, long ones and things with fields are sections, nothing stands for what is empty', () => {
  expect(labelledText([
    { label: 'Name', value: 'Lamp' }, { label: 'Story', value: 'First line\nSecond line' }, { label: 'Price', value: 0 }, { label: 'New', value: false }, { label: 'Tags', value: ['a', null, 'b'] }, { label: 'None', value: null }, { label: 'Blank', value: '  ' }, { label: 'Nobody', value: {} },
    { label: 'Sizes', value: [{ size: 'S', stock: { here: 1, there: 2 } }, { size: 'M', stock: { here: 0 } }] }, { label: 'Maker', value: { name: 'Lumen', address: { city: 'Delft' } } },
  ])).toBe('Name: Lamp\nPrice: 0\nNew: no\nTags: a, b\n\n## Story\n\nFirst line\nSecond line\n\n## Sizes\n\n- Size: S; Stock: Here: 1; There: 2\n- Size: M; Stock: Here: 0\n\n## Maker\n\nName: Lumen\n\n### Address\n\nCity: Delft');
});

test('data without end is read as deep as a person would', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`);
  const nested: unknown = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
  const mixed: unknown = JSON.parse(`${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`);
  for (const value of [deep, nested, mixed]) expect(labelledText([{ label: 'Deep', value }]).length).toBeLessThan(1_000);
  expect(labelledText([{ label: 'Long', value: Array.from({ length: 1_005 }, (_, index) => index) }])).toMatch(/999\n- and 5 more$|999, - and 5 more$/);
});

test.each<[string, string, string]>([
  ['plain text stays', 'a < b & c > d', 'a < b & c > d'], ['entities are read', 'Tom &amp; Jerry &#8212; &nbsp;1', 'Tom & Jerry — 1'], ['headings, lists and tables keep their form', '<h2>Fees</h2><p>Two<br>lines</p><ol><li>One</li><li>Two</li></ol><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>', '### Fees\n\nTwo\nlines\n\n1. One\n2. Two\n\n| A | B |\n| 1 | 2 |'],
  ['scripts and styles are gone', '<style>p{}</style><p onclick="x()">Text</p><script>steal()</script><iframe src="x"></iframe>', 'Text'], ['what is never closed is read', '<p>One<p>Two <b>three', 'One\n\nTwo three'],
])('of HTML in a value %s', (_name, html, text) => { expect(readableText(html)).toBe(text); });

test('HTML of any kind takes a fraction of a second', () => {
  for (const piece of ['<a><b>', '<div>', '<p', '&amp', '<table><tr><td>', '</x>', '<b>'.padEnd(30, 'x')]) {
    const before = process.threadCpuUsage();
    readableText(`<p>${piece.repeat(Math.floor(490_000 / piece.length))}`);
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(1_000);
  }
});
