import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Role } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { one, type Database } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { member, organization } from './auth-tables.ts';
import { RoleName, type identityEndpoints, type Provider } from './contract.ts';
import { organizationCreated } from './events.ts';
import { problems } from './problems.ts';
import { projects, providers } from './tables.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';

type Endpoints = typeof identityEndpoints;

/** A short name for addresses: letters and digits of any script, joined by hyphens, made unique by a suffix. */
export function slugOf(name: string, unique: string): string {
  const words = name.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return `${words || 'org'}-${unique.replaceAll('-', '').slice(-6)}`;
}

/** What the first organization of a person is called until somebody renames it. */
export const homeName = (personName: string): string => `${personName.trim() || 'My'} organization`;

/**
 * Makes the first organization and project of a person, once: calling it again (after a crash in between) completes
 * what is missing and changes nothing else. Returns the organization's id.
 */
export async function ensureHome(process: Process, database: Database, person: { id: string; name: string }): Promise<string> {
  const auth = drizzle(database.pool);
  const id = uuidFrom('home', person.id);
  const name = homeName(person.name);
  await auth.insert(organization).values({ id, name, slug: slugOf(name, id) }).onConflictDoNothing();
  await auth.insert(member).values({ id: uuidv7(), organizationId: id, userId: person.id, role: 'owner' }).onConflictDoNothing();
  await process.asTenant(id, async (ctx) => {
    const made = await ctx.tx.insert(projects).values({ id: uuidFrom('first-project', id), name: 'My first project' }).onConflictDoNothing().returning({ id: projects.id });
    if (made.length > 0) await ctx.emit(organizationCreated, { organizationId: id, name, ownerId: person.id });
  });
  return id;
}

/** The role of a person in an organization, or null. */
export async function roleOf(database: Database, userId: string, organizationId: string): Promise<Role | null> {
  const auth = drizzle(database.pool);
  const [row] = await auth.select({ role: member.role }).from(member).where(and(eq(member.userId, userId), eq(member.organizationId, organizationId))).limit(1);
  return row ? RoleName.parse(row.role) : null;
}

export async function listProjects({ tx }: Ctx): Promise<Output<Endpoints['listProjects']>> {
  const rows = await tx.select().from(projects).orderBy(projects.createdAt);
  return { data: rows.map(presentProject) };
}

export async function createProject({ tx }: Ctx, { body }: Input<Endpoints['createProject']>): Promise<Output<Endpoints['createProject']>> {
  const [row] = await tx.insert(projects).values(body).onConflictDoNothing().returning();
  if (!row) throw new Problem(problems['project-name-taken']);
  return presentProject(row);
}

export async function becomeProvider({ tx, tenant }: Ctx, { body }: Input<Endpoints['becomeProvider']>): Promise<Provider> {
  const [row] = await tx.insert(providers).values({ ...body, slug: slugOf(body.name, tenant) }).onConflictDoNothing().returning();
  if (!row) throw new Problem(problems['already-provider']);
  return presentProvider(row);
}

export async function updateProvider({ tx, tenant }: Ctx, { body }: Input<Endpoints['updateProvider']>): Promise<Provider> {
  const [row] = await tx.update(providers).set(body).where(eq(providers.tenantId, tenant)).returning();
  if (!row) throw new Problem(kernel['not-found']);
  return presentProvider(row);
}

export async function getProvider({ tx }: Ctx, { params }: Input<Endpoints['getProvider']>): Promise<Provider> {
  const [row] = await tx.select().from(providers).where(eq(providers.id, params.providerId));
  if (!row) throw new Problem(kernel['not-found']);
  return presentProvider(row);
}

/** The provider of the acting organization. Throws 403 when it has none: only sellers may do what follows. */
export async function requireProvider({ tx, tenant }: Ctx): Promise<typeof providers.$inferSelect> {
  const [row] = await tx.select().from(providers).where(eq(providers.tenantId, tenant));
  if (!row) throw new Problem(kernel.forbidden, 'This organization does not sell yet. Create a provider profile first.');
  return row;
}

/** A project of the acting organization, or 404. */
export async function requireProject({ tx }: Ctx, projectId: string): Promise<typeof projects.$inferSelect> {
  const rows = await tx.select().from(projects).where(eq(projects.id, projectId));
  if (rows.length === 0) throw new Problem(kernel['not-found'], 'There is no such project.');
  return one(rows);
}

const presentProject = (row: typeof projects.$inferSelect) => ({ id: row.id, name: row.name, description: row.description, created_at: row.createdAt.toISOString() });

export const presentProvider = (row: typeof providers.$inferSelect): Provider => ({
  id: row.id, organization_id: row.tenantId, name: row.name, slug: row.slug, description: row.description,
  website: row.website, logo: row.logo, verified: row.verified, created_at: row.createdAt.toISOString(),
});
