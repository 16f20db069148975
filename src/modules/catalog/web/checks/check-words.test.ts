import { expect, test } from 'vitest';
import { CheckQuestion } from '../../checks/contract.ts';
import { expectationWords, scoreChange, scoreWords } from './check-words.ts';

const score = (more: object) => ({ state: 'done' as const, total: 20, asked: 20, passed: 18, kinds: [], finishedAt: null, reason: null, runs: 1, movedAt: '', ...more });

test('a score says how far it is', () => {
  expect([{}, { state: 'waiting' as const }, { state: 'running' as const, asked: 7 }, { state: 'stopped' as const, asked: 5, passed: 4 }].map((more) => scoreWords(score(more))))
    .toEqual(['18 of 20 passed', '20 checks waiting', 'Checking, 7 of 20', '4 of 5 passed, 15 not asked']);
});

test('a question says what its answer has to be like', () => {
  expect(expectationWords(CheckQuestion.parse({ question: 'x' }))).toBe('Any answer passes.');
  expect(expectationWords(CheckQuestion.parse({ question: 'x', mustContain: ['a', 'b'], mustRefuse: true, latencyMsMax: 2000 }))).toMatch(/^The answer contains “a”, “b”, says that it does not know, within 2.000 ms\.$/);
});

test('scores are only compared when as much was asked', () => {
  expect([scoreChange(score({}), { passed: 16, total: 20 }), scoreChange(score({}), { passed: 9, total: 10 }), scoreChange(score({ state: 'running' }), { passed: 16, total: 20 }), scoreChange(null, null)]).toEqual([2, null, null, null]);
});
