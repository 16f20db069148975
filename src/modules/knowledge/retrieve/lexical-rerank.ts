import { LENGTH, SATURATION, type WeightedGroup } from './keyword-ranking.ts';
import type { TermGroup } from './query-terms.ts';
import { bestStretch } from './stretch.ts';

/** A question as the words of a knowledge base see it. */
export interface RankedWords {
  groups: readonly WeightedGroup[];
  /** What each group gives a text at most, in their order. */
  worth: readonly number[];
  /** Mean number of terms of a chunk. */
  averageLength: number;
}

export interface LexicalScore {
  /** BM25 as a share of the most a text could get, 0..1: which words it holds, how rare they are and how often it says them. */
  words: number;
  /** 0..1: the share of the words that one stretch of the text holds. */
  together: number;
  /** 0..1: how much of the question stands there word after word; what tells "73-42" from "42-73". */
  inOrder: number;
}

/** Terms in a stretch: about a sentence. */
const STRETCH = 16;

/** How a text fits a question by its words; `terms` are its index terms in order. Pure and without a model. */
export function scoreLexically({ groups, worth, averageLength }: RankedWords, terms: readonly string[]): LexicalScore {
  const most = worth.reduce((sum, value) => sum + value, 0);
  if (most === 0) return { words: 0, together: 0, inOrder: 0 };
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  const norm = SATURATION * (1 - LENGTH + (LENGTH * terms.length) / Math.max(1, averageLength));
  const words = groups.reduce((sum, group, index) => {
    const count = Math.max(...group.terms.map((term) => times.get(term) ?? 0));
    return sum + (worth[index] ?? 0) * (count / (count + norm));
  }, 0);
  const forms = groups.map((group) => group.terms);
  return { words: words / most, together: bestStretch(terms, forms, worth, STRETCH) / most, inOrder: wordAfterWord(terms, forms, worth) / most };
}

function wordAfterWord(terms: readonly string[], groups: readonly TermGroup[], worth: readonly number[]): number {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((term) => [term, index] as const)));
  const followed = new Set<number>();
  let before: number | undefined;
  for (const term of terms) {
    const group = groupOf.get(term);
    if (group !== undefined && before === group - 1) followed.add(group);
    before = group;
  }
  return followed.values().reduce((sum, group) => sum + Math.min(worth[group] ?? 0, worth[group - 1] ?? 0), 0);
}
