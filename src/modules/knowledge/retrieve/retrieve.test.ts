import { expect, test } from 'vitest';
import { analyze } from '#modules/models/index.ts';
import { scoreLexically } from './lexical-rerank.ts';
import { orderFound } from './order-passages.ts';
import { queryTerms } from './query-terms.ts';
import { fuseRankings } from './rank-fusion.ts';
import { snippetFor } from './snippet.ts';
import { bestStretch } from './stretch.ts';

test('fusion prefers what several rankings agree on', () => {
  const fused = fuseRankings([{ ids: ['a', 'b', 'c'] }, { ids: ['b', 'd', 'a', 'b'] }]);
  expect(fused.map(({ id }) => id)).toEqual(['b', 'a', 'd', 'c']);
  expect(fuseRankings([{ ids: ['a'] }, { ids: ['a'] }])).toEqual([{ id: 'a', score: 1 }]);
  expect(fuseRankings([])).toEqual([]);
});

test('beside a trained model, what holds the rare word asked for is not outdone by what shares only a common one', () => {
  const near = ['b', 'c', 'd', 'a'].map((id, rank) => ({ id, similarity: 0.9 - rank / 100 }));
  const words = [{ id: 'a', score: 0.6 }, ...['c', 'd', 'b'].map((id) => ({ id, score: 0.001 }))];
  expect(orderFound({ words, near, similarity: new Map(), embeddingModel: 'trained' })[0]?.id).toBe('a');
  // Where others hold much of it too, both rankings count.
  expect(orderFound({ words: words.map(({ id, score }) => ({ id, score: Math.max(score, 0.3) })), near, similarity: new Map(), embeddingModel: 'trained' })[0]?.id).toBe('c');
});

test('a ranking of more weight decides between equals', () => {
  expect(fuseRankings([{ ids: ['a'] }, { ids: ['b'], weight: 2 }])[0]?.id).toBe('b');
});

/** Texts as they are ordered for a question, best first, with their scores; every word counts alike. */
function ranked(question: string, texts: Readonly<Record<string, string>>): { id: string; words: number; together: number; inOrder: number }[] {
  const groups = queryTerms(question).map((terms) => ({ terms, weight: 1 }));
  return Object.entries(texts).map(([id, text]) => ({ id, ...scoreLexically({ groups, worth: groups.map(() => 1), averageLength: 10 }, analyze(text)) })).sort((a, b) => b.words + b.together - a.words - a.together);
}

test('the passage that answers comes first, and what shares no word is worth nothing', () => {
  const found = ranked('How many days do refunds take?', {
    far: 'The shop has been open for many years. Days are long in summer, when the garden fills with people, and the owner pours tea, plays cards, tells stories, mends chairs and waters roses before evening comes. Refunds happen elsewhere.',
    near: 'Refunds take 14 days.', none: 'Our office is in Lisbon.',
  });
  expect(found.map(({ id }) => id)).toEqual(['near', 'far', 'none']);
  expect(found[0]?.together).toBeGreaterThan(found[1]?.together ?? 1);
  expect(found[0]?.words).toBeLessThanOrEqual(1);
  expect(found[2]).toMatchObject({ words: 0, together: 0 });
});

test('texts are compared in scripts without spaces and from right to left', () => {
  expect(ranked('退款需要多少天', { x: '我们的办公室在里斯本。', y: '退款需要十四天。' })[0]?.id).toBe('y');
  expect(ranked('كم يوما يستغرق استرداد المبلغ', { x: 'مكتبنا في لشبونة.', y: 'يستغرق استرداد المبلغ أربعة عشر يوما.' })[0]?.id).toBe('y');
});

test('the order of words tells what holds the same words', () => {
  const [first, second] = ranked('valve 73-42', { turned: 'Valve 42-73 is closed.', asked: 'Valve 73-42 is closed.' }).sort((a, b) => b.inOrder - a.inOrder);
  expect([first?.id, second?.words]).toEqual(['asked', first?.words]);
});

test('a question without words is worth nothing anywhere', () => {
  expect(ranked('??', { a: 'x', b: 'y' })).toEqual(['a', 'b'].map((id) => ({ id, words: 0, together: 0, inOrder: 0 })));
});

test('words that stand together within a stretch count once each, however far the stretch reaches', () => {
  const groups = [['a'], ['b'], ['c', 'd']];
  expect(bestStretch(['a', 'x', 'a', 'b'], groups, [1, 2, 4], 4)).toBe(3);
  expect(bestStretch(['a', 'x', 'x', 'b', 'x', 'c', 'd'], groups, [1, 2, 4], 3)).toBe(6);
  expect(bestStretch([], groups, [1, 2, 4], 3)).toBe(0);
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
