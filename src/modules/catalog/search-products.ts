import { and, count, desc, eq, gt, gte, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one, type Tx } from '#platform/db/database.ts';
import { presentCard, selectCards } from './cards.ts';
import { categoryNamed } from './categories.ts';
import type { marketplaceEndpoints } from './contract.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { cleanText } from './storable.ts';
import { products } from './tables.ts';

type Search = typeof marketplaceEndpoints.searchProducts;
type Query = Input<Search>['query'];

/** How alike a misspelt word must be to one of the product's, from 0 to 1 (pg_trgm). */
const ALIKE_MIN = 0.4;
const FACETS_MAX = 30;

/** Products in the marketplace by words, filters and order. Counts and facets cover everything that fits, not the page. */
export async function searchProducts({ tx }: Ctx, { query }: Input<Search>): Promise<Output<Search>> {
  const words = await wordsOf(tx, query.search);
  const general = and(words?.matches, query.category === undefined ? undefined : eq(products.category, categoryNamed(query.category)), priceFilter(query));
  const filter = and(general, query.subcategory === undefined ? undefined : eq(products.subcategory, cleanText(query.subcategory)), query.tag === undefined ? undefined : hasTag(cleanText(query.tag)));
  const order = orderOf(query, words);
  const rows = await selectCards(tx, { fit: order.fit.as('fit'), key: sql`${order.key}::text`.as('key') })
    .where(and(filter, query.cursor === undefined ? undefined : order.after(query.cursor))).orderBy(...order.by).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    data: shown.map(presentCard),
    next_cursor: rows.length > query.limit && last ? encodeCursor(order.name, { fit: Number(last.fit), key: String(last.key), id: last.id }) : null,
    total: one(await tx.select({ count: count() }).from(products).where(filter)).count,
    facets: { subcategories: await subcategories(tx, general), tags: await tags(tx, general) },
  };
}

/** `fit` says from 0 to 3 how well a product fits. */
interface Words { matches: SQL; fit: SQL }

/**
 * Full text, and the words as they are (parts of words, scripts without word borders). Only where neither finds
 * anything, words that look alike: then somebody mistyped.
 */
async function wordsOf(tx: Tx, search: string | undefined): Promise<Words | null> {
  const text = cleanText(search ?? '').trim();
  if (text === '') return null;
  const terms = sql`websearch_to_tsquery('english'::regconfig, ${text}::text)`;
  const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const found = sql`(${products.search} @@ ${terms} or ${products.name} ilike ${part} or ${products.summary} ilike ${part})`;
  const inName = sql`(${products.name} ilike ${part} or to_tsvector('english'::regconfig, ${products.name}) @@ ${terms})`;
  const [any] = await tx.select({ id: products.id }).from(products).where(found).limit(1);
  if (any) return { matches: found, fit: sql`(case when ${products.name} ilike ${part.slice(1)} then 3 when ${inName} then 2 else 1 end)` };
  const alike = sql`word_similarity(${text}::text, ${products.name} || ' ' || ${products.summary} || ' ' || ${products.tags}::text)`;
  return { matches: gte(alike, ALIKE_MIN), fit: sql`(${alike} * 3)::int` };
}

const hasTag = (tag: string): SQL | undefined => {
  const list = JSON.stringify([tag]);
  return or(sql`${products.tags} @> ${list}::jsonb`, sql`${products.departments} @> ${list}::jsonb`);
};

const priceFilter = ({ price, price_max_minor: most }: Query): SQL | undefined => and(
  price === 'free' ? eq(products.priceFromMinor, 0) : price === 'paid' ? gt(products.priceFromMinor, 0) : undefined,
  most === undefined ? undefined : lte(products.priceFromMinor, most),
);

/** Sort keys; each order ends with the id, so that no product is shown twice or left out between pages. */
const ORDERS: Record<Query['sort'], { key: SQL; type: 'bigint' | 'text'; ascending: boolean }> = {
  popular: { key: sql`${products.runCount}`, type: 'bigint', ascending: false },
  newest: { key: sql`(extract(epoch from coalesce(${products.publishedAt}, ${products.createdAt})) * 1000000)::bigint`, type: 'bigint', ascending: false },
  // Five imagined ratings of three stars keep one enthusiastic friend from leading the list.
  rating: { key: sql`((${products.ratingSum} + 15) * 10000 / (${products.ratingCount} + 5))`, type: 'bigint', ascending: false },
  price: { key: sql`coalesce(${products.priceFromMinor}, 1000000000000)`, type: 'bigint', ascending: true },
  name: { key: sql`lower(${products.name})`, type: 'text', ascending: true },
};

/** Where somebody searches and asks for no other order, what fits better comes first. */
function orderOf({ sort }: Query, words: Words | null) {
  const { key, type, ascending } = ORDERS[sort];
  const fit = sort === 'popular' && words ? words.fit : sql`0`;
  const name = `${sort}${words ? '+words' : ''}`;
  return {
    name, fit, key,
    by: [...(sort === 'popular' && words ? [desc(fit)] : []), ascending ? sql`${key} asc` : sql`${key} desc`, ascending ? sql`${products.id} asc` : sql`${products.id} desc`],
    after(cursor: string): SQL {
      const last = decodeCursor(name, cursor);
      const end = type === 'bigint' ? sql`${wholeNumber(last.key)}::bigint` : sql`${cleanText(last.key)}::text`;
      const position = sql`(${last.fit}::int, ${end}, ${last.id}::uuid)`;
      return ascending ? sql`(${fit}, ${key}, ${products.id}) > ${position}` : sql`(${fit}, ${key}, ${products.id}) < ${position}`;
    },
  };
}

/** A cursor is made by us but sent by anybody: what is no number counts as the lowest. */
const wholeNumber = (text: string): string => (/^\d{1,18}$/.test(text) ? text : '0');

async function subcategories(tx: Tx, filter: SQL | undefined): Promise<{ value: string; count: number }[]> {
  return tx.select({ value: products.subcategory, count: count() }).from(products).where(filter)
    .groupBy(products.subcategory).orderBy(desc(count()), products.subcategory).limit(FACETS_MAX);
}

async function tags(tx: Tx, filter: SQL | undefined): Promise<{ value: string; count: number }[]> {
  const tag = sql<string>`jsonb_array_elements_text(${products.tags})`;
  const each = tx.select({ value: tag.as('value') }).from(products).where(filter).as('each');
  return tx.select({ value: each.value, count: count() }).from(each).groupBy(each.value).orderBy(desc(count()), each.value).limit(FACETS_MAX);
}
