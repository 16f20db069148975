import type { CheckQuestion, CheckResult, CheckScore, Expectation } from './contract.ts';
import { EXPECTATIONS } from './contract.ts';

/** What a version said to a question, and what that rested on. */
export interface AnswerToCheck {
  text: string;
  /** Titles of the documents the answer cites. */
  cited: readonly string[];
  /** The product said that it does not know, instead of answering. */
  refused: boolean;
  tools: readonly string[];
  latencyMs: number;
  /** Why there is no answer; null when there is one. */
  error: string | null;
}

export interface Judgement { failures: CheckResult['failures']; /** What was expected of the answer. */ expected: readonly Expectation[] }

/**
 * Whether an answer is as its question asks. Deterministic: the same answer always gets the same judgement. Texts are
 * compared without regard to capital letters, spaces, marks of formatting and numbers of sources. Pure.
 */
export function scoreAnswer(question: CheckQuestion, answer: AnswerToCheck): Judgement {
  if (answer.error !== null || plain(answer.text) === '') return { failures: [{ kind: 'answers', message: answer.error ?? 'There was no answer.' }], expected: expectationsOf(question) };
  const said = plain(answer.text);
  const missing = question.mustContain.filter((phrase) => !said.includes(plain(phrase)));
  const unwanted = question.mustNotContain.filter((phrase) => said.includes(plain(phrase)));
  const uncited = question.mustCite.filter((title) => !answer.cited.some((document) => plain(document).includes(plain(title))));
  const uncalled = question.mustCallTools.filter((name) => !answer.tools.some((tool) => tool.toLowerCase() === name.toLowerCase()));
  const failures: CheckResult['failures'] = [
    ...missing.map((phrase) => ({ kind: 'contains' as const, message: `“${phrase}” is missing.` })),
    ...unwanted.map((phrase) => ({ kind: 'avoids' as const, message: `“${phrase}” is in the answer.` })),
    ...uncited.map((title) => ({ kind: 'cites' as const, message: `“${title}” is not cited.` })),
    ...(question.mustRefuse && !answer.refused ? [{ kind: 'refuses' as const, message: 'It answered instead of saying that it does not know.' }] : []),
    ...(question.latencyMsMax !== null && answer.latencyMs > question.latencyMsMax
      ? [{ kind: 'in-time' as const, message: `It took ${answer.latencyMs.toLocaleString('en')} ms instead of at most ${question.latencyMsMax.toLocaleString('en')} ms.` }] : []),
    ...uncalled.map((name) => ({ kind: 'calls-tools' as const, message: `The tool “${name}” was not called.` })),
  ];
  return { failures, expected: expectationsOf(question) };
}

/** What a question expects. That there is an answer is always expected. */
export function expectationsOf(question: CheckQuestion): Expectation[] {
  const asked: Readonly<Record<Expectation, boolean>> = {
    answers: true, contains: question.mustContain.length > 0, avoids: question.mustNotContain.length > 0, cites: question.mustCite.length > 0,
    refuses: question.mustRefuse, 'in-time': question.latencyMsMax !== null, 'calls-tools': question.mustCallTools.length > 0,
  };
  return EXPECTATIONS.filter((kind) => asked[kind]);
}

/** By kind: how many questions expect it, and how many of their answers meet it. An answer that is missing meets nothing. */
export function tally(results: readonly { question: CheckQuestion; failures: CheckResult['failures'] }[]): CheckScore['kinds'] {
  return EXPECTATIONS.flatMap((kind) => {
    const expecting = results.filter(({ question }) => expectationsOf(question).includes(kind));
    const passed = expecting.filter(({ failures }) => !failures.some((failure) => failure.kind === kind || failure.kind === 'answers')).length;
    return expecting.length === 0 ? [] : [{ kind, passed, total: expecting.length }];
  });
}

/** A text as it is compared. */
const plain = (text: string): string => text.normalize('NFKC').replaceAll(/\[\d{1,2}\]/g, ' ').replaceAll(/[*_`~#>|]+/g, ' ').replaceAll(/[\s\u200B\u00AD]+/g, ' ').toLowerCase().trim()
  // A mark between a word and its sign of punctuation leaves a space that nobody wrote.
  .replaceAll(/ ([.,;:!?)])/g, '$1');
