import { expect, test } from 'vitest';
import { entitlements, withCategoryDefaults } from '#modules/capabilities/index.ts';
import { PlanTerms, type Plan } from '#modules/catalog/contract.ts';
import { firstPlan, planColumn, planRows, yearlySaving } from './plan-rows.ts';
import { priceWords } from './price-words.ts';

const plan = (key: string, fields: Record<string, unknown>): Plan => ({
  id: `00000000-0000-4000-8000-00000000000${key.length}`, position: 0, terms: PlanTerms.parse({ key, name: key, tier: 'starter', priceMonthlyMinor: 0, ...fields }),
});
const capabilities = withCategoryDefaults('agent', null, {});

test('rates and sizes shown are those the entitlements enforce', () => {
  const offered = [plan('ab', { limits: { requestsPerMinute: 60, documents: 9_999 } }), plan('abc', { tier: 'enterprise' })];
  const rows = planRows(offered, capabilities);
  for (const { id, terms } of offered) {
    const enforced = entitlements(capabilities, terms);
    const shown = (label: string) => rows.find((row) => row.label === label)?.values[id];
    expect(shown('Requests a minute')).toBe(enforced.apiCallsPerMinute);
    expect(shown('At the same time')).toBe(enforced.concurrency);
    expect(shown('Documents')).toBe(enforced.documentsMax);
    expect(shown('Messages a month')).toBe(enforced.messagesPerPeriod === null ? 'Unlimited' : String(enforced.messagesPerPeriod));
  }
});

test('lines about what the product cannot do are left out', () => {
  const plain = withCategoryDefaults('agent', null, { configuration: { rag: { enabled: false } }, interfaces: { api: { enabled: false } } });
  const labels = planRows([plan('ab', {})], plain).map(({ label }) => label);
  expect(labels).not.toContain('Documents');
  expect(labels).not.toContain('Requests a minute');
  expect(labels).not.toContain('Voice');
});

test('a plan without a price is not for sale, and the cheapest comes first', () => {
  const contact = plan('abcd', { priceMonthlyMinor: null });
  expect(firstPlan([contact])).toBeUndefined();
  expect(firstPlan([contact, plan('abc', { priceMonthlyMinor: 2900 }), plan('ab', { priceMonthlyMinor: 0 })])?.terms.key).toBe('ab');
  expect(planColumn(contact, 'agent').monthly).toBeNull();
});

test('a yearly price that saves nothing promises nothing', () => {
  expect(yearlySaving(plan('ab', { priceMonthlyMinor: 2900, priceYearlyMinor: 29000 }))).toBe(17);
  expect(yearlySaving(plan('ab', { priceMonthlyMinor: 2900, priceYearlyMinor: 34800 }))).toBeNull();
  expect(yearlySaving(plan('ab', { priceMonthlyMinor: 0 }))).toBeNull();
});

test('a card names its price in the words of its category', () => {
  const card = { category: 'agent', credits_per_message: 2, price_from_minor: 0, currency: 'USD' } as const;
  expect(priceWords(card)).toBe('2 credits per message');
  expect(priceWords({ ...card, category: 'automation', credits_per_message: 1 })).toBe('1 credit per run');
  expect(priceWords({ ...card, credits_per_message: null, price_from_minor: 2900 })).toBe('From $29 a month');
  expect(priceWords({ ...card, credits_per_message: null, price_from_minor: null })).toBe('Contact us');
});
