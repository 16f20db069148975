import type { Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { releaseCharge, reserveCharge, settleCharge, type Charge } from '#modules/billing/index.ts';
import type { ChargedDocument, DocumentCharges } from '#modules/knowledge/ports.ts';
import { requireSubscription } from './load-subscription.ts';
import { problems } from './problems.ts';

/** What a document costs is on the rate card the subscription was bought with; fills the port of knowledge. */
export const documentCharges: DocumentCharges = {
  async reserve(process, document) {
    const credits = await priceOf(process, document);
    const available = await process.asOperator('reserve the credits of a document', async ({ tx }) => reserveCharge(tx, chargeOf(process, document), credits));
    if (available !== null) {
      throw new Problem(problems['insufficient-credits'], `A document costs ${credits} credits and ${available} are left. Buy credits, then process it again.`, { extra: { available: Number(available) } });
    }
  },
  async settle(process, document) {
    const credits = await priceOf(process, document);
    const paid = await process.asOperator('charge a document', async ({ tx }) => settleCharge(tx, chargeOf(process, document), credits));
    if (!paid) process.log.warn({ document: document.documentId }, 'the credits reserved for a document were released and spent; it was processed without charge');
  },
  async release(process, document) {
    await process.asOperator('release the credits of a document', async ({ tx }) => releaseCharge(tx, chargeOf(process, document)));
  },
};

async function priceOf(process: Process, { subscriptionId }: ChargedDocument): Promise<bigint> {
  const { plan } = await process.run(async (ctx) => requireSubscription(ctx, subscriptionId));
  return BigInt(plan.rateCard.document);
}

const chargeOf = ({ tenant }: Process, { subscriptionId, documentId, attempt }: ChargedDocument): Charge =>
  ({ tenant, subscriptionId, reason: 'document', reference: `${documentId}:${attempt}` });
