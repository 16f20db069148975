import { eq } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { effectiveConfiguration, entitlements, type EffectiveConfiguration, type Entitlements } from '#modules/capabilities/index.ts';
import type { FlowParameter } from '#modules/flows/contract.ts';
import { getFlow } from '#modules/flows/index.ts';
import { subscriptions } from './tables.ts';

export type SubscriptionRow = typeof subscriptions.$inferSelect;

/** A subscription with everything that follows from what it stores. */
export interface LoadedSubscription {
  row: SubscriptionRow;
  /** What holds at run time: the buyer's values where they may set them, else the product's. */
  configuration: EffectiveConfiguration;
  entitlements: Entitlements;
  /** What the buyer may set of the flow; empty until provisioned. */
  parameters: readonly FlowParameter[];
}

/** A subscription of the acting organization with its effective configuration and limits, whatever its state, or 404. */
export async function loadSubscription(ctx: Ctx, subscriptionId: string): Promise<LoadedSubscription> {
  const row = await requireSubscription(ctx, subscriptionId);
  const parameters = await exposedParameters(ctx, row);
  return { row, parameters, configuration: effectiveConfiguration(row.capabilities, parameters, row.configuration), entitlements: entitlements(row.capabilities, row.plan) };
}

/** A subscription of the acting organization, or 404. With `update` nobody else changes it until the transaction ends. */
export async function requireSubscription({ tx }: Ctx, subscriptionId: string, lock?: 'update'): Promise<SubscriptionRow> {
  const query = tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

/** Only those the seller handed over: the rest are the seller's own texts. */
export async function exposedParameters(ctx: Ctx, { flowId }: SubscriptionRow): Promise<readonly FlowParameter[]> {
  if (flowId === null) return [];
  return (await getFlow(ctx, flowId)).definition.parameters.filter((parameter) => parameter.exposed);
}
