import { ActionIcon, Badge, Button, Group, Menu, Modal, Text, Tooltip } from '@mantine/core';
import { IconDots, IconKey, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { CopyAction } from '#web/kit/copy-field.tsx';
import { PlainLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useHasRole } from '#web/session/session.ts';
import { useSearchState } from '#web/url/search-state.ts';
import { apiKeyEndpoints, NewApiKey, type ApiKey, type IssuedApiKey } from '#modules/gateway/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { Integrate } from './integrate.tsx';
import { IssuedKey } from './issued-key.tsx';
import { RevokeDialog, RotateDialog } from './key-dialogs.tsx';
import classes from './keys.module.css';

const Search = z.object({ tab: z.enum(['keys', 'code']).catch('keys') });

/** Keys of a product, and how to call it with them (API-01). */
export const ApiKeys = () => {
  const [{ tab }] = useSearchState(Search);
  const path = useProductPath();
  const { features } = useSubscription().entitlements;
  return (
    <div className={classes.screen}>
      {features.api && (
        <nav className={classes.parts} aria-label="API keys">
          <PlainLink to={path('keys')} className={classes.part} data-current={tab === 'keys' || undefined} aria-current={tab === 'keys' ? 'page' : undefined}>Keys</PlainLink>
          <PlainLink to={`${path('keys')}?tab=code`} className={classes.part} data-current={tab === 'code' || undefined} aria-current={tab === 'code' ? 'page' : undefined}>Integration</PlainLink>
        </nav>
      )}
      {tab === 'code' && features.api ? <Integrate /> : <Keys />}
    </div>
  );
};

type Dialog = { kind: 'create' } | { kind: 'issued'; key: z.infer<typeof IssuedApiKey>; replaced: boolean } | { kind: 'rotate'; key: ApiKey } | { kind: 'revoke'; key: ApiKey } | null;

const Keys = () => {
  const { id, state } = useSubscription();
  const table = useTableState();
  const query = useEndpoint(apiKeyEndpoints.list, { params: { subscriptionId: id } });
  const [dialog, setDialog] = useState<Dialog>(null);
  const admin = useHasRole('admin');
  const live = state === 'active';
  const close = () => { setDialog(null); };
  const create = admin && live ? <Button leftSection={<IconPlus size={16} />} onClick={() => { setDialog({ kind: 'create' }); }}>Create key</Button> : undefined;
  return (
    <>
      <Group justify="space-between" align="center" gap="sm">
        <Text c="dimmed" maw="48rem">A key lets your programs call this product and nothing else. Whoever has it can spend your credits.</Text>
        {create}
      </Group>
      <DataTable
        label="API keys" columns={columns({ admin, onRotate: (key) => { setDialog({ kind: 'rotate', key }); }, onRevoke: (key) => { setDialog({ kind: 'revoke', key }); } })}
        query={query} rowKey={(key) => key.id} state={table}
        empty={(
          <EmptyState icon={<IconKey size={32} />} title="No keys yet" action={create}>
            {admin ? 'Create one to call this product from your own programs, with any client that speaks the OpenAI format.' : 'Owners and admins of the organization create keys.'}
          </EmptyState>
        )}
      />
      <CreateDialog opened={dialog?.kind === 'create'} onClose={close} onIssued={(key) => { setDialog({ kind: 'issued', key, replaced: false }); }} />
      {dialog?.kind === 'issued' && <IssuedKey issued={dialog.key} replaced={dialog.replaced} onClose={close} />}
      {dialog?.kind === 'rotate' && <RotateDialog apiKey={dialog.key} onClose={close} onIssued={(key) => { setDialog({ kind: 'issued', key, replaced: true }); }} />}
      {dialog?.kind === 'revoke' && <RevokeDialog apiKey={dialog.key} onClose={close} />}
    </>
  );
};

const columns = ({ admin, onRotate, onRevoke }: { admin: boolean; onRotate: (key: ApiKey) => void; onRevoke: (key: ApiKey) => void }): readonly Column<ApiKey>[] => [
  {
    key: 'name', title: 'Name', primary: true, value: (key) => key.name,
    render: (key) => <Group gap="xs" wrap="nowrap">{key.name}{!key.live && <Badge color="amber">Test</Badge>}</Group>,
  },
  { key: 'kind', title: 'Kind', render: (key) => (key.kind === 'secret' ? 'Secret' : 'Publishable'), value: (key) => key.kind },
  {
    key: 'key', title: 'Key', value: (key) => `${key.prefix}…${key.last_four}`,
    render: (key) => <Group gap={4} wrap="nowrap"><code className={classes.masked}>{key.prefix}…{key.last_four}</code>{key.publishable_key !== null && <CopyAction value={key.publishable_key} label="Copy key" />}</Group>,
  },
  { key: 'scopes', title: 'Scopes', render: (key) => <Scopes scopes={key.scopes} />, value: (key) => key.scopes.join(' ') },
  { key: 'used', title: 'Last used', render: (key) => <RelativeTime value={key.last_used_at} empty="Never" />, value: (key) => key.last_used_at },
  { key: 'expires', title: 'Expires', render: (key) => <RelativeTime value={key.expires_at} empty="Never" />, value: (key) => key.expires_at },
  { key: 'created', title: 'Created', hidden: true, render: (key) => <RelativeTime value={key.created_at} />, value: (key) => key.created_at },
  ...(admin ? [{
    key: 'actions', title: '', align: 'end' as const, width: '3rem',
    render: (key: ApiKey) => (
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={`Actions for ${key.name}`}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => { onRotate(key); }}>Rotate</Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onRevoke(key); }}>Revoke</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    ),
  }] : []),
];

const Scopes = ({ scopes }: { scopes: readonly string[] }) => {
  const [first, ...rest] = scopes;
  if (first === undefined) return <>–</>;
  return (
    <Group gap={4} wrap="nowrap">
      <Badge color="gray">{first}</Badge>
      {rest.length > 0 && <Tooltip label={rest.join(', ')}><Badge color="gray" tabIndex={0}>+{rest.length}</Badge></Tooltip>}
    </Group>
  );
};

/** The contract's fields; scopes only where there is a choice: a publishable key can do nothing but chat. */
const KeyForm = NewApiKey.extend({
  scopes: NewApiKey.shape.scopes.meta({
    title: 'Scopes', description: 'What it may do. Choose as few as you need; with none chosen it may do everything but change settings.',
    ui: { widget: 'chips', when: { path: 'kind', equals: 'secret' } },
  }),
});

const CreateDialog = ({ opened, onClose, onIssued }: { opened: boolean; onClose: () => void; onIssued: (key: z.infer<typeof IssuedApiKey>) => void }) => {
  const { id } = useSubscription();
  const issue = useCall(apiKeyEndpoints.issue, { invalidates: [apiKeyEndpoints.list] });
  return (
    <Modal opened={opened} onClose={onClose} title="Create a key" size="md">
      <SchemaForm
        schema={KeyForm} layout="plain" actions="button" submitLabel="Create key" secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (body) => { onIssued(await issue.mutateAsync({ params: { subscriptionId: id }, body })); }}
      />
    </Modal>
  );
};
