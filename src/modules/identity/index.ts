import { and, asc, eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyInstance } from 'fastify';
import type { Platform, Process } from '#platform/context.ts';
import type { Authenticator } from '#platform/http/authenticator.ts';
import type { Serve } from '#platform/http/serve.ts';
import type { Module } from '#platform/module.ts';
import { systemProcess } from '#platform/process.ts';
import { createAuth, type AuthOptions } from './auth.ts';
import { member, organization, user } from './auth-tables.ts';
import { identityEndpoints, RoleName, type Me } from './contract.ts';
import { memberService, type OrganizationFacts } from './members.ts';
import { becomeProvider, createProject, ensureHome, homeName, getProvider, listProjects, roleOf, updateProvider } from './service.ts';
import { projects, providers } from './tables.ts';

export { organizationCreated } from './events.ts';
export { requireProject, requireProvider } from './service.ts';
export { projects, providers } from './tables.ts';
export type { OrganizationFacts } from './members.ts';

export interface IdentityOptions extends Omit<AuthOptions, 'onSignUp' | 'database' | 'log'> { platform: Platform; brand: string }

/** People, organizations, projects, provider profiles; who is signed in. */
export interface Identity extends Module {
  /** Sessions and roles for the kernel. */
  authenticator: Pick<Authenticator, 'session' | 'role'>;
  /** Mounts the sign-in endpoints. */
  mount(app: FastifyInstance): void;
  /** How many organizations and people there are, and the newest organizations. Outside row-level security: for operators. */
  organizationFacts(search: string | undefined, listedMax: number): Promise<OrganizationFacts>;
  /** Who may configure the products of an organization: its owners and administrators. Read outside transactions, by the login itself. */
  administrators(organizationId: string): Promise<{ userId: string; name: string; email: string }[]>;
  /** The name of an organization. Read outside transactions, by the login itself. */
  organizationName(organizationId: string): Promise<string>;
  /** Creates a person with a password, or finds the one who has the e-mail address. For first start and operators' tools. */
  ensurePerson(person: { email: string; name: string; password: string; operator?: boolean; organization?: string }): Promise<{ userId: string; organizationId: string }>;
}

export function identityModule(options: IdentityOptions): Identity {
  const { platform } = options;
  const { database } = platform;
  const tables = drizzle(database.pool);
  const home = async (person: { id: string; name: string }) => ensureHome(systemProcess(platform, 'sign-up'), database, person);
  const auth = createAuth({ ...options, database, log: platform.log, onSignUp: async (person) => { await home(person); } });
  const members = memberService(database, options.baseUrl);

  const session: Authenticator['session'] = async (headers) => {
    if (!headers.cookie) return null;
    const found = await auth.api.getSession({ headers: fromNodeHeaders(headers) });
    if (!found) return null;
    return { userId: found.user.id, name: found.user.name, email: found.user.email, operator: found.user.operator === true, activeTenant: found.session.activeOrganizationId ?? null };
  };

  const me = async (process: Process, headers: Parameters<typeof session>[0]): Promise<Me> => {
    const who = await session(headers);
    const brand = { name: options.brand };
    if (!who) return { user: null, organizations: [], active_organization_id: null, brand };
    const organizations = await tables.select({ id: organization.id, name: organization.name, slug: organization.slug, role: member.role })
      .from(member).innerJoin(organization, eq(organization.id, member.organizationId)).where(eq(member.userId, who.userId)).orderBy(asc(member.createdAt));
    const sellers = organizations.length === 0 ? [] : await process.asPublic(async ({ tx }) =>
      tx.select().from(providers).where(inArray(providers.tenantId, organizations.map((row) => row.id))));
    const withProjects = await Promise.all(organizations.map(async (row) => {
      const own = await process.asTenant(row.id, async ({ tx }) => tx.select({ id: projects.id, name: projects.name }).from(projects).orderBy(projects.createdAt));
      const seller = sellers.find((provider) => provider.tenantId === row.id);
      return { ...row, role: RoleName.parse(row.role), projects: own, provider: seller ? { id: seller.id, name: seller.name, slug: seller.slug } : null };
    }));
    return {
      user: { id: who.userId, name: who.name, email: who.email, operator: who.operator }, organizations: withProjects,
      active_organization_id: who.activeTenant ?? withProjects[0]?.id ?? null, brand,
    };
  };

  return {
    name: 'identity',
    authenticator: { session, role: async (userId, tenant) => roleOf(database, userId, tenant) },
    routes(serve: Serve) {
      serve.raw(identityEndpoints.me, async (process, _input, { request, reply }) => {
        await reply.header('cache-control', 'no-store').send(await me(process, request.headers));
      });
      serve(identityEndpoints.listProjects, listProjects);
      serve(identityEndpoints.createProject, createProject);
      serve(identityEndpoints.becomeProvider, becomeProvider);
      serve(identityEndpoints.updateProvider, updateProvider);
      serve(identityEndpoints.getProvider, getProvider);
      serve.process(identityEndpoints.updateOrganization, members.rename);
      serve.process(identityEndpoints.listMembers, members.list);
      serve.process(identityEndpoints.inviteMember, members.invite);
      serve.process(identityEndpoints.cancelInvitation, members.cancelInvitation);
      serve.process(identityEndpoints.acceptInvitation, members.accept);
      serve.process(identityEndpoints.changeRole, members.changeRole);
      serve.process(identityEndpoints.removeMember, members.remove);
    },
    mount(app) {
      app.route({
        method: ['GET', 'POST'], url: '/api/auth/*', schema: { hide: true },
        handler: async (request, reply) => {
          const answer = await auth.handler(new Request(new URL(request.url, options.baseUrl), {
            // The address is ours to state: a header of the caller with this name is overwritten.
            method: request.method, headers: fromNodeHeaders({ ...request.headers, 'x-client-address': request.ip }),
            ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}),
          }));
          reply.code(answer.status);
          answer.headers.forEach((value, name) => { if (name !== 'set-cookie') reply.header(name, value); });
          const cookies = answer.headers.getSetCookie();
          if (cookies.length > 0) reply.header('set-cookie', cookies);
          return reply.send(Buffer.from(await answer.arrayBuffer()));
        },
      });
    },
    organizationFacts: members.facts,
    administrators: members.administrators,
    async organizationName(organizationId) {
      const [row] = await tables.select({ name: organization.name }).from(organization).where(eq(organization.id, organizationId));
      return row?.name ?? '';
    },
    async ensurePerson({ email, name, password, operator, organization: organizationName }) {
      const [known] = await tables.select({ id: user.id }).from(user).where(eq(user.email, email));
      const userId = known?.id ?? (await auth.api.signUpEmail({ body: { email, name, password } })).user.id;
      const organizationId = await home({ id: userId, name });
      // Also for somebody who was known: an earlier call may have been cut off here.
      if (operator) await tables.update(user).set({ operator: true }).where(eq(user.id, userId));
      if (organizationName) await tables.update(organization).set({ name: organizationName }).where(and(eq(organization.id, organizationId), eq(organization.name, homeName(name))));
      return { userId, organizationId };
    },
  };
}
