import { analyze } from '#modules/models/index.ts';
import { queryTerms, type TermGroup } from './query-terms.ts';

export interface RerankCandidate { id: string; text: string; /** Title and headings: words here count a little more. */ context?: string }

export interface Reranked {
  id: string;
  /** 0..1. Near 1: every word of the question stands close together; 0: none occurs. Comparable between questions. */
  score: number;
}

/** BM25 constants as in the literature (saturation, length), and the share of each part of the score. */
const SATURATION = 0.9;
const LENGTH = 0.4;
const SHARE = { frequency: 0.7, coverage: 0.2, proximity: 0.1 } as const;
const CONTEXT_WEIGHT = 0.7;
const TEXT_CHARACTERS_MAX = 20_000;

interface Indexed { id: string; positions: (readonly number[])[]; inContext: boolean[]; length: number }

/**
 * Orders candidates by the words they share with a question: how often and how rare (BM25 over the candidates), how many
 * of them, and how close together. Pure and without a model; the order of equals is kept.
 */
export function rerankLexically(query: string, candidates: readonly RerankCandidate[]): Reranked[] {
  const groups = queryTerms(query);
  if (groups.length === 0) return candidates.map(({ id }) => ({ id, score: 0 }));
  const indexed = candidates.map((candidate) => indexCandidate(candidate, groups));
  const rarity = groups.map((_, group) => rarityOf(indexed, group));
  const averageLength = indexed.reduce((total, { length }) => total + length, 0) / Math.max(1, indexed.length);
  return indexed
    .map((candidate) => ({ id: candidate.id, score: scoreOf(candidate, rarity, averageLength) }))
    .sort((a, b) => b.score - a.score);
}

function indexCandidate({ id, text, context }: RerankCandidate, groups: readonly TermGroup[]): Indexed {
  const terms = analyze(text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed());
  const groupOf = new Map(groups.flatMap((group, index) => group.map((term) => [term, index] as const)));
  const positions: number[][] = groups.map(() => []);
  terms.forEach((term, position) => {
    const group = groupOf.get(term);
    if (group !== undefined) positions[group]?.push(position);
  });
  const around = new Set(context ? analyze(context.slice(0, 1000).toWellFormed()) : []);
  return { id, positions, inContext: groups.map((group) => group.some((term) => around.has(term))), length: terms.length };
}

const holds = (candidate: Indexed, group: number): boolean => (candidate.positions[group]?.length ?? 0) > 0 || candidate.inContext[group] === true;

function rarityOf(indexed: readonly Indexed[], group: number): number {
  const holding = indexed.filter((candidate) => holds(candidate, group)).length;
  return Math.log(1 + (indexed.length - holding + 0.5) / (holding + 0.5)) + 0.05;
}

function scoreOf(candidate: Indexed, rarity: readonly number[], averageLength: number): number {
  const total = rarity.reduce((sum, value) => sum + value, 0);
  const lengthFactor = 1 - LENGTH + (LENGTH * candidate.length) / Math.max(1, averageLength);
  let frequency = 0;
  let coverage = 0;
  rarity.forEach((weight, group) => {
    const count = (candidate.positions[group]?.length ?? 0) + (candidate.inContext[group] ? CONTEXT_WEIGHT : 0);
    if (count === 0) return;
    frequency += weight * (count / (count + SATURATION * lengthFactor));
    coverage += weight;
  });
  return SHARE.frequency * (frequency / total) + SHARE.coverage * (coverage / total) + SHARE.proximity * proximity(candidate) * (coverage / total);
}

/** 1 when all matched words stand side by side, towards 0 as the smallest stretch that holds them grows. */
function proximity({ positions }: Indexed): number {
  const matched = positions.filter((list) => list.length > 0);
  if (matched.length < 2) return matched.length;
  const events = matched.flatMap((list, word) => list.map((position) => ({ position, word }))).sort((a, b) => a.position - b.position);
  const counts = matched.map(() => 0);
  let distinct = 0;
  let left = 0;
  let smallest = Infinity;
  for (const event of events) {
    counts[event.word] = (counts[event.word] ?? 0) + 1;
    if (counts[event.word] === 1) distinct++;
    while (distinct === matched.length) {
      const first = events[left];
      if (!first) break;
      smallest = Math.min(smallest, event.position - first.position + 1);
      counts[first.word] = (counts[first.word] ?? 0) - 1;
      if (counts[first.word] === 0) distinct--;
      left++;
    }
  }
  return matched.length / smallest;
}
