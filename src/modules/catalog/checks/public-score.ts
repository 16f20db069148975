import type { CheckScore } from './contract.ts';

/** What is told to everybody: how much of what was asked to the end passed, and when. Null while there is nothing to tell. */
export const publicScore = (score: CheckScore | null): { passed: number; total: number; checked_at: string } | null =>
  (score?.state === 'done' && score.finishedAt !== null ? { passed: score.passed, total: score.total, checked_at: score.finishedAt } : null);
