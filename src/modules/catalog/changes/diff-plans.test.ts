import { expect, test } from 'vitest';
import { PlanTerms } from '../contract.ts';
import { diffPlans } from './diff-plans.ts';

const plan = (key: string, more: object = {}) => PlanTerms.parse({ key, name: key, tier: 'starter', priceMonthlyMinor: 2_900, ...more });

test('equal plans do not differ, in whatever order', () => {
  expect(diffPlans([plan('one'), plan('two')], [plan('two'), plan('one')])).toEqual({ added: [], removed: [], changed: [] });
});

test('prices, limits and credits that differ are named, and plans that came or went', () => {
  expect(diffPlans([plan('one'), plan('old')], [plan('one', { priceMonthlyMinor: 3_900, limits: { messages: 500 }, rateCard: { message: 2 } }), plan('new')])).toEqual({
    added: [{ key: 'new', name: 'new' }], removed: [{ key: 'old', name: 'old' }],
    changed: [{
      key: 'one', name: 'one', currency: 'USD', fields: [
        { path: 'priceMonthlyMinor', kind: 'changed', before: 2_900, after: 3_900 }, { path: 'rateCard.message', kind: 'changed', before: 1, after: 2 },
        { path: 'limits.messages', kind: 'changed', before: null, after: 500 },
      ],
    }],
  });
});

test('a plan that lost its price is a changed plan', () => {
  expect(diffPlans([plan('one')], [plan('one', { priceMonthlyMinor: null })]).changed[0]?.fields).toEqual([{ path: 'priceMonthlyMinor', kind: 'changed', before: 2_900, after: null }]);
});
