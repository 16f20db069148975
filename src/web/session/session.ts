import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { identityEndpoints, type Me } from '#modules/identity/contract.ts';
import type { Role } from '#platform/contract/endpoint.ts';
import { endpointQuery } from '#web/api/use-endpoint.ts';
import { actingOrganization, setActingOrganization, useActingOrganization } from './acting-organization.ts';

export type Membership = Me['organizations'][number];

/** The hats one account can wear. Switching keeps the organization. */
export type Persona = 'buyer' | 'seller' | 'operator';

/** Who is signed in does not depend on the acting organization, so it is asked and kept without one. */
export const meQuery = () => ({ ...endpointQuery(identityEndpoints.me, undefined, null), staleTime: 60_000 });

/** Asks again who is signed in; after signing in or out, joining or creating an organization. */
export const refreshSession = (client: QueryClient): Promise<Me> => client.fetchQuery({ ...meQuery(), staleTime: 0 });

const NOBODY: Me = { user: null, organizations: [], active_organization_id: null, brand: { name: 'Marketplace' } };

export interface Session extends Me {
  /** The organization of the address, else the last chosen one, else the first; null for visitors. */
  organization: Membership | null;
  /** False until the server has said who is signed in. */
  known: boolean;
}

/** The organization a path belongs to, among those one is a member of. */
export const membershipFor = (me: Me, params: Record<string, string | undefined>): Membership | null => {
  if (params.org !== undefined) return me.organizations.find(({ id, slug }) => id === params.org || slug === params.org) ?? null;
  if (params.provider !== undefined) return me.organizations.find(({ provider }) => provider?.id === params.provider || provider?.slug === params.provider) ?? null;
  const remembered = actingOrganization() ?? me.active_organization_id;
  return me.organizations.find(({ id }) => id === remembered) ?? me.organizations[0] ?? null;
};

/** Makes calls act for the organization of `params`. Called before a console page loads its data. */
export const actFor = (me: Me, params: Record<string, string | undefined>): void => {
  const membership = membershipFor(me, params);
  if (membership !== null) setActingOrganization(membership.id);
};

/** Who is signed in and for which organization they act. */
export const useSession = (): Session => {
  const { data } = useQuery(meQuery());
  useActingOrganization();
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const me = data ?? NOBODY;
  return { ...me, organization: membershipFor(me, params), known: data !== undefined };
};

/** The name this installation goes by. */
export const useBrandName = (): string => useQuery(meQuery()).data?.brand.name ?? NOBODY.brand.name;

/** The acting organization of a console screen, where there always is one. @throws outside the console. */
export const useOrganization = (): Membership => {
  const { organization } = useSession();
  if (organization === null) throw new Error('This screen needs an organization');
  return organization;
};

const RANK: Readonly<Record<Role, number>> = { member: 0, billing: 1, admin: 2, owner: 3 };

/** Whether the signed-in person holds at least `role` in the acting organization: for showing, never for protecting. */
export const useHasRole = (role: Role): boolean => {
  const { organization } = useSession();
  return organization !== null && RANK[organization.role] >= RANK[role];
};
