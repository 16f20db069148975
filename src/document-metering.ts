import { on } from '#platform/events/event.ts';
import type { Module } from '#platform/module.ts';
import { documentIndexed } from '#modules/knowledge/index.ts';
import { requireSubscription } from '#modules/subscriptions/index.ts';
import { recordUsage } from '#modules/usage/index.ts';

/** Counts indexed documents as usage. */
export const documentMetering: Module = {
  name: 'document-metering',
  events: [
    on(documentIndexed, 'usage.documents', async (process, { subscriptionId, documentId, attempt, charged }) => {
      if (subscriptionId === null || !charged) return;
      const { sellerId, productId, plan } = await process.run(async (ctx) => requireSubscription(ctx, subscriptionId));
      await process.asOperator('record usage of documents', async ({ tx, now }) => recordUsage(tx, [{
        tenant: process.tenant, sellerId, subscriptionId, productId, keyId: null, metric: 'documents', quantity: 1, credits: plan.rateCard.document,
        reference: `${documentId}:${attempt}`, channel: 'knowledge', occurredAt: now(),
      }]));
    }),
  ],
};
