import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import { useTrainingPlace } from '../training-search.ts';
import type { Hit } from './test-history.ts';
import { whyFound } from './why-found.ts';
import classes from './test.module.css';

/** Passages in their order, each with its score, where it stands and why it is there. */
export const Passages = ({ hits, notes, label }: { hits: readonly Hit[]; /** Small marks beside a passage. */ notes?: (hit: Hit) => ReactNode; label: string }) => {
  const { to } = useTrainingPlace();
  const highest = Math.max(...hits.map(({ score }) => score), Number.EPSILON);
  if (hits.length === 0) return <Text size="sm" c="dimmed">Nothing was found.</Text>;
  return (
    <ol className={classes.passages} aria-label={label}>
      {hits.map((hit, index) => (
        <li key={hit.chunk_id} className={classes.passage}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" fw={500} truncate dir="auto">
              <span className={classes.rank}>{formatNumber(index + 1)}</span>
              <TextLink to={to('documents', { q: hit.title.slice(0, 100), peek: hit.document_id })} c="inherit">{hit.title}</TextLink>{hit.page !== null && <Text span c="dimmed" size="sm">, p. {hit.page}</Text>}
            </Text>
            <span className={classes.score} title="Score in this search; the highest possible is 1.00">
              <span className={classes.bar} aria-hidden><span style={{ width: `${Math.round((Math.max(0, hit.score) / Math.max(1, highest)) * 100)}%` }} /></span>
              <Text span size="xs" className="tabular">{hit.score.toFixed(2)}</Text>
            </span>
          </Group>
          <Text size="sm" c="dimmed" dir="auto" className={classes.snippet}>{hit.snippet}</Text>
          {hit.found_by !== undefined && <Text size="xs" c="dimmed" mt={4}>{whyFound(hit.found_by)}</Text>}
          {notes !== undefined && <Group gap={6} mt={4}>{notes(hit)}</Group>}
        </li>
      ))}
    </ol>
  );
};

/** A small mark. */
export const Note = ({ children }: { children: ReactNode }) => <Badge color="gray" size="sm">{children}</Badge>;
