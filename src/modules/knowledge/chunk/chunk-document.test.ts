import { expect, test } from 'vitest';
import type { ParsedBlock, ParsedDocument } from '../parse/parsed-document.ts';
import { ChunkOptions } from './chunk-contract.ts';
import { chunkDocument, embeddingText } from './chunk-document.ts';
import { countTokens } from './count-tokens.ts';
import { documentText } from './text-units.ts';

const documentOf = (blocks: (Partial<ParsedBlock> & { text: string })[]): ParsedDocument => ({
  format: 'txt', title: null, author: null, createdAt: null, language: null, pages: null, warnings: [],
  characters: blocks.reduce((sum, { text }) => sum + text.length, 0),
  blocks: blocks.map((block) => ({ page: null, heading: [], kind: 'text', ...block })),
});

const prose = (sentences: number, seed = 1): string =>
  Array.from({ length: sentences }, (_, i) => `Sentence ${seed}.${i} says something about refunds, deliveries and the colour ${i % 7} of parcels.`).join(' ');

/** Seeded, so that a failure can be repeated. */
function random(seed: number): (max: number) => number {
  let state = seed;
  return (max) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * max);
  };
}

const SCRAPS = ['refund policy ', 'Liefer­bedingungen. ', '退款政策适用于所有订单。', 'استرداد المبلغ خلال ١٤ يوما. ', '👩‍👩‍👧‍👦😀', 'नमस्ते दुनिया। ', '\n', '\n\n', '   ', 'x'.repeat(300), '<|endoftext|> ', '| a | b |\n', '[1] ', 'e\u0301\u0323 ', '🏳️‍🌈', 'https://example.com/a/very/long/path?with=query&and=more '];

function randomDocument(seed: number): ParsedDocument {
  const next = random(seed);
  const path: string[] = [];
  return documentOf(Array.from({ length: 1 + next(25) }, (_, index) => {
    const kind = (['text', 'text', 'text', 'table', 'heading'] as const)[next(5)] ?? 'text';
    const text = Array.from({ length: 1 + next(kind === 'heading' ? 3 : 60) }, () => SCRAPS[next(SCRAPS.length)] ?? '').join('').trim() || 'x';
    const block = { page: 1 + Math.floor(index / 4), heading: [...path], kind, text };
    if (kind === 'heading') path.splice(next(2), 5, text.slice(0, 300));
    return block;
  }));
}

for (const strategy of ['fixed', 'semantic', 'hybrid'] as const) {
  test(`${strategy}: chunks are exact slices, cover every word, stay under the cap and keep characters whole`, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const document = randomDocument(seed);
      const text = documentText(document);
      const next = random(seed + 1000);
      const chunkSize = 32 + next(200);
      const chunks = chunkDocument(document, { strategy, chunkSize, overlap: next(60) });
      let covered = 0;
      chunks.forEach((chunk, index) => {
        expect(chunk.index).toBe(index);
        expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
        expect(chunk.text.trim()).toBe(chunk.text);
        expect(chunk.text.isWellFormed() && chunk.context.isWellFormed()).toBe(true);
        expect(chunk.tokens).toBe(countTokens(embeddingText(chunk)));
        expect(chunk.tokens, `seed ${seed}, size ${chunkSize}`).toBeLessThanOrEqual(chunkSize);
        // Nothing but space between the end of what was covered and this chunk.
        expect(text.slice(covered, Math.max(covered, chunk.start)).trim()).toBe('');
        expect(chunk.end).toBeGreaterThan(covered);
        covered = chunk.end;
      });
      expect(text.slice(covered).trim()).toBe('');
    }
  });
}

test('fixed windows are full and overlap by the tokens asked for', () => {
  const chunks = chunkDocument(documentOf([{ text: prose(200) }]), { strategy: 'fixed', chunkSize: 128, overlap: 32 });
  for (const [index, chunk] of chunks.entries()) {
    const following = chunks[index + 1];
    if (!following) continue;
    expect(chunk.tokens).toBeGreaterThan(100);
    const shared = documentText(documentOf([{ text: prose(200) }])).slice(following.start, chunk.end);
    expect(countTokens(shared)).toBeGreaterThan(20);
    expect(countTokens(shared)).toBeLessThanOrEqual(33);
  }
});

const sections = documentOf([
  { text: 'Refunds', kind: 'heading' }, { text: prose(3, 1), heading: ['Refunds'] },
  { text: 'How long', kind: 'heading', heading: ['Refunds'] }, { text: prose(40, 2), heading: ['Refunds', 'How long'] },
  { text: 'Delivery', kind: 'heading' }, { text: prose(3, 3), heading: ['Delivery'] },
]);

test('semantic chunks never mix sections and end with whole sentences', () => {
  const chunks = chunkDocument(sections, { strategy: 'semantic', chunkSize: 256, overlap: 50 });
  for (const chunk of chunks) expect(new Set([...chunk.text.matchAll(/Sentence (\d)\./g)].map((match) => match[1])).size).toBe(1);
  for (const chunk of chunks) expect(chunk.text).toMatch(/\.$/);
  expect(chunks[0]?.text).toMatch(/^Refunds\n\nSentence 1\.0/);
  expect(chunks[0]?.heading).toEqual(['Refunds']);
  const inner = chunks.find((chunk) => chunk.text.startsWith('Sentence 2.'));
  expect(inner).toMatchObject({ context: 'Refunds > How long', heading: ['Refunds', 'How long'] });
  for (let i = 1; i < chunks.length; i++) expect(chunks[i]?.start).toBeGreaterThanOrEqual(chunks[i - 1]?.end ?? 0);
});

test('hybrid joins short sections and repeats whole sentences inside a long one', () => {
  const short = documentOf(['A', 'B', 'C'].flatMap((title) => [{ text: title, kind: 'heading' as const }, { text: `About ${title}.`, heading: [title] }]));
  expect(chunkDocument(short, { strategy: 'hybrid', chunkSize: 256, overlap: 50 })).toHaveLength(1);
  expect(chunkDocument(short, { strategy: 'semantic', chunkSize: 256, overlap: 50 })).toHaveLength(3);
  const chunks = chunkDocument(sections, { strategy: 'hybrid', chunkSize: 256, overlap: 50 });
  const overlapping = chunks.filter((chunk, index) => index > 0 && chunk.start < (chunks[index - 1]?.end ?? 0));
  expect(overlapping.length).toBeGreaterThan(0);
  for (const chunk of overlapping) expect(chunk.text).toMatch(/^Sentence 2\./);
});

test('a table is cut between rows, and its later parts carry the header row', () => {
  const rows = Array.from({ length: 80 }, (_, i) => `| Item ${i} | ${i * 10} EUR |`);
  const table = documentOf([{ text: ['| Name | Price |', ...rows].join('\n'), kind: 'table', heading: ['Prices'] }]);
  const chunks = chunkDocument(table, { strategy: 'hybrid', chunkSize: 128, overlap: 0 });
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks[0]?.context).toBe('Prices');
  for (const chunk of chunks.slice(1)) expect(chunk.context).toBe('Prices\n| Name | Price |');
  for (const chunk of chunks) expect(chunk.text.split('\n').every((line) => /^\|.*\|$/.test(line))).toBe(true);
});

test('a chunk has the page it begins on', () => {
  const document = documentOf([1, 2, 3].map((page) => ({ page, text: prose(20, page) })));
  const chunks = chunkDocument(document, { strategy: 'semantic', chunkSize: 128, overlap: 0 });
  for (const chunk of chunks) expect(chunk.page).toBe(Number(/Sentence (\d)/.exec(chunk.text)?.[1]));
  expect(new Set(chunks.map(({ page }) => page))).toEqual(new Set([1, 2, 3]));
});

test('headings longer than a quarter of the chunk are shortened, innermost kept', () => {
  const document = documentOf([{ text: prose(5), heading: [prose(10), 'Inner'] }]);
  const [chunk] = chunkDocument(document, { strategy: 'semantic', chunkSize: 64, overlap: 0 });
  expect(chunk?.context).toBe('Inner');
});

test('one endless word and a million sentences take seconds at most', () => {
  const started = performance.now();
  for (const text of ['a'.repeat(1_000_000), '. '.repeat(300_000), '字'.repeat(300_000), ' '.repeat(500_000) + 'x']) {
    for (const strategy of ['fixed', 'hybrid'] as const) chunkDocument(documentOf([{ text }]), { strategy, chunkSize: 512, overlap: 50 });
  }
  chunkDocument(documentOf([{ text: 'row\n'.repeat(200_000), kind: 'table' }]), { strategy: 'semantic', chunkSize: 512, overlap: 50 });
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);

test('the options have the defaults buyers are told', () => {
  expect(ChunkOptions.parse({})).toEqual({ strategy: 'hybrid', chunkSize: 512, overlap: 50 });
});
