import { ActionIcon, Alert, Badge, Button, Menu, Text, Tooltip } from '@mantine/core';
import { IconDots, IconPencil, IconPlug, IconPlugConnected, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { Page } from '#web/kit/page.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { connectionEndpoints, type Connection } from '../contract.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { AddConnection, EditConnection } from './edit-connection.tsx';

type Dialog = { kind: 'add' } | { kind: 'edit' | 'delete'; connection: Connection } | null;

/** The systems an organization has access to. */
export const ConnectionList = () => {
  const query = useEndpoint(connectionEndpoints.list, { query: {} });
  const table = useTableState();
  const admin = useHasRole('admin');
  const [dialog, setDialog] = useState<Dialog>(null);
  const [failed, setFailed] = useState<Connection | null>(null);
  const test = useCall(connectionEndpoints.test, {
    invalidates: [connectionEndpoints.list],
    onSuccess: (tested) => { setFailed(tested.status === 'working' ? null : tested); if (tested.status === 'working') toast.success(`${tested.name} works`); },
    onError: (problem) => { toast.problem(problem); },
  });
  const close = () => { setDialog(null); };
  const add = admin ? <Button leftSection={<IconPlus size={16} />} onClick={() => { setDialog({ kind: 'add' }); }}>Add connection</Button> : undefined;
  const columns = columnsFor({
    admin, testing: test.isPending ? test.variables.params.connectionId : null, onTest: ({ id }) => { test.mutate({ params: { connectionId: id }, body: {} }); },
    onEdit: (connection) => { setDialog({ kind: 'edit', connection }); }, onDelete: (connection) => { setDialog({ kind: 'delete', connection }); },
  });
  return (
    <Page title="Connections" description="Other systems your products may use: mail, chat, documents, databases and more." action={add}>
      {failed !== null && <Alert color="red" mb="md" withCloseButton onClose={() => { setFailed(null); }} title={`${failed.name} does not work`}>{failed.last_error}</Alert>}
      <DataTable
        label="Connections" columns={columns} query={query} rowKey={(connection) => connection.id} state={table}
        empty={(
          <EmptyState icon={<IconPlug size={32} />} title="No connections yet" action={add}>
            {admin ? 'Connect a system once, then choose it wherever a product asks for it.' : 'Owners and admins of the organization connect systems.'}
          </EmptyState>
        )}
      />
      <AddConnection opened={dialog?.kind === 'add'} onClose={close} />
      {dialog?.kind === 'edit' && <EditConnection connection={dialog.connection} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteDialog connection={dialog.connection} onClose={close} />}
    </Page>
  );
};

interface Actions { admin: boolean; testing: string | null; onTest: (connection: Connection) => void; onEdit: (connection: Connection) => void; onDelete: (connection: Connection) => void }

const columnsFor = ({ admin, testing, onTest, onEdit, onDelete }: Actions): readonly Column<Connection>[] => [
  { key: 'name', title: 'Name', primary: true, value: (connection) => connection.name, render: (connection) => connection.name },
  { key: 'connector', title: 'System', value: (connection) => connection.connector_title, render: (connection) => connection.connector_title },
  {
    key: 'status', title: 'Status', value: (connection) => connection.status,
    render: (connection) => (connection.last_error === null ? <ConnectionBadge status={connection.status} /> : <Tooltip label={connection.last_error} multiline maw={360}><span><ConnectionBadge status={connection.status} /></span></Tooltip>),
  },
  { key: 'bindings', title: 'Used by', align: 'end', value: (connection) => connection.bindings, render: (connection) => (connection.bindings === 0 ? <Text c="dimmed" component="span" size="sm">Nothing</Text> : <Badge color="gray">{connection.bindings === 1 ? '1 product' : `${connection.bindings} products`}</Badge>) },
  { key: 'used', title: 'Last used', value: (connection) => connection.last_used_at, render: (connection) => <RelativeTime value={connection.last_used_at} empty="Never" /> },
  { key: 'tested', title: 'Last tested', hidden: true, value: (connection) => connection.last_tested_at, render: (connection) => <RelativeTime value={connection.last_tested_at} empty="Never" /> },
  ...(admin ? [{
    key: 'actions', title: '', align: 'end' as const, width: '3rem',
    render: (connection: Connection) => (
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={`Actions for ${connection.name}`} loading={testing === connection.id}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={() => { onTest(connection); }}>Test</Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => { onEdit(connection); }}>Change</Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onDelete(connection); }}>Delete</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    ),
  }] : []),
];

const DeleteDialog = ({ connection, onClose }: { connection: Connection; onClose: () => void }) => {
  const remove = useCall(connectionEndpoints.remove, { invalidates: [connectionEndpoints.list, connectionEndpoints.productRequirements, connectionEndpoints.subscriptionRequirements] });
  return (
    <ConfirmDialog
      opened onClose={onClose} title={`Delete ${connection.name}?`} confirm="Delete connection" cancel="Keep it" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { connectionId: connection.id } }); toast.success('Connection deleted'); }}
    >
      {connection.bindings === 0 ? 'Nothing uses it.' : `${connection.bindings === 1 ? 'One product uses' : `${connection.bindings} products use`} it and cannot reach ${connection.connector_title} afterwards.`} The stored credentials are gone for good.
    </ConfirmDialog>
  );
};
