import { and, eq, isNull } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import { one } from '#platform/db/database.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { Category } from '#modules/capabilities/contract.ts';
import { exposeParameters, getFlow, storeFlow, storeFlowFile, type FlowTemplate } from '#modules/flows/index.ts';
import { requireProvider } from '#modules/identity/index.ts';
import { makeActive } from './approval.ts';
import { enqueueChecks, waitingScore } from './checks/version-checks.ts';
import type { CheckQuestion } from './checks/contract.ts';
import type { Listing, PlanTerms, ProductDraft } from './contract.ts';
import { readDraft } from './read-draft.ts';
import { startProduct } from './seller-products.ts';
import { productDrafts, products, productVersions } from './tables.ts';

/** A product the platform puts into the marketplace itself, without a review. */
export interface SampleProduct {
  category: Category;
  subcategory: string;
  availability: 'available' | 'coming';
  /** A template's flow, or the result of an import with its `definition`, which is then kept as the file. */
  flow: FlowTemplate & { definition?: unknown };
  /** As a seller writes it: short forms allowed, category defaults underneath. */
  capabilities: Record<string, unknown>;
  listing: Partial<Listing> & Pick<Listing, 'name' | 'slug' | 'summary' | 'description'>;
  plans: readonly Partial<PlanTerms>[];
  /** Those the flow itself proposes, unless told. */
  exposedParameters?: readonly string[];
  /** The seller's own knowledge. */
  knowledgeBaseId?: string;
  knowledgeUse?: 'product' | 'demo';
  featured?: boolean;
  changelog?: string;
  /** Asked once its knowledge is there; see {@link checkSample}. */
  questions?: readonly CheckQuestion[];
}

/**
 * Creates a product with an approved first version for the organization, which must have a provider profile. Does
 * nothing when a product with this address exists. Throws for a sample that a seller could not submit either; only one
 * that is `coming` may have a flow that this installation cannot run. Returns the product's id.
 */
export async function publishSample(process: Process, files: FileStore, organizationId: string, sample: SampleProduct): Promise<string> {
  const { slug } = sample.listing;
  const [known] = await process.asOperator('find a sample product', async ({ tx }) => tx.select({ id: products.id }).from(products).where(eq(products.slug, slug)));
  if (known) return known.id;
  const { flow, report, definition } = sample.flow;
  const draft: ProductDraft = {
    category: sample.category, subcategory: sample.subcategory, flowId: null, template: null, changelog: sample.changelog ?? '',
    exposedParameters: [...(sample.exposedParameters ?? flow.parameters.filter((parameter) => parameter.exposed).map((parameter) => parameter.name))],
    capabilities: sample.capabilities, questions: [...(sample.questions ?? [])], plans: sample.plans.map((plan) => ({ ...plan })), listing: { ...sample.listing },
  };
  const { capabilities, listing, plans, findings } = readDraft(draft, { flow: { flow, report }, slugTaken: false, missingPictures: [], models: null });
  const errors = findings.filter((finding) => finding.severity === 'error' && !(sample.availability === 'coming' && ['flow', 'capabilities'].includes(finding.step)));
  if (errors.length > 0 || !listing) throw new Error(`the sample ${slug} is not complete: ${errors.map((finding) => `${finding.path}: ${finding.message}`).join('; ')}`);

  const file = definition === undefined ? undefined : await storeFlowFile(files, organizationId, definition, `${slug}.json`);
  return process.asTenant(organizationId, async (ctx) => {
    const { tx } = ctx;
    await requireProvider(ctx);
    const productId = await startProduct(ctx, { category: sample.category, subcategory: sample.subcategory, name: listing.name });
    await tx.delete(productDrafts).where(eq(productDrafts.productId, productId));
    const flowId = await exposeParameters(ctx, await storeFlow(ctx, { flow, report }, file), draft.exposedParameters);
    const { parameters } = (await getFlow(ctx, flowId)).definition;
    const version = one(await tx.insert(productVersions).values({
      productId, number: 1, capabilities, listing, plans, flowId, parameters: parameters.filter((parameter) => parameter.exposed),
      knowledgeBaseId: sample.knowledgeBaseId ?? null, knowledgeUse: sample.knowledgeUse ?? 'product', changelog: draft.changelog, questions: draft.questions,
    }).returning());
    const product = one(await tx.select().from(products).where(and(eq(products.id, productId))));
    await makeActive(ctx, product, version, null);
    await tx.update(products).set({ availability: sample.availability, featured: sample.featured ?? false }).where(eq(products.id, productId));
    return productId;
  });
}

/** Has the questions of a sample asked in the background, once. Called when what it answers from is complete. */
export async function checkSample(process: Process, organizationId: string, slug: string): Promise<void> {
  await process.asTenant(organizationId, async (ctx) => {
    const [version] = await ctx.tx.select({ id: productVersions.id, questions: productVersions.questions }).from(productVersions)
      .innerJoin(products, eq(products.activeVersionId, productVersions.id)).where(and(eq(products.slug, slug), eq(products.tenantId, organizationId), isNull(productVersions.checks))).for('update');
    if (!version) return;
    await ctx.tx.update(productVersions).set({ checks: waitingScore(version.questions, ctx.now()) }).where(eq(productVersions.id, version.id));
    await enqueueChecks(ctx, version);
  });
}
