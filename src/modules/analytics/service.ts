import { and, count, desc, eq, getTableColumns, gte, inArray, sql } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { auditLog } from '#platform/audit/tables.ts';
import { exactTime, olderThan } from '#platform/db/time-order.ts';
import { writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { CREDIT, ledgerAccounts, orders } from '#modules/billing/index.ts';
import { products, productVersions } from '#modules/catalog/index.ts';
import { apiKeys } from '#modules/gateway/index.ts';
import { providers, type OrganizationFacts } from '#modules/identity/index.ts';
import { runs } from '#modules/runtime/index.ts';
import { loadSubscription, subscriptions } from '#modules/subscriptions/index.ts';
import { usageEvents } from '#modules/usage/index.ts';
import type { analyticsEndpoints } from './contract.ts';
import { periodOf, usageReport } from './usage-report.ts';

type Endpoints = typeof analyticsEndpoints;
const LISTED_MAX = 200;

/** One subscription, for its owner. */
export async function subscriptionUsage(ctx: Ctx, { params, query }: Input<Endpoints['subscriptionUsage']>): Promise<Output<Endpoints['subscriptionUsage']>> {
  const { subscriptionId } = params;
  await loadSubscription(ctx, subscriptionId);
  const report = await usageReport(ctx.tx, { usage: eq(usageEvents.subscriptionId, subscriptionId), runs: eq(runs.subscriptionId, subscriptionId) }, ctx.now(), query.days);
  const rows = await ctx.tx.select({
    key_id: usageEvents.keyId, name: sql<string | null>`max(${apiKeys.name})`,
    messages: sql<number>`coalesce(sum(${usageEvents.quantity}) filter (where ${usageEvents.metric} = 'messages'), 0)::int`, credits: sql<number>`coalesce(sum(${usageEvents.credits}), 0)::int`,
  }).from(usageEvents).leftJoin(apiKeys, eq(apiKeys.id, usageEvents.keyId))
    .where(and(eq(usageEvents.subscriptionId, subscriptionId), gte(usageEvents.occurredAt, periodOf(ctx.now(), query.days).from))).groupBy(usageEvents.keyId);
  return { ...report, by_key: rows.map((row) => ({ ...row, name: row.key_id === null ? 'Console' : row.name ?? 'Revoked key' })) };
}

/** Everything an organization uses. */
export async function organizationUsage(ctx: Ctx, { query }: Input<Endpoints['organizationUsage']>): Promise<Output<Endpoints['organizationUsage']>> {
  // The organization may also sell; what others used of its products is not its use.
  const own = eq(usageEvents.tenantId, ctx.tenant);
  const report = await usageReport(ctx.tx, { usage: own, runs: undefined }, ctx.now(), query.days);
  const rows = await ctx.tx.select({ subscription_id: subscriptions.id, name: subscriptions.name, ...sums }).from(subscriptions)
    .leftJoin(usageEvents, and(eq(usageEvents.subscriptionId, subscriptions.id), gte(usageEvents.occurredAt, periodOf(ctx.now(), query.days).from))).groupBy(subscriptions.id, subscriptions.name);
  return {
    ...report, by_key: [], by_product: rows,
    active_subscriptions: await ctx.tx.$count(subscriptions, eq(subscriptions.state, 'active')),
  };
}

const sums = {
  messages: sql<number>`coalesce(sum(${usageEvents.quantity}) filter (where ${usageEvents.metric} = 'messages'), 0)::int`,
  credits: sql<number>`coalesce(sum(${usageEvents.credits}), 0)::int`,
};

/** What buyers use of a seller's products: figures, never content. */
export async function providerUsage(process: Process, { query }: Input<Endpoints['providerUsage']>): Promise<Output<Endpoints['providerUsage']>> {
  const seller = process.tenant;
  const sold = await subscribersByProduct(process, seller);
  return process.run(async (ctx) => {
    const scope = eq(usageEvents.counterpartId, seller);
    const report = await usageReport(ctx.tx, { usage: scope, runs: null }, ctx.now(), query.days);
    const { from } = periodOf(ctx.now(), query.days);
    const rows = await ctx.tx.select({ product_id: products.id, name: products.name, ...sums }).from(products)
      .leftJoin(usageEvents, and(eq(usageEvents.productId, products.id), scope, gte(usageEvents.occurredAt, from))).where(eq(products.tenantId, seller)).groupBy(products.id, products.name);
    const [sales] = await ctx.tx.select({ orders: count(), revenue: sql<number>`coalesce(sum(${orders.amountMinor}), 0)::bigint::int` }).from(orders)
      .where(and(eq(orders.counterpartId, seller), eq(orders.state, 'active'), gte(orders.createdAt, from)));
    return {
      ...report, by_product: rows.map((row) => ({ ...row, subscribers: sold.get(row.product_id) ?? 0 })),
      subscribers: [...sold.values()].reduce((total, value) => total + value, 0), orders: sales?.orders ?? 0, revenue_minor: sales?.revenue ?? 0, currency: 'USD',
    };
  });
}

/** One product, for its seller. */
export async function productUsage(process: Process, { params, query }: Input<Endpoints['productUsage']>): Promise<Output<Endpoints['productUsage']>> {
  const seller = process.tenant;
  await process.run(async ({ tx }) => {
    const known = await tx.$count(products, and(eq(products.id, params.productId), eq(products.tenantId, seller)));
    if (known === 0) throw new Problem(kernel['not-found']);
  });
  const sold = await subscribersByProduct(process, seller);
  return process.run(async (ctx) => ({
    ...await usageReport(ctx.tx, { usage: and(eq(usageEvents.productId, params.productId), eq(usageEvents.counterpartId, seller)), runs: null }, ctx.now(), query.days),
    subscribers: sold.get(params.productId) ?? 0,
  }));
}

/** Active subscriptions of a seller's products. Subscriptions are the buyers' own rows; only their number leaves here. */
async function subscribersByProduct(process: Process, seller: string): Promise<Map<string, number>> {
  return process.asOperator('count subscribers for their seller', async ({ tx }) => {
    const rows = await tx.select({ productId: subscriptions.productId, subscribers: count() }).from(subscriptions)
      .where(and(eq(subscriptions.sellerId, seller), eq(subscriptions.state, 'active'))).groupBy(subscriptions.productId);
    return new Map(rows.map((row) => [row.productId, row.subscribers]));
  });
}

/** Organizations that bought, from the orders both sides see. */
export async function listCustomers({ tx, tenant }: Ctx): Promise<Output<Endpoints['listCustomers']>> {
  const rows = await tx.select().from(orders).where(and(eq(orders.counterpartId, tenant), inArray(orders.state, ['active', 'cancelled']))).orderBy(desc(orders.createdAt)).limit(2000);
  const used = new Map((await tx.select({ organization: usageEvents.tenantId, ...sums }).from(usageEvents).where(eq(usageEvents.counterpartId, tenant)).groupBy(usageEvents.tenantId)).map((row) => [row.organization, row]));
  const customers = Map.groupBy(rows, (row) => row.tenantId);
  return {
    data: [...customers].slice(0, LISTED_MAX).map(([organizationId, bought]) => ({
      organization_id: organizationId, name: bought[0]?.buyerName ?? '', products: bought.map((order) => ({ id: order.productId, name: order.productName, plan: order.planName, state: order.state })),
      messages: used.get(organizationId)?.messages ?? 0, credits: used.get(organizationId)?.credits ?? 0, since: (bought.at(-1)?.createdAt ?? new Date(0)).toISOString(),
    })),
  };
}

/** Reads who there is, behind row-level security; filled by identity. */
export type ReadOrganizations = (search: string | undefined, listedMax: number) => Promise<OrganizationFacts>;

/** The whole installation, for its operators. */
export async function operatorUsage(process: Process, read: ReadOrganizations, { query }: Input<Endpoints['operatorUsage']>): Promise<Output<Endpoints['operatorUsage']>> {
  const facts = await read(undefined, 0);
  return process.asOperator('operator: usage', async (ctx) => {
    const report = await usageReport(ctx.tx, { usage: undefined, runs: undefined }, ctx.now(), query.days);
    const { from } = periodOf(ctx.now(), query.days);
    const rows = await ctx.tx.select({ product_id: usageEvents.productId, name: sql<string>`coalesce(max(${products.name}), '')`, ...sums }).from(usageEvents)
      .leftJoin(products, eq(products.id, usageEvents.productId)).where(gte(usageEvents.occurredAt, from)).groupBy(usageEvents.productId).orderBy(sql`3 desc`).limit(LISTED_MAX);
    const [outstanding] = await ctx.tx.select({ credits: sql<string>`coalesce(sum(${ledgerAccounts.balance}), 0)` }).from(ledgerAccounts).where(and(eq(ledgerAccounts.kind, 'wallet'), eq(ledgerAccounts.unit, CREDIT)));
    return {
      ...report, organizations: facts.organizations, people: facts.people,
      products_listed: await ctx.tx.$count(products, and(eq(products.status, 'approved'), eq(products.listed, true))),
      reviews_waiting: await ctx.tx.$count(productVersions, eq(productVersions.status, 'pending_review')),
      subscriptions_active: await ctx.tx.$count(subscriptions, eq(subscriptions.state, 'active')),
      credits_outstanding: Number(outstanding?.credits ?? 0), by_product: rows,
    };
  });
}

/** Organizations, newest first. */
export async function listOrganizations(process: Process, read: ReadOrganizations, { query }: Input<Endpoints['listOrganizations']>): Promise<Output<Endpoints['listOrganizations']>> {
  const { list } = await read(query.search, LISTED_MAX);
  const ids = list.map((row) => row.id);
  if (ids.length === 0) return { data: [] };
  return process.asOperator('operator: organizations', async ({ tx }) => {
    const sellers = new Map((await tx.select({ tenant: providers.tenantId, name: providers.name }).from(providers).where(inArray(providers.tenantId, ids))).map((row) => [row.tenant, row.name]));
    const bought = new Map((await tx.select({ tenant: subscriptions.tenantId, n: count() }).from(subscriptions).where(and(inArray(subscriptions.tenantId, ids), eq(subscriptions.state, 'active'))).groupBy(subscriptions.tenantId)).map((row) => [row.tenant, row.n]));
    const wallets = new Map((await tx.select({ tenant: ledgerAccounts.tenantId, balance: ledgerAccounts.balance }).from(ledgerAccounts)
      .where(and(inArray(ledgerAccounts.tenantId, ids), eq(ledgerAccounts.kind, 'wallet'), eq(ledgerAccounts.unit, CREDIT)))).map((row) => [row.tenant, Number(row.balance)]));
    return { data: list.map((row) => ({ ...row, provider: sellers.get(row.id) ?? null, subscriptions: bought.get(row.id) ?? 0, credits: wallets.get(row.id) ?? 0 })) };
  });
}

/** What operators did, newest first. */
export async function auditTrail({ tx }: Ctx, { query }: Input<Endpoints['auditTrail']>): Promise<Output<Endpoints['auditTrail']>> {
  const rows = await tx.select({ ...getTableColumns(auditLog), at: exactTime(auditLog.createdAt) }).from(auditLog).where(olderThan(query.cursor, auditLog.createdAt, auditLog.id))
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id)).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    data: shown.map((row) => ({ id: row.id, at: row.createdAt.toISOString(), actor: row.actorEmail, action: row.action, subject: row.subject, details: row.details, request_id: row.requestId })),
    next_cursor: rows.length > query.limit && last ? writeCursor(last.at, last.id) : null,
  };
}
