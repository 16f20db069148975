import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { setActingOrganization } from '#web/session/acting-organization.ts';
import { signOut } from '#web/session/auth.ts';
import { refreshSession, useSession } from '#web/session/session.ts';
import { toast } from '#web/kit/toast.tsx';
import { PlainLink } from '#web/kit/link.tsx';
import { publicPaths } from '#web/url/paths.ts';
import { showKeys } from './overlays.tsx';
import { usePersonas } from './navigation.ts';
import classes from './shell.module.css';

/** Leaves the account and every answer that was read with it. */
export const useSignOut = () => {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await signOut();
      await navigate({ to: publicPaths.marketplace() });
      setActingOrganization(null);
      client.clear();
      await refreshSession(client);
    } catch (error) { toast.problem(error); }
  };
};

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'Like the system', icon: IconDeviceDesktop },
] as const;

/** The entries for the look of the page; the same for visitors and members. */
export const SchemeItems = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>Appearance</Menu.Label>
      {SCHEMES.map(({ value, label, icon: SchemeIcon }) => (
        <Menu.Item
          key={value} leftSection={<SchemeIcon size={16} />} onClick={() => { setColorScheme(value); }} role="menuitemradio" aria-checked={colorScheme === value}
          data-current={colorScheme === value || undefined} className={classes.scheme}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
};

/** Who is signed in, the hats, the look, the way out. `wide` shows the name beside the picture. */
export const UserMenu = ({ wide = false }: { wide?: boolean }) => {
  const { user } = useSession();
  const personas = usePersonas();
  const leave = useSignOut();
  if (user === null) return null;
  return (
    <Menu position={wide ? 'top-start' : 'bottom-end'} width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={`Account of ${user.name}`}>
          <Avatar name={user.name} size={28} color="gray" variant="light" />
          {wide && <span className={classes.userName}><Text fw={500} truncate>{user.name}</Text><Text size="xs" c="dimmed" truncate>{user.email}</Text></span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {!wide && <Menu.Label>{user.email}</Menu.Label>}
        {!wide && personas.map(({ persona, label, to }) => <Menu.Item key={persona} component={PlainLink} to={to}>{label}</Menu.Item>)}
        {!wide && personas.length > 0 && <Menu.Divider />}
        <SchemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={showKeys}>Keyboard shortcuts</Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => { void leave(); }}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
