import { ActionIcon, Alert, Button, Group, Menu, Modal, Text } from '@mantine/core';
import { IconDots, IconMessageQuestion, IconPencil, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { Output } from '#platform/contract/endpoint.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import { useCall, useInvalidate } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, NewQaPair, type QaPair } from '#modules/knowledge/contract.ts';
import type { Status } from './status.ts';
import { inWork, useWatched } from './use-watched.ts';

type Pair = z.infer<typeof QaPair>;
type Dialog = { kind: 'edit'; pair: Pair | null } | { kind: 'import' } | null;
const CHANGED = [knowledgeEndpoints.listQa, knowledgeEndpoints.status];
const IMPORT_BYTES_MAX = 10 * 1024 * 1024;

/** Exact answers to known questions. */
export const PairsPart = ({ status }: { status: Status }) => {
  const id = useRouteParam('sub');
  const table = useTableState({ prefix: 'qa-' });
  const query = useWatched(knowledgeEndpoints.listQa, { params: { subscriptionId: id }, query: table.q === '' ? {} : { search: table.q } }, ({ data }) => data.some(inWork));
  const [dialog, setDialog] = useState<Dialog>(null);
  const [deleting, setDeleting] = useState<readonly Pair[]>([]);
  const close = () => { setDialog(null); };
  const full = status.qa_pairs >= status.limits.qa_pairs;
  const buttons = (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconUpload size={16} />} disabled={full} onClick={() => { setDialog({ kind: 'import' }); }}>Import</Button>
      <Button leftSection={<IconPlus size={16} />} disabled={full} onClick={() => { setDialog({ kind: 'edit', pair: null }); }}>Add pair</Button>
    </Group>
  );
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Text c="dimmed" maw="40rem">A question with its answer in your words. It is found before longer documents when somebody asks the same.</Text>
        {buttons}
      </Group>
      <DataTable
        label="Questions and answers" columns={columns({ onEdit: (pair) => { setDialog({ kind: 'edit', pair }); }, onDelete: (pair) => { setDeleting([pair]); } })}
        query={query} rowKey={(pair) => pair.id} state={table} search="Search questions and answers" bulk={[{ label: 'Delete', danger: true, run: setDeleting }]}
        empty={<EmptyState icon={<IconMessageQuestion size={32} />} title="No pairs yet">Start with the three questions you are asked most, or import a list you already have.</EmptyState>}
      />
      {dialog?.kind === 'edit' && <PairDialog pair={dialog.pair} onClose={close} />}
      {dialog?.kind === 'import' && <ImportDialog onClose={close} />}
      <DeletePairs pairs={deleting} onClose={() => { setDeleting([]); }} />
    </>
  );
};

const columns = ({ onEdit, onDelete }: { onEdit: (pair: Pair) => void; onDelete: (pair: Pair) => void }): readonly Column<Pair>[] => [
  { key: 'question', title: 'Question', primary: true, value: (pair) => pair.question, render: (pair) => <Text fw={500} lineClamp={2} dir="auto">{pair.question}</Text> },
  { key: 'answer', title: 'Answer', value: (pair) => pair.answer, render: (pair) => <Text size="sm" lineClamp={2} dir="auto">{pair.answer}</Text> },
  { key: 'state', title: 'State', render: (pair) => (pair.state === 'indexed' ? 'Indexed' : pair.state === 'failed' ? 'Failed' : 'Indexing') },
  { key: 'updated', title: 'Changed', render: (pair) => <RelativeTime value={pair.updated_at} /> },
  {
    key: 'actions', title: '', align: 'end', width: '3rem',
    render: (pair) => (
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={`Actions for ${pair.question}`}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => { onEdit(pair); }}>Edit</Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onDelete(pair); }}>Delete</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    ),
  },
];

const PairDialog = ({ pair, onClose }: { pair: Pair | null; onClose: () => void }) => {
  const id = useRouteParam('sub');
  const add = useCall(knowledgeEndpoints.addQa, { invalidates: CHANGED });
  const update = useCall(knowledgeEndpoints.updateQa, { invalidates: CHANGED });
  return (
    <Modal opened onClose={onClose} title={pair === null ? 'Add a pair' : 'Edit pair'} size="lg">
      <SchemaForm
        schema={NewQaPair} layout="plain" actions="button" submitLabel={pair === null ? 'Add' : 'Save'} initial={pair === null ? {} : { question: pair.question, answer: pair.answer }}
        secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (body) => {
          if (pair === null) await add.mutateAsync({ params: { subscriptionId: id }, body });
          else await update.mutateAsync({ params: { subscriptionId: id, documentId: pair.id }, body });
          onClose();
        }}
      />
    </Modal>
  );
};

type Report = Output<typeof knowledgeEndpoints.importQa>;

const ImportDialog = ({ onClose }: { onClose: () => void }) => {
  const id = useRouteParam('sub');
  const invalidate = useInvalidate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [report, setReport] = useState<Report | null>(null);
  const take = async ([file]: File[]) => {
    if (file === undefined) return;
    setBusy(true);
    setFailure(null);
    setReport(null);
    try {
      const body = new FormData();
      body.append('file', file, file.name);
      setReport(await uploadEndpoint(knowledgeEndpoints.importQa, { params: { subscriptionId: id }, body } as never));
      await invalidate(...CHANGED);
    } catch (error) { setFailure(error); } finally { setBusy(false); }
  };
  return (
    <Modal opened onClose={onClose} title="Import pairs" size="lg">
      <Text c="dimmed" mb="md">A CSV file whose first row names the columns question and answer, or JSON like <code>{'[{"question": "…", "answer": "…"}]'}</code>. What you export here fits.</Text>
      <FileDrop accept={['.csv', '.json']} bytesMax={IMPORT_BYTES_MAX} onFiles={(files) => { void take(files); }} loading={busy} />
      {failure !== null && <FailedState error={failure} />}
      {report !== null && (
        <Alert mt="md" color={report.errors.length === 0 ? 'green' : 'amber'} title={`${formatNumber(report.added)} ${report.added === 1 ? 'pair' : 'pairs'} added`} role="status">
          {report.errors.map(({ row, message }) => <div key={`${row} ${message}`}>Row {row}: {message}</div>)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md"><Button variant="default" onClick={onClose}>{report === null ? 'Cancel' : 'Done'}</Button></Group>
    </Modal>
  );
};

const DeletePairs = ({ pairs, onClose }: { pairs: readonly Pair[]; onClose: () => void }) => {
  const id = useRouteParam('sub');
  const remove = useCall(knowledgeEndpoints.deleteDocuments, { invalidates: CHANGED });
  return (
    <ConfirmDialog
      opened={pairs.length > 0} onClose={onClose} title={pairs.length === 1 ? 'Delete this pair' : `Delete ${pairs.length} pairs`} confirm="Delete" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId: id }, body: { ids: pairs.map((pair) => pair.id) } }); }}
    >
      {pairs.length === 1 ? `“${pairs[0]?.question ?? ''}” will no longer be answered from this pair.` : 'These questions will no longer be answered from their pairs.'} This cannot be undone.
    </ConfirmDialog>
  );
};
