import { eq } from 'drizzle-orm';
import type { Input } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { Problem } from '#platform/http/problem.ts';
import { entitlements } from '#modules/capabilities/index.ts';
import { copyFlow } from '#modules/flows/index.ts';
import { subscriptionChanged } from '../events.ts';
import { requireSubscription, type SubscriptionRow } from '../load-subscription.ts';
import type { SubscriptionPorts } from '../ports.ts';
import { problems } from '../problems.ts';
import { createKnowledge } from '../provision.ts';
import { subscriptions, type FormerVersion } from '../tables.ts';
import type { updateEndpoints, UpdateState } from './contract.ts';
import { decide, decisionsOf, lastMove } from './decisions.ts';
import { offeredVersion, presentOffer, propose, proposeUpdate, requireOffer, requireOffered, type Proposal } from './propose-update.ts';

type Endpoints = typeof updateEndpoints;

const DAY_MS = 86_400_000;
/** How long there is a way back, and how long a version one went back from is not offered again. */
const WAY_BACK_DAYS = 30;
const POSTPONED_DAYS_MAX = 366;

/** Taking on newer versions of a product, putting them off, and going back. */
export function updateService({ knowledge, keys }: Pick<SubscriptionPorts, 'knowledge' | 'keys'>) {
  const state = async (process: Process, subscriptionId: string): Promise<UpdateState> => {
    const proposal = await proposeUpdate(process, subscriptionId);
    return process.run(async (ctx) => present(ctx, await requireSubscription(ctx, subscriptionId), proposal));
  };

  return {
    get: async (process: Process, { params }: Input<Endpoints['get']>): Promise<UpdateState> => state(process, params.subscriptionId),

    /** Flow and knowledge are made first, under ids that follow from the subscription; the change itself is one transaction. */
    async accept(process: Process, { params: { subscriptionId }, body }: Input<Endpoints['accept']>): Promise<UpdateState> {
      const before = await process.run(async (ctx) => requireSubscription(ctx, subscriptionId));
      if (before.versionId === body.version_id) return state(process, subscriptionId);
      const proposal = requireOffer(await proposeUpdate(process, subscriptionId), body.version_id);
      const { version } = proposal;
      requireConsent(proposal, body.accept_price);

      const flowId = uuidFrom('flow-of', subscriptionId, version.versionId);
      await process.asOperator('copy a newer version’s flow to its buyer', async (ctx) => { await copyFlow(ctx, version.flowId, process.tenant, flowId); });
      const wanted = proposal.row.knowledgeBaseId === null && entitlements(version.capabilities, proposal.plan.after).features.knowledge;
      const knowledgeBaseId = wanted && knowledge ? await createKnowledge(process, knowledge, { ...proposal.row, capabilities: version.capabilities, configuration: proposal.migrated.configuration }, version) : null;

      await process.run(async (ctx) => {
        // Decided under the lock: a colleague may have configured, accepted or cancelled, the seller published again.
        const row = await requireSubscription(ctx, subscriptionId, 'update');
        if (row.versionId === body.version_id) return;
        requireOffered(await offeredVersion(ctx, row), body.version_id);
        if (body.revision !== undefined && body.revision !== row.revision) {
          throw new Problem(problems['configuration-changed'], `You looked at revision ${body.revision}, and it is now ${row.revision}. Look at the update again.`, { extra: { revision: row.revision } });
        }
        const now = await propose(ctx, row, version, proposal.flow);
        requireConsent(now, body.accept_price);
        await take(ctx, now, { flowId, knowledgeBaseId: row.knowledgeBaseId ?? knowledgeBaseId });
        await keys?.ensurePublishable(ctx, row.id);
      });
      return state(process, subscriptionId);
    },

    async postpone(process: Process, { params: { subscriptionId }, body }: Input<Endpoints['postpone']>): Promise<UpdateState> {
      await process.run(async (ctx) => {
        const row = await requireSubscription(ctx, subscriptionId, 'update');
        const version = requireOffered(await offeredVersion(ctx, row), body.version_id);
        const until = new Date(body.until);
        if (until <= ctx.now() || until.getTime() > ctx.now().getTime() + POSTPONED_DAYS_MAX * DAY_MS) throw new Problem(problems['date-not-possible'], 'Choose a day between tomorrow and a year from now.');
        const [last] = await decisionsOf(ctx, row.id);
        if (last?.decision === 'postponed' && last.toVersion === version.number && last.until?.getTime() === until.getTime()) return;
        await decide(ctx, { subscriptionId: row.id, decision: 'postponed', fromVersion: row.versionNumber, toVersion: version.number, until });
      });
      return state(process, subscriptionId);
    },

    async rollBack(process: Process, { params: { subscriptionId } }: Input<Endpoints['rollBack']>): Promise<UpdateState> {
      await process.run(async (ctx) => {
        const row = await requireSubscription(ctx, subscriptionId, 'update');
        const move = await lastMove(ctx, row.id);
        if (move?.decision === 'rolled-back' && move.toVersion === row.versionNumber) return;
        if (row.state !== 'active') throw new Problem(problems['subscription-ended'], `This subscription is ${row.state}; it stays as it is.`);
        if (!move?.former || move.decision !== 'accepted' || move.toVersion !== row.versionNumber || !move.until || move.until <= ctx.now()) {
          throw new Problem(problems['no-way-back'], `A version can be left within ${WAY_BACK_DAYS} days after it was accepted.`);
        }
        await restore(ctx, row, move.former);
      });
      return state(process, subscriptionId);
    },
  };
}

function requireConsent({ plan }: Proposal, accepted: boolean): void {
  if (plan.higher && !accepted) throw new Problem(problems['price-not-accepted'], 'A price is higher in this version. Nothing was changed. Accept the price by name to go on.', { extra: { prices: plan.prices } });
}

/** Makes the subscription one of the new version, and keeps what it was. */
async function take(ctx: Ctx, { row, version, plan, planId, migrated }: Proposal, made: { flowId: string; knowledgeBaseId: string | null }): Promise<void> {
  const { versionId, versionNumber, capabilities, configuration, flowId, knowledgeBaseId } = row;
  const former: FormerVersion = { versionId, versionNumber, planId: row.planId, plan: row.plan, capabilities, configuration, flowId, knowledgeBaseId, planIdAfter: planId };
  await decide(ctx, {
    subscriptionId: row.id, decision: 'accepted', fromVersion: versionNumber, toVersion: version.number, until: new Date(ctx.now().getTime() + WAY_BACK_DAYS * DAY_MS), former, lost: migrated.lost,
  });
  await change(ctx, row, {
    versionId: version.versionId, versionNumber: version.number, planId, plan: plan.after, capabilities: version.capabilities, configuration: migrated.configuration, ...made,
  });
}

async function restore(ctx: Ctx, row: SubscriptionRow, { planIdAfter, plan, planId, ...former }: FormerVersion): Promise<void> {
  await decide(ctx, {
    subscriptionId: row.id, decision: 'rolled-back', fromVersion: row.versionNumber, toVersion: former.versionNumber, until: new Date(ctx.now().getTime() + WAY_BACK_DAYS * DAY_MS),
  });
  // A plan that was chosen since then was chosen for itself.
  await change(ctx, row, { ...former, ...(row.planId === planIdAfter ? { plan, planId } : {}) });
}

async function change(ctx: Ctx, row: SubscriptionRow, columns: Partial<typeof subscriptions.$inferInsert>): Promise<void> {
  await ctx.tx.update(subscriptions).set({ ...columns, revision: row.revision + 1, updatedAt: ctx.now() }).where(eq(subscriptions.id, row.id));
  await ctx.emit(subscriptionChanged, { subscriptionId: row.id, revision: row.revision + 1 });
}

async function present(ctx: Ctx, row: SubscriptionRow, proposal: Proposal | null): Promise<UpdateState> {
  const history = await decisionsOf(ctx, row.id);
  const move = await lastMove(ctx, row.id);
  const back = move?.decision === 'accepted' && move.toVersion === row.versionNumber && move.until !== null && move.until > ctx.now() ? move : null;
  return {
    version: row.versionNumber, revision: row.revision, offer: proposal && await presentOffer(ctx, proposal),
    way_back: back?.until ? { version: back.fromVersion, until: back.until.toISOString(), lost: back.lost } : null,
    history: history.map(({ decision, fromVersion, toVersion, decidedByName, createdAt, until, lost }) => ({
      decision, from_version: fromVersion, to_version: toVersion, by: decidedByName, at: createdAt.toISOString(), until: until?.toISOString() ?? null, lost,
    })),
  };
}
