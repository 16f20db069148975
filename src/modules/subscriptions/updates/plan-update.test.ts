import { expect, test } from 'vitest';
import { PlanTerms } from '#modules/catalog/contract.ts';
import { planUpdate } from './plan-update.ts';

const plan = (more: object = {}) => PlanTerms.parse({ key: 'pro', name: 'Pro', tier: 'pro', priceMonthlyMinor: 2_900, priceYearlyMinor: 29_000, ...more });
const periodEnd = new Date('2026-03-01T00:00:00Z');
const paid = (cycle: 'monthly' | 'yearly' | 'none', terms = plan()) => ({ plan: terms, cycle, periodEnd });

test('the same plan in the new version changes nothing', () => {
  expect(planUpdate(paid('monthly'), [plan()])).toMatchObject({ fields: [], prices: [], kept_because: null, higher: false });
});

test('a higher price is told with the day it begins, credits with acceptance', () => {
  const { prices, higher } = planUpdate(paid('monthly'), [plan({ priceMonthlyMinor: 3_900, priceYearlyMinor: 19_000, rateCard: { message: 3 } })]);
  expect(higher).toBe(true);
  expect(prices).toEqual([
    { what: 'monthly', before: 2_900, after: 3_900, currency: 'USD', higher: true, effective_at: '2026-03-01T00:00:00.000Z' },
    { what: 'message', before: 1, after: 3, currency: null, higher: true, effective_at: null },
  ]);
});

test('only the price of the own cycle counts, and a lower one needs no consent', () => {
  const { prices, higher } = planUpdate(paid('yearly'), [plan({ priceMonthlyMinor: 9_900, priceYearlyMinor: 19_000 })]);
  expect([higher, prices.map(({ what, higher: up }) => [what, up])]).toEqual([false, [['yearly', false]]]);
});

test.each([
  ['a plan that is gone', paid('monthly'), [plan({ key: 'other' })], /no such plan/], ['a plan without a price any more', paid('monthly'), [plan({ priceMonthlyMinor: null, priceYearlyMinor: null })], /no longer sold/],
  ['a plan that is no longer sold by the year', paid('yearly'), [plan({ priceYearlyMinor: null })], /no longer sold/], ['another currency', paid('monthly'), [plan({ currency: 'EUR' })], /in EUR/],
  ['a free plan that has a price now', paid('none', plan({ priceMonthlyMinor: 0, priceYearlyMinor: null })), [plan()], /without one/],
] as const)('%s leaves the subscriber the old terms, and says so', (_name, subscribed, offered, words) => {
  expect(planUpdate(subscribed, offered)).toMatchObject({ after: subscribed.plan, prices: [], higher: false, kept_because: expect.stringMatching(words) });
});

test('a free plan stays free and follows the limits of the new version', () => {
  const free = { priceMonthlyMinor: 0, priceYearlyMinor: null };
  const { fields, kept_because: kept } = planUpdate(paid('none', plan(free)), [plan({ ...free, limits: { messages: 50 } })]);
  expect([kept, fields.map(({ path }) => path)]).toEqual([null, ['limits.messages']]);
});
