import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ChunkOptions } from '../chunk/chunk-contract.ts';
import { docxOf, epubOf, odtOf, pdfLine, pdfOf, pptxOf, sheetRow, slideShape, wordParagraph, xlsxOf } from './file-fixtures.ts';
import { createParserPool, type ParserPool } from './parser-pool.ts';
import { DEFAULT_LIMITS, ParserProcess } from './parser-process.ts';

let pool: ParserPool;
beforeAll(() => { pool = createParserPool({ children: 2 }); });
vi.setConfig({ testTimeout: 120_000 });
afterAll(() => pool.close());

const codeOf = async (from: ParserPool, data: Buffer | string, fileName: string): Promise<string> => {
  const result = await from.parse(Buffer.from(data), { fileName });
  return result.ok ? 'read' : result.failure.code;
};

/** Tables in tables make the standard's tree algorithm quadratic, since each looks through all that are open: a small page that takes minutes. */
const endlessPage = `<!doctype html>${'<table><tr><td>'.repeat(40_000)}`;

test.skipIf(process.platform !== 'linux')('the child runs without environment, and may read nothing but our code', async () => {
  const child = new ParserProcess(DEFAULT_LIMITS);
  const answer = await child.run({ kind: 'parse', fileName: 'x.txt', mimeType: null }, Buffer.from('x'));
  const flags = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0');
  const environment = readFileSync(`/proc/${child.pid}/environ`, 'utf8');
  child.close();
  expect(answer.ok).toBe(true);
  expect(flags).toContain('--permission');
  expect(flags).toContain('--disallow-code-generation-from-strings');
  expect(flags.filter((flag) => /allow-(fs-write|child|worker|addons|wasi)/.test(flag))).toEqual([]);
  expect(flags.filter((flag) => flag.startsWith('--allow-fs-read')).every((flag) => /node_modules$|package\.json$|(knowledge\/(parse|chunk)|platform\/process)$/.test(flag))).toBe(true);
  expect(environment).toBe('');
});

test('every format is read in the child', async () => {
  expect(await codeOf(pool, 'text', 'x.txt')).toBe('read');
  expect(await codeOf(pool, '# md', 'x.md')).toBe('read');
  expect(await codeOf(pool, 'a,b\n1,2', 'x.csv')).toBe('read');
  expect(await codeOf(pool, '<p>html</p>', 'x.html')).toBe('read');
  expect(await codeOf(pool, pdfOf([pdfLine(10, 10, 'pdf')]), 'x.pdf')).toBe('read');
  expect(await codeOf(pool, docxOf(wordParagraph('docx')), 'x.docx')).toBe('read');
  expect(await codeOf(pool, xlsxOf(sheetRow(1, ['xlsx'])), 'x.xlsx')).toBe('read');
  expect(await codeOf(pool, pptxOf([{ shapes: slideShape(['pptx']) }]), 'x.pptx')).toBe('read');
  expect(await codeOf(pool, odtOf('<text:p>odt</text:p>'), 'x.odt')).toBe('read');
  expect(await codeOf(pool, epubOf({ 'a.xhtml': '<p>epub</p>' }), 'x.epub')).toBe('read');
  expect(await codeOf(pool, 'From: a@example.com\nTo: b@example.com\n\neml', 'x.eml')).toBe('read');
});

test('a large PDF read in shares is the same document as read in one', async () => {
  const filler = `%${'x'.repeat(20_000)}\n`;
  const pdf = pdfOf(Array.from({ length: 40 }, (_, i) => `${filler}${pdfLine(50, 700, `Chapter ${i}`, i % 10 === 0 ? 24 : 12)}\n${pdfLine(50, 600, `Body of page ${i + 1}.`)}`));
  expect(pdf.length).toBeGreaterThan(512 * 1024);
  const single = createParserPool({ children: 1 });
  const [split, whole] = await Promise.all([pool.parse(pdf, { fileName: 'x.pdf' }), single.parse(pdf, { fileName: 'x.pdf' })]);
  single.close();
  expect(split).toEqual(whole);
  expect(split.ok && split.document.blocks.at(-1)).toMatchObject({ page: 40, heading: ['Chapter 30'] });
});

test('chunking runs in the child too', async () => {
  const parsed = await pool.parse(Buffer.from('# A\n\nHello.\n\n# B\n\nWorld.'), { fileName: 'x.md' });
  if (!parsed.ok) throw new Error(parsed.failure.message);
  const result = await pool.chunk(parsed.document, ChunkOptions.parse({ strategy: 'semantic' }));
  expect(result.ok && result.chunks.map(({ text }) => text)).toEqual(['A\n\nHello.', 'B\n\nWorld.']);
});

test('a document that takes too long fails alone; the next one is read', async () => {
  const impatient = createParserPool({ children: 1, timeoutMs: 4000 });
  const [slow, next] = await Promise.all([codeOf(impatient, endlessPage, 'x.html'), codeOf(impatient, 'fine', 'x.txt')]);
  impatient.close();
  expect(slow).toBe('timeout');
  expect(next).toBe('read');
});

test('a document that needs too much memory fails alone; the next one is read', async () => {
  const narrow = createParserPool({ children: 1, memoryBytesMax: 200 * 1024 * 1024 });
  const [large, next] = await Promise.all([codeOf(narrow, `<p>${'<i>x</i>'.repeat(3_000_000)}`, 'x.html'), codeOf(narrow, 'fine', 'x.txt')]);
  narrow.close();
  expect(large).toBe('too-complex');
  expect(next).toBe('read');
});

test('an answer above the limit of output is refused', async () => {
  const terse = createParserPool({ children: 1, outputBytesMax: 10_000 });
  expect(await codeOf(terse, 'word '.repeat(5000), 'x.txt')).toBe('too-large');
  expect(await codeOf(terse, 'fine', 'x.txt')).toBe('read');
  terse.close();
});

test('a child that dies is replaced', async () => {
  const child = new ParserProcess(DEFAULT_LIMITS);
  const request = { kind: 'parse', fileName: 'x.html', mimeType: null } as const;
  const running = child.run(request, Buffer.from(endlessPage));
  await sleep(300);
  process.kill(child.pid ?? 0, 'SIGKILL');
  expect(await running).toMatchObject({ ok: false, failure: { code: 'damaged' } });
  expect(await child.run(request, Buffer.from('<p>fine</p>'))).toMatchObject({ ok: true });
  child.close();
});

test('a closed pool refuses what is under way, waiting and new', async () => {
  const closing = createParserPool({ children: 1 });
  const running = closing.parse(Buffer.from(endlessPage), { fileName: 'x.html' });
  const waiting = closing.parse(Buffer.from('x'), { fileName: 'x.txt' });
  const outcomes = Promise.allSettled([running, waiting]);
  closing.close();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(closing.parse(Buffer.from('x'), { fileName: 'x.txt' })).rejects.toThrow('closed');
});
