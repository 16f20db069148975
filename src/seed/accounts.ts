import { eq } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import { projects, providers, type Identity } from '#modules/identity/index.ts';

/** Known to everybody, which is why sample accounts are refused in production. */
export const SAMPLE_PASSWORD = 'marketplace-demo';

export const SAMPLE_PEOPLE = {
  operator: { email: 'operator@example.com', name: 'Olivia Operator', operator: true, organization: 'Marketplace Operations' },
  seller: { email: 'seller@example.com', name: 'Selma Seller', organization: 'Digital Atelier' },
  buyer: { email: 'buyer@example.com', name: 'Ben Buyer', organization: 'Northwind Outfitters' },
  enduser: { email: 'enduser@example.com', name: 'Emma Enduser', organization: 'Bright Café' },
} as const;
export type SamplePersona = keyof typeof SAMPLE_PEOPLE;

/** The buyer's project that holds the sample subscription. */
export const SAMPLE_PROJECT = 'Online shop';

export interface SampleAccount { userId: string; organizationId: string }

/** Creates the four sample people with their organizations, or finds them. */
export async function ensureAccounts(identity: Pick<Identity, 'ensurePerson'>): Promise<Record<SamplePersona, SampleAccount>> {
  const ensure = async (persona: SamplePersona) => identity.ensurePerson({ ...SAMPLE_PEOPLE[persona], password: SAMPLE_PASSWORD });
  return { operator: await ensure('operator'), seller: await ensure('seller'), buyer: await ensure('buyer'), enduser: await ensure('enduser') };
}

/** The verified provider profile of the sample seller. `process` acts as the seller's organization. */
export async function ensureProvider(process: Process): Promise<void> {
  await process.run(async ({ tx }) => {
    await tx.insert(providers).values({
      name: 'Digital Atelier', slug: 'digital-atelier', verified: true,
      description: 'A small studio that builds assistants which show their sources. It exists only in this sample content.',
    }).onConflictDoNothing();
  });
}

/** The buyer's project, made from the first one every organization begins with. Returns its id. */
export async function ensureProject(process: Process): Promise<string> {
  return process.run(async ({ tx }) => {
    const own = await tx.select({ id: projects.id, name: projects.name }).from(projects).orderBy(projects.createdAt);
    const made = own.find((project) => project.name === SAMPLE_PROJECT);
    if (made) return made.id;
    const [first] = own;
    if (!first) throw new Error('the sample buyer has no project');
    await tx.update(projects).set({ name: SAMPLE_PROJECT, description: 'Everything that runs on the shop’s site.' }).where(eq(projects.id, first.id));
    return first.id;
  });
}
