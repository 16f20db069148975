import { useParams } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import { fillScreenPath, type Screen } from '#web/routes/screen.ts';
import { useSession, type Persona } from '#web/session/session.ts';

/** The screens that exist, by who uses them. Handed down by the router's root, so that the shell knows no module. */
export interface Navigation { public: readonly Screen[]; buyer: readonly Screen[]; seller: readonly Screen[]; operator: readonly Screen[] }

export const NavigationContext = createContext<Navigation>({ public: [], buyer: [], seller: [], operator: [] });

/** Who uses the page at `pathname`; null on public pages. */
export const personaOf = (pathname: string): Persona | null => {
  if (pathname.startsWith('/organizations/')) return 'buyer';
  if (pathname.startsWith('/providers/')) return 'seller';
  return /^\/operator(\/|$)/.test(pathname) ? 'operator' : null;
};

export interface NavigationEntry { title: string; to: string; icon?: Screen['icon']; create?: string }

const RANK = { member: 0, billing: 1, admin: 2, owner: 3 } as const;

/** The entries of one persona for the acting organization that its member may use. */
export const usePersonaEntries = (persona: Persona, keep: (screen: Screen) => boolean = (screen) => screen.nav === 'main'): readonly NavigationEntry[] => {
  const navigation = useContext(NavigationContext);
  const { organization } = useSession();
  const params = { org: organization?.id, provider: organization?.provider?.id };
  const rank = organization === null ? -1 : RANK[organization.role];
  return navigation[persona]
    .filter((screen) => keep(screen) && (screen.role === undefined || rank >= RANK[screen.role]))
    .flatMap((screen) => {
      const to = fillScreenPath(screen.path, params);
      return to === null ? [] : [{ title: screen.title, to, icon: screen.icon, create: screen.create }];
    });
};

/** The hats the signed-in person can put on, each with where it starts. Only those with a screen to show. */
export const usePersonas = (): readonly { persona: Persona; label: string; to: string }[] => {
  const { user, organization } = useSession();
  const buyer = usePersonaEntries('buyer')[0]?.to;
  const seller = usePersonaEntries('seller')[0]?.to;
  const sell = usePersonaEntries('buyer', (screen) => screen.path.endsWith('/sell'))[0]?.to;
  const operator = usePersonaEntries('operator')[0]?.to;
  return [
    ...(buyer === undefined ? [] : [{ persona: 'buyer' as const, label: 'Buying', to: buyer }]),
    ...(organization?.provider != null && seller !== undefined ? [{ persona: 'seller' as const, label: 'Selling', to: seller }]
      : organization?.provider === null && sell !== undefined ? [{ persona: 'seller' as const, label: 'Start selling', to: sell }] : []),
    ...(user?.operator === true && operator !== undefined ? [{ persona: 'operator' as const, label: 'Operating', to: operator }] : []),
  ];
};

/** The screens of a group (such as the pages of one product), with the parameters of the current address. */
export const useGroupEntries = (group: NonNullable<Screen['nav']>): readonly NavigationEntry[] => {
  const navigation = useContext(NavigationContext);
  const params: Record<string, string | undefined> = useParams({ strict: false });
  return [...navigation.buyer, ...navigation.seller, ...navigation.operator].filter((screen) => screen.nav === group).flatMap((screen) => {
    const to = fillScreenPath(screen.path, params);
    return to === null ? [] : [{ title: screen.title, to, icon: screen.icon }];
  });
};
