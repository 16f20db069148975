import { OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import type { TermGroup } from './query-terms.ts';
import { bestStretch } from './stretch.ts';

/** What a search knows about how well it went. */
export interface Evidence {
  /** Words of the question, without what was said before it. */
  groups: readonly TermGroup[];
  /** How rare each is in the knowledge base. */
  rarity: readonly number[];
  /** Index terms of the best passages with what stands around them, in order; best passage first. */
  texts: readonly (readonly string[])[];
  /** Cosine of the nearest passage; null when meaning was not compared. */
  similarity: number | null;
  embeddingModel: string;
}

/** What words and similarity weigh with the built-in model, whose similarity of a perfect match is about a half. */
const OFFLINE = { words: 0.6, similarity: 0.4, similarityFull: 0.5 } as const;
/** A trained model's similarity: below the first number unrelated, at the second a sure match. */
const TRAINED = { unrelated: 0.2, sure: 0.6 } as const;
/**
 * What counts as an answer before scaling, and where it is put: the default threshold of products. Measured on public
 * question sets in three scripts and on the sample products; see `README.md`.
 */
const PIVOT = { measured: 0.34, threshold: 0.3 } as const;
/** Terms in which the words of a question must stand together to answer it: a few sentences. */
const STRETCH = 30;

/**
 * 0..1: whether the passages answer the question. The share of the question's words, weighted by rarity, that one stretch of a
 * passage holds, with the similarity of the nearest one. Words that occur nowhere in the knowledge base weigh most, so a
 * question about something else scores low. A trained embedding model can also vouch for a passage that shares no word.
 */
export function confidenceOf({ groups, rarity, texts, similarity, embeddingModel }: Evidence): number {
  const total = rarity.reduce((sum, value) => sum + value, 0);
  const words = total === 0 ? 0 : Math.max(0, ...texts.map((terms) => bestStretch(terms, groups, rarity, STRETCH))) / total;
  if (similarity === null) return scaled(words);
  if (embeddingModel !== OFFLINE_EMBEDDING_ID) return Math.max(scaled(words), within((similarity - TRAINED.unrelated) / (TRAINED.sure - TRAINED.unrelated)));
  return scaled(OFFLINE.words * words + OFFLINE.similarity * within(similarity / OFFLINE.similarityFull));
}

/** Straight lines through the pivot, so that the order of questions stays as measured. */
const scaled = (value: number): number => (value < PIVOT.measured
  ? (value / PIVOT.measured) * PIVOT.threshold
  : within(PIVOT.threshold + ((value - PIVOT.measured) / (1 - PIVOT.measured)) * (1 - PIVOT.threshold)));

const within = (value: number): number => Math.min(1, Math.max(0, value));
