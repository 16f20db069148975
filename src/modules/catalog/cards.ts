import { eq, sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#platform/db/database.ts';
import { Category } from '#modules/capabilities/contract.ts';
import { providers } from '#modules/identity/index.ts';
import { slugOfCategory } from './categories.ts';
import type { ProductCard } from './contract.ts';
import { products, productVersions } from './tables.ts';

/** Columns of a card; without the description and the search column, which are long. */
const CARD = {
  id: products.id, slug: products.slug, name: products.name, summary: products.summary, category: products.category, subcategory: products.subcategory,
  logo: products.logo, providerId: providers.id, providerName: providers.name, verified: providers.verified,
  creditsPerMessage: products.creditsPerMessage, priceFromMinor: products.priceFromMinor, currency: products.currency, runCount: products.runCount,
  ratingSum: products.ratingSum, ratingCount: products.ratingCount, tags: products.tags, availability: products.availability, featured: products.featured,
  publishedAt: products.publishedAt,
  hasChat: sql<boolean>`coalesce((${productVersions.capabilities} #>> '{interfaces,chat,enabled}')::boolean, false)`.as('has_chat'),
};

/** Products with what a card shows, to be narrowed and ordered. */
export const selectCards = <Extra extends Record<string, SQL.Aliased>>(tx: Tx, extra: Extra) => tx.select({ ...CARD, ...extra }).from(products)
  .innerJoin(providers, eq(providers.id, products.providerId))
  .innerJoin(productVersions, eq(productVersions.id, products.activeVersionId));

type CardRow = Awaited<ReturnType<ReturnType<typeof selectCards<Record<never, never>>>['execute']>>[number];

export function presentCard(row: CardRow): ProductCard {
  const category = Category.parse(row.category);
  return {
    id: row.id, slug: row.slug, name: row.name, summary: row.summary, category, category_slug: slugOfCategory(category), subcategory: row.subcategory,
    logo: row.logo, provider: { id: row.providerId, name: row.providerName, verified: row.verified },
    credits_per_message: row.creditsPerMessage, price_from_minor: row.priceFromMinor, currency: row.currency,
    runs: row.runCount, rating: averageRating(row), ratings: row.ratingCount, tags: row.tags,
    availability: row.availability, can_try: row.availability === 'available' && row.hasChat, featured: row.featured,
    published_at: row.publishedAt?.toISOString() ?? null,
  };
}

/** Stars to one decimal; null without any rating. */
export const averageRating = ({ ratingSum, ratingCount }: { ratingSum: number; ratingCount: number }): number | null =>
  ratingCount === 0 ? null : Math.round((10 * ratingSum) / ratingCount) / 10;
