import { eq } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { requireOrder, type Billing, type OrderRow } from '#modules/billing/index.ts';
import { defaultConfiguration } from '#modules/capabilities/index.ts';
import { activeVersion, productForPurchase } from '#modules/catalog/index.ts';
import type { PlanTerms } from '#modules/catalog/contract.ts';
import { requireProject } from '#modules/identity/index.ts';
import type { subscriptionEndpoints } from './contract.ts';
import { requireSubscription } from './load-subscription.ts';
import { addMonths } from './period.ts';
import { problems } from './problems.ts';
import type { Provision } from './provision.ts';
import { subscriptions } from './tables.ts';

type Subscribe = (typeof subscriptionEndpoints)['subscribe'];
type Order = Input<Subscribe>['body'];

/** `organizationName` is read outside transactions. */
export interface SubscribeOptions { billing: Billing; provision: Provision; organizationName(organizationId: string): Promise<string> }

/**
 * Buys a plan for a project. Price, capabilities and terms are those of the marketplace at this moment; the caller names
 * only what they want. `subscriptionId` is the same for a repetition of the same request, which then changes nothing.
 */
export function createSubscribe({ billing, provision, organizationName }: SubscribeOptions) {
  return async (process: Process, { body }: Input<Subscribe>, subscriptionId: string): Promise<Output<Subscribe>> => {
    const { actor } = process;
    if (actor.kind !== 'user') throw new Problem(kernel.forbidden);
    const buyerName = await organizationName(process.tenant);
    const orderId = uuidFrom('order-of', subscriptionId);
    const order = await process.run(async (ctx) => place(ctx, body, { subscriptionId, orderId, buyerName, placedBy: actor.userId }, billing));
    if (order === 'active') await tryProvision(process, provision, subscriptionId);
    const { state } = await process.run(async (ctx) => requireSubscription(ctx, subscriptionId));
    const checkout = order === 'pending' && state === 'pending' ? await billing.payOrder(process, orderId) : null;
    return { subscription_id: subscriptionId, order_id: orderId, state, checkout_id: checkout?.id ?? null, checkout_url: checkout?.url ?? null };
  };
}

interface Ids { subscriptionId: string; orderId: string; buyerName: string; placedBy: string }

/** Order and subscription in one transaction: neither exists without the other. */
async function place(ctx: Ctx, body: Order, { subscriptionId, orderId, buyerName, placedBy }: Ids, billing: Billing): Promise<OrderRow['state']> {
  const repeated = await alreadyPlaced(ctx, body, subscriptionId);
  if (repeated) return repeated;
  const project = await requireProject(ctx, body.project_id);
  if ((await activeVersion(ctx, body.product_id)).availability === 'coming') {
    throw new Problem(problems['product-coming'], 'This installation cannot run this product yet. It is shown as coming.');
  }
  const { plan, listing, ...version } = await productForPurchase(ctx, body.product_id, body.plan_id);
  const { amountMinor, cycle } = priceOf(plan.terms, body.cycle);
  const now = ctx.now();
  const made = await ctx.tx.insert(subscriptions).values({
    id: subscriptionId, projectId: project.id, productId: version.productId, versionId: version.versionId, versionNumber: version.number, planId: plan.id, orderId,
    sellerId: version.sellerId, name: listing.name, providerName: version.providerName, logo: listing.logo, category: version.capabilities.category,
    capabilities: version.capabilities, plan: plan.terms, configuration: defaultConfiguration(version.capabilities), cycle, periodStart: now, periodEnd: addMonths(now, 1),
  }).onConflictDoNothing().returning({ id: subscriptions.id });
  // The same request, a moment earlier, on another connection.
  if (made.length === 0) return await alreadyPlaced(ctx, body, subscriptionId) ?? 'pending';
  return billing.placeOrder(ctx, {
    id: orderId, sellerId: version.sellerId, productId: version.productId, versionId: version.versionId, planId: plan.id, projectId: project.id, subscriptionId,
    productName: listing.name, planName: plan.terms.name, buyerName, cycle, amountMinor, currency: plan.terms.currency, placedBy,
    returnPath: `/organizations/${ctx.tenant}/agents/${subscriptionId}/`,
  });
}

async function alreadyPlaced(ctx: Ctx, body: Order, subscriptionId: string): Promise<OrderRow['state'] | null> {
  const [row] = await ctx.tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
  if (!row) return null;
  if (row.productId !== body.product_id || row.planId !== body.plan_id || row.projectId !== body.project_id) throw new Problem(problems['request-repeated-differently']);
  return (await requireOrder(ctx, row.orderId)).state;
}

/** What a plan costs for a cycle, from the plan alone. What costs nothing has no cycle. */
function priceOf(terms: PlanTerms, cycle: 'monthly' | 'yearly'): { amountMinor: bigint; cycle: 'monthly' | 'yearly' | 'none' } {
  const free = terms.priceMonthlyMinor === 0 && (cycle === 'monthly' || terms.priceYearlyMinor === null);
  const price = free ? 0 : cycle === 'monthly' ? terms.priceMonthlyMinor : terms.priceYearlyMinor;
  if (price === null) throw new Problem(problems['cycle-not-offered'], `This plan has no ${cycle} price.`);
  return price === 0 ? { amountMinor: 0n, cycle: 'none' } : { amountMinor: BigInt(price), cycle };
}

/** Lets the buyer land on a product that is ready. A failure here is not theirs: the order's event tries again. */
async function tryProvision(process: Process, provision: Provision, subscriptionId: string): Promise<void> {
  await provision(process, subscriptionId)
    .catch((error: unknown) => process.log.error({ err: error, subscription: subscriptionId }, 'provisioning failed at first; the event tries again'));
}
