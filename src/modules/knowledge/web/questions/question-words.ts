import { formatNumber } from '#web/kit/format.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { questionEndpoints, type AskedQuestion, type QuestionTest, type UnansweredQuestion } from '#modules/knowledge/questions/contract.ts';
import type { z } from 'zod';
import { PAIRS_CHANGED } from '../pairs/pair-dialogs.tsx';

/** What a question that was dealt with makes old. */
export const QUESTIONS_CHANGED = [questionEndpoints.list, questionEndpoints.get, knowledgeEndpoints.status, ...PAIRS_CHANGED] as const;

type Asked = z.infer<typeof AskedQuestion>;

/** Why a wording was collected, in a few words. */
export const reasonWords = ({ reason, confidence }: Pick<Asked, 'reason' | 'confidence'>): string => {
  switch (reason) {
    case 'nothing-found': return 'Nothing was found';
    case 'low-confidence': return `Not sure enough${confidence === null ? '' : ` (${Math.round(confidence * 100)} %)`}`;
    case 'rated-down': return 'Answer rated bad';
  }
};

const OUTCOME_WORDS: Readonly<Record<Asked['outcome'], string>> = { refused: 'refused', general: 'answered from general knowledge', 'handed-over': 'handed over', answered: 'answered' };
export const outcomeWords = ({ outcome }: Pick<Asked, 'outcome'>): string => OUTCOME_WORDS[outcome];

/** Why a question is no longer open. */
export const closedWords = ({ closed_because: because }: Pick<UnansweredQuestion, 'closed_because'>): string => {
  switch (because) {
    case 'pair': return 'Answered by a pair';
    case 'knowledge': return 'Answered by your knowledge';
    case 'person': return 'Put aside';
    case null: return '';
  }
};

/** `2 of 3 wordings are answered now`. */
export const testedWords = ({ answered, wordings }: QuestionTest): string =>
  `${formatNumber(answered)} of ${formatNumber(wordings)} ${wordings === 1 ? 'wording is' : 'wordings are'} answered now`;

/** Languages by their names in the reader's language. */
export const languageNames = (tags: readonly string[]): string => tags.map((tag) => {
  try { return new Intl.DisplayNames(undefined, { type: 'language' }).of(tag) ?? tag; } catch { return tag; }
}).join(', ');
