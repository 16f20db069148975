import type { Turn } from '../ports.ts';
import type { WeightedGroup } from './keyword-ranking.ts';
import { questionTerms, queryTerms, type QuestionTerms } from './query-terms.ts';

/**
 * What the words said before a question are worth beside its own 1: `last` in the turn just before, `fade` times that in each turn
 * further back. What people say themselves names what they are after; what was answered only touches it.
 */
const WORTH = { user: { last: 0.35, fade: 0.4 }, assistant: { last: 0.08, fade: 0.3 } } as const;
/** Words that are worth less do not count. */
const WORTH_MIN = 0.01;
const CHARACTERS_MAX = 1200;
const GROUPS_MAX = 64;

/** The question's words, then those of the conversation that the question does not name itself, most worth first. */
export function conversationTerms(query: string, conversation: readonly Turn[]): { question: QuestionTerms; groups: WeightedGroup[] } {
  const question = questionTerms(query);
  const known = new Set(question.groups.flat());
  const before = weighted(conversation).flatMap(({ content, weight }) => queryTerms(content.slice(0, CHARACTERS_MAX)).map((terms) => ({ terms, weight })))
    .toSorted((a, b) => b.weight - a.weight)
    .filter(({ terms }) => {
      if (terms.some((term) => known.has(term))) return false;
      for (const term of terms) known.add(term);
      return true;
    });
  return { question, groups: [...question.groups.map((terms) => ({ terms, weight: 1 })), ...before.slice(0, GROUPS_MAX)] };
}

function weighted(conversation: readonly Turn[]): { content: string; weight: number }[] {
  const weights: Record<Turn['role'], number> = { user: WORTH.user.last, assistant: WORTH.assistant.last };
  const turns: { content: string; weight: number }[] = [];
  for (const { role, content } of conversation.toReversed()) {
    if (weights[role] < WORTH_MIN) continue;
    turns.push({ content, weight: weights[role] });
    weights[role] *= WORTH[role].fade;
  }
  return turns;
}
