import { expect, test } from 'vitest';
import { parseDocument } from '../parse-document.ts';
import type { ParsedBlock, ParsedDocument } from '../parsed-document.ts';
import { grayImage, line, pdfFile, type PdfPageSpec, rule, shownFromLeft } from '../pdf-fixtures.ts';

async function documentOf(pages: readonly (string | PdfPageSpec)[], more: Parameters<typeof pdfFile>[1] = {}): Promise<ParsedDocument> {
  const result = await parseDocument(pdfFile(pages.map((page) => (typeof page === 'string' ? { content: page } : page)), more), { fileName: 'x.pdf' });
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.document;
}

const texts = (document: ParsedDocument): string[] => document.blocks.map(({ text }) => text);
const tables = (document: ParsedDocument): string[] => document.blocks.filter(({ kind }) => kind === 'table').map(({ text }) => text);
const prose = (word: string, count: number): string => Array.from({ length: count }, () => word).join(' ');

test('a table in a grid of lines keeps its columns and wrapped cells, header row first', async () => {
  const content = [
    ...[700, 670, 630, 600].map((y) => rule(50, y, 450, y)), ...[50, 200, 300, 450].map((x) => rule(x, 600, x, 700)),
    line(55, 680, 'Item'), line(205, 680, 'Fee'), line(305, 680, 'Note'), line(55, 655, 'Parcel of'), line(55, 640, 'any size'), line(205, 650, '4 EUR'), line(305, 650, 'insured'), line(55, 610, 'Letter'), line(305, 610, 'not insured'),
    line(50, 720, 'Prices of this year are as follows:'), line(50, 570, 'All with tax.'),
  ].join('\n');
  const document = await documentOf([content]);
  expect(tables(document)).toEqual(['| Item | Fee | Note |\n| Parcel of any size | 4 EUR | insured |\n| Letter |  | not insured |']);
  expect(document.blocks.every(({ page }) => page === 1)).toBe(true);
  expect(texts(document).filter((text) => !text.startsWith('|'))).toEqual(['Prices of this year are as follows:', 'All with tax.']);
});

test('a line in pieces under a header row shows the columns below it', async () => {
  const cells = (y: number, values: readonly string[]): string => values.map((value, index) => line([50, 150, 420][index] ?? 0, y, value, 10)).join('\n');
  const content = [
    cells(700, ['Id', 'Description', 'Level']), rule(50, 696, 145, 696), rule(145, 696, 415, 696), rule(415, 696, 470, 696),
    cells(684, ['1.1', 'Verify that the first requirement', '']), line(150, 672, 'holds in all parts.', 10), line(420, 678, 'L2', 10), cells(654, ['1.2', 'Verify the second.', 'L1']),
    line(50, 630, 'This sentence goes on across the borders of all columns of the table above.', 10),
  ].join('\n');
  expect(tables(await documentOf([content]))).toEqual(['| Id | Description | Level |\n| 1.1 | Verify that the first requirement holds in all parts. | L2 |\n| 1.2 | Verify the second. | L1 |']);
});

test('rows that keep to the same columns are a table without any line; lists and prose are not', async () => {
  const row = (y: number, cells: readonly string[]): string => cells.map((cell, index) => line(50 + index * 150, y, cell)).join('\n');
  const document = await documentOf([[row(700, ['City', 'Hours', 'Phone']), row(684, ['Berlin', '9 to 5', '030 1']), row(668, ['Bonn', '8 to 4', '0228 1'])].join('\n')]);
  expect(tables(document)).toEqual(['| City | Hours | Phone |\n| Berlin | 9 to 5 | 030 1 |\n| Bonn | 8 to 4 | 0228 1 |']);
  const list = await documentOf([['First point', 'Second point', 'Third point'].map((text, index) => `${line(50, 700 - index * 16, `${index + 1}.`)}\n${line(90, 700 - index * 16, text)}`).join('\n')]);
  expect(tables(list)).toEqual([]);
});

test('lines of a form that run into boxes keep their words together', async () => {
  const rows = [700, 680, 660, 640].map((y, index) => `${line(50, y + 5, `Amount number ${index + 1} from the other sheet, in full`)}\n${line(352, y + 5, `${index + 7}`)}`);
  const content = [...[700, 680, 660, 640, 720].map((y) => rule(345, y, 450, y)), ...[345, 370, 450].map((x) => rule(x, 640, x, 720)), ...rows].join('\n');
  expect(texts(await documentOf([content])).join('\n')).toMatch(/other sheet, in full \| 7 \|\n\| Amount number 2 from the other sheet, in full \| 8/);
});

test('three columns written line by line are read one after the other, below the title across them', async () => {
  const rows = Array.from({ length: 14 }, (_, i) => ['alpha', 'beta', 'gamma'].map((word, column) => line(40 + column * 180, 680 - i * 14, `${word} column sentence ${i}`, 9)).join('\n'));
  const text = texts(await documentOf([`${line(40, 720, 'A title that stands above all of the three columns of this page here', 14)}\n${rows.join('\n')}`])).join(' ');
  const order = ['A title', 'alpha column sentence 0', 'alpha column sentence 13', 'beta column sentence 0', 'beta column sentence 13', 'gamma column sentence 0'].map((part) => text.indexOf(part));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('words parted at the end of a line are whole again', async () => {
  const document = await documentOf([[line(50, 700, 'The delivery of goods is paid by the cus-'), line(50, 685, 'tomer, unless the order is above fifty eu-'), line(50, 670, 'ros in total.')].join('\n')]);
  expect(texts(document)).toEqual(['The delivery of goods is paid by the customer, unless the order is above fifty euros in total.']);
});

test('page numbers go; a running title stays where it first stands; sentences around them are whole', async () => {
  const page = (number: number): string => [line(50, 770, 'Terms of Delivery 2024'), line(280, 30, `Page ${number} of 4`), line(50, 600, `This is the text of page ${number}, which has its own words.`)].join('\n');
  const document = await documentOf([1, 2, 3, 4].map(page));
  expect(texts(document)).toEqual(['Terms of Delivery 2024', ...[1, 2, 3, 4].map((number) => `This is the text of page ${number}, which has its own words.`)]);
  const bare = await documentOf([1, 2].map((number) => `${line(50, 780, `Full page ${number} begins at the very top and runs`)}\n${line(50, 766, 'down to its end without any title.')}\n${line(300, 20, `- ${number} -`)}`));
  expect(texts(bare)).toEqual([1, 2].map((number) => `Full page ${number} begins at the very top and runs down to its end without any title.`));
});

test('a page turned on its side is read as a reader turns it', async () => {
  const turned = `BT /F1 12 Tf 0 1 -1 0 100 100 Tm (Turned text stands here) Tj ET BT /F1 12 Tf 0 1 -1 0 115 100 Tm (and goes on below it.) Tj ET`;
  expect(texts(await documentOf([{ content: turned, entries: '/Rotate 90' }]))).toEqual(['Turned text stands here and goes on below it.']);
});

test('right-to-left lines come in the order of speech: letters, ligatures, numbers and brackets', async () => {
  const drawn = (x: number, y: number, text: string): string => line(x, y, shownFromLeft(text), 12, 'F2');
  const document = await documentOf([[drawn(300, 700, 'كتاب جديد'), drawn(300, 640, 'سﻻم')].join('\n')]);
  expect(texts(document)).toEqual(['كتاب جديد', 'سلام']);
  // From the right: a word, a number of two digits, a Latin name of two words, a word.
  const mixed = await documentOf([[drawn(400, 700, 'كتاب'), line(370, 700, '42'), line(290, 700, 'Acme Co'), drawn(230, 700, 'جديد')].join('\n')]);
  expect(texts(mixed)).toEqual(['كتاب Acme Co 42 جديد']);
  const shapes = await documentOf([[drawn(400, 700, 'كتاب'), line(385.6, 700, '(', 12, 'F3'), drawn(356.8, 700, 'جديد'), line(349.6, 700, ')', 12, 'F3'), drawn(313.6, 700, 'كتاب')].join('\n')]);
  expect(texts(shapes)).toEqual(['كتاب (جديد) كتاب']);
});

test('the columns of a right-to-left table begin at the right', async () => {
  const row = (y: number, cells: readonly string[]): string => cells.map((cell, index) => line(450 - index * 150, y, shownFromLeft(cell), 12, 'F2')).join('\n');
  expect(tables(await documentOf([[row(700, ['كتاب', 'جديد']), row(684, ['سلم', 'باب']), row(668, ['درس', 'صف'])].join('\n')]))).toEqual(['| كتاب | جديد |\n| سلم | باب |\n| درس | صف |']);
});

test('text nobody sees is left out with a warning: white, tiny, unpainted, covered, off the page (fault 79)', async () => {
  const hidden = [
    `1 1 1 rg ${line(50, 600, 'white on white')} 0 0 0 rg`, `${line(50, 580, 'too small', 0.4)}`, `BT /F1 12 Tf 3 Tr 50 560 Td (not painted) Tj 0 Tr ET`,
    `${line(50, 540, 'covered')} 0 0 0 rg 40 535 200 20 re f`, line(900, 500, 'beside the page'), `0.9 0.9 0.9 rg 40 480 300 20 re f ${line(50, 485, 'gray on gray')} 0 0 0 rg`,
  ].join('\n');
  const document = await documentOf([`${line(50, 700, 'Seen text.')}\n${hidden}`]);
  expect(texts(document)).toEqual(['Seen text.']);
  expect(document.warnings.join()).toContain('cannot be seen');
});

test('white letters on a dark ground, and what a scanner wrote over its picture, are read', async () => {
  const image = { objects: [grayImage(20, 2, 2, Buffer.from([200, 210, 220, 230]))] };
  const scanned = await documentOf([{ content: 'q 600 0 0 800 0 0 cm /Im1 Do Q BT /F1 12 Tf 3 Tr 50 700 Td (Recognised by the scanner.) Tj ET', resources: '/XObject<</Im1 20 0 R>>' }], image);
  expect(texts(scanned)).toEqual(['Recognised by the scanner.']);
  const dark = await documentOf([`0.1 0.1 0.4 rg 40 690 300 30 re f 1 1 1 rg ${line(50, 700, 'White on blue.')}`]);
  expect(texts(dark)).toEqual(['White on blue.']);
  expect([...scanned.warnings, ...dark.warnings]).toEqual([]);
});

test('values of form fields and notes written on the page are read; hidden ones and passwords are not', async () => {
  const field = (number: number, entries: string): string => `${number} 0 obj<</Type/Annot/Subtype/Widget/Rect[50 500 200 520]/F 4${entries}>>endobj`;
  const document = await documentOf([{ content: line(50, 700, 'Application'), entries: '/Annots[20 0 R 21 0 R 22 0 R 23 0 R 24 0 R]' }], {
    catalog: '/AcroForm<</Fields[20 0 R 21 0 R 22 0 R 23 0 R]>>',
    objects: [
      field(20, '/FT/Tx/T(f1)/TU(Your name)/V(Ada)'), field(21, '/FT/Tx/T(f2)/V(secret)/Ff 8192'), field(22, '/FT/Btn/T(agree)/V/Yes/AS/Yes'), field(23, '/FT/Tx/T(f4)/V(out of sight)').replace('/F 4', '/F 2'),
      '24 0 obj<</Type/Annot/Subtype/FreeText/Rect[50 400 200 420]/F 4/Contents(Call before noon)/DA(/F1 12 Tf)>>endobj',
    ],
  });
  expect(texts(document)).toEqual(['Application', 'Your name: Ada\nagree: yes\nCall before noon']);
});

test('title, author, date, language and subject are those the file states', async () => {
  const document = await documentOf([line(50, 700, 'Kurz.')], {
    catalog: '/Lang(de-AT)', objects: ['30 0 obj<</Title(Preise)/Author(Ada)/Subject(Versand)/CreationDate(D:20240506070809+02\'00\')>>endobj'], trailer: '/Info 30 0 R',
  });
  expect(document).toMatchObject({ title: 'Preise', author: 'Ada', createdAt: '2024-05-06T05:08:09.000Z', language: 'de', metadata: { subject: 'Versand' } });
});

test('headings go by the size of their letters', async () => {
  const block = ({ kind, heading, text }: ParsedBlock): [string, string, string] => [kind, heading.join('>'), text];
  const document = await documentOf([[line(50, 740, 'Handbook', 28), line(50, 700, 'Refunds', 18), line(50, 670, prose('body', 12)), line(50, 630, 'Delivery', 18), line(50, 600, prose('more', 12))].join('\n')]);
  expect(document.blocks.map(block)).toEqual([
    ['heading', '', 'Handbook'], ['heading', 'Handbook', 'Refunds'], ['text', 'Handbook>Refunds', prose('body', 12)], ['heading', 'Handbook', 'Delivery'], ['text', 'Handbook>Delivery', prose('more', 12)],
  ]);
});
