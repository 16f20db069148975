import type { CheckQuestion, CheckScore, Expectation } from '../../checks/contract.ts';

/** What is expected of an answer, in the plural of a list. */
export const EXPECTATION_WORDS: Readonly<Record<Expectation, string>> = {
  answers: 'answered', contains: 'with the words', avoids: 'without the words', cites: 'with their source', refuses: 'refused as they should', 'in-time': 'in time', 'calls-tools': 'with their tools',
};

/** `18 of 20 passed`, `Asking, 7 of 20`, `Waiting`. */
export const scoreWords = ({ state, passed, asked, total }: Pick<CheckScore, 'state' | 'passed' | 'asked' | 'total'>): string => {
  switch (state) {
    case 'waiting': return `${total} ${total === 1 ? 'check' : 'checks'} waiting`;
    case 'running': return `Checking, ${asked} of ${total}`;
    case 'stopped': return `${passed} of ${asked} passed, ${total - asked} not asked`;
    case 'done': return `${passed} of ${total} passed`;
  }
};

/** What a question expects, in words: `contains “3 days”, cites “Shipping”`. */
export const expectationWords = (question: CheckQuestion): string => {
  const quoted = (phrases: readonly string[]) => phrases.map((phrase) => `“${phrase}”`).join(', ');
  const parts = [
    question.mustContain.length > 0 ? `contains ${quoted(question.mustContain)}` : '', question.mustNotContain.length > 0 ? `does not contain ${quoted(question.mustNotContain)}` : '',
    question.mustCite.length > 0 ? `cites ${quoted(question.mustCite)}` : '', question.mustRefuse ? 'says that it does not know' : '',
    question.latencyMsMax === null ? '' : `within ${question.latencyMsMax.toLocaleString()} ms`, question.mustCallTools.length > 0 ? `calls ${quoted(question.mustCallTools)}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Any answer passes.' : `The answer ${parts.join(', ')}.`;
};

/** `+2` against the version before; null where one of them has not been asked to the end, or was asked something else. */
export const scoreChange = (score: CheckScore | null, before: { passed: number; total: number } | null): number | null => {
  if (score?.state !== 'done' || before === null || before.total !== score.total) return null;
  return score.passed - before.passed;
};
