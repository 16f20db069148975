import { analyze, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { scoreLexically, type RankedWords } from './lexical-rerank.ts';
import { fuseRankings, type Fused } from './rank-fusion.ts';
import type { Near } from './vector-ranking.ts';

/** What the two rankings found. `near` is null when vectors were not compared. */
export interface Found {
  /** Best first. */
  words: readonly { id: string; score: number }[];
  near: readonly Near[] | null;
  /** How near those of `words` are. */
  similarity: ReadonlyMap<string, number>;
  embeddingModel: string;
}

/**
 * What counts beside the words. Vectors of the built-in model only count words themselves, in another way: their similarity
 * adds to the score. A trained model's cannot be compared with it, so the two orders are fused.
 */
const WEIGHT = { offlineSimilarity: 0.3, together: 0.2, inOrder: 0.05 } as const;
const BEST_POSSIBLE = 1 + WEIGHT.offlineSimilarity + WEIGHT.together + WEIGHT.inOrder;

/** Of what the best holds in words, the share below which a chunk does not count as found by them. */
const WEAK = 0.25;

/**
 * The part of a ranking by words, best first, whose ranks mean something. Below it are chunks that share only what nearly every
 * chunk says; fused by rank they would outdo the one that holds the rare word asked for.
 */
function foundByWords(scored: readonly { id: string; score: number }[]): string[] {
  const least = WEAK * (scored[0]?.score ?? 0);
  return scored.filter(({ score }) => score > 0 && score >= least).map(({ id }) => id);
}

/** Candidates by both rankings, best first: what is worth reading. */
export function orderFound(found: Found): Fused[] {
  const { words, near, embeddingModel } = found;
  if (near === null || near.length === 0) return words.map(({ id, score }) => ({ id, score }));
  if (embeddingModel !== OFFLINE_EMBEDDING_ID) return fuseRankings([{ ids: foundByWords(words) }, { ids: near.map(({ id }) => id) }]);
  const scores = new Map(words.map(({ id, score }) => [id, score]));
  return byScore([...new Set([...scores.keys(), ...near.map(({ id }) => id)])].map((id) => ({ id, score: (scores.get(id) ?? 0) + offlineNearness(found, id) })));
}

/** A passage that was read; `terms` are its index terms with what stands around it. */
export interface ReadPassage { id: string; terms: readonly string[] }

/** The same after reading: how the words stand together counts too, and chunks that only vectors found get their words counted. */
export function orderRead(found: Found, ranked: RankedWords, passages: readonly ReadPassage[]): Fused[] {
  const lexical = passages.map(({ id, terms }) => ({ id, ...scoreLexically(ranked, terms) }));
  const alike = (id: string) => (found.near !== null && found.embeddingModel === OFFLINE_EMBEDDING_ID ? offlineNearness(found, id) : 0);
  const read = byScore(lexical.map(({ id, words, together, inOrder }) => ({ id, score: words + WEIGHT.together * together + WEIGHT.inOrder * inOrder + alike(id) })));
  if (found.near === null || found.near.length === 0 || found.embeddingModel === OFFLINE_EMBEDDING_ID) return read;
  const known = new Set(passages.map(({ id }) => id));
  return fuseRankings([{ ids: foundByWords(read) }, { ids: found.near.map(({ id }) => id).filter((id) => known.has(id)) }]);
}

export const termsOf = ({ title, context, text }: { title: string; context: string; text: string }): string[] =>
  [...analyze(`${title}\n${context}`.slice(0, 2000).toWellFormed()), ...analyze(text.slice(0, 20_000).toWellFormed())];

const offlineNearness = ({ similarity }: Found, id: string): number => WEIGHT.offlineSimilarity * Math.max(0, similarity.get(id) ?? 0);

const byScore = (scored: readonly Fused[]): Fused[] => scored.map(({ id, score }) => ({ id, score: Math.min(1, score / BEST_POSSIBLE) })).sort((a, b) => b.score - a.score);
