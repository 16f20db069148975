import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { refreshSession, useSession } from '#web/session/session.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { projectChoices, type Target } from './subscribe-state.ts';

/** Which project the product goes into; a new one is made on the spot. */
export const ProjectChoice = ({ target, onChoose }: { target: Target | null; onChoose: (projectId: string) => void }) => {
  const { organizations, organization } = useSession();
  const [creating, setCreating] = useState(false);
  const choices = projectChoices(organizations, organization?.id ?? null).filter(({ items }) => items.length > 0);
  const owner = organizations.find(({ id }) => id === (target?.organizationId ?? organization?.id));
  const mayCreate = owner !== undefined && (owner.role === 'owner' || owner.role === 'admin');
  if ((creating || choices.length === 0) && owner !== undefined && mayCreate) {
    return <NewProject organizationId={owner.id} onCancel={choices.length === 0 ? null : () => { setCreating(false); }} onCreated={(id) => { setCreating(false); onChoose(id); }} />;
  }
  return (
    <div>
      <Select
        label="Project" description="What belongs to one project stays apart from the others." inputWrapperOrder={['label', 'input', 'description', 'error']} allowDeselect={false} required withAsterisk={false}
        data={choices.length === 1 ? (choices[0]?.items ?? []) : choices.map(({ group, items }) => ({ group, items }))} value={target?.projectId ?? null} onChange={(id) => { if (id !== null) onChoose(id); }}
        error={choices.length === 0 ? 'There is no project yet. Ask an admin of your organization to create one.' : undefined} comboboxProps={{ withinPortal: true }}
      />
      {mayCreate && <Button variant="subtle" size="compact-xs" mt={4} ms={-6} onClick={() => { setCreating(true); }}>New project</Button>}
    </div>
  );
};

const NewProject = ({ organizationId, onCancel, onCreated }: { organizationId: string; onCancel: (() => void) | null; onCreated: (id: string) => void }) => {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const create = async () => {
    if (name.trim().length < 2) { setFailure('Give the project a name of at least 2 characters'); return; }
    setBusy(true);
    setFailure(null);
    try {
      const project = await callEndpoint(identityEndpoints.createProject, { params: { organizationId }, body: { name } }, { organizationId });
      await refreshSession(client);
      onCreated(project.id);
    } catch (error) {
      setFailure(asProblem(error).message);
      setBusy(false);
    }
  };
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        flex={1} label="New project" placeholder="My website" value={name} maxLength={80} error={failure} data-autofocus autoFocus onChange={(event) => { setName(event.currentTarget.value); }}
        onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); void create(); } }}
        rightSection={onCancel !== null && <ActionIcon aria-label="Choose an existing project" onClick={onCancel}><IconX size={16} /></ActionIcon>}
      />
      <Button variant="default" loading={busy} onClick={() => { void create(); }}>Create</Button>
    </Group>
  );
};
