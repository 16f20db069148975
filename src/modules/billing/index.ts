import type { Ctx, Platform, Process } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { on } from '#platform/events/event.ts';
import type { Serve } from '#platform/http/serve.ts';
import type { Module } from '#platform/module.ts';
import { systemProcess } from '#platform/process.ts';
import { organizationCreated } from '#modules/identity/index.ts';
import { billingEndpoints, type Checkout } from './contract.ts';
import { checkoutPaid } from './events.ts';
import { requestId } from './idempotency-key.ts';
import { CREDIT, grant } from './ledger/ledger.ts';
import { getOrder, listOrders, listSales, placeOrder, type NewOrder } from './orders.ts';
import { paymentService, settleCheckout } from './payments.ts';
import type { PaymentProvider } from './ports.ts';
import { sweepBilling } from './sweep.ts';
import { getWallet, listTransfers } from './wallet.ts';

export { releaseCharge, reserveCharge, settleCharge } from './charges.ts';
export type { Charge } from './charges.ts';
export { orderActivated, orderClosed } from './events.ts';
export { requestId } from './idempotency-key.ts';
export { accountId, CREDIT, endAll, grant, holdAll, ledgerDifferences, messageQuota, releaseStale, withdraw } from './ledger/ledger.ts';
export type { HoldEnd, HoldPart, HoldRequest, HoldResult, Posting } from './ledger/ledger.ts';
export { closeOrder, requireOrder } from './orders.ts';
export type { NewOrder, OrderRow } from './orders.ts';
export { recordPayment } from './payments.ts';
export { resetQuota } from './quota.ts';
export { ledgerAccounts, orders } from './tables.ts';
export { getWallet } from './wallet.ts';

/** What every new organization starts with. */
export const WELCOME_CREDITS = 1_000n;

const SWEEP_EVERY_MS = 60_000;

export interface BillingOptions {
  platform: Platform;
  /** Who collects money; null where nobody does, and then only what is free can be bought. */
  payments: PaymentProvider | null;
}

/** Credits, orders and payments. */
export interface Billing extends Module {
  /** Writes an order into the open transaction; see `placeOrder` in orders.ts. */
  placeOrder(ctx: Ctx, order: NewOrder): Promise<'active' | 'pending'>;
  /** After that transaction: where a pending order is paid. Repeating finds the same payment. */
  payOrder(process: Process, orderId: string): Promise<Checkout>;
}

export function billingModule({ platform, payments }: BillingOptions): Billing {
  const service = paymentService(payments);
  let timer: NodeJS.Timeout | undefined;
  let sweeping = Promise.resolve();
  const sweep = () => {
    sweeping = sweepBilling(systemProcess(platform, 'billing sweep'))
      .catch((error: unknown) => platform.log.error({ err: error }, 'billing sweep failed; trying again'));
  };

  return {
    name: 'billing',
    placeOrder: async (ctx, order) => placeOrder(ctx, order, payments?.name ?? null),
    payOrder: async (process, orderId) => service.payOrder(process, { params: { orderId } }),
    routes(serve: Serve) {
      serve(billingEndpoints.getWallet, getWallet);
      serve(billingEndpoints.listTransfers, listTransfers);
      serve(billingEndpoints.listOrders, listOrders);
      serve(billingEndpoints.listSales, listSales);
      serve(billingEndpoints.getOrder, getOrder);
      serve.raw(billingEndpoints.topUp, async (process, input, { request, reply }) => {
        const checkout = await service.topUp(process, input, requestId(process, 'top-up', request));
        await reply.code(201).send(billingEndpoints.topUp.response.parse(checkout));
      });
      serve.process(billingEndpoints.payOrder, service.payOrder);
      serve.process(billingEndpoints.getCheckout, service.getCheckout);
      serve.process(billingEndpoints.paySandbox, service.paySandbox);
    },
    events: [
      on(organizationCreated, 'billing.welcome', async (process, { organizationId }) => {
        await process.asTenant(organizationId, async (ctx) => grant(ctx, {
          id: uuidFrom('welcome-credits', organizationId), unit: CREDIT, amount: WELCOME_CREDITS, reason: 'grant', reference: 'welcome',
        }));
      }),
      on(checkoutPaid, 'billing.settle-checkout', async (process, { checkoutId }) => {
        await process.run(async (ctx) => settleCheckout(ctx, checkoutId));
      }),
    ],
    async start() {
      sweep();
      await sweeping;
      timer = setInterval(sweep, SWEEP_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
