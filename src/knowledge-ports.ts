import type { Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { on } from '#platform/events/event.ts';
import type { Module } from '#platform/module.ts';
import { releaseCharge, reserveCharge, settleCharge, type Charge } from '#modules/billing/index.ts';
import { documentIndexed, type ChargedDocument, type DocumentCharges, type KnowledgeOwners } from '#modules/knowledge/index.ts';
import { problems } from '#modules/runtime/index.ts';
import { loadSubscription, requireSubscription } from '#modules/subscriptions/index.ts';
import { recordUsage } from '#modules/usage/index.ts';

/** Subscriptions as knowledge sees them. */
export const knowledgeOwners: KnowledgeOwners = {
  async forSubscription(ctx, subscriptionId) {
    const { row, entitlements, configuration } = await loadSubscription(ctx, subscriptionId);
    return { subscriptionId, knowledgeBaseId: row.knowledgeBaseId, entitlements, rag: configuration.rag };
  },
};

const chargeFor = ({ tenant }: Process, { subscriptionId, documentId, attempt }: ChargedDocument): Charge =>
  ({ tenant, subscriptionId, reason: 'document', reference: attempt === 1 ? documentId : `${documentId}:${attempt}` });

const priceOf = async (process: Process, { subscriptionId }: ChargedDocument): Promise<bigint> =>
  BigInt((await process.run(async (ctx) => requireSubscription(ctx, subscriptionId))).plan.rateCard.document);

/** Documents cost what the plan's rate card says. */
export const documentCharges: DocumentCharges = {
  async reserve(process, document) {
    const price = await priceOf(process, document);
    const left = await process.asOperator('reserve the price of a document', async ({ tx }) => reserveCharge(tx, chargeFor(process, document), price));
    if (left === null) return;
    throw new Problem(problems['insufficient-credits'], `A document costs ${price} credits; ${left} are left. Top up to continue.`, { extra: { balance: Number(left), needed: Number(price) } });
  },
  async settle(process, document) {
    const price = await priceOf(process, document);
    const paid = await process.asOperator('take the price of a document', async ({ tx }) => settleCharge(tx, chargeFor(process, document), price));
    if (!paid) process.log.warn({ document: document.documentId }, 'a document was indexed after the credits for it were gone');
  },
  async release(process, document) {
    await process.asOperator('give back the price of a document', async ({ tx }) => releaseCharge(tx, chargeFor(process, document)));
  },
};

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
