import { Menu, SegmentedControl, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { useSession, type Membership } from '#web/session/session.ts';
import { buyerPaths, sellerPaths } from '#web/url/paths.ts';
import { useRawSearch, useSetSearch } from '#web/url/search-state.ts';
import { personaOf, usePersonas } from './navigation.ts';
import classes from './shell.module.css';

/** The chosen project of the acting organization, from the address; null for all projects. */
export const useProjectId = (): string | null => {
  const { project } = useRawSearch();
  const { organization } = useSession();
  return organization?.projects.find(({ id }) => id === project)?.id ?? null;
};

/** The organization one acts for, and the project that narrows what is shown. */
export const OrganizationSwitcher = () => {
  const { organization, organizations } = useSession();
  const project = useProjectId();
  const navigate = useNavigate();
  const persona = personaOf(useLocation().pathname);
  const setSearch = useSetSearch();
  if (organization === null) return null;
  const change = (next: Membership) => {
    const to = persona === 'seller' && next.provider !== null ? sellerPaths.dashboard(next.provider.id) : buyerPaths.home(next.id);
    void navigate({ to, search: { project: '' } as never });
  };
  const current = organization.projects.find(({ id }) => id === project);
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.switcher}>
          <ProductMark name={organization.name} size={28} />
          <span className={classes.userName}>
            <VisuallyHidden>Organization</VisuallyHidden>
            <Text fw={600} truncate>{organization.name}</Text>
            <Text size="xs" c="dimmed" truncate>{current?.name ?? 'All projects'}</Text>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Project</Menu.Label>
        <Menu.Item onClick={() => { setSearch({ project: '' }); }} rightSection={project === null && <IconCheck size={16} />}>All projects</Menu.Item>
        {organization.projects.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => { setSearch({ project: id }); }} rightSection={project === id && <IconCheck size={16} />}>{name}</Menu.Item>
        ))}
        {organizations.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Organization</Menu.Label>
            {organizations.map((other) => (
              <Menu.Item key={other.id} onClick={() => { change(other); }} leftSection={<ProductMark name={other.name} size={20} />} rightSection={other.id === organization.id && <IconCheck size={16} />}>
                {other.name}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
};

/** Buying, selling or operating: one account, several hats, the same organization. */
export const PersonaSwitch = () => {
  const personas = usePersonas();
  const navigate = useNavigate();
  const current = personaOf(useLocation().pathname);
  if (personas.length < 2) return null;
  return (
    <SegmentedControl
      fullWidth size="xs" aria-label="What you do here" value={personas.some(({ persona }) => persona === current) ? current ?? '' : ''}
      data={personas.map(({ persona, label }) => ({ value: persona, label }))}
      onChange={(next) => {
        const to = personas.find(({ persona }) => persona === next)?.to;
        if (to !== undefined) void navigate({ to });
      }}
    />
  );
};
