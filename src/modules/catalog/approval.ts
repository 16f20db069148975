import { and, eq, ne } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { sqlState } from '#platform/db/database.ts';
import { Problem } from '#platform/http/problem.ts';
import type { PlanTerms } from './contract.ts';
import type { VersionRow } from './drafts.ts';
import { productApproved } from './events.ts';
import { problems } from './problems.ts';
import type { ProductRow } from './seller-products.ts';
import { plans, products, productVersions } from './tables.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Makes a version the one buyers get: its plans replace those of the versions before, which running subscriptions keep;
 * its listing is what the marketplace shows. 409 `slug-taken` when another product got the address first.
 */
export async function makeActive(ctx: Ctx, product: ProductRow, version: VersionRow, reviewedBy: string | null): Promise<void> {
  const { tx, now } = ctx;
  const { listing } = version;
  await tx.update(productVersions).set({ status: 'approved', reviewedAt: now(), reviewedBy, rejectionReason: null }).where(eq(productVersions.id, version.id));
  await tx.update(plans).set({ active: false }).where(and(eq(plans.productId, product.id), ne(plans.versionId, version.id)));
  await tx.insert(plans).values(version.plans.map((terms, position) => ({ tenantId: product.tenantId, productId: product.id, versionId: version.id, terms, position })));
  try {
    await tx.update(products).set({
      status: 'approved', activeVersionId: version.id, updatedAt: now(), publishedAt: product.publishedAt ?? now(),
      ...(version.listOnApproval ? { listed: true } : {}),
      category: version.capabilities.category, subcategory: version.capabilities.subcategory[version.capabilities.category] ?? '',
      slug: listing.slug, name: listing.name, summary: listing.summary, description: listing.description, logo: listing.logo,
      screenshots: listing.screenshots, tags: listing.tags, departments: listing.departments, ...pricesOf(version.plans),
    }).where(eq(products.id, product.id));
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) throw new Problem(problems['slug-taken'], `Another product already has the address "${listing.slug}".`);
    throw error;
  }
  await ctx.emit(productApproved, { productId: product.id, versionId: version.id, organizationId: product.tenantId, name: listing.name, first: product.activeVersionId === null });
}

/** What a card says about the price: the plan with the lowest monthly price. */
function pricesOf(terms: readonly PlanTerms[]) {
  const priced = terms.filter((plan) => plan.priceMonthlyMinor !== null).toSorted((a, b) => Number(a.priceMonthlyMinor) - Number(b.priceMonthlyMinor));
  const [cheapest] = priced.length > 0 ? priced : terms;
  return {
    priceFromMinor: priced[0]?.priceMonthlyMinor ?? null,
    creditsPerMessage: cheapest && cheapest.rateCard.message > 0 ? cheapest.rateCard.message : null,
    currency: cheapest?.currency ?? 'USD',
  };
}
