import { expect, test } from 'vitest';
import { Problem } from '#platform/http/problem.ts';
import { readQuestions } from './read-questions.ts';

const read = (text: string) => readQuestions(new TextEncoder().encode(text));
const refusal = (text: string): Problem => {
  try { read(text); } catch (error) { if (error instanceof Problem) return error; throw error; }
  throw new Error('it was read');
};

test('a CSV file with any of the columns is read, several phrases in one cell', () => {
  expect(read('\uFEFFQuestion,Must contain,must_refuse,latency ms max\n"How long, please?",5 days | tracked,,2000\nWho won?,,yes,\n')).toEqual([
    { question: 'How long, please?', mustContain: ['5 days', 'tracked'], mustNotContain: [], mustCite: [], mustRefuse: false, latencyMsMax: 2000, mustCallTools: [] },
    { question: 'Who won?', mustContain: [], mustNotContain: [], mustCite: [], mustRefuse: true, latencyMsMax: null, mustCallTools: [] },
  ]);
});

test('semicolons serve as well, and line breaks inside quotes', () => {
  expect(read('question;must_cite\n"Two\nlines?";Guide\n').map(({ question, mustCite }) => [question, mustCite])).toEqual([['Two\nlines?', ['Guide']]]);
});

test('a JSON file is read with the names of the API or of the columns', () => {
  expect(read('[{"question":"A?","mustContain":["b"]},{"question":"C?","must_call_tools":["calculator"]}]').map(({ mustContain, mustCallTools }) => [mustContain, mustCallTools])).toEqual([[['b'], []], [[], ['calculator']]]);
  expect(read('{"questions":[{"question":"A?"}]}')).toHaveLength(1);
});

test.each([
  ['an empty file', '', /no question/], ['a file without the column', 'frage\nWas?\n', /column "question"/], ['an unknown column', 'question,answer\nA?,b\n', /no column "answer"/],
  ['JSON that is no list', '{"a":1}', /not a list/], ['broken JSON', '[{', /not a list/], ['a quote that never ends', 'question\n"A?\n', /cannot be read/],
  ['more than fifty', `question\n${'A?\n'.repeat(51)}`, /At most 50/],
])('%s is refused in words', (_name, text, words) => {
  expect(refusal(text)).toMatchObject({ type: { status: 422 }, message: expect.stringMatching(words) });
});

test('every fault is named with its row and field, and nothing is taken', () => {
  expect(refusal('question,must_refuse,latency_ms_max\nA?,perhaps,\n,,soon\n').issues.map(({ path }) => path)).toEqual(['1.mustRefuse', '2.question', '2.latencyMsMax']);
});
