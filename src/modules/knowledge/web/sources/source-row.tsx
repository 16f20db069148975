import { ActionIcon, Button, Collapse, Menu, Progress, Text } from '@mantine/core';
import { IconChevronDown, IconDots, IconFileText, IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconSettings, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { sourceEndpoints, type Source, type SyncResult } from '#modules/knowledge/sources/contract.ts';
import { useTrainingPlace } from '../training-search.ts';
import { SOURCE_LOOKS } from '../words.ts';
import { SOURCES_CHANGED } from './source-dialogs.tsx';
import { isRead, resultWords, sourceWords, titleOf, whatToDo } from './source-words.ts';
import classes from './sources.module.css';

interface RowActions { onUpload: () => void; onTest: (source: Source) => void; onRemove: (source: Source) => void }

/** One source: how it stands, what moves, what its last reading did, and what can be done with it. */
export const SourceRow = ({ source, ...actions }: { source: Source } & RowActions) => {
  const Icon = SOURCE_LOOKS[source.kind].icon;
  const { tone, word, facts } = sourceWords(source);
  const syncing = source.status === 'syncing';
  return (
    <li className={classes.source} aria-label={titleOf(source)}>
      <span className={classes.icon} aria-hidden><Icon size={20} /></span>
      <div className={classes.main}>
        <Text fw={500} truncate dir="auto" title={titleOf(source)}>{titleOf(source)}</Text>
        <Text size="sm" c="dimmed" className={classes.facts} role="status">
          <span className={classes.word} data-tone={tone}>{word}</span>
          {facts.map((fact) => ` · ${fact}`)}
          {source.last_sync_at !== null && !syncing && <> · <RelativeTime value={source.last_sync_at} /></>}
          {source.next_sync_at !== null && !syncing && <> · next <RelativeTime value={source.next_sync_at} /></>}
        </Text>
        {syncing && source.progress !== null && <Reading progress={source.progress} title={titleOf(source)} />}
        {source.last_error !== null && !syncing && <Text size="sm" c="var(--cmp-bad)" className={classes.error}>{source.last_error.message} <Text span c="dimmed" size="sm">{whatToDo(source.last_error.code)}</Text></Text>}
        {source.last_result !== null && !syncing && isRead(source) && <LastReading result={source.last_result} />}
      </div>
      <Actions source={source} {...actions} />
    </li>
  );
};

const Reading = ({ progress: { done, total, message }, title }: { progress: NonNullable<Source['progress']>; title: string }) => (
  <div className={classes.progress}>
    <Progress value={total === null || total === 0 ? 100 : Math.min(100, (done / total) * 100)} animated={total === null} striped={total === null} size={4} radius="xl" aria-label={`Reading ${title}`} />
    <Text size="xs" c="dimmed" truncate dir="auto" className="tabular">{[total === null ? (done === 0 ? '' : formatNumber(done)) : `${formatNumber(done)} of ${formatNumber(total)}`, message].filter(Boolean).join(' · ')}</Text>
  </div>
);

/** What the last reading changed; what went wrong with single documents folds out. */
const LastReading = ({ result }: { result: SyncResult }) => {
  const [open, setOpen] = useState(false);
  const list = useId();
  const details = result.problems.length > 0 || result.incomplete !== null;
  const words = `Last reading: ${resultWords(result)}`;
  if (!details) return <Text size="xs" c="dimmed">{words}</Text>;
  return (
    <>
      <button type="button" className={classes.fold} aria-expanded={open} aria-controls={list} onClick={() => { setOpen(!open); }}>
        {words}{result.incomplete !== null && ' · not everything was seen'}<IconChevronDown size={14} aria-hidden data-open={open || undefined} />
      </button>
      <Collapse expanded={open}>
        <ul id={list} className={classes.problems}>
          {result.incomplete !== null && <li><Text size="xs">{result.incomplete} Nothing was removed because of it.</Text></li>}
          {result.problems.map(({ name, message }, index) => <li key={`${index} ${name}`}><Text size="xs" fw={500} dir="auto" span>{name}</Text> <Text size="xs" c="dimmed" span>{message}</Text></li>)}
        </ul>
      </Collapse>
    </>
  );
};

const Actions = ({ source, onUpload, onTest, onRemove }: { source: Source } & RowActions) => {
  const subscriptionId = useRouteParam('sub');
  const { to, setAdd, setOpen } = useTrainingPlace();
  const params = { subscriptionId, sourceId: source.id };
  const options = { invalidates: SOURCES_CHANGED, onError: toast.problem };
  const sync = useCall(sourceEndpoints.syncSource, options);
  const stop = useCall(sourceEndpoints.stopSource, options);
  const change = useCall(sourceEndpoints.changeSource, options);
  const read = isRead(source);
  const documents = source.kind === 'qa' ? to('pairs') : to('documents', { source: source.id });
  const name = titleOf(source);
  return (
    <div className={classes.actions}>
      {source.kind === 'upload' && <Button size="xs" variant="default" onClick={onUpload}>Upload more</Button>}
      {source.kind === 'qa' && <Button size="xs" variant="default" onClick={() => { setAdd('pair'); }}>Add pair</Button>}
      {read && (source.status === 'syncing'
        ? <Button size="xs" variant="default" loading={stop.isPending} onClick={() => { stop.mutate({ params }); }}>Stop</Button>
        : <Button size="xs" variant="default" loading={sync.isPending} onClick={() => { sync.mutate({ params }); }}>Sync now</Button>)}
      {source.kind === 'qa' ? <LinkButton size="xs" variant="default" to={documents}>View</LinkButton> : source.kind === 'upload' ? <LinkButton size="xs" variant="default" to={documents}>View files</LinkButton> : null}
      {read && <Button size="xs" variant="default" onClick={() => { setOpen(source.id); }}>Settings</Button>}
      {source.kind === 'api' && <LinkButton size="xs" variant="default" to={documents}>View texts</LinkButton>}
      <Menu position="bottom-end" width={200}>
        <Menu.Target><ActionIcon size={30} aria-label={`Actions for ${name}`}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {read && <Menu.Item leftSection={<IconFileText size={16} />} component={PlainLink} to={documents}>View documents</Menu.Item>}
          {read && <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={() => { onTest(source); }}>Test connection</Menu.Item>}
          {read && <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => { setOpen(source.id); }}>Settings</Menu.Item>}
          {read && (source.status === 'paused'
            ? <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => { change.mutate({ params, body: { paused: false } }); }}>Resume</Menu.Item>
            : <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => { change.mutate({ params, body: { paused: true } }); }}>Pause</Menu.Item>)}
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onRemove(source); }}>Remove</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
};
