import { expect, test } from 'vitest';
import { PlanTerms } from '../../contract.ts';
import { copyOfPlan, moved, readPlans, usualPlans } from './plan-draft.ts';

test('the usual plans are complete but for the key, which follows from the name', () => {
  for (const plan of usualPlans()) expect(PlanTerms.safeParse({ ...plan, key: plan.name.toLowerCase() }).error).toBeUndefined();
  expect(usualPlans().map(({ priceMonthlyMinor, limits }) => [priceMonthlyMinor, limits.messages])).toEqual([[0, null], [2_900, 1_000], [9_900, 10_000], [29_900, 100_000]]);
});

test('an unfinished plan can be shown and edited', () => {
  const [plan] = readPlans([{ name: 'Half', priceMonthlyMinor: null, limits: { messages: 'many' }, tier: 'gold' }]);
  expect(plan).toMatchObject({ name: 'Half', priceMonthlyMinor: null, tier: 'custom', limits: { messages: null }, rateCard: { message: 1 } });
  expect(readPlans([null, 3])).toHaveLength(2);
});

test('a copy has no key of its own', () => {
  expect(copyOfPlan({ ...usualPlans()[0]!, key: 'credits' })).toMatchObject({ name: 'Credits copy', key: undefined });
});

test('plans move one place and stay inside the list', () => {
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 3)).toEqual(['a', 'b', 'c']);
});
