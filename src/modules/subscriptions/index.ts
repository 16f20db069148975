import { and, eq } from 'drizzle-orm';
import type { Platform } from '#platform/context.ts';
import { on } from '#platform/events/event.ts';
import type { Serve } from '#platform/http/serve.ts';
import type { Module } from '#platform/module.ts';
import { orderActivated, orderClosed, requestId, type Billing } from '#modules/billing/index.ts';
import { configure, getConfiguration } from './configuration.ts';
import { subscriptionEndpoints } from './contract.ts';
import type { SubscriptionPorts } from './ports.ts';
import { createProvision, reconcile } from './provision.ts';
import { subscriptionService } from './service.ts';
import { createSubscribe } from './subscribe.ts';
import { subscriptions } from './tables.ts';
import { updateEndpoints } from './updates/contract.ts';
import { updateService } from './updates/service.ts';

export { documentCharges } from './document-charges.ts';
export { subscriptionCancelled, subscriptionChanged, subscriptionProvisioned } from './events.ts';
export { knowledgeOwners } from './knowledge-owners.ts';
export { loadSubscription, requireSubscription } from './load-subscription.ts';
export type { LoadedSubscription, SubscriptionRow } from './load-subscription.ts';
export { ensurePeriod } from './period.ts';
export type { Period } from './period.ts';
export { parametersSet, salesOf } from './sales.ts';
export { subscriptions } from './tables.ts';
export { proposeUpdate, requireOffer } from './updates/propose-update.ts';
export type { Proposal } from './updates/propose-update.ts';

export interface SubscriptionsOptions extends SubscriptionPorts {
  platform: Platform;
  billing: Billing;
  /** Name of an organization, read outside transactions. */
  organizationName(organizationId: string): Promise<string>;
}

const RECONCILE_EVERY_MS = 60_000;

export interface Subscriptions extends Module {
  /** Buys a plan as the acting person; see `createSubscribe`. */
  subscribe: ReturnType<typeof createSubscribe>;
}

/** What organizations have bought: provisioning, configuration, limits. */
export function subscriptionsModule({ platform, billing, organizationName, ...ports }: SubscriptionsOptions): Subscriptions {
  const provision = createProvision(ports);
  const subscribe = createSubscribe({ billing, provision, organizationName });
  const service = subscriptionService(ports);
  const updates = updateService(ports);
  let timer: NodeJS.Timeout | undefined;
  let reconciling = Promise.resolve();
  const sweep = () => {
    reconciling = reconcile(platform, provision).catch((error: unknown) => platform.log.error({ err: error }, 'provisioning sweep failed; trying again'));
  };

  return {
    name: 'subscriptions',
    subscribe,
    routes(serve: Serve) {
      serve.raw(subscriptionEndpoints.subscribe, async (process, input, { request, reply }) => {
        const placed = await subscribe(process, input, requestId(process, 'subscribe', request));
        await reply.code(201).send(subscriptionEndpoints.subscribe.response.parse(placed));
      });
      serve(subscriptionEndpoints.list, service.list);
      serve(subscriptionEndpoints.get, service.get);
      serve(subscriptionEndpoints.rename, service.rename);
      serve(subscriptionEndpoints.cancel, service.cancel);
      serve(subscriptionEndpoints.getConfiguration, getConfiguration);
      serve(subscriptionEndpoints.configure, configure);
      serve(subscriptionEndpoints.getEntitlements, service.getEntitlements);
      serve.process(subscriptionEndpoints.writeReview, service.writeReview);
      serve.process(updateEndpoints.get, updates.get);
      serve.process(updateEndpoints.accept, updates.accept);
      serve.process(updateEndpoints.postpone, updates.postpone);
      serve.process(updateEndpoints.rollBack, updates.rollBack);
    },
    events: [
      on(orderActivated, 'subscriptions.provision', async (process, { subscriptionId }) => provision(process, subscriptionId)),
      on(orderClosed, 'subscriptions.close', async (process, { subscriptionId, state }) => {
        await process.run(async ({ tx }) => {
          await tx.update(subscriptions).set({ state, cancelledAt: process.now() }).where(and(eq(subscriptions.id, subscriptionId), eq(subscriptions.state, 'pending')));
        });
      }),
    ],
    async start() {
      sweep();
      await reconciling;
      timer = setInterval(sweep, RECONCILE_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await reconciling;
    },
  };
}
