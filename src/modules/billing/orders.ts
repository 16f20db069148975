import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { openCheckout } from './checkouts.ts';
import type { billingEndpoints, Order } from './contract.ts';
import { orderActivated, orderClosed } from './events.ts';
import { checkouts, orders } from './tables.ts';

type Endpoints = typeof billingEndpoints;
export type OrderRow = typeof orders.$inferSelect;

/** Newest orders a list shows. */
const ORDERS_SHOWN_MAX = 500;

/** A purchase as another module places it; the price was looked up on the server. */
export type NewOrder = Pick<OrderRow,
  'id' | 'productId' | 'versionId' | 'planId' | 'projectId' | 'subscriptionId' | 'productName' | 'planName' | 'buyerName' | 'cycle' | 'amountMinor' | 'currency' | 'placedBy'>
  & { /** The seller's organization. */ sellerId: string; /** Where the buyer goes after paying. */ returnPath: string };

/**
 * Writes the order into the open transaction. One that costs nothing is active at once; any other waits for its
 * checkout, whose page is opened after commit (`payOrder`).
 */
export async function placeOrder(ctx: Ctx, { sellerId, returnPath, ...order }: NewOrder, provider: string | null): Promise<'active' | 'pending'> {
  if (order.amountMinor === 0n) {
    await ctx.tx.insert(orders).values({ ...order, counterpartId: sellerId, state: 'active', activatedAt: ctx.now() });
    await ctx.emit(orderActivated, { orderId: order.id, subscriptionId: order.subscriptionId });
    return 'active';
  }
  const row = one(await ctx.tx.insert(orders).values({ ...order, counterpartId: sellerId }).returning());
  await openCheckoutFor(ctx, row, provider, returnPath);
  return 'pending';
}

/** A further attempt to pay a pending order. */
export async function openCheckoutFor(ctx: Ctx, order: OrderRow, provider: string | null, returnPath: string): Promise<string> {
  return openCheckout(ctx, {
    provider, purpose: 'order', orderId: order.id, amountMinor: order.amountMinor, currency: order.currency, recurring: order.cycle, returnPath,
    description: `${order.productName}, plan ${order.planName}${order.cycle === 'none' ? '' : `, ${order.cycle}`}`,
  });
}

/** Marks a paid order active, once. False when it was closed before the money came: that money is owed back. */
export async function activateOrder(ctx: Ctx, orderId: string): Promise<boolean> {
  const [activated] = await ctx.tx.update(orders).set({ state: 'active', activatedAt: ctx.now() })
    .where(and(eq(orders.id, orderId), eq(orders.state, 'pending'))).returning();
  if (activated) await ctx.emit(orderActivated, { orderId, subscriptionId: activated.subscriptionId });
  return activated ? true : (await requireOrder(ctx, orderId)).state === 'active';
}

/** Ends an order and what is open to pay of it. An unpaid order may expire; any may be cancelled. Repeating changes nothing. */
export async function closeOrder(ctx: Ctx, orderId: string, state: 'cancelled' | 'expired'): Promise<void> {
  const [order] = await ctx.tx.select().from(orders).where(eq(orders.id, orderId)).for('update');
  if (!order || order.state === 'cancelled' || order.state === 'expired') return;
  if (state === 'expired') {
    const paid = await ctx.tx.$count(checkouts, and(eq(checkouts.orderId, orderId), eq(checkouts.state, 'paid')));
    if (order.state !== 'pending' || paid > 0) return;
  }
  await ctx.tx.update(orders).set({ state, cancelledAt: ctx.now() }).where(eq(orders.id, orderId));
  await ctx.tx.update(checkouts).set({ state: 'expired' }).where(and(eq(checkouts.orderId, orderId), inArray(checkouts.state, ['open', 'failed'])));
  await ctx.emit(orderClosed, { orderId, subscriptionId: order.subscriptionId, state });
}

/** Orders the acting organization placed. */
export async function listOrders({ tx, tenant }: Ctx, { query }: Input<Endpoints['listOrders']>): Promise<Output<Endpoints['listOrders']>> {
  // Both parties see an order, so the side has to be named.
  const rows = await tx.select().from(orders).where(and(eq(orders.tenantId, tenant), query.state ? eq(orders.state, query.state) : undefined))
    .orderBy(desc(orders.createdAt), desc(orders.id)).limit(ORDERS_SHOWN_MAX);
  return { data: rows.map(presentOrder) };
}

/** Orders others placed for products of the acting organization. */
export async function listSales({ tx, tenant }: Ctx, { query }: Input<Endpoints['listSales']>): Promise<Output<Endpoints['listSales']>> {
  const rows = await tx.select().from(orders).where(and(eq(orders.counterpartId, tenant), query.state ? eq(orders.state, query.state) : ne(orders.state, 'expired')))
    .orderBy(desc(orders.createdAt), desc(orders.id)).limit(ORDERS_SHOWN_MAX);
  return { data: rows.map(presentOrder) };
}

export async function getOrder(ctx: Ctx, { params }: Input<Endpoints['getOrder']>): Promise<Order> {
  return presentOrder(await requireOrder(ctx, params.orderId));
}

/** An order the acting organization placed or received, or 404. */
export async function requireOrder({ tx }: Ctx, orderId: string): Promise<OrderRow> {
  const [row] = await tx.select().from(orders).where(eq(orders.id, orderId));
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

const presentOrder = (row: OrderRow): Order => ({
  id: row.id, product_id: row.productId, plan_id: row.planId, project_id: row.projectId, subscription_id: row.subscriptionId,
  product_name: row.productName, plan_name: row.planName, buyer_name: row.buyerName, state: row.state, cycle: row.cycle,
  amount_minor: Number(row.amountMinor), currency: row.currency, created_at: row.createdAt.toISOString(),
  activated_at: row.activatedAt?.toISOString() ?? null, cancelled_at: row.cancelledAt?.toISOString() ?? null,
});
