import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { setActingOrganization } from '#web/session/acting-organization.ts';
import { signOut } from '#web/session/auth.ts';
import { refreshSession, useSession } from '#web/session/session.ts';
import { toast } from '#web/kit/toast.tsx';
import { PlainLink } from '#web/kit/link.tsx';
import { publicPaths } from '#web/url/paths.ts';
import { showKeys } from './overlay-state.ts';
import { usePersonas } from './navigation.ts';
import { AccountButton } from './account-button.tsx';

/** Leaves the account and every answer that was read with it. */
const useSignOut = () => {
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
const SchemeItems = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>Appearance</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(value) => { setColorScheme(SCHEMES.find((scheme) => scheme.value === value)?.value ?? 'auto'); }}>
        {SCHEMES.map(({ value, label, icon: SchemeIcon }) => <Menu.RadioItem key={value} value={value} rightSection={<SchemeIcon size={16} />}>{label}</Menu.RadioItem>)}
      </Menu.RadioGroup>
    </>
  );
};

/** Who is signed in, the hats, the look, the way out. `wide` shows the name beside the picture. */
export const OpenUserMenu = ({ wide }: { wide: boolean }) => {
  const { user } = useSession();
  const personas = usePersonas();
  const leave = useSignOut();
  if (user === null) return null;
  return (
    <Menu position={wide ? 'top-start' : 'bottom-end'} width={240} defaultOpened>
      <Menu.Target><AccountButton user={user} wide={wide} /></Menu.Target>
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

/** What visitors can choose about the page. */
export const OpenSchemeMenu = () => (
  <Menu position="bottom-end" width={200} defaultOpened>
    <Menu.Target><ActionIcon size={36} aria-label="Appearance"><IconSunMoon size={18} /></ActionIcon></Menu.Target>
    <Menu.Dropdown><SchemeItems /></Menu.Dropdown>
  </Menu>
);
