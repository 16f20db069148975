import { afterAll, expect, test } from 'vitest';
import { createParserPool } from '../parser-pool.ts';
import { grayImage, line, pdfFile } from '../pdf-fixtures.ts';
import { recognisableLanguages } from './languages.ts';
import { pagePicture } from './page-picture.ts';
import { withPdf } from './pdfium.ts';

const installed = recognisableLanguages().includes('eng');
if (!installed) console.log('Skipped: text recognition is not installed.');

/** A page of text as a scanner gives it: drawn, and put into a new file as a picture. */
async function scanOf(content: string, withText = ''): Promise<Buffer> {
  const picture = await withPdf(pdfFile([{ content }]), (pdf) => pagePicture(pdf, 1));
  if (picture === null) throw new Error('nothing was drawn');
  const [, width = 0, height = 0] = /^P5\n(\d+) (\d+)\n255\n/.exec(Buffer.from(picture.subarray(0, 40)).toString('latin1'))?.map(Number) ?? [];
  const pages = [{ content: 'q 600 0 0 800 0 0 cm /Im1 Do Q', resources: '/XObject<</Im1 20 0 R>>' }, ...(withText === '' ? [] : [{ content: line(50, 700, withText) }])];
  return pdfFile(pages, { objects: [grayImage(20, width, height, picture.subarray(picture.length - width * height))] });
}

const pool = createParserPool({ children: 1 });
afterAll(() => pool.close());

test.skipIf(!installed)('a scan is read by text recognition, with a warning, on the page it stands on', async () => {
  const scan = await scanOf([line(60, 700, 'Refunds are paid within fourteen days.', 20), line(60, 660, 'Parcels are insured up to 500 EUR.', 20)].join('\n'), 'This page has real text.');
  const result = await pool.parse(scan, { fileName: 'scan.pdf' });
  if (!result.ok) throw new Error(result.failure.message);
  expect(result.document.blocks.map(({ page, text }) => [page, text])).toEqual([
    [1, 'Refunds are paid within fourteen days. Parcels are insured up to 500 EUR.'], [2, 'This page has real text.'],
  ]);
  expect(result.document.warnings).toEqual(['Page 1 is a picture and was read by text recognition, which can make mistakes.']);
}, 60_000);

test.skipIf(!installed)('a picture without text stays without, in words that say what was tried', async () => {
  const result = await pool.parse(await scanOf('0.5 g 100 100 300 500 re f'), { fileName: 'scan.pdf' });
  expect(result).toMatchObject({ ok: false, failure: { code: 'no-text', message: expect.stringContaining('no text could be recognised') } });
}, 60_000);

test('without text recognition a scan is told to be one, and what to do; pages with text are read', async () => {
  const bare = createParserPool({ children: 1, recognition: { installed: false } });
  const [alone, mixed] = await Promise.all([bare.parse(await scanOf(line(60, 700, 'Words', 20)), { fileName: 'a.pdf' }), bare.parse(await scanOf(line(60, 700, 'Words', 20), 'Real text.'), { fileName: 'b.pdf' })]);
  bare.close();
  expect(alone).toMatchObject({ ok: false, failure: { code: 'no-text', message: 'This PDF is a scan: its pages are pictures, and text recognition is not installed here. Upload a version with text, or run it through text recognition first.' } });
  expect(mixed).toMatchObject({ ok: true, document: { pages: 2, blocks: [{ page: 2, text: 'Real text.' }], warnings: ['Page 1 is a picture without text and was left out: text recognition is not installed here.'] } });
}, 60_000);

test.skipIf(!installed)('recognition is bounded in pages and in time', async () => {
  const scan = await scanOf(line(60, 700, 'Words in a picture', 20), 'Real text.');
  for (const recognition of [{ pagesMax: 0 }, { timeMs: 0 }]) {
    const bounded = createParserPool({ children: 1, recognition });
    const result = await bounded.parse(scan, { fileName: 'a.pdf' });
    bounded.close();
    expect(result.ok && result.document.blocks.map(({ text }) => text)).toEqual(['Real text.']);
  }
}, 60_000);
