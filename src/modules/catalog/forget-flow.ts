import { eq } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { deleteFlow } from '#modules/flows/index.ts';
import { productVersions } from './tables.ts';

/** Deletes a flow that only the draft had. Returns the key of a file nobody has any more, to be removed after commit. */
export async function forgetFlow(ctx: Ctx, flowId: string): Promise<string | null> {
  const used = await ctx.tx.select({ id: productVersions.id }).from(productVersions).where(eq(productVersions.flowId, flowId)).limit(1);
  return used.length > 0 ? null : deleteFlow(ctx, flowId);
}
