import { Button, CloseButton, Group, Progress, Text } from '@mantine/core';
import { formatBytes, formatDuration, formatNumber, formatPercent } from '#web/kit/format.ts';
import { counted } from '../words.ts';
import { shareSent, type Upload } from './upload-queue.ts';
import type { Uploads } from './use-uploads.ts';
import classes from './add.module.css';

/** A list longer than this is cut: what is sent now and what failed comes first. */
const SHOWN = 50;
const ORDER = { failed: 0, sending: 1, waiting: 2 } as const;
/** Below this share of everything nothing can be told about the rest. */
const TELLING = 0.05;

/** Files on their way, each with its own progress, and why some were not taken. Nothing while there are none. */
export const UploadProgress = ({ uploads: queue }: { uploads: Uploads }) => {
  const { uploads, sent } = queue;
  if (uploads.length === 0) return null;
  const failed = uploads.filter(({ state }) => state === 'failed');
  const again = failed.filter(({ final }) => !final);
  const moving = uploads.filter(({ state }) => state !== 'failed');
  const share = shareSent(queue);
  const keysOf = (list: readonly Upload[]) => list.map(({ key }) => key);
  const shown = uploads.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, SHOWN);
  return (
    <section className={classes.uploads} aria-label="Uploads">
      <Group justify="space-between" gap="xs">
        <Text fw={500} role="status">
          {moving.length > 0 ? `Sending ${formatNumber(sent + failed.length + 1)} of ${counted(sent + uploads.length, ['file', 'files'])}` : `${counted(failed.length, ['file was', 'files were'])} not taken`}
          {moving.length > 0 && <Text span c="dimmed" size="sm" fw={400}> · {formatPercent(share)}{restOf(queue, share)}</Text>}
          {moving.length === 0 && sent > 0 && <Text span c="dimmed" size="sm" fw={400}> · {formatNumber(sent)} sent</Text>}
        </Text>
        <Group gap="xs">
          {moving.length > 0 && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => { queue.drop(keysOf(moving)); }}>Cancel all</Button>}
          {again.length > 1 && <Button size="compact-sm" variant="default" onClick={() => { queue.retry(keysOf(again)); }}>Try {formatNumber(again.length)} again</Button>}
          {failed.length > 0 && moving.length === 0 && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => { queue.drop(keysOf(failed)); }}>Dismiss</Button>}
        </Group>
      </Group>
      {moving.length > 0 && <Progress value={share * 100} size={4} radius="xl" aria-label="All files" />}
      <ul className={classes.files}>
        {shown.map((upload) => <UploadRow key={upload.key} upload={upload} onDrop={() => { queue.drop([upload.key]); }} onRetry={() => { queue.retry([upload.key]); }} />)}
        {uploads.length > SHOWN && <li><Text size="xs" c="dimmed">and {formatNumber(uploads.length - SHOWN)} more that wait</Text></li>}
      </ul>
      {moving.length > 0 && <Text size="xs" c="dimmed">Keep this page open until the files have been sent. Reading them goes on without you.</Text>}
    </section>
  );
};

const restOf = ({ startedAt, changedAt }: Uploads, share: number): string => {
  if (startedAt === null || changedAt === null || share < TELLING || share >= 1) return '';
  const ms = ((changedAt - startedAt) / share) * (1 - share);
  return ms < 1_000 ? '' : ` · about ${formatDuration(ms)} left`;
};

const UploadRow = ({ upload: { file, path, state, share, failure, final }, onDrop, onRetry }: { upload: Upload; onDrop: () => void; onRetry: () => void }) => (
  <li className={classes.file} data-state={state}>
    <div className={classes.fileName}>
      <Text size="sm" truncate dir="auto" title={path}>{path}</Text>
      {state === 'failed' && <Text size="xs" c="var(--cmp-bad)">{failure}</Text>}
    </div>
    {state === 'sending' && <Progress className={classes.fileBar} value={share * 100} size={4} radius="xl" aria-label={`Sending ${path}`} />}
    <Text size="xs" c="dimmed" className="tabular">{state === 'waiting' ? 'Waiting' : state === 'sending' ? (share < 1 ? formatPercent(share) : 'Checking') : formatBytes(file.size)}</Text>
    {state === 'failed' && !final && <Button size="compact-xs" variant="default" onClick={onRetry}>Try again</Button>}
    <CloseButton size="sm" aria-label={state === 'failed' ? `Dismiss ${path}` : `Cancel ${path}`} onClick={onDrop} />
  </li>
);
