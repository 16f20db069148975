import { Alert, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { z } from 'zod';
import { asProblem } from '#web/api/problem.ts';
import type { SourceKind, SourceTest } from '#modules/knowledge/sources/contract.ts';
import { counted, SOURCE_LOOKS } from '../words.ts';
import classes from './sources.module.css';

export type Tested = z.infer<typeof SourceTest>;

/** A test that could not even be made, as one that failed. */
export const failedTest = (error: unknown): Tested => {
  const { detail, title } = asProblem(error);
  return { ok: false, message: detail || title, found: null, sample: [] };
};

/** Whether a source answers, what it said, and the first of what it holds. */
export const TestResult = ({ tested: { ok, message, found, sample }, kind }: { tested: Tested; kind: SourceKind }) => (
  <Alert
    // Below a long form it would be out of sight.
    ref={(element) => { element?.scrollIntoView({ block: 'nearest' }); }} style={{ scrollMarginBlock: '5rem' }} role="status" color={ok ? 'green' : 'red'} icon={ok ? <IconCircleCheck /> : <IconCircleX />}
    title={ok ? (found === null ? 'It can be read' : `It can be read: ${counted(found, SOURCE_LOOKS[kind].unit)}`) : 'It could not be read'}
  >
    {message !== '' && <Text size="sm">{message}</Text>}
    {sample.length > 0 && (
      <ul className={classes.sample}>
        {sample.map(({ title, text, url }, index) => (
          <li key={`${index} ${title}`}>
            <Text size="sm" fw={500} dir="auto">{url !== null && /^https?:\/\//i.test(url) ? <a href={url} target="_blank" rel="noopener noreferrer">{title}</a> : title}</Text>
            <Text size="xs" lineClamp={2} dir="auto">{text}</Text>
          </li>
        ))}
      </ul>
    )}
  </Alert>
);
