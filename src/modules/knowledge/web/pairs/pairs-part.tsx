import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconMessageQuestion, IconPencil, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { takesPairs, type Status } from '../status.ts';
import { useTrainingPlace } from '../training-search.ts';
import { inWork, useWatched } from '../use-watched.ts';
import { PairDialog, PAIRS_CHANGED, type Pair } from './pair-dialogs.tsx';

/** Exact answers to known questions. */
export const PairsPart = ({ status }: { status: Status }) => {
  const id = useRouteParam('sub');
  const table = useTableState({ prefix: 'qa-' });
  const query = useWatched(knowledgeEndpoints.listQa, { params: { subscriptionId: id }, query: table.q === '' ? {} : { search: table.q } }, ({ data }) => data.some(inWork));
  const { setAdd } = useTrainingPlace();
  const [editing, setEditing] = useState<Pair | null>(null);
  const [deleting, setDeleting] = useState<readonly Pair[]>([]);
  const full = !takesPairs(status) || status.qa_pairs >= status.limits.qa_pairs;
  const buttons = (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconUpload size={16} />} disabled={full} onClick={() => { setAdd('import'); }}>Import</Button>
      <Button leftSection={<IconPlus size={16} />} disabled={full} onClick={() => { setAdd('pair'); }}>Add pair</Button>
    </Group>
  );
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Text c="dimmed" maw="40rem">A question with its answer in your words. It is found before longer documents when somebody asks the same.</Text>
        {buttons}
      </Group>
      <DataTable
        label="Questions and answers" columns={columns({ onEdit: setEditing, onDelete: (pair) => { setDeleting([pair]); } })}
        query={query} rowKey={(pair) => pair.id} state={table} search="Search questions and answers" bulk={[{ label: 'Delete', danger: true, hotkey: 'Delete', run: setDeleting }]}
        empty={<EmptyState icon={<IconMessageQuestion size={32} />} title="No pairs yet">Start with the three questions you are asked most, or import a list you already have.</EmptyState>}
      />
      {editing !== null && <PairDialog pair={editing} onClose={() => { setEditing(null); }} />}
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
    key: 'actions', title: '', align: 'end', width: '3rem', menu: true,
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

const DeletePairs = ({ pairs, onClose }: { pairs: readonly Pair[]; onClose: () => void }) => {
  const id = useRouteParam('sub');
  const remove = useCall(knowledgeEndpoints.deleteDocuments, { invalidates: PAIRS_CHANGED });
  return (
    <ConfirmDialog
      opened={pairs.length > 0} onClose={onClose} title={pairs.length === 1 ? 'Delete this pair' : `Delete ${pairs.length} pairs`} confirm="Delete" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId: id }, body: { ids: pairs.map((pair) => pair.id) } }); }}
    >
      {pairs.length === 1 ? `“${pairs[0]?.question ?? ''}” will no longer be answered from this pair.` : 'These questions will no longer be answered from their pairs.'} This cannot be undone.
    </ConfirmDialog>
  );
};
