import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sharedFiles } from '../../../testing/shared-data.ts';
import type { ParsedDocument, ParseResult } from './parsed-document.ts';
import { createParserPool, type ParserPool } from './parser-pool.ts';
import { recognisableLanguages } from './pdf/languages.ts';

const { folder, files } = sharedFiles('published document', 'documents', 'FACTS.tsv');
const present = files.length > 0;
const recognises = recognisableLanguages().includes('eng');

/** Files no reader can use, and the reason each must get. All others must be read. */
const FAILURES: Readonly<Record<string, string>> = {
  'docx/empty.docx': 'empty',
  'docx/tika-testWORD_protected_passtika.docx': 'password',
  'docx/tika-testWORD_truncated.docx': 'damaged',
  'pdf/bug1782186.pdf': 'password',
  'pdf/imagemagick-images.pdf': 'no-text',
  'pdf/issue6010_1.pdf': 'password',
  'pdf/issue6010_2.pdf': 'password',
  'pdf/libreoffice-writer-password.pdf': 'password',
  'pdf/poppler-742-0-fuzzed.pdf': 'damaged',
  ...(recognises ? {} : { 'pdf/testOCR.pdf': 'no-text' }),
  'xlsx/testEXCEL_protected_passtika.xlsx': 'password',
};

/** Phrases that are not in the text, and why: they were cut from what a simple extractor gives. */
const NOT_THERE: Readonly<Record<string, string>> = {
  'docx/text-box.docx': 'the text box is stored twice, for newer and for older programs, and read once',
  'pdf/habibi.pdf': 'the letters of the Arabic words stand in reverse; they are read in the order of speech',
};

interface Fact { file: string; pages: number | null; probe: string }

const facts: Fact[] = !present ? [] : readFileSync(path.join(folder, 'FACTS.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => {
  const [file = '', , parts = '', , , , probe = ''] = line.split('\t');
  return { file, pages: Number(/^(\d+) pages/.exec(parts)?.[1] ?? Number.NaN) || null, probe };
});

const folded = (text: string): string => text.normalize('NFKC').replace(/\p{Cf}/gu, '').replace(/\s+/g, ' ').trim();
const wordsOnly = (text: string): string => folded(text).replace(/[^\p{L}\p{N}\p{M}\p{So}]/gu, '');

/**
 * How a probe is found: as written; with other marks between its words; or, in tables, its words in order across rows
 * (with column names between them) or at least in the cells (workbooks store strings in an order of their own). Probes are cut from raw text, so their last word may be the beginning of one.
 */
function foundHow(probe: string, text: string, isTable: boolean): 'exact' | 'words' | 'rows' | 'cells' | null {
  if (folded(text).includes(folded(probe))) return 'exact';
  if (wordsOnly(text).includes(wordsOnly(probe))) return 'words';
  if (!isTable) return null;
  const wanted = folded(probe).split(/[\s,]+/).map(wordsOnly).filter((word) => word !== '');
  const words = folded(text).split(/[\s,|]+/).map(wordsOnly);
  if (words.some((word, start) => word === wanted[0] && inOrder(wanted, words.slice(start, start + 200)))) return 'rows';
  return wanted.every((word) => words.includes(word)) ? 'cells' : null;
}

function inOrder(wanted: readonly string[], words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) if (at < wanted.length && (at === wanted.length - 1 ? word.startsWith(wanted[at] ?? '') : word === wanted[at])) at++;
  return at === wanted.length;
}

const pool: ParserPool | null = present ? createParserPool({ children: 2 }) : null;
afterAll(() => pool?.close());

const results = new Map<string, Promise<ParseResult>>();

function parse(file: string): Promise<ParseResult> {
  if (!pool) throw new Error('no documents');
  const result = results.get(file) ?? pool.parse(readFileSync(path.join(folder, file)), { fileName: path.basename(file) });
  results.set(file, result);
  return result;
}

async function documentOf(file: string): Promise<ParsedDocument> {
  const result = await parse(file);
  if (!result.ok) throw new Error(`${file}: ${result.failure.message}`);
  return result.document;
}

const textOf = (document: ParsedDocument): string => document.blocks.map((block) => block.text).join('\n');

test.skipIf(!present)('every published document is read, or fails for the right reason', async () => {
  const outcomes = await Promise.all(facts.map(async ({ file }) => {
    const result = await parse(file);
    return [file, result.ok ? 'read' : result.failure.code];
  }));
  expect(facts.length).toBe(74);
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(facts.map(({ file }) => [file, FAILURES[file] ?? 'read'])));
}, 240_000);

test.skipIf(!present)('the probe phrase of every readable document is found but for two that are not in the text, and pages are counted', async () => {
  const probed = facts.filter(({ file, probe }) => probe !== '' && !Object.hasOwn(FAILURES, file));
  const missed: string[] = [];
  const tally = { exact: 0, words: 0, rows: 0, cells: 0 };
  for (const { file, probe, pages } of probed) {
    const document = await documentOf(file);
    if (pages !== null) expect(document.pages, file).toBe(pages);
    const how = foundHow(probe, textOf(document), /^(csv|xlsx)\//.test(file));
    if (how) tally[how]++;
    else missed.push(file);
  }
  console.log(`Probes: ${probed.length - missed.length} of ${probed.length} found (${JSON.stringify(tally)}).`);
  expect(missed).toEqual(Object.keys(NOT_THERE));
  expect((probed.length - missed.length) / probed.length).toBeGreaterThanOrEqual(0.95);
}, 240_000);

test.skipIf(!present)('right-to-left text comes in the order it is read', async () => {
  expect(textOf(await documentOf('pdf/ArabicCIDTrueType.pdf'))).toContain('انواع الخطوط العربية');
  expect(textOf(await documentOf('pdf/habibi.pdf'))).toContain('حَبيبي');
  const persian = textOf(await documentOf('pdf/asvs-4.0.1-fa.pdf'));
  expect(persian).toContain('سطح ۳ – ارز بالا، اطمینان بالا، امنیت بالا');
  expect(persian).toContain('محرمانه بودن (مانند');
});

test.skipIf(!present)('the requirements of the security standard come as tables with their header, in each language', async () => {
  const document = await documentOf('pdf/asvs-six-languages-large.pdf');
  const tables = document.blocks.filter(({ kind }) => kind === 'table').map(({ text }) => text);
  expect(tables.find((text) => text.includes('| 1.7.1 |'))).toMatch(/^\| # \| Description \| L1 \| L2 \| L3 \| CWE \|\n\| 1\.7\.1 \| Verify that a common logging format and approach is used across the system\. \(C9\) \|  \| ✓ \| ✓ \| 1009 \|/);
  const headed = (header: string): number => tables.filter((text) => text.startsWith(header)).length;
  expect([headed('| # | Description | L1 | L2 | L3 |') > 150, headed('| # | Descripción | L1 | L2 | L3 |') > 80, headed('| # | توضیح | L1 | L2 | L3 |') > 50]).toEqual([true, true, true]);
  // The running title would otherwise stand on each page.
  expect(textOf(document).match(/^OWASP Application Security Verification Standard 4\.0\.3 \d+$/gm)?.length ?? 0).toBeLessThan(10);
}, 240_000);

test.skipIf(!present)('what was typed into a published form, and what hides on published pages, is told apart', async () => {
  const form = await documentOf('pdf/prefilled_f1040.pdf');
  expect(textOf(form)).toContain('p2-t124: foobar');
  expect(textOf(form)).toContain('c1_01_0_: yes');
  const record = await documentOf('pdf/testPDF_bad_page_303226.pdf');
  expect(textOf(record)).not.toContain('Y:\\SGML');
  expect(record.warnings.join()).toContain('cannot be seen');
});

test.skipIf(!present || !recognises)('a published scan is read by text recognition, and says so', async () => {
  const scan = await documentOf('pdf/testOCR.pdf');
  expect(textOf(scan)).toBe('Happy New Year 2003!');
  expect(scan.warnings).toEqual(['Page 1 is a picture and was read by text recognition, which can make mistakes.']);
}, 120_000);

test.skipIf(!present)('encodings of published files are recognised', async () => {
  expect(textOf(await documentOf('txt/russian.cp866.txt'))).toContain('Однажды, в студеную зимнюю пору,');
  expect(textOf(await documentOf('txt/testTXT_win-1252.txt'))).toContain('“windows”');
  expect(textOf(await documentOf('html/testArabicMisleadingCharset.html'))).toMatch(/\p{Script=Arabic}{3}/u);
  expect(textOf(await documentOf('html/testHTML_charset_utf16le.html'))).not.toContain('\0');
});
