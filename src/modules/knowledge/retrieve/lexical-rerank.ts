import { LENGTH, SATURATION, type WeightedGroup } from './keyword-ranking.ts';
import { bestStretch } from './stretch.ts';

/** A question as the words of a knowledge base see it. */
export interface RankedWords {
  groups: readonly WeightedGroup[];
  /** How rare each group is, in their order. */
  rarity: readonly number[];
  /** Mean number of terms of a chunk. */
  averageLength: number;
}

export interface LexicalScore {
  /** BM25 as a share of the most a text could get, 0..1: which words it holds, how rare they are and how often it says them. */
  words: number;
  /** 0..1: the share of the words that one stretch of the text holds. */
  together: number;
}

/** Terms in a stretch: about a sentence. */
const STRETCH = 16;

/** How a text fits a question by its words; `terms` are its index terms in order. Pure and without a model. */
export function scoreLexically({ groups, rarity, averageLength }: RankedWords, terms: readonly string[]): LexicalScore {
  const worth = groups.map(({ weight }, index) => weight * (rarity[index] ?? 0));
  const most = worth.reduce((sum, value) => sum + value, 0);
  if (most === 0) return { words: 0, together: 0 };
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  const norm = SATURATION * (1 - LENGTH + (LENGTH * terms.length) / Math.max(1, averageLength));
  const words = groups.reduce((sum, group, index) => {
    const most = Math.max(...group.terms.map((term) => times.get(term) ?? 0));
    return sum + (worth[index] ?? 0) * (most / (most + norm));
  }, 0);
  return { words: words / most, together: bestStretch(terms, groups.map(({ terms: forms }) => forms), worth, STRETCH) / most };
}
