import { Button, Modal, Text, Title } from '@mantine/core';
import { IconFolder, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { formatDate } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import { EmptyState, LoadingSkeleton, Loaded } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { refreshSession, useHasRole, useOrganization } from '#web/session/session.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { identityEndpoints, NewProject } from '#modules/identity/contract.ts';
import classes from './team.module.css';

/** Projects keep the products of one site or team apart from those of another. */
export const Projects = () => {
  const { id } = useOrganization();
  const admin = useHasRole('admin');
  const query = useEndpoint(identityEndpoints.listProjects, { params: { organizationId: id } });
  const [creating, setCreating] = useState(false);
  const create = admin ? <Button size="xs" variant="default" flex="none" leftSection={<IconPlus size={14} />} onClick={() => { setCreating(true); }}>Create project</Button> : undefined;
  return (
    <section aria-label="Projects">
      <div className={classes.head}>
        <div>
          <Title order={2} size="h3">Projects</Title>
          <Text c="dimmed">Each product belongs to one project, with keys and documents of its own.</Text>
        </div>
        {create}
      </div>
      <Loaded query={query} skeleton={<LoadingSkeleton count={3} />}>
        {({ data }) => (data.length === 0 ? <EmptyState icon={<IconFolder size={32} />} title="No projects">You need one to subscribe to a product.</EmptyState> : (
          <ul className={classes.list}>
            {data.map((project) => (
              <li key={project.id} className={classes.row}>
                <div className={classes.who}>
                  <Text fw={500} truncate>{project.name}</Text>
                  <Text size="xs" c="dimmed" lineClamp={2}>{project.description || `Created ${formatDate(project.created_at)}`}</Text>
                </div>
                <TextLink to={`${buyerPaths.products(id)}?project=${project.id}`}>Products</TextLink>
              </li>
            ))}
          </ul>
        ))}
      </Loaded>
      <CreateProject opened={creating} onClose={() => { setCreating(false); }} />
    </section>
  );
};

const CreateProject = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => {
  const { id } = useOrganization();
  const client = useQueryClient();
  const create = useCall(identityEndpoints.createProject, { invalidates: [identityEndpoints.listProjects] });
  return (
    <Modal opened={opened} onClose={onClose} title="Create a project" size="sm">
      <SchemaForm
        schema={NewProject} layout="plain" actions="button" submitLabel="Create project" secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (body) => {
          const { name } = await create.mutateAsync({ params: { organizationId: id }, body });
          // The switcher at the top of the navigation lists projects too.
          await refreshSession(client);
          toast.success(`${name} was created`);
          onClose();
        }}
      />
    </Modal>
  );
};
