import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { IconClipboardText, IconPlus, IconUpload } from '@tabler/icons-react';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import type { KindInfo } from '../sources/source-schema.ts';
import { endingsOf } from '../endings.ts';
import { takesDocuments, takesPairs, type Status } from '../status.ts';
import { useTrainingPlace } from '../training-search.ts';
import { AddWebsite } from './add-website.tsx';
import { ConnectCards } from './connect-cards.tsx';
import type { Uploads } from './use-uploads.ts';
import classes from './add.module.css';

/** Most files taken in one go; of a larger folder the rest is named as left out. */
const FILES_MAX = 1_000;

/** Every way knowledge comes in: files and folders, a website, pairs, a text, or another system. `kinds` is undefined while it loads. */
export const AddKnowledge = ({ status, kinds, uploads, plansTo }: { status: Status; kinds: readonly KindInfo[] | undefined; uploads: Uploads; plansTo: string }) => {
  const { setAdd } = useTrainingPlace();
  const files = takesDocuments(status);
  const website = kinds?.find(({ kind }) => kind === 'website');
  const others = (kinds ?? []).filter(({ kind }) => kind !== 'website');
  return (
    <section className={classes.panel} aria-labelledby="add-knowledge">
      <Title order={2} size="h3" id="add-knowledge">Add knowledge</Title>
      <div className={classes.ways} data-files={files || undefined}>
        {files && <UploadZone status={status} uploads={uploads} plansTo={plansTo} />}
        <div className={classes.others}>
          {kinds === undefined && <Skeleton h={64} />}
          {website?.available === true && <AddWebsite kind={website} onMore={() => { setAdd('website'); }} />}
          {website?.available === false && <div><Text fw={500}>Website</Text><Text size="xs" c="dimmed">{website.unavailable_because}</Text></div>}
          {takesPairs(status) && <AddPairs full={status.qa_pairs >= status.limits.qa_pairs} onAdd={setAdd} />}
          {files && pastedEnding(status) !== null && (
            <div>
              <Text fw={500} mb={4}>Text</Text>
              <Button size="xs" variant="default" leftSection={<IconClipboardText size={14} />} onClick={() => { setAdd('text'); }}>Paste a text</Button>
            </div>
          )}
        </div>
      </div>
      {others.length > 0 && (
        <div>
          <Text fw={500} mb={6}>Connect a source</Text>
          <ConnectCards kinds={others} onPick={setAdd} />
        </div>
      )}
    </section>
  );
};

/** The ending a pasted text is stored with; null where the product takes no plain text. */
export const pastedEnding = ({ limits: { formats } }: Status): string | null => (formats.includes('md') ? '.md' : formats.includes('txt') ? '.txt' : null);

/** Where files are dropped. */
export const UploadZone = ({ status: { used, limits, bytes }, uploads, plansTo, compact }: { status: Status; uploads: Uploads; plansTo: string; compact?: boolean }) => {
  const room = Math.max(0, limits.documents - used.documents);
  const kinds = limits.formats.map((format) => format.toUpperCase()).join(', ');
  if (room === 0) {
    return (
      <div>
        <Text fw={500}>All {formatNumber(limits.documents)} documents of your plan are used</Text>
        <Text c="dimmed">Delete what you no longer need, or <TextLink to={plansTo} underline="always">change the plan</TextLink>.</Text>
      </div>
    );
  }
  return (
    <FileDrop
      accept={limits.formats.flatMap(endingsOf)} bytesMax={limits.document_bytes} filesMax={Math.min(FILES_MAX, room)} folders compact={compact} onFiles={uploads.add}
      hint={`${kinds} · up to ${formatBytes(limits.document_bytes)} each, ${formatBytes(Math.max(0, limits.bytes - bytes))} left`}
    />
  );
};

const AddPairs = ({ full, onAdd }: { full: boolean; onAdd: (add: string) => void }) => (
  <div>
    <Text fw={500} mb={4}>Questions and answers</Text>
    <Group gap="xs">
      <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} disabled={full} onClick={() => { onAdd('import'); }}>Upload CSV</Button>
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} disabled={full} onClick={() => { onAdd('pair'); }}>Add by hand</Button>
    </Group>
  </div>
);
