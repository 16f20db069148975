import type { Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { releaseCharge, reserveCharge, settleCharge, type Charge } from '#modules/billing/index.ts';
import type { ChargedDocument, DocumentCharges } from '#modules/knowledge/ports.ts';
import { requireSubscription } from './load-subscription.ts';
import { problems } from './problems.ts';

/** What a document costs is on the rate card the subscription was bought with; fills the port of knowledge. */
export const documentCharges: DocumentCharges = {
  async reserve(process, document) {
    const price = await priceOf(process, document);
    const left = await process.asOperator('reserve the price of a document', async ({ tx }) => reserveCharge(tx, chargeOf(process, document), price));
    if (left === null) return;
    throw new Problem(problems['insufficient-credits'], `A document costs ${price} credits; ${left} are left. Top up to continue.`, { extra: { balance: Number(left), needed: Number(price) } });
  },
  async settle(process, document) {
    const price = await priceOf(process, document);
    const paid = await process.asOperator('take the price of a document', async ({ tx }) => settleCharge(tx, chargeOf(process, document), price));
    if (!paid) process.log.warn({ document: document.documentId }, 'a document was indexed after the credits for it were gone');
  },
  async release(process, document) {
    await process.asOperator('give back the price of a document', async ({ tx }) => releaseCharge(tx, chargeOf(process, document)));
  },
};

async function priceOf(process: Process, { subscriptionId }: ChargedDocument): Promise<bigint> {
  const { plan } = await process.run(async (ctx) => requireSubscription(ctx, subscriptionId));
  return BigInt(plan.rateCard.document);
}

const chargeOf = ({ tenant }: Process, { subscriptionId, documentId, attempt }: ChargedDocument): Charge =>
  ({ tenant, subscriptionId, reason: 'document', reference: attempt === 1 ? documentId : `${documentId}:${attempt}` });
