import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Ctx, Platform, Process } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { orders, requireOrder } from '#modules/billing/index.ts';
import { effectiveConfiguration, entitlements } from '#modules/capabilities/index.ts';
import { approvedVersion, type VersionForUse } from '#modules/catalog/index.ts';
import { copyFlow, getFlow } from '#modules/flows/index.ts';
import { embeddingName } from '#modules/models/contract.ts';
import { subscriptionProvisioned } from './events.ts';
import { requireSubscription, type SubscriptionRow } from './load-subscription.ts';
import { addMonths, grantQuota } from './period.ts';
import type { KnowledgeProvisioner, SubscriptionPorts } from './ports.ts';
import { subscriptions } from './tables.ts';

export type Provision = (process: Process, subscriptionId: string) => Promise<void>;

/**
 * Makes the buyer's own copy of what was bought: flow, knowledge base, messages of the plan, key. Runs when the order is
 * paid or free. Ids follow from the subscription's, so that it may be repeated after a crash at any point, and several
 * at once end with one copy.
 */
export function createProvision({ knowledge, keys }: Pick<SubscriptionPorts, 'knowledge' | 'keys'>): Provision {
  return async (process, subscriptionId) => {
    const due = await process.run(async (ctx) => readDue(ctx, subscriptionId));
    if (!due) return;
    const { row, version } = due;

    const flowId = uuidFrom('flow-of', subscriptionId);
    await process.asOperator('copy a bought flow to its buyer', async (ctx) => {
      const { tenantId } = await getFlow(ctx, version.flowId);
      if (tenantId !== version.sellerId) throw new Error('a version names a flow that is not its seller’s');
      await copyFlow(ctx, version.flowId, process.tenant, flowId);
    });

    const wanted = entitlements(row.capabilities, row.plan).features.knowledge;
    const knowledgeBaseId = wanted && knowledge ? await createKnowledge(process, knowledge, row, version) : null;

    await process.run(async (ctx) => {
      // Decided under the lock: somebody may have cancelled, or done the same, in the meantime.
      const current = await requireSubscription(ctx, subscriptionId, 'update');
      if (!isDue(current)) return;
      const now = ctx.now();
      await ctx.tx.update(subscriptions).set({
        flowId, knowledgeBaseId, runtimeEndpoint: `/v1/agents/${subscriptionId}/chat`, state: 'active', provisionedAt: now,
        periodStart: now, periodEnd: addMonths(now, 1), updatedAt: now,
      }).where(eq(subscriptions.id, subscriptionId));
      await grantQuota(ctx, current, now);
      await keys?.ensurePublishable(ctx, subscriptionId);
      await ctx.emit(subscriptionProvisioned, { subscriptionId, productId: current.productId });
    });
  };
}

/** The knowledge base of a subscription, with a copy of what the version ships. Repeating it finds what was made. */
export async function createKnowledge(
  process: Process, knowledge: KnowledgeProvisioner, row: Pick<SubscriptionRow, 'id' | 'name' | 'capabilities' | 'configuration'>, version: Pick<VersionForUse, 'knowledgeBaseId' | 'knowledgeUse' | 'sellerId'>,
): Promise<string> {
  return knowledge.create(process, {
    subscriptionId: row.id, name: row.name, settings: settingsOf(row),
    copyFrom: version.knowledgeBaseId && version.knowledgeUse === 'product' ? { tenant: version.sellerId, knowledgeBaseId: version.knowledgeBaseId } : null,
  });
}

/** Orders this old whose subscription is not ready were given up by their event: a crash, or a fault that lasted. */
const OVERDUE_MS = 20_000;
const BATCH = 50;

/** Provisions what was paid for and is not ready. One that fails again does not keep the others waiting. */
export async function reconcile(platform: Platform, provision: Provision): Promise<void> {
  const system = systemProcess(platform, 'provisioning sweep');
  const before = new Date(system.now().getTime() - OVERDUE_MS);
  const overdue = await system.asOperator('find paid orders that are not provisioned', async ({ tx }) =>
    tx.select({ id: subscriptions.id, tenant: subscriptions.tenantId }).from(subscriptions).innerJoin(orders, eq(orders.id, subscriptions.orderId))
      .where(and(eq(subscriptions.state, 'pending'), isNull(subscriptions.provisionedAt), eq(orders.state, 'active'), lt(orders.activatedAt, before))).limit(BATCH));
  for (const { id, tenant } of overdue) {
    await provision(systemProcess(platform, 'provisioning sweep', tenant), id)
      .catch((error: unknown) => platform.log.error({ err: error, subscription: id }, 'provisioning failed; trying again'));
  }
}

async function readDue(ctx: Ctx, subscriptionId: string): Promise<{ row: SubscriptionRow; version: VersionForUse } | null> {
  const row = await requireSubscription(ctx, subscriptionId);
  if (!isDue(row) || (await requireOrder(ctx, row.orderId)).state !== 'active') return null;
  return { row, version: await approvedVersion(ctx, row.versionId) };
}

const isDue = (row: SubscriptionRow): boolean => row.state === 'pending' && row.provisionedAt === null;

function settingsOf({ capabilities, configuration }: Pick<SubscriptionRow, 'capabilities' | 'configuration'>) {
  const { strategy, chunkSize, overlap } = effectiveConfiguration(capabilities, [], configuration).rag.chunking;
  const { model, dimensions } = capabilities.configuration.rag.processing.embedding;
  return { chunking: { strategy, chunkSize, overlap }, embeddingModel: model === '' ? null : dimensions === 0 ? model : embeddingName(model, dimensions) };
}
