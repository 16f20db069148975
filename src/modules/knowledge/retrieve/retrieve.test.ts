import { expect, test } from 'vitest';
import { rerankLexically } from './lexical-rerank.ts';
import { fuseRankings } from './rank-fusion.ts';
import { snippetFor } from './snippet.ts';

test('fusion prefers what several rankings agree on', () => {
  const fused = fuseRankings([{ ids: ['a', 'b', 'c'] }, { ids: ['b', 'd', 'a', 'b'] }]);
  expect(fused.map(({ id }) => id)).toEqual(['b', 'a', 'd', 'c']);
  expect(fuseRankings([{ ids: ['a'] }, { ids: ['a'] }])).toEqual([{ id: 'a', score: 1 }]);
  expect(fuseRankings([])).toEqual([]);
});

test('a ranking of more weight decides between equals', () => {
  expect(fuseRankings([{ ids: ['a'] }, { ids: ['b'], weight: 2 }])[0]?.id).toBe('b');
});

test('reranking puts the passage that answers first', () => {
  const ranked = rerankLexically('How many days do refunds take?', [
    { id: 'far', text: 'The shop has been open for many years. Days are long in summer. Refunds are a topic of their own, explained elsewhere in a long text about many other things.' },
    { id: 'near', text: 'Refunds take 14 days.' },
    { id: 'none', text: 'Our office is in Lisbon.' },
  ]);
  expect(ranked.map(({ id }) => id)).toEqual(['near', 'far', 'none']);
  expect(ranked[0]?.score).toBeGreaterThan(0.4);
  expect(ranked[0]?.score).toBeLessThanOrEqual(1);
  expect(ranked[2]?.score).toBe(0);
});

test('reranking works in scripts without spaces and from right to left', () => {
  expect(rerankLexically('退款需要多少天', [{ id: 'x', text: '我们的办公室在里斯本。' }, { id: 'y', text: '退款需要十四天。' }])[0]?.id).toBe('y');
  expect(rerankLexically('كم يوما يستغرق استرداد المبلغ', [{ id: 'x', text: 'مكتبنا في لشبونة.' }, { id: 'y', text: 'يستغرق استرداد المبلغ أربعة عشر يوما.' }])[0]?.id).toBe('y');
});

test('a question without words leaves the order alone', () => {
  expect(rerankLexically('??', [{ id: 'a', text: 'x' }, { id: 'b', text: 'y' }])).toEqual([{ id: 'a', score: 0 }, { id: 'b', score: 0 }]);
});

test('a word in the title counts', () => {
  const ranked = rerankLexically('refund days', [{ id: 'plain', text: 'It takes 14 days.' }, { id: 'titled', text: 'It takes 14 days.', context: 'Refunds' }]);
  expect(ranked[0]?.id).toBe('titled');
});

test('a snippet shows the part that fits the question', () => {
  const text = `${'Our history is long and rich. '.repeat(30)}Refunds take 14 days. ${'We like our customers very much. '.repeat(30)}`;
  const snippet = snippetFor('how long do refunds take', text, 120);
  expect(snippet).toContain('Refunds take 14 days.');
  expect(snippet.length).toBeLessThanOrEqual(120);
  expect(snippet).toMatch(/^….*…$/s);
});

test('a short text is its own snippet, and a long word is cut between characters', () => {
  expect(snippetFor('x', 'Short\n  text.', 100)).toBe('Short text.');
  for (let max = 20; max < 40; max++) {
    const snippet = snippetFor('x', '😀'.repeat(100), max);
    expect(snippet.isWellFormed()).toBe(true);
    expect(snippet.length).toBeLessThanOrEqual(max);
  }
});
