import { Problem } from '#platform/http/problem.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { diffCapabilities, migrateConfiguration, type Migrated } from '#modules/capabilities/index.ts';
import { newerVersions, plansOfVersion, type NewerVersion } from '#modules/catalog/index.ts';
import type { Flow, FlowParameter } from '#modules/flows/contract.ts';
import { getFlow, outlineChanges } from '#modules/flows/index.ts';
import { exposedParameters, requireSubscription, type SubscriptionRow } from '../load-subscription.ts';
import { currentPeriod } from '../period.ts';
import { problems } from '../problems.ts';
import type { PlanUpdate, UpdateOffer } from './contract.ts';
import { decisionsOf, putOffUntil } from './decisions.ts';
import { planUpdate } from './plan-update.ts';

/** What taking on the offered version would make of a subscription. */
export interface Proposal {
  row: SubscriptionRow;
  version: NewerVersion;
  /** The seller's flow; the subscription gets a copy of its own on acceptance. */
  flow: Flow;
  plan: PlanUpdate;
  /** Plan to refer to afterwards. */
  planId: string;
  migrated: Migrated;
}

/** The offer to a subscription of the acting organization, read in parts; null where there is none. 404 for a subscription of others. */
export async function proposeUpdate(process: Process, subscriptionId: string): Promise<Proposal | null> {
  const found = await process.run(async (ctx) => {
    const row = await requireSubscription(ctx, subscriptionId);
    const version = await offeredVersion(ctx, row);
    return { row, version };
  });
  const { row, version } = found;
  if (!version) return null;
  const { definition } = await process.asOperator('compare a version with one that is subscribed to', async (ctx) => {
    const flow = await getFlow(ctx, version.flowId);
    if (flow.tenantId !== version.sellerId) throw new Error('a version names a flow that is not its seller’s');
    return flow;
  });
  return process.run(async (ctx) => propose(ctx, row, version, definition));
}

/** The newest approved version after the one a subscription is pinned to. Only a running subscription is offered one. */
export async function offeredVersion(ctx: Ctx, row: SubscriptionRow): Promise<NewerVersion | null> {
  if (row.state !== 'active' || row.provisionedAt === null) return null;
  return (await newerVersions(ctx, row.productId, row.versionNumber))[0] ?? null;
}

/** The same from a row that is locked, so that what is decided holds. */
export async function propose(ctx: Ctx, row: SubscriptionRow, version: NewerVersion, flow: Flow): Promise<Proposal> {
  const from = { capabilities: row.capabilities, parameters: await exposedParameters(ctx, row) };
  const to = { capabilities: version.capabilities, parameters: exposed(flow) };
  const plans = await plansOfVersion(ctx, version.versionId);
  const plan = planUpdate({ plan: row.plan, cycle: row.cycle, periodEnd: currentPeriod(row, ctx.now()).end }, plans.map(({ terms }) => terms));
  const planId = plan.kept_because === null ? plans.find(({ terms }) => terms.key === row.plan.key)?.id ?? row.planId : row.planId;
  return { row, version, flow, plan, planId, migrated: migrateConfiguration(from, to, row.configuration) };
}

/** Throws 409 where nothing is offered, or something else than the caller looked at. */
export function requireOffered(version: NewerVersion | null, versionId: string): NewerVersion {
  if (!version) throw new Problem(problems['no-update']);
  if (version.versionId !== versionId) throw new Problem(problems['update-changed'], `Version ${version.number} is offered by now. Look at it again.`);
  return version;
}

/** The proposal, if it is the one the caller looked at; else 409 as for {@link requireOffered}. */
export function requireOffer(proposal: Proposal | null, versionId: string): Proposal {
  requireOffered(proposal?.version ?? null, versionId);
  if (!proposal) throw new Problem(problems['no-update']);
  return proposal;
}

const exposed = ({ parameters }: Flow): FlowParameter[] => parameters.filter((parameter) => parameter.exposed);

/** An offer as its buyer reads it: nothing of the seller's texts is in it. */
export async function presentOffer(ctx: Ctx, { row, version, flow, plan, migrated }: Proposal): Promise<UpdateOffer> {
  const newer = await newerVersions(ctx, row.productId, row.versionNumber);
  const current = row.flowId === null ? flow : (await getFlow(ctx, row.flowId)).definition;
  const [decision] = await decisionsOf(ctx, row.id);
  return {
    version_id: version.versionId, number: version.number, published_at: version.publishedAt.toISOString(),
    changelogs: newer.map(({ number, changelog, publishedAt }) => ({ number, changelog, published_at: publishedAt.toISOString() })),
    flow: outlineChanges(current, flow), capabilities: diffCapabilities(row.capabilities, version.capabilities), plan, kept: migrated.kept, lost: migrated.lost, checks: version.checks,
    postponed_until: putOffUntil(decision, version.number, ctx.now())?.toISOString() ?? null,
  };
}
