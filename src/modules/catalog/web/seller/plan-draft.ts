import { z } from 'zod';
import { PlanTerms } from '../../contract.ts';

const quota = z.number().int().min(0).nullable().catch(null);
const credits = (usual: number) => z.number().int().min(0).catch(usual);
const price = (usual: number | null) => z.number().int().min(0).nullable().catch(usual);
const unlimited = { messages: null, tokens: null, apiCalls: null, users: null, storageMB: null, documents: null, requestsPerMinute: null, concurrency: null };

/** A plan of a draft, however unfinished: what is missing or unreadable has its usual value. {@link PlanTerms} decides what is valid. */
export const PlanDraft = z.object({
  key: z.string().optional().catch(undefined),
  name: z.string().catch(''),
  tier: PlanTerms.shape.tier.catch('custom'),
  description: z.string().catch(''),
  priceMonthlyMinor: price(0),
  priceYearlyMinor: price(null),
  currency: z.enum(['USD', 'EUR', 'GBP']).catch('USD'),
  rateCard: z.object({ message: credits(1), document: credits(5), image: credits(10), voice: credits(2) }).catch({ message: 1, document: 5, image: 10, voice: 2 }),
  limits: z.object({ messages: quota, tokens: quota, apiCalls: quota, users: quota, storageMB: quota, documents: quota, requestsPerMinute: quota, concurrency: quota }).catch(unlimited),
  runtime: z.enum(['shared', 'dedicated']).catch('shared'),
  support: z.enum(['community', 'email', 'priority', '24x7']).catch('email'),
  features: z.array(z.string()).catch([]),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const readPlans = (plans: readonly unknown[]): PlanDraft[] => plans.map((plan) => PlanDraft.parse(typeof plan === 'object' && plan !== null ? plan : {}));

const plan = (fields: Partial<PlanDraft>): PlanDraft => PlanDraft.parse(fields);
const limits = (fields: Partial<PlanDraft['limits']>): PlanDraft['limits'] => ({ ...unlimited, ...fields });

/** The price list most sellers start from: credits for trying, then three monthly plans. Yearly is ten months. */
export const usualPlans = (currency: PlanDraft['currency'] = 'USD'): PlanDraft[] => [
  plan({ name: 'Credits', tier: 'custom', description: 'Pay for what you use, with credits.', priceMonthlyMinor: 0, currency, support: 'community', features: ['No monthly fee'] }),
  plan({ name: 'Starter', tier: 'starter', description: 'For one team that gets going.', priceMonthlyMinor: 2_900, priceYearlyMinor: 29_000, currency, limits: limits({ messages: 1_000, users: 1 }), features: ['E-mail support'] }),
  plan({ name: 'Professional', tier: 'pro', description: 'For a product in daily use.', priceMonthlyMinor: 9_900, priceYearlyMinor: 99_000, currency, limits: limits({ messages: 10_000, users: 5 }), support: 'priority', features: ['Priority support'] }),
  plan({ name: 'Enterprise', tier: 'enterprise', description: 'For many teams, on a runtime of their own.', priceMonthlyMinor: 29_900, priceYearlyMinor: 299_000, currency, limits: limits({ messages: 100_000 }), runtime: 'dedicated', support: '24x7', features: ['Dedicated runtime', 'Support around the clock'] }),
];

export const blankPlan = (currency: PlanDraft['currency']): PlanDraft => plan({ name: '', tier: 'custom', currency });

/** A copy under another name and without the key, which buyers' subscriptions refer to. */
export const copyOfPlan = (original: PlanDraft): PlanDraft => ({ ...original, key: undefined, name: `${original.name} copy`.slice(0, 60) });

/** The list with the item at `from` at `to`; out of bounds changes nothing. */
export const moved = <Item,>(list: readonly Item[], from: number, to: number): Item[] => {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
};
