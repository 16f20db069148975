import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ParseResult } from './parsed-document.ts';
import { createParserPool, type ParserPool } from './parser-pool.ts';

const projectRoot = path.resolve(import.meta.dirname, '../../../..');
const folder = path.join(process.env.CMP_SHARED_DATA ?? path.resolve(projectRoot, '../shared/data'), 'documents');
const present = existsSync(path.join(folder, 'FACTS.tsv'));
if (!present) console.log(`Skipped: the published documents are not at ${folder}.`);

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
  'pdf/testOCR.pdf': 'no-text',
  'xlsx/testEXCEL_protected_passtika.xlsx': 'password',
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

test.skipIf(!present)('every published document is read, or fails for the right reason', async () => {
  const outcomes = await Promise.all(facts.map(async ({ file }) => {
    const result = await parse(file);
    return [file, result.ok ? 'read' : result.failure.code];
  }));
  expect(facts.length).toBe(74);
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(facts.map(({ file }) => [file, FAILURES[file] ?? 'read'])));
}, 120_000);

test.skipIf(!present)('the probe phrase is found in at least 95 % of the readable documents, and pages are counted', async () => {
  const probed = facts.filter(({ file, probe }) => probe !== '' && !Object.hasOwn(FAILURES, file));
  const missed: string[] = [];
  const tally = { exact: 0, words: 0, rows: 0, cells: 0 };
  for (const { file, probe, pages } of probed) {
    const result = await parse(file);
    if (!result.ok) throw new Error(`${file}: ${result.failure.message}`);
    if (pages !== null) expect(result.document.pages, file).toBe(pages);
    const how = foundHow(probe, result.document.blocks.map((block) => block.text).join('\n'), /^(csv|xlsx)\//.test(file));
    if (how) tally[how]++;
    else missed.push(file);
  }
  console.log(`Probes: ${probed.length - missed.length} of ${probed.length} found (${JSON.stringify(tally)}); missed: ${missed.join(', ') || 'none'}.`);
  expect((probed.length - missed.length) / probed.length).toBeGreaterThanOrEqual(0.95);
}, 120_000);

test.skipIf(!present)('right-to-left text comes in the order it is read', async () => {
  const result = await parse('pdf/ArabicCIDTrueType.pdf');
  expect(result.ok && result.document.blocks[0]?.text).toContain('انواع الخطوط العربية');
});

test.skipIf(!present)('encodings of published files are recognised', async () => {
  const textOf = async (file: string): Promise<string> => {
    const result = await parse(file);
    return result.ok ? result.document.blocks.map((block) => block.text).join('\n') : result.failure.code;
  };
  expect(await textOf('txt/russian.cp866.txt')).toContain('Однажды, в студеную зимнюю пору,');
  expect(await textOf('txt/testTXT_win-1252.txt')).toContain('“windows”');
  expect(await textOf('html/testArabicMisleadingCharset.html')).toMatch(/\p{Script=Arabic}{3}/u);
  expect(await textOf('html/testHTML_charset_utf16le.html')).not.toContain('\0');
});
