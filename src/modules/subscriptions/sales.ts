import { count, inArray, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { subscriptions } from './tables.ts';

/** How often products were bought and are in use; fills the port `Sales` of the catalog. Needs operator work. */
export async function salesOf({ tx }: Ctx, productIds: readonly string[]): Promise<Map<string, { active: number; ever: number }>> {
  if (productIds.length === 0) return new Map();
  const rows = await tx.select({ productId: subscriptions.productId, active: sql`count(*) filter (where ${subscriptions.state} = 'active')`.mapWith(Number), ever: count() })
    .from(subscriptions).where(inArray(subscriptions.productId, [...productIds])).groupBy(subscriptions.productId);
  return new Map(rows.map(({ productId, active, ever }) => [productId, { active, ever }]));
}
