import { ActionIcon, Menu, Progress, Text } from '@mantine/core';
import { IconDots, IconEye, IconFileText, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { formatBytes, formatDuration, formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { DocumentState, knowledgeEndpoints, type KnowledgeDocument } from '#modules/knowledge/contract.ts';
import { DocumentPreview } from './document-preview.tsx';
import { takesDocuments, type Status } from './status.ts';
import { inWork, useWatched } from './use-watched.ts';
import { UploadPanel } from './upload-panel.tsx';
import classes from './training.module.css';

const WORDS: Record<DocumentState, string> = { queued: 'Waiting', parsing: 'Reading', chunking: 'Splitting', embedding: 'Indexing', indexed: 'Indexed', failed: 'Failed' };
const CHANGED = [knowledgeEndpoints.listDocuments, knowledgeEndpoints.status];

/** Adding documents, and every document there is. */
export const DocumentsPart = ({ status }: { status: Status }) => {
  const id = useRouteParam('sub');
  const table = useTableState({ filters: ['state'] });
  const { q, state, cursor } = table.query;
  const chosen = DocumentState.safeParse(state);
  const query = useWatched(knowledgeEndpoints.listDocuments, {
    params: { subscriptionId: id },
    query: { ...(q === undefined ? {} : { search: q }), ...(chosen.success ? { state: chosen.data } : {}), ...(cursor === undefined ? {} : { cursor }), limit: 25 },
  }, ({ data }) => data.some(inWork));
  const [deleting, setDeleting] = useState<readonly KnowledgeDocument[]>([]);
  const reindex = useCall(knowledgeEndpoints.reindexDocument, { invalidates: CHANGED, onError: toast.problem });
  const actions = {
    onReindex: (row: KnowledgeDocument) => { reindex.mutate({ params: { subscriptionId: id, documentId: row.id } }); },
    onDelete: (row: KnowledgeDocument) => { setDeleting([row]); },
    onPreview: (row: KnowledgeDocument) => { table.setPeek(row.id); },
  };
  return (
    <>
      {takesDocuments(status) && <UploadPanel limits={status.limits} />}
      <DataTable
        label="Documents" columns={columns(actions)} query={query} rowKey={(row) => row.id} state={table} search="Search documents"
        filters={[{ name: 'state', label: 'State', options: DocumentState.options.map((value) => ({ value, label: WORDS[value] })) }]}
        bulk={[
          { label: 'Reindex', run: (rows) => { for (const row of rows) actions.onReindex(row); } },
          { label: 'Delete', danger: true, run: setDeleting },
        ]}
        peek={(row) => <DocumentPreview document={row} />} peekTitle={(row) => row.title}
        empty={<EmptyState icon={<IconFileText size={32} />} title="No documents yet">Add the documents your product should answer from: handbooks, price lists, policies. Answers then quote them with page and passage.</EmptyState>}
      />
      <DeleteDialog documents={deleting} onClose={() => { setDeleting([]); }} />
    </>
  );
};

interface Actions { onReindex: (row: KnowledgeDocument) => void; onDelete: (row: KnowledgeDocument) => void; onPreview: (row: KnowledgeDocument) => void }

const columns = ({ onReindex, onDelete, onPreview }: Actions): readonly Column<KnowledgeDocument>[] => [
  {
    key: 'title', title: 'Document', primary: true, value: (row) => row.file_name ?? row.title,
    render: (row) => (
      <div>
        <Text fw={500} lineClamp={1} dir="auto" title={row.title}>{row.title}</Text>
        {row.file_name !== null && row.file_name !== row.title && <Text size="xs" c="dimmed" lineClamp={1} dir="auto">{row.file_name}</Text>}
        {row.external_id !== null && <Text size="xs" c="dimmed" lineClamp={1}>{row.external_id}</Text>}
      </div>
    ),
  },
  { key: 'state', title: 'State', value: (row) => row.state, render: (row) => <State row={row} /> },
  { key: 'chunks', title: 'Pieces', align: 'end', value: (row) => row.chunks, render: (row) => (row.chunks === 0 ? '–' : formatNumber(row.chunks)) },
  { key: 'pages', title: 'Pages', align: 'end', hidden: true, value: (row) => row.pages, render: (row) => row.pages ?? '–' },
  { key: 'bytes', title: 'Size', align: 'end', value: (row) => row.bytes, render: (row) => formatBytes(row.bytes) },
  { key: 'language', title: 'Language', hidden: true, value: (row) => row.language, render: (row) => row.language ?? '–' },
  { key: 'author', title: 'Author', hidden: true, value: (row) => row.author, render: (row) => row.author ?? '–' },
  { key: 'category', title: 'Category', hidden: true, value: (row) => row.category, render: (row) => row.category ?? '–' },
  { key: 'created', title: 'Added', value: (row) => row.created_at, render: (row) => <RelativeTime value={row.created_at} /> },
  {
    key: 'actions', title: '', align: 'end', width: '3rem',
    render: (row) => (
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={`Actions for ${row.title}`}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEye size={16} />} onClick={() => { onPreview(row); }}>Preview</Menu.Item>
          {(row.state === 'indexed' || row.state === 'failed') && <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => { onReindex(row); }}>{row.state === 'failed' ? 'Try again' : 'Reindex'}</Menu.Item>}
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onDelete(row); }}>{row.state === 'indexed' || row.state === 'failed' ? 'Delete' : 'Cancel and delete'}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    ),
  },
];

const State = ({ row }: { row: KnowledgeDocument }) => {
  if (row.state === 'indexed') return <Text c="var(--cmp-good)" size="sm">Indexed{row.warnings.length > 0 && ' with notes'}</Text>;
  if (row.state === 'failed') return <div className={classes.state}><Text c="var(--cmp-bad)" size="sm">Failed</Text><Text size="xs" c="dimmed">{row.error?.message}</Text></div>;
  return (
    <div className={classes.state} aria-busy>
      <Text size="sm">{WORDS[row.state]}{row.eta_seconds !== null && <Text span size="xs" c="dimmed"> · about {formatDuration(row.eta_seconds * 1000)} left</Text>}</Text>
      <Progress value={row.percent} size={4} radius="xl" aria-label={`${WORDS[row.state]} ${row.title}`} />
    </div>
  );
};

const DeleteDialog = ({ documents, onClose }: { documents: readonly KnowledgeDocument[]; onClose: () => void }) => {
  const id = useRouteParam('sub');
  const remove = useCall(knowledgeEndpoints.deleteDocuments, { invalidates: CHANGED });
  const [first] = documents;
  const what = documents.length === 1 ? `“${first?.title ?? ''}”` : `${documents.length} documents`;
  return (
    <ConfirmDialog
      opened={documents.length > 0} onClose={onClose} title={`Delete ${documents.length === 1 ? 'this document' : 'these documents'}`} confirm="Delete" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId: id }, body: { ids: documents.map((row) => row.id) } }); }}
    >
      Answers will no longer rest on {what}. The file and its text are removed. This cannot be undone.
    </ConfirmDialog>
  );
};
