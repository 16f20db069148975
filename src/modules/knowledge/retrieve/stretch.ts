import type { TermGroup } from './query-terms.ts';

/**
 * The largest sum of `worth` over the groups that one stretch of `length` terms holds; each group counts once. Words of a
 * question that stand together answer it, the same words scattered over a page may not.
 */
export function bestStretch(terms: readonly string[], groups: readonly TermGroup[], worth: readonly number[], length: number): number {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((term) => [term, index] as const)));
  const events: { at: number; group: number }[] = [];
  terms.forEach((term, at) => {
    const group = groupOf.get(term);
    if (group !== undefined) events.push({ at, group });
  });
  const inside = groups.map(() => 0);
  let [sum, most, first] = [0, 0, 0];
  for (const { at, group } of events) {
    if (inside[group] === 0) sum += worth[group] ?? 0;
    inside[group] = (inside[group] ?? 0) + 1;
    for (let left = events[first]; left && at - left.at >= length; left = events[++first]) {
      inside[left.group] = (inside[left.group] ?? 0) - 1;
      if (inside[left.group] === 0) sum -= worth[left.group] ?? 0;
    }
    most = Math.max(most, sum);
  }
  return most;
}
