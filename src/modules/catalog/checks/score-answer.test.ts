import { expect, test } from 'vitest';
import { CheckQuestion } from './contract.ts';
import { scoreAnswer, tally, type AnswerToCheck } from './score-answer.ts';

const ask = (more: object = {}) => CheckQuestion.parse({ question: 'How long does shipping take?', ...more });
const said = (text: string, more: Partial<AnswerToCheck> = {}): AnswerToCheck => ({ text, cited: [], refused: false, tools: [], latencyMs: 100, error: null, ...more });
const kinds = (question: CheckQuestion, answer: AnswerToCheck) => scoreAnswer(question, answer).failures.map(({ kind }) => kind);

test('without an expectation any answer passes, and none does not', () => {
  expect(kinds(ask(), said('Some days.'))).toEqual([]);
  expect(kinds(ask(), said(' ** '))).toEqual(['answers']);
  expect(scoreAnswer(ask(), said('', { error: 'The model cannot be reached right now.' })).failures).toEqual([{ kind: 'answers', message: 'The model cannot be reached right now.' }]);
});

test.each([
  ['capital letters', 'STANDARD SHIPPING takes 3 to 5 days'], ['line breaks and spaces', 'standard\n  shipping takes   3 to 5 days'], ['marks of formatting', '**Standard shipping** takes `3 to 5` days'],
  ['numbers of sources', 'Standard shipping [1] takes 3 to 5 [2] days.'], ['a non-breaking space and full-width signs', 'Standard\u00A0shipping takes ３ to ５ days'],
])('%s do not keep a phrase from being found', (_name, text) => {
  expect(kinds(ask({ mustContain: ['Standard shipping takes 3 to 5 days'] }), said(text))).toEqual([]);
});

test('every phrase has to be there, and each that is missing is named', () => {
  expect(scoreAnswer(ask({ mustContain: ['five days', 'tracked', 'free'] }), said('It takes five days.')).failures.map(({ message }) => message)).toEqual(['“tracked” is missing.', '“free” is missing.']);
});

test('a phrase in another script is compared like any other', () => {
  expect(kinds(ask({ mustContain: ['من 7 إلى 12 يوم عمل'] }), said('يستغرق الشحن الدولي من 7 إلى 12 يوم عمل.'))).toEqual([]);
  expect(kinds(ask({ mustNotContain: ['保証'] }), said('3年の保証があります'))).toEqual(['avoids']);
});

test('documents are found by a part of their title, tools by their whole name', () => {
  const question = ask({ mustCite: ['shipping'], mustCallTools: ['calculator'] });
  expect(kinds(question, said('Yes.', { cited: ['Shipping and delivery.pdf'], tools: ['Calculator'] }))).toEqual([]);
  expect(kinds(question, said('Yes.', { cited: ['Returns'], tools: ['calculator_2'] }))).toEqual(['cites', 'calls-tools']);
});

test('a refusal is what was expected only where it was', () => {
  expect(kinds(ask({ mustRefuse: true }), said('I do not know.', { refused: true }))).toEqual([]);
  expect(kinds(ask({ mustRefuse: true }), said('I do not know.'))).toEqual(['refuses']);
});

test('an answer in time passes to the millisecond', () => {
  const question = ask({ latencyMsMax: 2_000 });
  expect([kinds(question, said('x', { latencyMs: 2_000 })), scoreAnswer(question, said('x', { latencyMs: 2_001 })).failures]).toEqual([[], [{ kind: 'in-time', message: 'It took 2,001 ms instead of at most 2,000 ms.' }]]);
});

test('kinds are counted by question, and a missing answer meets none of what it was asked for', () => {
  const [contains, cites] = [ask({ mustContain: ['a', 'b'] }), ask({ mustCite: ['c'], mustContain: ['a'] })];
  const judged = [[contains, said('a')], [contains, said('a b')], [cites, said('a', { cited: ['c'] })], [cites, said('', { error: 'down' })]] as const;
  expect(tally(judged.map(([question, answer]) => ({ question, failures: scoreAnswer(question, answer).failures })))).toEqual([
    { kind: 'answers', passed: 3, total: 4 }, { kind: 'contains', passed: 2, total: 4 }, { kind: 'cites', passed: 1, total: 2 },
  ]);
});
