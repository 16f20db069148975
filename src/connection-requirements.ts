import { draftForPreview } from '#modules/catalog/index.ts';
import type { RequirementSource } from '#modules/connections/ports.ts';
import { getFlow } from '#modules/flows/index.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';

/** What flows require, read from the product's draft (else its newest version) or from the subscription's copy. */
export const connectionRequirements: RequirementSource = {
  ofProduct: async (process, productId) => process.run(async (ctx) => {
    const { flowId } = await draftForPreview(ctx, productId);
    return (await getFlow(ctx, flowId)).definition.requires.connections;
  }),
  ofSubscription: async (process, subscriptionId) => process.run(async (ctx) => {
    const { row } = await loadSubscription(ctx, subscriptionId);
    const keys = row.flowId === null ? [] : (await getFlow(ctx, row.flowId)).definition.requires.connections;
    return { keys, productId: row.productId, sellerId: row.sellerId };
  }),
};
