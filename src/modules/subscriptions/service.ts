import { and, desc, eq, ne } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { closeOrder } from '#modules/billing/index.ts';
import { entitlements, type Entitlements } from '#modules/capabilities/index.ts';
import { writeReview } from '#modules/catalog/index.ts';
import type { Subscription, subscriptionEndpoints } from './contract.ts';
import { subscriptionCancelled, subscriptionChanged } from './events.ts';
import { requireSubscription } from './load-subscription.ts';
import type { SubscriptionPorts } from './ports.ts';
import { presentCards, presentSubscription } from './present.ts';
import { problems } from './problems.ts';
import { subscriptions } from './tables.ts';

type Endpoints = typeof subscriptionEndpoints;

/** Newest subscriptions a list shows. */
const SUBSCRIPTIONS_SHOWN_MAX = 500;

/** What an organization does with the subscriptions it has. */
export function subscriptionService(ports: Pick<SubscriptionPorts, 'usage' | 'facts' | 'sources'>) {
  return {
    /** All but those that were never paid. */
    async list(ctx: Ctx, { query }: Input<Endpoints['list']>): Promise<Output<Endpoints['list']>> {
      const rows = await ctx.tx.select().from(subscriptions).where(and(
        ne(subscriptions.state, 'expired'),
        query.category ? eq(subscriptions.category, query.category.slice(0, -1)) : undefined,
        query.project_id ? eq(subscriptions.projectId, query.project_id) : undefined,
      )).orderBy(desc(subscriptions.createdAt), desc(subscriptions.id)).limit(SUBSCRIPTIONS_SHOWN_MAX);
      return { data: await presentCards(ctx, rows, ports) };
    },

    async get(ctx: Ctx, { params }: Input<Endpoints['get']>): Promise<Subscription> {
      return presentSubscription(ctx, params.subscriptionId, ports);
    },

    async rename(ctx: Ctx, { params, body }: Input<Endpoints['rename']>): Promise<Subscription> {
      const row = await requireSubscription(ctx, params.subscriptionId, 'update');
      await ctx.tx.update(subscriptions).set({ name: body.name, updatedAt: ctx.now() }).where(eq(subscriptions.id, row.id));
      await ctx.emit(subscriptionChanged, { subscriptionId: row.id, revision: row.revision });
      return presentSubscription(ctx, row.id, ports);
    },

    /** Ends it at once: keys die with the event. What was made and said stays readable. Repeating changes nothing. */
    async cancel(ctx: Ctx, { params }: Input<Endpoints['cancel']>): Promise<Subscription> {
      const row = await requireSubscription(ctx, params.subscriptionId, 'update');
      if (row.state !== 'cancelled' && row.state !== 'expired') {
        await ctx.tx.update(subscriptions).set({ state: 'cancelled', cancelledAt: ctx.now(), updatedAt: ctx.now() }).where(eq(subscriptions.id, row.id));
        await closeOrder(ctx, row.orderId, 'cancelled');
        await ctx.emit(subscriptionCancelled, { subscriptionId: row.id });
      }
      return presentSubscription(ctx, row.id, ports);
    },

    async getEntitlements(ctx: Ctx, { params }: Input<Endpoints['getEntitlements']>): Promise<Entitlements> {
      const row = await requireSubscription(ctx, params.subscriptionId);
      return entitlements(row.capabilities, row.plan);
    },

    async writeReview(process: Process, { params, body }: Input<Endpoints['writeReview']>): Promise<void> {
      const { actor } = process;
      if (actor.kind !== 'user') throw new Problem(kernel.forbidden);
      const row = await process.run(async (ctx) => requireSubscription(ctx, params.subscriptionId));
      if (row.state !== 'active') throw new Problem(problems['review-needs-subscription']);
      await writeReview(process, { productId: row.productId, authorName: actor.name, ...body });
    },
  };
}
