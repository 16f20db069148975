import { Badge, Button, Drawer, Menu } from '@mantine/core';
import { IconDownload, IconMessages } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { downloadEndpoint } from '#web/api/call-endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { transcriptEndpoints, type Conversation } from '#modules/analytics/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { CHANNEL_OPTIONS, channelName } from './channels.ts';
import { Transcript } from './transcript.tsx';
import classes from './buyer.module.css';

type Row = z.infer<typeof Conversation>;

/** Who chatted, as far as is known. */
const visitorName = ({ visitor, channel }: Row): string => visitor?.name ?? visitor?.email ?? ({ console: 'Your team', api: 'Your program' }[channel] ?? 'Visitor');

const COLUMNS: readonly Column<Row>[] = [
  { key: 'title', title: 'Conversation', primary: true, render: (row) => <span className={classes.clamp} dir="auto">{row.title || 'Without words'}</span> },
  { key: 'visitor', title: 'With', render: (row) => visitorName(row) },
  { key: 'channel', title: 'Channel', render: (row) => channelName(row.channel) },
  { key: 'messages', title: 'Messages', align: 'end', render: (row) => <span className="tabular">{formatNumber(row.messages)}</span> },
  { key: 'outcome', title: 'Outcome', render: (row) => <Outcome row={row} /> },
  { key: 'last', title: 'Last message', render: (row) => <RelativeTime value={row.last_at} /> },
  { key: 'started', title: 'Started', hidden: true, render: (row) => <RelativeTime value={row.started_at} /> },
];

const Outcome = ({ row }: { row: Row }) => {
  if (row.escalated) return <Badge color="red">Handed over</Badge>;
  return row.unanswered > 0 ? <Badge color="amber">{formatNumber(row.unanswered)} unanswered</Badge> : <Badge color="gray">Answered</Badge>;
};

/** What people asked and what was answered (ANA-02). */
export const Conversations = () => {
  const { id, entitlements: { features }, name } = useSubscription();
  const path = useProductPath();
  const table = useTableState({ filters: ['channel'] });
  const { q, cursor, filters } = table;
  const query = useEndpoint(transcriptEndpoints.list, {
    params: { subscriptionId: id }, query: { search: q || undefined, channel: filters.channel || undefined, cursor: cursor || undefined },
  }, { keepPrevious: true });
  const linked = query.isSuccess && !query.isPlaceholderData && !query.data.data.some((row) => row.id === table.peek) ? table.peek : '';
  return (
    <div className={classes.withExport}>
      {features.export && (query.data?.data.length ?? 0) > 0 && <div className={classes.export}><ExportMenu /></div>}
      <DataTable
        label="Conversations" columns={COLUMNS} query={query} rowKey={(row) => row.id} state={table}
        search={features.transcriptSearch ? 'Search what was said' : undefined} filters={[{ name: 'channel', label: 'All channels', options: CHANNEL_OPTIONS }]}
        peek={(row) => <Transcript conversationId={row.id} onDeleted={() => { table.setPeek(''); }} />} peekTitle={(row) => row.title || 'Conversation'}
        empty={(
          <EmptyState icon={<IconMessages size={32} />} title="No conversations yet" action={<LinkButton to={path('run')} variant="default">Ask {name} something</LinkButton>}>
            What people ask on the run page, in the widget or over the API is kept here with its answers and sources.
          </EmptyState>
        )}
      />
      {/* One that another screen links to may be older than the page of rows. */}
      <Drawer opened={linked !== ''} onClose={() => { table.setPeek(''); }} position="right" size="lg" title="Conversation">
        {linked !== '' && <Transcript key={linked} conversationId={linked} onDeleted={() => { table.setPeek(''); }} />}
      </Drawer>
    </div>
  );
};

/** How far back an export reaches, in days: the most the API gives. */
const EXPORT_DAYS = 366;

/** Whole transcripts, not only the rows on screen. */
const ExportMenu = () => {
  const { id } = useSubscription();
  const [busy, setBusy] = useState(false);
  const save = async (kind: 'csv' | 'json') => {
    setBusy(true);
    const input = { params: { subscriptionId: id }, query: { days: EXPORT_DAYS } };
    try {
      if (kind === 'csv') await downloadEndpoint(transcriptEndpoints.exportAll, input, { fileName: 'conversations.csv' });
      else await downloadEndpoint(transcriptEndpoints.exportJson, input, { fileName: 'conversations.json' });
    } catch (error) { toast.problem(error); } finally { setBusy(false); }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="xs" variant="default" leftSection={<IconDownload size={14} />} loading={busy}>Export transcripts</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The last year, with every message</Menu.Label>
        <Menu.Item onClick={() => { void save('csv'); }}>CSV</Menu.Item>
        <Menu.Item onClick={() => { void save('json'); }}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
