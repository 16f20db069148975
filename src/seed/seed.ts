import type { Platform, Process } from '#platform/context.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { createProcess, systemProcess } from '#platform/process.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { checkSample, getProduct, publishSample } from '#modules/catalog/index.ts';
import { importFlow } from '#modules/flows/index.ts';
import type { Identity } from '#modules/identity/index.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';
import { ensureAccounts, ensureProject, ensureProvider, SAMPLE_PEOPLE, type SampleAccount, type SamplePersona } from './accounts.ts';
import type { SampleKnowledge, Subscribe } from './ports.ts';
import { readProgress } from './progress.ts';
import { readSamples } from './read-samples.ts';
import type { Sample } from './sample-product.ts';

/** What the sample content is made with: parts of the composition. Null where a module is not there. */
export interface SeedParts {
  platform: Platform;
  files: FileStore;
  identity: Pick<Identity, 'ensurePerson'>;
  knowledge: SampleKnowledge | null;
  subscribe: Subscribe | null;
}

/** The sample the buyer is subscribed to, and on which plan. */
export const SAMPLE_SUBSCRIPTION = { slug: 'customer-support-agent', plan: 'credits' } as const;

const COMPLETE = 'complete';

/**
 * First half of the sample content: people, provider profile and products. Fast enough to wait for before the server is
 * ready. Does nothing once everything was made, and continues where an interrupted start stopped.
 * Returns whether {@link fillSamples} has something left to do.
 */
export async function seedSamples(parts: SeedParts): Promise<boolean> {
  const system = systemProcess(parts.platform, 'sample content');
  const progress = await readProgress(system);
  if (progress.isDone(COMPLETE)) return false;
  const accounts = await ensureAccounts(parts.identity);
  const seller = systemProcess(parts.platform, 'sample content', accounts.seller.organizationId);
  await progress.once('provider', async () => ensureProvider(seller));
  await progress.once('project', async () => { await ensureProject(personProcess(parts.platform, accounts, 'buyer')); });
  // While nothing was run yet the newest product leads the marketplace, so the most prominent one is published last.
  for (const sample of (await readSamples()).toReversed()) await progress.once(`product:${sample.slug}`, async () => publish(parts, seller, sample));
  return true;
}

/** Second half, while the server already answers: the knowledge of the demos, then the buyer's subscription with a copy of it. */
export async function fillSamples(parts: SeedParts): Promise<void> {
  const { platform, knowledge, subscribe } = parts;
  const system = systemProcess(platform, 'sample content');
  const progress = await readProgress(system);
  if (progress.isDone(COMPLETE)) return;
  const accounts = await ensureAccounts(parts.identity);
  const seller = systemProcess(platform, 'sample content', accounts.seller.organizationId);
  for (const sample of await readSamples()) {
    if (knowledge && hasKnowledge(sample)) {
      await progress.once(`knowledge:${sample.slug}`, async () => knowledge.fill(seller, knowledgeBaseId(accounts.seller, sample), sample.knowledge));
    }
    if (knowledge) await progress.once(`checks:${sample.slug}`, async () => checkSample(seller, seller.tenant, sample.slug));
    if (!subscribe || sample.slug !== SAMPLE_SUBSCRIPTION.slug) continue;
    await progress.once('subscription', async () => subscribeBuyer(platform, accounts, subscribe));
    // The demo's documents are those of the sample buyer, who uploads them as any buyer would.
    if (knowledge) await progress.once('subscription-knowledge', async () => trainBuyer(platform, accounts, knowledge, sample));
  }
  if (knowledge && subscribe) await progress.once(COMPLETE, async () => undefined);
}

async function publish({ files, knowledge }: SeedParts, seller: Process, sample: Sample): Promise<void> {
  const imported = await importFlow(sample.flowFile, { fileName: 'flow.json' });
  if ('problem' in imported) throw new Error(`samples/${sample.slug}/flow.json: ${imported.problem.message}`);
  const { category, subcategory, availability, capabilities, listing, plans, exposedParameters, featured, changelog, knowledgeUse, questions } = sample;
  const base = knowledge && hasKnowledge(sample)
    ? await knowledge.create(seller, { id: knowledgeBaseId({ organizationId: seller.tenant }, sample), name: listing.name }) : undefined;
  await publishSample(seller, files, seller.tenant, {
    category, subcategory, availability, listing, plans, exposedParameters, featured, changelog, questions, flow: imported,
    capabilities: { ...capabilities }, knowledgeUse, ...(base === undefined ? {} : { knowledgeBaseId: base }),
  });
}

const hasKnowledge = ({ knowledge }: Sample): boolean => knowledge.documents.length > 0 || knowledge.pairs.length > 0;

const knowledgeBaseId = ({ organizationId }: Pick<SampleAccount, 'organizationId'>, { slug }: Sample): string => uuidFrom('sample-knowledge', organizationId, slug);

/** The buyer's own purchase, by the same path as everybody's. */
async function subscribeBuyer(platform: Platform, accounts: Record<SamplePersona, SampleAccount>, subscribe: Subscribe): Promise<void> {
  const buyer = personProcess(platform, accounts, 'buyer');
  const projectId = await ensureProject(buyer);
  const product = await buyer.asPublic(async (ctx) => getProduct(ctx, { params: { productId: SAMPLE_SUBSCRIPTION.slug } }));
  const plan = product.plans.find(({ terms }) => terms.key === SAMPLE_SUBSCRIPTION.plan);
  if (!plan) throw new Error(`the sample ${product.slug} has no plan "${SAMPLE_SUBSCRIPTION.plan}"`);
  await subscribe(buyer, { body: { product_id: product.id, plan_id: plan.id, project_id: projectId, cycle: 'monthly' } }, sampleSubscriptionId(buyer.tenant));
}

async function trainBuyer(platform: Platform, accounts: Record<SamplePersona, SampleAccount>, knowledge: SampleKnowledge, { knowledge: content }: Sample): Promise<void> {
  const buyer = personProcess(platform, accounts, 'buyer');
  const { row } = await buyer.run(async (ctx) => loadSubscription(ctx, sampleSubscriptionId(buyer.tenant)));
  if (row.knowledgeBaseId) await knowledge.fill(buyer, row.knowledgeBaseId, content);
}

const sampleSubscriptionId = (tenant: string): string => uuidFrom('sample-subscription', tenant);

function personProcess(platform: Platform, accounts: Record<SamplePersona, SampleAccount>, persona: SamplePersona): Process {
  const { userId, organizationId } = accounts[persona];
  const { name, email } = SAMPLE_PEOPLE[persona];
  return createProcess(platform, { actor: { kind: 'user', userId, name, email, operator: false, role: 'owner' }, tenant: organizationId, requestId: `system-${uuidv7()}` });
}
