import '#web/styles/console.css';
import { ActionIcon, Drawer, Kbd, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBuildingStore, IconMenu2, IconSearch } from '@tabler/icons-react';
import { Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { membershipFor, useSession } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { Brand } from './brand.tsx';
import { personaOf, usePersonaEntries } from './navigation.ts';
import { showPalette } from './overlay-state.ts';
import { OrganizationSwitcher, PersonaSwitch } from './switchers.tsx';
import { UserMenu } from './menus.tsx';
import classes from './shell.module.css';

/** The signed-in frame: navigation at the left (a sheet on phones), the screen beside it. */
export const ConsoleLayout = () => {
  const [opened, { open, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // A sheet left open would cover the page that was just chosen in it.
  useEffect(() => { close(); }, [pathname, close]);
  return (
    <div className={classes.console}>
      <header className={classes.phoneBar}>
        <ActionIcon size={36} aria-label="Navigation" onClick={open}><IconMenu2 size={20} /></ActionIcon>
        <Brand />
        <UserMenu />
      </header>
      <aside className={classes.side}><Side /></aside>
      <Drawer opened={opened} onClose={close} size={288} title={<Brand />} hiddenFrom="md" padding="sm"><Side /></Drawer>
      <main id="content" tabIndex={-1} className={classes.consoleMain}><Gate /></main>
    </div>
  );
};

const Side = () => {
  const { pathname } = useLocation();
  const persona = personaOf(pathname) ?? 'buyer';
  const entries = usePersonaEntries(persona);
  const longest = entries.filter(({ to }) => pathname === to || `${pathname}/`.startsWith(to)).sort((a, b) => b.to.length - a.to.length)[0];
  return (
    <div className={classes.sideInner}>
      {persona === 'operator' ? <div className={classes.sideBrand}><Brand /></div> : <OrganizationSwitcher />}
      <PersonaSwitch />
      <UnstyledButton className={classes.find} onClick={showPalette}>
        <IconSearch size={16} aria-hidden /><span>Search</span><Kbd size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <nav aria-label="Main" className={classes.nav}>
        {entries.map(({ title, to, icon: EntryIcon }) => (
          <PlainLink key={to} to={to} className={classes.navEntry} aria-current={longest?.to === to ? 'page' : undefined} data-current={longest?.to === to || undefined}>
            {EntryIcon !== undefined && <EntryIcon size={18} stroke={1.75} aria-hidden />}{title}
          </PlainLink>
        ))}
        {persona === 'buyer' && (
          <PlainLink to={publicPaths.marketplace()} className={classes.navEntry}><IconBuildingStore size={18} stroke={1.75} aria-hidden />Marketplace</PlainLink>
        )}
      </nav>
      <div className={classes.sideEnd}><UserMenu wide /></div>
    </div>
  );
};

/** Says which right is missing instead of showing an empty page. The server refuses in any case. */
const Gate = () => {
  const session = useSession();
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const persona = personaOf(useLocation().pathname);
  if (persona === 'operator' && session.user?.operator !== true) {
    return <Refused title="This page is for operators">Sign in with an operator account, or ask the people who run this installation.</Refused>;
  }
  if ((params.org !== undefined || params.provider !== undefined) && membershipFor(session, params) === null) {
    return (
      <Refused title={params.org === undefined ? 'This provider is not yours' : 'You are not a member of this organization'}>
        You are signed in as <Text span fw={500}>{session.user?.email}</Text>. Ask an owner of the organization to invite you, or switch to another one.
      </Refused>
    );
  }
  return <Outlet />;
};

const Refused = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className={classes.alone}><EmptyState heading={1} title={title} action={<LinkButton to={publicPaths.marketplace()} variant="default">Go to the marketplace</LinkButton>}>{children}</EmptyState></div>
);
