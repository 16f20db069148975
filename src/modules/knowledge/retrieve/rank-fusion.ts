/** One search's results, best first. A larger `weight` trusts it more; 1 unless told. */
export interface Ranking { ids: readonly string[]; weight?: number }

export interface Fused {
  id: string;
  /** 0..1; 1 means first in every ranking. */
  score: number;
}

/** Dampens the lead of the first ranks; 60 is the value of the paper. */
const RANK_OFFSET = 60;

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): merges rankings whose scores cannot be compared. An id that
 * appears twice in one ranking counts at its best rank; ties keep the order of first appearance.
 */
export function fuseRankings(rankings: readonly Ranking[]): Fused[] {
  const scores = new Map<string, number>();
  let best = 0;
  for (const { ids, weight = 1 } of rankings) {
    best += weight / (RANK_OFFSET + 1);
    const seen = new Set<string>();
    for (const id of ids) {
      if (seen.has(id)) continue;
      seen.add(id);
      scores.set(id, (scores.get(id) ?? 0) + weight / (RANK_OFFSET + seen.size));
    }
  }
  return [...scores].map(([id, score]) => ({ id, score: best > 0 ? score / best : 0 })).sort((a, b) => b.score - a.score);
}
