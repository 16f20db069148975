import { and, asc, count, desc, eq, gt, ilike } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Input, Output, Role } from '#platform/contract/endpoint.ts';
import type { Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Database } from '#platform/db/database.ts';
import { roleAtLeast } from '#platform/http/authorize.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { invitation, member, organization, user } from './auth-tables.ts';
import { RoleName, type identityEndpoints } from './contract.ts';
import { problems } from './problems.ts';

type Endpoints = typeof identityEndpoints;
const INVITATION_DAYS = 7;

/**
 * Membership of organizations. These tables lie outside row-level security, so every statement here names the acting
 * organization, which the kernel has checked against the caller.
 */
export function memberService(database: Database, baseUrl: string) {
  const auth = drizzle(database.pool);

  const actorRole = ({ actor }: Process): Role => {
    if (actor.kind !== 'user' || !actor.role) throw new Problem(kernel.forbidden);
    return actor.role;
  };

  const memberRow = async (organizationId: string, userId: string) => {
    const [row] = await auth.select({ userId: user.id, name: user.name, email: user.email, role: member.role, createdAt: member.createdAt })
      .from(member).innerJoin(user, eq(user.id, member.userId)).where(and(eq(member.organizationId, organizationId), eq(member.userId, userId)));
    if (!row) throw new Problem(kernel['not-found']);
    return row;
  };

  const refuseLastOwner = async (organizationId: string) => {
    const owners = await auth.$count(member, and(eq(member.organizationId, organizationId), eq(member.role, 'owner')));
    if (owners <= 1) throw new Problem(problems['last-owner']);
  };

  const presentInvitation = (row: typeof invitation.$inferSelect) => ({
    id: row.id, email: row.email, role: RoleName.parse(row.role ?? 'member'), expires_at: row.expiresAt.toISOString(), link: `${baseUrl}/accept-invitation/${row.id}`,
  });

  return {
    /** How many there are, and the newest, for operators. */
    async facts(search: string | undefined, listedMax: number): Promise<OrganizationFacts> {
      const named = search ? ilike(organization.name, `%${search.replace(/[\\%_]/g, '\\$&')}%`) : undefined;
      const rows = listedMax === 0 ? [] : await auth.select({ id: organization.id, name: organization.name, createdAt: organization.createdAt, members: count(member.id) })
        .from(organization).leftJoin(member, eq(member.organizationId, organization.id)).where(named).groupBy(organization.id).orderBy(desc(organization.createdAt)).limit(listedMax);
      return {
        organizations: await auth.$count(organization), people: await auth.$count(user),
        list: rows.map(({ createdAt, ...row }) => ({ ...row, created_at: createdAt.toISOString() })),
      };
    },

    async list(process: Process): Promise<Output<Endpoints['listMembers']>> {
      const members = await auth.select({ userId: user.id, name: user.name, email: user.email, role: member.role, createdAt: member.createdAt })
        .from(member).innerJoin(user, eq(user.id, member.userId)).where(eq(member.organizationId, process.tenant)).orderBy(asc(member.createdAt));
      const open = await auth.select().from(invitation)
        .where(and(eq(invitation.organizationId, process.tenant), eq(invitation.status, 'pending'), gt(invitation.expiresAt, process.now())));
      return { data: members.map(presentMember), invitations: roleAtLeast(actorRole(process), 'admin') ? open.map(presentInvitation) : [] };
    },

    /** Owners and administrators of an organization, those who joined first in front. */
    async administrators(organizationId: string): Promise<{ userId: string; name: string; email: string }[]> {
      const rows = await auth.select({ userId: user.id, name: user.name, email: user.email, role: member.role })
        .from(member).innerJoin(user, eq(user.id, member.userId)).where(eq(member.organizationId, organizationId)).orderBy(asc(member.createdAt));
      return rows.filter(({ role }) => roleAtLeast(RoleName.parse(role), 'admin')).map(({ userId, name, email }) => ({ userId, name, email }));
    },

    async invite(process: Process, { body }: Input<Endpoints['inviteMember']>): Promise<Output<Endpoints['inviteMember']>> {
      if (!roleAtLeast(actorRole(process), body.role)) throw new Problem(problems['role-too-high']);
      const email = body.email.toLowerCase();
      const [existing] = await auth.select({ id: member.id }).from(member).innerJoin(user, eq(user.id, member.userId))
        .where(and(eq(member.organizationId, process.tenant), eq(user.email, email)));
      if (existing) throw new Problem(problems['already-member']);
      const { actor } = process;
      if (actor.kind !== 'user') throw new Problem(kernel.forbidden);
      await auth.update(invitation).set({ status: 'canceled' }).where(and(eq(invitation.organizationId, process.tenant), eq(invitation.email, email), eq(invitation.status, 'pending')));
      const row = {
        id: uuidv7(), organizationId: process.tenant, email, role: body.role, status: 'pending', inviterId: actor.userId,
        expiresAt: new Date(process.now().getTime() + INVITATION_DAYS * 86_400_000), createdAt: process.now(),
      };
      await auth.insert(invitation).values(row);
      return presentInvitation(row);
    },

    async cancelInvitation(process: Process, { params }: Input<Endpoints['cancelInvitation']>): Promise<void> {
      const rows = await auth.update(invitation).set({ status: 'canceled' })
        .where(and(eq(invitation.id, params.invitationId), eq(invitation.organizationId, process.tenant), eq(invitation.status, 'pending'))).returning({ id: invitation.id });
      if (rows.length === 0) throw new Problem(kernel['not-found']);
    },

    /** Only the invited e-mail address may accept, once, before the invitation ends. */
    async accept(process: Process, { params }: Input<Endpoints['acceptInvitation']>): Promise<Output<Endpoints['acceptInvitation']>> {
      const { actor } = process;
      if (actor.kind !== 'user') throw new Problem(kernel.unauthenticated);
      const [row] = await auth.update(invitation).set({ status: 'accepted' }).where(and(
        eq(invitation.id, params.invitationId), eq(invitation.email, actor.email.toLowerCase()), eq(invitation.status, 'pending'), gt(invitation.expiresAt, process.now()),
      )).returning();
      if (!row) throw new Problem(problems['invitation-not-yours'], 'This invitation is for another e-mail address, was used, or has ended.');
      await auth.insert(member).values({ id: uuidv7(), organizationId: row.organizationId, userId: actor.userId, role: row.role ?? 'member' }).onConflictDoNothing();
      return { organization_id: row.organizationId };
    },

    async changeRole(process: Process, { params, body }: Input<Endpoints['changeRole']>): Promise<Output<Endpoints['changeRole']>> {
      const current = await memberRow(process.tenant, params.userId);
      if (current.role === 'owner' && body.role !== 'owner') await refuseLastOwner(process.tenant);
      await auth.update(member).set({ role: body.role }).where(and(eq(member.organizationId, process.tenant), eq(member.userId, params.userId)));
      return presentMember({ ...current, role: body.role });
    },

    async remove(process: Process, { params }: Input<Endpoints['removeMember']>): Promise<void> {
      const current = await memberRow(process.tenant, params.userId);
      if (!roleAtLeast(actorRole(process), RoleName.parse(current.role))) throw new Problem(problems['role-too-high']);
      if (current.role === 'owner') await refuseLastOwner(process.tenant);
      await auth.delete(member).where(and(eq(member.organizationId, process.tenant), eq(member.userId, params.userId)));
    },

    async rename(process: Process, { body }: Input<Endpoints['updateOrganization']>): Promise<Output<Endpoints['updateOrganization']>> {
      await auth.update(organization).set({ name: body.name }).where(eq(organization.id, process.tenant));
      return { id: process.tenant, name: body.name };
    },
  };
}

export interface OrganizationFacts { organizations: number; people: number; list: { id: string; name: string; members: number; created_at: string }[] }

const presentMember = (row: { userId: string; name: string; email: string; role: string; createdAt: Date }) => ({
  user_id: row.userId, name: row.name, email: row.email, role: RoleName.parse(row.role), joined_at: row.createdAt.toISOString(),
});
