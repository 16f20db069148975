import type { Ctx } from '#platform/context.ts';

/** How often products were bought; filled by whoever keeps subscriptions. */
export interface Sales {
  /**
   * By product id: subscriptions that run now, and all that ever were. Products without any may be left out. Called in
   * an operator's transaction, because buyers' rows are theirs alone; only the numbers go to the seller.
   */
  of(ctx: Ctx, productIds: readonly string[]): Promise<ReadonlyMap<string, { active: number; ever: number }>>;
}
