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

/** How many running subscriptions of a product have set each of these parameters of its flow. Needs operator work. */
export async function parametersSet({ tx }: Ctx, productId: string, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const { rows } = await tx.execute<{ name: string; subscriptions: string }>(sql`
    select key as name, count(*) as subscriptions from ${subscriptions}, jsonb_object_keys(case jsonb_typeof(configuration -> 'parameters') when 'object' then configuration -> 'parameters' else '{}' end) as key
    where product_id = ${productId} and state in ('active', 'suspended') and key = any(${sql.param([...names])}) group by key`);
  return new Map(rows.map(({ name, subscriptions: set }) => [name, Number(set)]));
}
