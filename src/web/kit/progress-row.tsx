import { Button, Group, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDuration, formatNumber } from './format.ts';
import classes from './progress-row.module.css';

export type WorkState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** Work that takes a while: its stage, a bar, the count, an estimate, and the way to stop or repeat it. */
export const ProgressRow = ({ title, state, stage, done, total, etaMs, failure, icon, onCancel, onRetry }: {
  title: ReactNode;
  state: WorkState;
  /** What is happening now, such as `Reading page 3`. */
  stage?: string;
  done?: number;
  total?: number | null;
  /** Estimated rest, in milliseconds. */
  etaMs?: number | null;
  /** What went wrong, and what was kept. */
  failure?: string | null;
  icon?: ReactNode;
  onCancel?: () => void;
  onRetry?: () => void;
}) => {
  const known = done !== undefined && total !== undefined && total !== null && total > 0;
  const share = known ? Math.min(100, (done / total) * 100) : 100;
  const words = { waiting: 'Waiting', running: stage ?? 'Working', done: 'Done', failed: failure ?? 'Failed', cancelled: 'Stopped' }[state];
  const count = known ? `${formatNumber(done)} of ${formatNumber(total)}` : done !== undefined ? formatNumber(done) : '';
  const rest = state === 'running' && etaMs !== undefined && etaMs !== null && etaMs > 0 ? `about ${formatDuration(etaMs)} left` : '';
  const active = state === 'waiting' || state === 'running';
  return (
    <div className={classes.row} aria-busy={active || undefined}>
      {icon}
      <div className={classes.main}>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text fw={500} truncate component="div">{title}</Text>
          <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>{[count, rest].filter(Boolean).join(' · ')}</Text>
        </Group>
        {active && <Progress value={state === 'waiting' ? 0 : share} animated={state === 'running' && !known} striped={state === 'running' && !known} size={4} radius="xl" my={6} aria-label={words} />}
        <Text size="xs" c={state === 'failed' ? 'var(--cmp-bad)' : state === 'done' ? 'var(--cmp-good)' : 'dimmed'} role="status">{words}</Text>
      </div>
      {active && onCancel !== undefined && <Button variant="subtle" color="gray" size="xs" onClick={onCancel}>Stop</Button>}
      {(state === 'failed' || state === 'cancelled') && onRetry !== undefined && <Button variant="default" size="xs" onClick={onRetry}>Try again</Button>}
    </div>
  );
};
