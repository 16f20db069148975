import { and, asc, desc, eq, gt, inArray, max } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import type { FlowParameter } from '#modules/flows/contract.ts';
import { providers } from '#modules/identity/index.ts';
import { publicScore } from './checks/public-score.ts';
import type { Listing, PlanTerms } from './contract.ts';
import { problems } from './problems.ts';
import { plans, products, productVersions } from './tables.ts';

/** An approved version as subscriptions and the demo need it. */
export interface VersionForUse {
  versionId: string;
  number: number;
  productId: string;
  /** The seller's organization; its flow is read as this tenant. */
  sellerId: string;
  capabilities: ProductCapabilities;
  /** What buyers may set of the flow. */
  parameters: readonly FlowParameter[];
  listing: Listing;
  flowId: string;
  /** The seller's own knowledge; null when there is none. */
  knowledgeBaseId: string | null;
  /** Whether that knowledge is copied to subscriptions, or only shown in the demo. */
  knowledgeUse: 'product' | 'demo';
}

export interface ActiveVersion extends VersionForUse { /** What a message costs in the cheapest plan. */ creditsPerMessage: number | null; slug: string; availability: 'available' | 'coming'; providerId: string; providerName: string }

export interface ProductForPurchase extends ActiveVersion { plan: { id: string; terms: PlanTerms } }

/**
 * What somebody gets who buys this plan now. 404 when the product is not in the marketplace or cannot be bought yet, or
 * when the plan is not one of its active version; 409 `plan-needs-contact` for a plan without a price.
 */
export async function productForPurchase(ctx: Ctx, productId: string, planId: string): Promise<ProductForPurchase> {
  const version = await activeVersion(ctx, productId);
  const [plan] = await ctx.tx.select({ id: plans.id, terms: plans.terms }).from(plans)
    .where(and(eq(plans.id, planId), eq(plans.versionId, version.versionId), plans.active));
  if (version.availability !== 'available' || !plan) throw new Problem(kernel['not-found'], 'There is no such product or plan.');
  if (plan.terms.priceMonthlyMinor === null) throw new Problem(problems['plan-needs-contact']);
  return { ...version, plan };
}

/** The version of a listed product that buyers get now; 404 when the product is not in the marketplace, for its owner too. */
export async function activeVersion({ tx }: Ctx, productId: string): Promise<ActiveVersion> {
  const [row] = await tx.select({ product: products, version: productVersions, provider: providers }).from(products)
    .innerJoin(productVersions, eq(productVersions.id, products.activeVersionId))
    .innerJoin(providers, eq(providers.id, products.providerId))
    .where(and(eq(products.id, productId), eq(products.status, 'approved'), products.listed));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such product.');
  const { product, version, provider } = row;
  return { ...forUse(version), slug: product.slug, creditsPerMessage: product.creditsPerMessage, availability: product.availability, providerId: provider.id, providerName: provider.name };
}

/** A version of the acting organization by its own id, approved or not: what its seller's checks run. 404 otherwise. */
export async function ownVersion({ tx, tenant }: Ctx, versionId: string): Promise<VersionForUse> {
  const [row] = await tx.select().from(productVersions).where(and(eq(productVersions.id, versionId), eq(productVersions.tenantId, tenant)));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return forUse(row);
}

/** An approved version by its own id, however the product stands today: what a subscription is pinned to. 404 otherwise. */
export async function approvedVersion({ tx }: Ctx, versionId: string): Promise<VersionForUse> {
  const [row] = await tx.select().from(productVersions).where(and(eq(productVersions.id, versionId), eq(productVersions.status, 'approved')));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return forUse(row);
}

/** An approved version as it is offered to who subscribes to an older one. */
export interface NewerVersion extends VersionForUse { changelog: string; publishedAt: Date; /** How it did in its seller's checks, as far as everybody may know. */ checks: ReturnType<typeof publicScore> }

/** Approved versions of a product with a higher number, newest first, however the product stands today. */
export async function newerVersions({ tx }: Ctx, productId: string, number: number): Promise<NewerVersion[]> {
  const rows = await tx.select().from(productVersions).where(and(eq(productVersions.productId, productId), eq(productVersions.status, 'approved'), gt(productVersions.number, number)))
    .orderBy(desc(productVersions.number)).limit(NEWER_MAX);
  return rows.map((row) => ({ ...forUse(row), changelog: row.changelog, publishedAt: row.reviewedAt ?? row.createdAt, checks: publicScore(row.checks) }));
}

/** More versions than anybody reads the notes of. */
const NEWER_MAX = 30;

/** Number of the newest approved version of each product. */
export async function newestVersions({ tx }: Ctx, productIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (productIds.length === 0) return new Map();
  const rows = await tx.select({ productId: productVersions.productId, number: max(productVersions.number) }).from(productVersions)
    .where(and(inArray(productVersions.productId, [...productIds]), eq(productVersions.status, 'approved'))).groupBy(productVersions.productId);
  return new Map(rows.flatMap(({ productId, number }) => (number === null ? [] : [[productId, number]])));
}

/** The plans a version is sold with, in their order; none for a version that is not the one on sale. */
export async function plansOfVersion({ tx }: Ctx, versionId: string): Promise<{ id: string; terms: PlanTerms }[]> {
  return tx.select({ id: plans.id, terms: plans.terms }).from(plans).where(and(eq(plans.versionId, versionId), plans.active)).orderBy(asc(plans.position));
}

const forUse = (version: typeof productVersions.$inferSelect): VersionForUse => ({
  versionId: version.id, number: version.number, productId: version.productId, sellerId: version.tenantId, capabilities: version.capabilities,
  parameters: version.parameters, listing: version.listing, flowId: version.flowId, knowledgeBaseId: version.knowledgeBaseId, knowledgeUse: version.knowledgeUse,
});
