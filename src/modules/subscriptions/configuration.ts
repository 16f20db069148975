import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { checkConfiguration, configurationSchema, configurationSections, effectiveConfiguration, type Configuration, type FlowParameterShape } from '#modules/capabilities/index.ts';
import type { subscriptionEndpoints } from './contract.ts';
import { subscriptionChanged } from './events.ts';
import { exposedParameters, requireSubscription, type SubscriptionRow } from './load-subscription.ts';
import { problems } from './problems.ts';
import { subscriptions } from './tables.ts';

type Endpoints = typeof subscriptionEndpoints;

export async function getConfiguration(ctx: Ctx, { params }: Input<Endpoints['getConfiguration']>): Promise<Output<Endpoints['getConfiguration']>> {
  const row = await requireSubscription(ctx, params.subscriptionId);
  return presentConfiguration(row, await exposedParameters(ctx, row));
}

/**
 * Replaces the sections that were sent and leaves the others. What the capabilities fixed at purchase do not allow is
 * refused with its path; a `revision` that is no longer the current one, with what to do.
 */
export async function configure(ctx: Ctx, { params, body }: Input<Endpoints['configure']>): Promise<Output<Endpoints['configure']>> {
  const row = await requireSubscription(ctx, params.subscriptionId, 'update');
  if (row.state === 'cancelled' || row.state === 'expired') throw new Problem(problems['subscription-ended'], `This subscription is ${row.state}; its configuration stays as it is.`);
  if (body.revision !== undefined && body.revision !== row.revision) {
    throw new Problem(problems['configuration-changed'], `You edited revision ${body.revision}, and it is now ${row.revision}. Load it again and repeat your changes.`, { extra: { revision: row.revision } });
  }
  const parameters = await exposedParameters(ctx, row);
  const configuration = { ...row.configuration, ...sentSections(row, parameters, body.configuration) };
  const [saved] = await ctx.tx.update(subscriptions).set({ configuration, revision: row.revision + 1, updatedAt: ctx.now() }).where(eq(subscriptions.id, row.id)).returning();
  await ctx.emit(subscriptionChanged, { subscriptionId: row.id, revision: row.revision + 1 });
  return presentConfiguration(saved ?? row, parameters);
}

/** The sent sections, checked and complete. Stored ones are not looked at: a buyer answers only for what they send. */
function sentSections(row: SubscriptionRow, parameters: readonly FlowParameterShape[], sent: Record<string, unknown>): Configuration {
  const checked = checkConfiguration(row.capabilities, parameters, sent);
  if (!checked.ok) {
    throw new Problem(problems['configuration-refused'], checked.issues.slice(0, 3).map((issue) => issue.message).join(' '), { issues: checked.issues });
  }
  return Object.fromEntries(Object.entries(checked.value).filter(([key]) => Object.hasOwn(sent, key)));
}

function presentConfiguration(row: SubscriptionRow, parameters: readonly FlowParameterShape[]): Output<Endpoints['getConfiguration']> {
  const { capabilities, configuration, revision } = row;
  return {
    revision, configuration, effective: effectiveConfiguration(capabilities, parameters, configuration),
    sections: configurationSections(capabilities, { parameters }).map((section) => ({ ...section })),
    schema: { ...z.toJSONSchema(configurationSchema(capabilities, { parameters }), { io: 'input' }) },
  };
}
