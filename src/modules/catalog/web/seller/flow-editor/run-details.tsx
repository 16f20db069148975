import { Code, Text } from '@mantine/core';
import { formatDuration, formatNumber } from '#web/kit/format.ts';
import type { RunStep } from './model/run-steps.ts';
import classes from './editor.module.css';

const STATUS: Readonly<Record<string, string>> = { succeeded: 'Done', failed: 'Failed', skipped: 'Its branch was not taken', cancelled: 'The run ended before it' };

/** What a step did: how it went, how long, how much, and what came out. */
export const RunDetails = ({ step }: { step: RunStep }) => (
  <div className={classes.details}>
    <Text size="xs" c="dimmed" className="tabular">
      {[STATUS[step.status] ?? step.status, step.status === 'skipped' ? '' : formatDuration(step.durationMs), step.tokens > 0 ? `${formatNumber(step.tokens)} tokens` : '', step.passes > 1 ? `${step.passes} passes` : ''].filter(Boolean).join(' · ')}
    </Text>
    {step.error !== null && <Text size="sm" c="var(--cmp-bad)">{step.error}</Text>}
    {step.notes.map((note) => <Text key={note} size="xs">{note}</Text>)}
    {step.preview !== '' && <Code block className={classes.preview} dir="auto">{step.preview}</Code>}
  </div>
);
