import { leafChanges } from '#platform/json/leaf-changes.ts';
import type { PlanTerms } from '#modules/catalog/contract.ts';
import type { PlanUpdate, PriceChange } from './contract.ts';

interface Subscribed { plan: PlanTerms; cycle: 'monthly' | 'yearly' | 'none'; /** When the paid period ends. */ periodEnd: Date }

/**
 * What becomes of a subscriber's plan with the plans of another version. The plan with the same key takes the place of
 * the old one; where there is none, or its price could not be charged as the subscription is paid today, the plan stays as
 * it is. Credits change with acceptance, prices of a period with the next one. Pure.
 */
export function planUpdate({ plan, cycle, periodEnd }: Subscribed, offered: readonly PlanTerms[]): PlanUpdate {
  const next = offered.find(({ key }) => key === plan.key);
  const keptBecause = whyKept(plan, cycle, next);
  if (!next || keptBecause !== null) return { before: plan, after: plan, fields: [], prices: [], kept_because: keptBecause, higher: false };
  const prices = priceChanges(plan, next, cycle, periodEnd);
  return { before: plan, after: next, fields: leafChanges(plan, next).changes, prices, kept_because: null, higher: prices.some(({ higher }) => higher) };
}

/** The price of a plan in a cycle; what has no yearly price is not sold by the year. */
const priceIn = (plan: PlanTerms, cycle: Subscribed['cycle']): number | null => (cycle === 'yearly' ? plan.priceYearlyMinor : cycle === 'monthly' ? plan.priceMonthlyMinor : plan.priceMonthlyMinor === 0 ? 0 : null);

function whyKept(plan: PlanTerms, cycle: Subscribed['cycle'], next: PlanTerms | undefined): string | null {
  if (!next) return 'The new version has no such plan. You keep yours as it is.';
  if (priceIn(next, cycle) !== null && (next.currency === plan.currency || cycle === 'none')) return null;
  if (cycle === 'none') return 'The plan has a price in the new version. You keep yours as it is, without one.';
  return next.currency === plan.currency ? 'The plan is no longer sold as you pay it. You keep yours as it is.' : `The plan is sold in ${next.currency} in the new version. You keep yours as it is.`;
}

const ACTIONS = ['message', 'document', 'image', 'voice'] as const;

function priceChanges(plan: PlanTerms, next: PlanTerms, cycle: Subscribed['cycle'], periodEnd: Date): PriceChange[] {
  const change = (what: PriceChange['what'], before: number, after: number, currency: string | null, effectiveAt: string | null): PriceChange[] =>
    (before === after ? [] : [{ what, before, after, currency, higher: after > before, effective_at: effectiveAt }]);
  const [before, after] = [priceIn(plan, cycle), priceIn(next, cycle)];
  return [
    ...(cycle === 'none' || before === null || after === null ? [] : change(cycle, before, after, next.currency, periodEnd.toISOString())),
    ...ACTIONS.flatMap((action) => change(action, plan.rateCard[action], next.rateCard[action], null, null)),
  ];
}
