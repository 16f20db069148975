import { ActionIcon, Badge, Button, Group, Menu, Modal, Select, Stack, Text, Title } from '@mantine/core';
import { IconDots, IconUserMinus, IconUserPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { CopyAction, CopyField } from '#web/kit/copy-field.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { toast } from '#web/kit/toast.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useHasRole, useOrganization, useSession } from '#web/session/session.ts';
import { identityEndpoints, type Invitation, type Member, NewInvitation, RoleName } from '#modules/identity/contract.ts';
import classes from './team.module.css';

type MemberRow = z.infer<typeof Member>;
type InvitationRow = z.infer<typeof Invitation>;

/** What each role may do, in a line. */
const ROLES: Readonly<Record<z.infer<typeof RoleName>, { label: string; does: string }>> = {
  owner: { label: 'Owner', does: 'Everything, including roles' },
  admin: { label: 'Admin', does: 'Products, keys, members and projects' },
  billing: { label: 'Billing', does: 'Uses products, buys credits' },
  member: { label: 'Member', does: 'Uses and configures products' },
};

/** Who belongs to the organization, and who is invited (TEN-03). */
export const Team = () => {
  const { id, name } = useOrganization();
  const admin = useHasRole('admin');
  const query = useEndpoint(identityEndpoints.listMembers, { params: { organizationId: id } });
  const table = useTableState();
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<MemberRow | null>(null);
  const invitations = query.data?.invitations ?? [];
  return (
    <Page
      title="Team" description={`Who can work for ${name}.`}
      action={admin ? <Button leftSection={<IconUserPlus size={16} />} onClick={() => { setInviting(true); }}>Invite</Button> : undefined}
    >
      <DataTable label="Members" columns={useColumns(setLeaving)} query={query} rowKey={(member) => member.user_id} state={table} empty={null} />
      {admin && invitations.length > 0 && <Invitations invitations={invitations} />}
      <InviteDialog opened={inviting} onClose={() => { setInviting(false); }} />
      {leaving !== null && <RemoveDialog member={leaving} onClose={() => { setLeaving(null); }} />}
    </Page>
  );
};

const useColumns = (onRemove: (member: MemberRow) => void): readonly Column<MemberRow>[] => {
  const { user } = useSession();
  const owner = useHasRole('owner');
  const admin = useHasRole('admin');
  return [
    {
      key: 'name', title: 'Name', primary: true, value: (member) => member.name,
      render: (member) => <Group gap="xs" wrap="nowrap"><ProductName name={member.name} detail={member.email} />{member.user_id === user?.id && <Badge color="gray">You</Badge>}</Group>,
    },
    { key: 'role', title: 'Role', width: '16rem', value: (member) => member.role, render: (member) => <RoleCell member={member} changeable={owner && member.user_id !== user?.id} /> },
    { key: 'joined', title: 'Joined', render: (member) => <RelativeTime value={member.joined_at} />, value: (member) => member.joined_at },
    ...(admin ? [{
      key: 'actions', title: '', align: 'end' as const, width: '3rem',
      render: (member: MemberRow) => (member.user_id === user?.id || (member.role === 'owner' && !owner) ? null : (
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon aria-label={`Actions for ${member.name}`}><IconDots size={18} /></ActionIcon></Menu.Target>
          <Menu.Dropdown><Menu.Item color="red" leftSection={<IconUserMinus size={16} />} onClick={() => { onRemove(member); }}>Remove</Menu.Item></Menu.Dropdown>
        </Menu>
      )),
    }] : []),
  ];
};

const RoleCell = ({ member, changeable }: { member: MemberRow; changeable: boolean }) => {
  const { id } = useOrganization();
  const change = useCall(identityEndpoints.changeRole, {
    invalidates: [identityEndpoints.listMembers], onError: toast.problem,
    onSuccess: ({ name, role }) => { toast.success(`${name} is ${ROLES[role].label.toLowerCase()} now`); },
  });
  if (!changeable) return <span title={ROLES[member.role].does}>{ROLES[member.role].label}</span>;
  return (
    <Select
      size="xs" w={150} allowDeselect={false} aria-label={`Role of ${member.name}`} disabled={change.isPending} value={change.isPending ? change.variables.body.role : member.role}
      data={RoleName.options.map((value) => ({ value, label: ROLES[value].label }))} comboboxProps={{ width: 260, position: 'bottom-start' }}
      renderOption={({ option }) => <div><Text>{option.label}</Text><Text size="xs" c="dimmed">{ROLES[RoleName.parse(option.value)].does}</Text></div>}
      onChange={(value) => { if (value !== null && value !== member.role) change.mutate({ params: { organizationId: id, userId: member.user_id }, body: { role: RoleName.parse(value) } }); }}
    />
  );
};

const Invitations = ({ invitations }: { invitations: readonly InvitationRow[] }) => {
  const { id } = useOrganization();
  const cancel = useCall(identityEndpoints.cancelInvitation, { invalidates: [identityEndpoints.listMembers], onError: toast.problem, onSuccess: () => { toast.success('Invitation withdrawn'); } });
  return (
    <section aria-label="Open invitations">
      <Title order={2} size="h3" mb="sm">Open invitations</Title>
      <ul className={classes.list}>
        {invitations.map((invitation) => (
          <li key={invitation.id} className={classes.row}>
            <div className={classes.who}>
              <Text fw={500} truncate>{invitation.email}</Text>
              <Text size="xs" c="dimmed">{ROLES[invitation.role].label} · expires <RelativeTime value={invitation.expires_at} /></Text>
            </div>
            <CopyAction value={invitation.link} label="Copy link" />
            <ActionIcon aria-label={`Withdraw the invitation of ${invitation.email}`} onClick={() => { cancel.mutate({ params: { organizationId: id, invitationId: invitation.id } }); }}><IconX size={18} /></ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
};

const InviteDialog = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => {
  const { id } = useOrganization();
  const invite = useCall(identityEndpoints.inviteMember, { invalidates: [identityEndpoints.listMembers] });
  const [sent, setSent] = useState<InvitationRow | null>(null);
  const close = () => { setSent(null); onClose(); };
  return (
    <Modal opened={opened} onClose={close} title={sent === null ? 'Invite somebody' : 'Invitation ready'} size="md">
      {sent === null ? (
        <SchemaForm
          schema={NewInvitation} layout="plain" actions="button" submitLabel="Invite" secondary={<Button variant="default" onClick={close}>Cancel</Button>}
          onSubmit={async (body) => { setSent(await invite.mutateAsync({ params: { organizationId: id }, body })); }}
        />
      ) : (
        <Stack gap="md">
          <Text>Send this link to <b>{sent.email}</b>. They join by signing in with that address. It expires <RelativeTime value={sent.expires_at} />.</Text>
          <CopyField label="Link" value={sent.link} />
          <Group justify="flex-end" gap="xs"><Button variant="default" onClick={() => { setSent(null); }}>Invite another</Button><Button onClick={close}>Done</Button></Group>
        </Stack>
      )}
    </Modal>
  );
};

const RemoveDialog = ({ member, onClose }: { member: MemberRow; onClose: () => void }) => {
  const { id, name } = useOrganization();
  const remove = useCall(identityEndpoints.removeMember, { invalidates: [identityEndpoints.listMembers] });
  return (
    <ConfirmDialog
      opened onClose={onClose} title={`Remove ${member.name}?`} confirm="Remove" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { organizationId: id, userId: member.user_id } }); toast.success(`${member.name} was removed`); }}
    >
      {member.name} can no longer open anything of {name}. Keys and products they set up keep working.
    </ConfirmDialog>
  );
};
