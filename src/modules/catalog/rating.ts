import { count, eq, sql } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import { one, type Tx } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { problems } from './problems.ts';
import { cleanText } from './storable.ts';
import { products, reviews } from './tables.ts';

export interface NewReview { productId: string; authorName: string; /** 1 to 5. */ rating: number; text: string }

/**
 * Keeps the acting organization's one review of a product and counts the product's rating anew. The caller has made sure
 * that the organization subscribes. Nobody reviews their own product.
 */
export async function writeReview(process: Process, review: NewReview): Promise<void> {
  const { tenant } = process;
  const { productId, authorName, rating } = review;
  const text = cleanText(review.text);
  await process.asOperator('keep a review and its product’s rating', async ({ tx, now }) => {
    // The lock makes two reviews at the same time count one after the other.
    const [product] = await tx.select({ owner: products.tenantId }).from(products).where(eq(products.id, productId)).for('update');
    if (!product) throw new Problem(kernel['not-found'], 'There is no such product.');
    if (product.owner === tenant) throw new Problem(problems['own-product']);
    await tx.insert(reviews).values({ tenantId: tenant, productId, authorName, rating, text })
      .onConflictDoUpdate({ target: [reviews.productId, reviews.tenantId], set: { authorName, rating, text, updatedAt: now() } });
    const counted = one(await tx.select({ sum: sql`coalesce(sum(${reviews.rating}), 0)::int`.mapWith(Number), count: count() })
      .from(reviews).where(eq(reviews.productId, productId)));
    await tx.update(products).set({ ratingSum: counted.sum, ratingCount: counted.count }).where(eq(products.id, productId));
  });
}

/**
 * Adds to the numbers of runs that products show, by product id. Needs an operator's transaction: the products are the
 * sellers', the runs the buyers'. Locks in the order of ids, so that two replicas cannot block each other.
 */
export async function addRuns(tx: Tx, counts: ReadonlyMap<string, number>): Promise<void> {
  const ids = [...counts.keys()];
  if (ids.length === 0) return;
  await tx.execute(sql`
    with added as materialized (select * from unnest(${sql.param(ids)}::uuid[], ${sql.param([...counts.values()])}::bigint[]) as added(id, runs)),
      locked as materialized (select id from products where id in (select id from added) order by id for no key update)
    update products set run_count = products.run_count + added.runs from locked join added on added.id = locked.id where products.id = locked.id`);
}
