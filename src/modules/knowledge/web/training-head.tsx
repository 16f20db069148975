import { Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { UsageBar } from '#web/kit/usage-bar.tsx';
import type { Status } from './status.ts';
import { useTrainingPlace } from './training-search.ts';
import { counted } from './words.ts';
import classes from './training.module.css';

/** From this share of an allowance on it is said in words that it comes to its end. */
const NEARLY = 0.9;

interface Allowance { label: string; used: number; limit: number; format?: (value: number) => string }

const allowances = ({ used, bytes, chunks, qa_pairs: pairs, limits }: Status): readonly Allowance[] => [
  ...(limits.documents > 0 || used.documents > 0 ? [{ label: 'Documents', used: used.documents, limit: limits.documents }] : []),
  ...(limits.urls > 0 || used.urls > 0 ? [{ label: 'Website pages', used: used.urls, limit: limits.urls }] : []),
  { label: 'Storage', used: bytes, limit: limits.bytes, format: formatBytes },
  { label: 'Pieces', used: chunks, limit: limits.chunks },
  ...(limits.qa_pairs > 0 || pairs > 0 ? [{ label: 'Pairs', used: pairs, limit: limits.qa_pairs }] : []),
];

/** What the knowledge holds in a line, and how much of what is included is used. */
export const TrainingHead = ({ status, plansTo }: { status: Status; plansTo: string }) => {
  const { documents, sources } = status;
  const { to } = useTrainingPlace();
  const bars = allowances(status);
  const near = bars.filter(({ used, limit }) => limit > 0 && used / limit >= NEARLY);
  return (
    <header className={classes.head}>
      <Text c="dimmed" role="status">
        {counted(documents.indexed, ['document', 'documents'])} indexed
        {documents.processing > 0 && <> · {formatNumber(documents.processing)} in work</>}
        {documents.failed > 0 && <> · <TextLink to={to('documents', { state: 'failed' })} c="var(--cmp-bad)" underline="always">{formatNumber(documents.failed)} failed</TextLink></>}
        {' '}· {counted(status.chunks, ['piece', 'pieces'])}
        {status.last_indexed_at !== null && <> · last updated <RelativeTime value={status.last_indexed_at} /></>}
        {sources.failing > 0 && <> · <TextLink to={to('sources')} c="var(--cmp-bad)" underline="always">{counted(sources.failing, ['source needs', 'sources need'])} attention</TextLink></>}
      </Text>
      <div className={classes.bars}>{bars.map((bar) => <UsageBar key={bar.label} size="xs" {...bar} />)}</div>
      {near.length > 0 && (
        <Text size="sm" className={classes.near}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>{near.map(({ label, used, limit }) => `${label} ${used >= limit ? 'are used up' : 'are nearly used up'}`).join(', ')}. Delete what you no longer need, or <TextLink to={plansTo} underline="always">change the plan</TextLink>.</span>
        </Text>
      )}
    </header>
  );
};
