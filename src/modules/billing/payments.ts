import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { openCheckout, paymentPage, requireCheckout, type CheckoutRow } from './checkouts.ts';
import { CREDIT_PACKS, type billingEndpoints, type Checkout } from './contract.ts';
import { checkoutPaid } from './events.ts';
import { CREDIT, grant } from './ledger/ledger.ts';
import { activateOrder, openCheckoutFor } from './orders.ts';
import type { PaymentOutcome, PaymentProvider } from './ports.ts';
import { problems } from './problems.ts';
import { checkouts, orders } from './tables.ts';

type Endpoints = typeof billingEndpoints;

/**
 * Notes how an attempt to pay ended; the only way in for the sandbox and for every provider's webhook. A payment counts
 * once however often it is told. A failed attempt may be followed by another one; nothing undoes a payment.
 */
export async function recordPayment(ctx: Ctx, checkoutId: string, outcome: PaymentOutcome): Promise<CheckoutRow> {
  const { orderId } = await requireCheckout(ctx, checkoutId);
  // Order before checkout, as everywhere, so that cancelling and paying at the same time wait instead of deadlocking.
  if (orderId) await ctx.tx.select({ id: orders.id }).from(orders).where(eq(orders.id, orderId)).for('update');
  const checkout = await requireCheckout(ctx, checkoutId, 'update');
  if (checkout.state === 'paid') return checkout;
  if (!outcome.paid) {
    if (checkout.state === 'expired') return checkout;
    await ctx.tx.update(checkouts).set({ state: 'failed', failure: outcome.failure }).where(eq(checkouts.id, checkoutId));
  } else {
    // Money that arrives after the order was closed is recorded all the same; it is owed back (see settleCheckout).
    await ctx.tx.update(checkouts).set({ state: 'paid', failure: null, paidAt: ctx.now() }).where(eq(checkouts.id, checkoutId));
    await ctx.emit(checkoutPaid, { checkoutId });
  }
  return requireCheckout(ctx, checkoutId);
}

/** Delivers what a paid checkout pays for: credits, or an active order. Repeating changes nothing. */
export async function settleCheckout(ctx: Ctx, checkoutId: string): Promise<void> {
  const checkout = await requireCheckout(ctx, checkoutId);
  if (checkout.state !== 'paid') return;
  if (checkout.purpose === 'top-up') {
    await grant(ctx, { id: uuidFrom('top-up', checkoutId), unit: CREDIT, amount: BigInt(checkout.credits ?? 0), reason: 'top-up', reference: checkoutId });
  } else if (checkout.orderId && !(await activateOrder(ctx, checkout.orderId))) {
    ctx.log.error({ checkout: checkoutId, order: checkout.orderId }, 'a closed order was paid; the payment is to be refunded');
    await ctx.tx.update(checkouts).set({ details: { ...checkout.details, refund: 'due' } }).where(eq(checkouts.id, checkoutId));
  }
}

/** The endpoints that lead to a payment, for one provider (null where nobody collects money). */
export function paymentService(provider: PaymentProvider | null) {
  const name = provider?.name ?? null;
  return {
    /** `requestId` is the same for a repetition of the same request, which then finds the same checkout. */
    async topUp(process: Process, { body }: Input<Endpoints['topUp']>, requestId: string = uuidv7()): Promise<Checkout> {
      const pack = CREDIT_PACKS.find((one) => one.credits === body.credits);
      if (!pack) throw new Problem(kernel.invalid);
      const returnPath = body.return_path ?? `/organizations/${process.tenant}/orders/`;
      const checkoutId = await process.run(async (ctx) => {
        const id = await openCheckout(ctx, {
          id: requestId, provider: name, purpose: 'top-up', credits: pack.credits, amountMinor: BigInt(pack.amountMinor), currency: pack.currency, returnPath,
          description: `${pack.credits.toLocaleString('en')} credits`,
        });
        if ((await requireCheckout(ctx, id)).credits !== pack.credits) throw new Problem(problems['idempotency-key-reused']);
        return id;
      });
      return paymentPage(process, provider, checkoutId);
    },

    async getCheckout(process: Process, { params }: Input<Endpoints['getCheckout']>): Promise<Checkout> {
      return paymentPage(process, provider, params.checkoutId);
    },

    /** Leads back to the payment of a pending order: the one that is open, else a new one. */
    async payOrder(process: Process, { params }: Input<Endpoints['payOrder']>): Promise<Output<Endpoints['payOrder']>> {
      const checkoutId = await process.run(async (ctx) => {
        // Only the buyer can lock the row, so the seller finds nothing here.
        const [order] = await ctx.tx.select().from(orders).where(eq(orders.id, params.orderId)).for('update');
        if (!order) throw new Problem(kernel['not-found']);
        if (order.state !== 'pending') throw new Problem(problems['order-closed'], `This order is ${order.state}; there is nothing to pay.`);
        const [known] = await ctx.tx.select({ id: checkouts.id }).from(checkouts)
          .where(and(eq(checkouts.orderId, order.id), inArray(checkouts.state, ['open', 'failed', 'paid']), name === null ? sql`false` : eq(checkouts.provider, name)))
          .orderBy(desc(checkouts.createdAt)).limit(1);
        return known?.id ?? openCheckoutFor(ctx, order, name, `/organizations/${ctx.tenant}/agents/${order.subscriptionId}/`);
      });
      return paymentPage(process, provider, checkoutId);
    },

    /** Stands for the provider's own page. What follows a payment is done before the answer, so the buyer lands on it. */
    async paySandbox(process: Process, { params, body }: Input<Endpoints['paySandbox']>): Promise<Checkout> {
      const checkout = await process.run(async (ctx) => requireCheckout(ctx, params.checkoutId));
      if (!provider?.payWithTestCard || provider.name !== checkout.provider) throw new Problem(kernel['not-found'], 'This payment is not made here.');
      const outcome = provider.payWithTestCard(body.card);
      if (!outcome) {
        throw new Problem(problems['card-unknown'], 'No money moves here, so only test cards work. Use 4242 4242 4242 4242 for a payment that succeeds.', {
          issues: [{ path: 'card', message: 'use a test card, e.g. 4242 4242 4242 4242' }],
        });
      }
      const paid = await process.run(async (ctx) => {
        await refuseClosed(ctx, checkout);
        const recorded = await recordPayment(ctx, params.checkoutId, outcome);
        return recorded.state === 'paid';
      });
      if (paid) await process.run(async (ctx) => settleCheckout(ctx, params.checkoutId));
      return paymentPage(process, provider, params.checkoutId);
    },
  };
}

/** The sandbox takes no money for what cannot be delivered any more. Keeps it so until the transaction ends. */
async function refuseClosed(ctx: Ctx, { id, orderId }: CheckoutRow): Promise<void> {
  const [order] = orderId ? await ctx.tx.select().from(orders).where(eq(orders.id, orderId)).for('update') : [];
  const { state } = await requireCheckout(ctx, id, 'update');
  if (state === 'expired' || (order && order.state !== 'pending' && state !== 'paid')) {
    throw new Problem(problems['checkout-closed'], 'This payment is closed: its order was cancelled or has expired.');
  }
}
