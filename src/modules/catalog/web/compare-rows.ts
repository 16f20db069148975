import type { ProductDetail } from '#modules/catalog/contract.ts';
import { capabilityFacts, listed, type FactGroup } from './capability-facts.ts';
import { firstPlan } from './plan-rows.ts';
import { departmentWord, priceWords } from './price-words.ts';
import { formatMoney } from '#web/kit/format.ts';

export interface CompareRow { label: string; values: readonly (string | readonly string[] | number | boolean | null)[] }

const RUNTIMES = { shared: 'Shared', dedicated: 'Your own', hybrid: 'Shared or your own' } as const;

const factTexts = (product: ProductDetail, key: FactGroup['key']): readonly string[] | false => {
  const facts = capabilityFacts(product).find((group) => group.key === key)?.facts ?? [];
  return facts.length > 0 && facts.map(({ text }) => text);
};

/** The lines of a comparison of products; a line that is empty for all of them is left out. */
export const compareRows = (products: readonly ProductDetail[]): readonly CompareRow[] => {
  const row = (label: string, value: (product: ProductDetail) => CompareRow['values'][number]): CompareRow => ({ label, values: products.map(value) });
  const rows = [
    row('In one sentence', ({ summary }) => summary),
    row('Price', priceWords),
    row('Plans', ({ plans }) => plans.length > 0 && plans.map(({ terms }) => (terms.priceMonthlyMinor === null ? terms.name : `${terms.name} ${terms.priceMonthlyMinor === 0 ? 'free' : formatMoney(terms.priceMonthlyMinor, terms.currency, { short: true })}`))),
    row('Credits per document', (product) => (product.capabilities.configuration.rag.enabled ? firstPlan(product.plans)?.terms.rateCard.document ?? null : null)),
    row('Rating', ({ rating, ratings }) => (rating === null ? 'Not rated yet' : `${rating.toFixed(1)} of 5 (${ratings})`)),
    row('Runs', ({ runs }) => runs),
    row('Made for', ({ departments }) => departments.length > 0 && listed(departments.map(departmentWord))),
    row('What it does', (product) => factTexts(product, 'does')),
    row('Data it uses', (product) => factTexts(product, 'data')),
    row('Answers from your content', ({ capabilities }) => capabilities.configuration.rag.enabled),
    row('Names its sources', ({ capabilities: { configuration: { rag } } }) => rag.enabled && rag.retrieval.citations.enabled),
    row('Reached by', (product) => factTexts(product, 'channels')),
    row('You configure', (product) => factTexts(product, 'configure')),
    row('Runtime', ({ capabilities }) => RUNTIMES[capabilities.runtime.deployment]),
    row('Free demo', ({ can_try }) => can_try),
    row('Version', ({ version }) => version),
  ];
  return rows.filter(({ values }) => values.some((value) => value !== false && value !== null));
};
