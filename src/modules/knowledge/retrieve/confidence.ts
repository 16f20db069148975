import { analyze, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import type { TermGroup } from './query-terms.ts';

/** What a search knows about how well it went. */
export interface Evidence {
  /** Words of the question, without what was said before it. */
  groups: readonly TermGroup[];
  /** How rare each is in the knowledge base. */
  rarity: readonly number[];
  /** The best passages with what stands around them, best first. */
  texts: readonly string[];
  /** Cosine of the nearest passage; null when meaning was not compared. */
  similarity: number | null;
  embeddingModel: string;
}

/** Passages that may complete each other: an answer often takes words from two. */
const TOGETHER = 3;

/**
 * 0..1: whether the passages answer the question. The share of the question's words, weighted by rarity, that the best
 * passage holds, and with less weight the best few together. Words that occur nowhere in the knowledge base weigh most,
 * so a question about something else scores low. A trained embedding model can also vouch for a passage that shares no
 * word; the built-in one only counts words and adds little.
 */
export function confidenceOf({ groups, rarity, texts, similarity, embeddingModel }: Evidence): number {
  const { best, together } = coverage(groups, rarity, texts.slice(0, TOGETHER));
  const words = 0.7 * best + 0.3 * together;
  if (similarity === null) return words;
  return embeddingModel === OFFLINE_EMBEDDING_ID ? within(0.8 * words + 0.2 * within(similarity / 0.5)) : within(Math.max(words, (similarity - 0.2) / 0.4));
}

/** The weighted share of the question that one passage, and that all of them, hold. */
export function coverage(groups: readonly TermGroup[], rarity: readonly number[], texts: readonly string[]): { best: number; together: number } {
  const total = rarity.reduce((sum, value) => sum + value, 0);
  if (total === 0 || texts.length === 0) return { best: 0, together: 0 };
  const held = new Set<number>();
  let best = 0;
  for (const text of texts) {
    const terms = new Set(analyze(text));
    let share = 0;
    groups.forEach((group, index) => {
      if (!group.some((term) => terms.has(term))) return;
      share += rarity[index] ?? 0;
      held.add(index);
    });
    best = Math.max(best, share / total);
  }
  return { best, together: [...held].reduce((sum, index) => sum + (rarity[index] ?? 0), 0) / total };
}

const within = (value: number): number => Math.min(1, Math.max(0, value));
