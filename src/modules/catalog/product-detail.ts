import { asc, count, desc, eq, or } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { isUuid } from '#platform/crypto/ids.ts';
import { one, type Tx } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { presentCard, selectCards } from './cards.ts';
import { publicScore } from './checks/public-score.ts';
import type { marketplaceEndpoints } from './contract.ts';
import { cleanText } from './storable.ts';
import { plans, products, productVersions, reviews } from './tables.ts';

type Endpoints = typeof marketplaceEndpoints;

const REVIEWS_MAX = 100;

/** A product of the marketplace, by id or by the last part of its address. */
export async function getProduct({ tx }: Ctx, { params }: Input<Endpoints['getProduct']>): Promise<Output<Endpoints['getProduct']>> {
  const key = cleanText(params.productId).toLowerCase();
  const [row] = await selectCards(tx, {}).where(or(eq(products.slug, key), isUuid(key) ? eq(products.id, key) : undefined)).limit(1);
  if (!row) throw new Problem(kernel['not-found'], 'There is no such product.');
  const { version } = one(await tx.select({ version: productVersions }).from(productVersions)
    .innerJoin(products, eq(products.activeVersionId, productVersions.id)).where(eq(products.id, row.id)));
  const { listing } = version;
  const offered = await tx.select({ id: plans.id, terms: plans.terms, position: plans.position }).from(plans).where(eq(plans.versionId, version.id)).orderBy(asc(plans.position));
  const history = await tx.select({ number: productVersions.number, changelog: productVersions.changelog, reviewedAt: productVersions.reviewedAt, createdAt: productVersions.createdAt })
    .from(productVersions).where(eq(productVersions.productId, row.id)).orderBy(desc(productVersions.number));
  return {
    ...presentCard(row),
    description: listing.description, screenshots: listing.screenshots, video_url: listing.videoUrl, docs_url: listing.docsUrl, departments: listing.departments,
    capabilities: version.capabilities, plans: offered, version: version.number, changelog: version.changelog, parameters: version.parameters,
    suggested_prompts: listing.suggestedPrompts, welcome_message: listing.welcomeMessage,
    rating_split: await ratingSplit(tx, row.id),
    checks: publicScore(version.checks),
    versions: history.map(({ number, changelog, reviewedAt, createdAt }) => ({ number, changelog, published_at: (reviewedAt ?? createdAt).toISOString() })),
  };
}

/** How many gave one star, two, up to five. */
async function ratingSplit(tx: Tx, productId: string): Promise<number[]> {
  const rows = await tx.select({ rating: reviews.rating, count: count() }).from(reviews).where(eq(reviews.productId, productId)).groupBy(reviews.rating);
  return [1, 2, 3, 4, 5].map((stars) => rows.find((row) => row.rating === stars)?.count ?? 0);
}

/** The newest reviews of a listed product; `viewer` is the organization whose own review is marked, if any. */
export async function listReviews({ tx }: Ctx, productId: string, viewer: string | null): Promise<Output<Endpoints['listReviews']>> {
  const listed = await tx.select({ id: products.id }).from(products).where(eq(products.id, productId));
  if (listed.length === 0) throw new Problem(kernel['not-found'], 'There is no such product.');
  const rows = await tx.select().from(reviews).where(eq(reviews.productId, productId)).orderBy(desc(reviews.updatedAt)).limit(REVIEWS_MAX);
  return {
    data: rows.map((row) => (
      { id: row.id, author: row.authorName, rating: row.rating, text: row.text, mine: row.tenantId === viewer, updated_at: row.updatedAt.toISOString() })),
  };
}
