import { Progress, Text } from '@mantine/core';
import { formatDuration } from '#web/kit/format.ts';
import type { KnowledgeDocument } from '#modules/knowledge/contract.ts';
import { STATE_WORDS } from '../words.ts';
import classes from './documents.module.css';

/** How far a document has come: its stage with percent and the rest of the time, or why it failed. */
export const DocumentProgress = ({ row }: { row: KnowledgeDocument }) => {
  if (row.state === 'indexed') return <Text c="var(--cmp-good)" size="sm">Indexed{row.duplicate_of !== null ? ' · duplicate' : row.warnings.length > 0 && ' with notes'}</Text>;
  if (row.state === 'failed') return <div className={classes.state}><Text c="var(--cmp-bad)" size="sm">Failed</Text><Text size="xs" c="dimmed" lineClamp={3} title={row.error?.message}>{row.error?.message}</Text></div>;
  return (
    <div className={classes.state} aria-busy>
      <Text size="sm" className="tabular">
        {STATE_WORDS[row.state]}
        {row.state !== 'queued' && <Text span size="xs" c="dimmed"> · {row.percent}%</Text>}
        {row.eta_seconds !== null && <Text span size="xs" c="dimmed"> · about {formatDuration(row.eta_seconds * 1000)} left</Text>}
      </Text>
      <Progress value={row.percent} size={4} radius="xl" aria-label={`${STATE_WORDS[row.state]} ${row.title}`} />
    </div>
  );
};
