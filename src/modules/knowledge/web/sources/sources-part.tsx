import { Button, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { sourceEndpoints, type Source } from '#modules/knowledge/sources/contract.ts';
import { AddKnowledge } from '../add/add-knowledge.tsx';
import type { Uploads } from '../add/use-uploads.ts';
import type { Status } from '../status.ts';
import { useTrainingPlace } from '../training-search.ts';
import { EditSource, RemoveSource, SOURCES_CHANGED, TestSource } from './source-dialogs.tsx';
import { SourceRow } from './source-row.tsx';
import type { KindInfo } from './source-schema.ts';
import { isRead } from './source-words.ts';
import { useSources } from './use-sources.ts';
import classes from './sources.module.css';

/** Where the knowledge comes from, and every way to add more. */
export const SourcesPart = ({ status, kinds, uploads, plansTo }: { status: Status; kinds: readonly KindInfo[] | undefined; uploads: Uploads; plansTo: string }) => {
  const query = useSources(useRouteParam('sub'));
  const top = useRef<HTMLDivElement>(null);
  const toAdding = () => {
    top.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    top.current?.querySelector<HTMLElement>('input')?.click();
  };
  return (
    <>
      <div ref={top} style={{ scrollMarginTop: 'calc(var(--cmp-header) + 1rem)' }}><AddKnowledge status={status} kinds={kinds} uploads={uploads} plansTo={plansTo} /></div>
      <Loaded query={query} skeleton={<LoadingSkeleton count={3} />}>{({ data }) => <SourceList sources={data} kinds={kinds} onUpload={toAdding} />}</Loaded>
    </>
  );
};

const SourceList = ({ sources, kinds, onUpload }: { sources: readonly Source[]; kinds: readonly KindInfo[] | undefined; onUpload: () => void }) => {
  const { open, setOpen } = useTrainingPlace();
  const [asked, setAsked] = useState<{ what: 'test' | 'remove'; source: Source } | null>(null);
  // What is filled from outside is a source once there is something in it.
  const shown = sources.filter((source) => isRead(source) || source.documents.total > 0);
  const edited = sources.find((source) => source.id === open && isRead(source));
  const close = () => { setAsked(null); };
  return (
    <section aria-labelledby="sources">
      <div className={classes.head}>
        <Title order={2} size="h3" id="sources">Sources</Title>
        {sources.filter(isRead).length > 0 && <SyncAll sources={sources.filter(isRead)} />}
      </div>
      {shown.length === 0
        ? <Text c="dimmed" mt={4}>Nothing here yet. Add a handbook, a price list or your help pages above, and answers quote them with page and passage.</Text>
        : (
          <ul className={classes.list} style={{ marginTop: '0.625rem' }}>
            {shown.map((source) => (
              <SourceRow
                key={source.id} source={source} onUpload={onUpload}
                onTest={() => { setAsked({ what: 'test', source }); }} onRemove={() => { setAsked({ what: 'remove', source }); }}
              />
            ))}
          </ul>
        )}
      {edited !== undefined && <EditSource key={edited.id} source={edited} kind={kinds?.find(({ kind }) => kind === edited.kind)} onClose={() => { setOpen(''); }} />}
      {asked?.what === 'test' && <TestSource source={asked.source} onClose={close} />}
      {asked?.what === 'remove' && <RemoveSource source={asked.source} onClose={close} />}
    </section>
  );
};

const SyncAll = ({ sources }: { sources: readonly Source[] }) => {
  const subscriptionId = useRouteParam('sub');
  const sync = useCall(sourceEndpoints.syncAll, { invalidates: SOURCES_CHANGED, onError: toast.problem });
  const idle = sources.some(({ status }) => status !== 'syncing' && status !== 'paused');
  return <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={sync.isPending} disabled={!idle} onClick={() => { sync.mutate({ params: { subscriptionId } }); }}>Sync all</Button>;
};
