import type { KnowledgeOwners } from '#modules/knowledge/ports.ts';
import { loadSubscription } from './load-subscription.ts';

/** The subscription a knowledge base serves; fills the port of knowledge. */
export const knowledgeOwners: KnowledgeOwners = {
  async forSubscription(ctx, subscriptionId) {
    const { row, configuration, entitlements } = await loadSubscription(ctx, subscriptionId);
    return { subscriptionId, name: row.name, knowledgeBaseId: row.knowledgeBaseId, entitlements, rag: configuration.rag };
  },
};
