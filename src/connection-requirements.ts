import { draftForPreview } from '#modules/catalog/index.ts';
import type { RequiredConnection, RequirementSource } from '#modules/connections/ports.ts';
import { getFlow, type StoredFlow } from '#modules/flows/index.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';

/** What flows require, read from the product's draft (else its newest version) or from the subscription's copy. */
export const connectionRequirements: RequirementSource = {
  ofProduct: async (process, productId) => process.run(async (ctx) => {
    const { flowId } = await draftForPreview(ctx, productId);
    return requiredBy(await getFlow(ctx, flowId));
  }),
  ofSubscription: async (process, subscriptionId) => process.run(async (ctx) => {
    const { row } = await loadSubscription(ctx, subscriptionId);
    const required = row.flowId === null ? [] : requiredBy(await getFlow(ctx, row.flowId));
    return { required, productId: row.productId, sellerId: row.sellerId };
  }),
};

/** A file of operations names its connections freely and says beside it with what they are; elsewhere the key says it. */
const requiredBy = ({ definition, report }: StoredFlow): RequiredConnection[] => definition.requires.connections.map((key) => {
  const told = report?.connections.find((connection) => connection.key === key);
  return { key, connector: told?.connector ?? key.split(':', 1)[0] ?? '', title: told?.title ?? '' };
});
