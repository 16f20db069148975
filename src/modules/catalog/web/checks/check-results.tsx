import { Alert, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconListCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { formatDuration } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { checkEndpoints, CheckResult } from '../../checks/contract.ts';
import { EXPECTATION_WORDS, scoreChange, scoreWords } from './check-words.ts';
import classes from './checks.module.css';

type Checks = Output<typeof checkEndpoints.getChecks>;

/** How a version did in its seller's checks: the figure, by kind, and every answer, those that failed first. */
export const CheckResults = ({ checks, action, nothing }: { checks: Checks; action?: ReactNode; nothing: ReactNode }) => {
  const { score, before, results } = checks;
  const failed = results.filter(({ passed }) => !passed);
  const [shown, setShown] = useState<'failed' | 'all'>('failed');
  if (score === null) return <EmptyState icon={<IconListCheck size={28} stroke={1.5} />} title="No checks" heading={3}>{nothing}</EmptyState>;
  const change = scoreChange(score, before);
  const listed = shown === 'failed' && failed.length > 0 ? failed : results;
  return (
    <Stack gap="md">
      <div className={classes.summary}>
        <span className={classes.figure} role="status">{scoreWords(score)}</span>
        {before !== null && <Text c="dimmed">Version {before.number}: {before.passed} of {before.total}{change !== null && `, ${change === 0 ? 'no change' : `${change > 0 ? '+' : '−'}${Math.abs(change)}`}`}</Text>}
        {score.finishedAt !== null && <Text c="dimmed">Asked <RelativeTime value={score.finishedAt} /></Text>}
        {action}
      </div>
      {score.reason !== null && <Alert color="amber" title="Not all were asked">{score.reason}</Alert>}
      {score.kinds.length > 1 && <ul className={classes.kinds} aria-label="By kind">{score.kinds.map(({ kind, passed, total }) => <li key={kind} className="tabular">{passed} of {total} {EXPECTATION_WORDS[kind]}</li>)}</ul>}
      {failed.length > 0 && failed.length < results.length && (
        <div><SegmentedControl size="xs" aria-label="Answers" value={shown} onChange={(value) => { setShown(value === 'all' ? 'all' : 'failed'); }} data={[{ value: 'failed', label: `Failed ${failed.length}` }, { value: 'all', label: `All ${results.length}` }]} /></div>
      )}
      {results.length > 0 && <ul className={classes.results}>{listed.map((result) => <Result key={result.position} result={result} />)}</ul>}
    </Stack>
  );
};

const Result = ({ result }: { result: CheckResult }) => (
  <li className={classes.result}>
    <details>
      <summary>
        {result.passed ? <IconCircleCheck size={20} className={classes.good} aria-label="Passed" /> : <IconCircleX size={20} className={classes.bad} aria-label="Failed" />}
        <span className={classes.question} dir="auto">{result.question}{result.failures.map(({ message }) => <span key={message} className={classes.reasons}><br />{message}</span>)}</span>
        <Text size="xs" c="dimmed" className="tabular">{formatDuration(result.latency_ms)}</Text>
      </summary>
      <p className={classes.answer} dir="auto">{result.answer === '' ? 'No answer.' : result.answer}</p>
      {(result.cited.length > 0 || result.tools.length > 0) && <Text size="xs" c="dimmed" mt={6}>{result.cited.length > 0 && `Cites ${result.cited.join(', ')}. `}{result.tools.length > 0 && `Called ${result.tools.join(', ')}.`}</Text>}
    </details>
  </li>
);
