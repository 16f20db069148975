import { ActionIcon } from '@mantine/core';
import { IconSunMoon } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useSession } from '#web/session/session.ts';
import { AccountButton } from './account-button.tsx';

// Menus need the positioning library, a fifth of the storefront's code: it comes with the first click.
const OpenUserMenu = lazy(() => import('./user-menu.tsx').then((module) => ({ default: module.OpenUserMenu })));
const OpenSchemeMenu = lazy(() => import('./user-menu.tsx').then((module) => ({ default: module.OpenSchemeMenu })));

/** The account's button; its menu opens on the first click and stays loaded. */
export const UserMenu = ({ wide = false }: { wide?: boolean }) => {
  const { user } = useSession();
  const [wanted, setWanted] = useState(false);
  if (user === null) return null;
  const button = <AccountButton user={user} wide={wide} onClick={() => { setWanted(true); }} />;
  return wanted ? <Suspense fallback={button}><OpenUserMenu wide={wide} /></Suspense> : button;
};

/** The same for the look of the page, for visitors. */
export const SchemeMenu = () => {
  const [wanted, setWanted] = useState(false);
  const button = <ActionIcon size={36} aria-label="Appearance" aria-haspopup="menu" onClick={() => { setWanted(true); }}><IconSunMoon size={18} /></ActionIcon>;
  return wanted ? <Suspense fallback={button}><OpenSchemeMenu /></Suspense> : button;
};
