import { expect, test } from 'vitest';
import { PlanTerms } from '#modules/catalog/contract.ts';
import { costOf, targetOf } from './subscribe-state.ts';

const organization = (id: string, projects: string[]) => ({ id, name: id, slug: id, role: 'owner' as const, provider: null, projects: projects.map((project) => ({ id: project, name: project })) });

test('the first project of the acting organization is chosen until another is', () => {
  const all = [organization('a', ['a1']), organization('b', ['b1', 'b2'])];
  expect(targetOf(all, 'b', null)).toEqual({ projectId: 'b1', organizationId: 'b' });
  expect(targetOf(all, 'b', 'a1')).toEqual({ projectId: 'a1', organizationId: 'a' });
  // A project that went away meanwhile is nobody's choice.
  expect(targetOf(all, 'a', 'gone')).toEqual({ projectId: 'a1', organizationId: 'a' });
  expect(targetOf([], null, null)).toBeNull();
});

test('a plan without a yearly price is paid by the month, whatever the switch says', () => {
  const terms = PlanTerms.parse({ key: 'starter', name: 'Starter', tier: 'starter', priceMonthlyMinor: 2900 });
  const plan = { id: '00000000-0000-4000-8000-000000000001', position: 0, terms };
  expect(costOf(plan, 'yearly')).toEqual({ minor: 2900, cycle: 'monthly' });
  expect(costOf({ ...plan, terms: { ...terms, priceYearlyMinor: 29000 } }, 'yearly')).toEqual({ minor: 29000, cycle: 'yearly' });
});
