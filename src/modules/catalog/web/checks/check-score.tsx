import { Badge } from '@mantine/core';
import type { CheckScore } from '../../checks/contract.ts';
import { scoreChange, scoreWords } from './check-words.ts';

/** A score in a word: green when everything passed, amber otherwise; grey while it is being asked. */
export const CheckBadge = ({ score, before = null }: { score: CheckScore | null; before?: { passed: number; total: number } | null }) => {
  if (score === null) return null;
  const settled = score.state === 'done';
  const change = scoreChange(score, before);
  return (
    <Badge color={!settled ? 'gray' : score.passed === score.total ? 'green' : 'amber'} className="tabular">
      {scoreWords(score)}{change !== null && change !== 0 && ` (${change > 0 ? '+' : '−'}${Math.abs(change)})`}
    </Badge>
  );
};
