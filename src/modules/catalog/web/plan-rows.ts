import type { PlanColumn, PlanRow } from '#web/kit/plan-table.tsx';
import { formatCredits, formatNumber } from '#web/kit/format.ts';
import type { Plan, ProductDetail } from '#modules/catalog/contract.ts';
import { titled, unitWord, unitsWord } from './price-words.ts';

type Capabilities = ProductDetail['capabilities'];
type Value = string | number | boolean | null;

/** A plan as a column of the comparison. */
export const planColumn = ({ id, terms }: Plan, category: ProductDetail['category'], highlighted = false): PlanColumn => ({
  id, name: terms.name, monthly: terms.priceMonthlyMinor, yearly: terms.priceYearlyMinor ?? undefined, currency: terms.currency, highlighted,
  note: terms.rateCard.message === 0 ? `${titled(unitsWord(category))} included` : `${formatCredits(terms.rateCard.message)} per ${unitWord(category)}`,
});

/** What may be bought by a click; the others are agreed with the provider. */
export const isForSale = ({ terms }: Plan): boolean => terms.priceMonthlyMinor !== null;

/** The plan a dialog opens with: the cheapest that can be bought. */
export const firstPlan = (plans: readonly Plan[]): Plan | undefined =>
  plans.filter(isForSale).toSorted((a, b) => Number(a.terms.priceMonthlyMinor) - Number(b.terms.priceMonthlyMinor))[0];

/** What a year costs less than twelve months, in percent; null where there is nothing to compare. */
export const yearlySaving = ({ terms: { priceMonthlyMinor: month, priceYearlyMinor: year } }: Plan): number | null =>
  (month === null || month === 0 || year === null || year >= month * 12 ? null : Math.round((1 - year / (month * 12)) * 100));

const perUse = (credits: number): string => (credits === 0 ? 'Included' : formatCredits(credits));
const quota = (limit: number | null): string => (limit === null ? 'Unlimited' : formatNumber(limit));
/** Rates and sizes are bounded by what the product itself can bear, whatever the plan says. */
const bounded = (limit: number | null, own: number): number => Math.min(limit ?? own, own);
const megabytes = (size: number): string => (size >= 1024 ? `${formatNumber(size / 1024, { digits: 1 })} GB` : `${formatNumber(size)} MB`);

const SUPPORT = { community: 'Community', email: 'E-mail', priority: 'Priority', '24x7': 'Around the clock' } as const;

/**
 * The lines of the comparison, from the terms that are enforced at run time. A line that says the same "unlimited" or
 * "not possible" for every plan, because the product does not have the capability, is left out.
 */
export const planRows = (plans: readonly Plan[], capabilities: Capabilities): readonly PlanRow[] => {
  const { interfaces: { chat, api }, configuration: { rag }, runtime: { limits: own }, category } = capabilities;
  const row = (label: string, value: (terms: Plan['terms']) => Value, hint?: string): PlanRow => ({ label, hint, values: Object.fromEntries(plans.map(({ id, terms }) => [id, value(terms)])) });
  const limited = (name: 'tokens' | 'apiCalls' | 'users') => plans.some(({ terms }) => terms.limits[name] !== null);
  const { documents } = rag.sources;
  const rows: readonly (PlanRow | false)[] = [
    row(titled(unitWord(category)), ({ rateCard }) => perUse(rateCard.message), 'Credits each'),
    rag.enabled && row('Document', ({ rateCard }) => perUse(rateCard.document), 'Credits each, once'),
    chat.features.imageInput && row('Image', ({ rateCard }) => perUse(rateCard.image), 'Credits each'),
    chat.modes.includes('voice') && row('Voice', ({ rateCard }) => perUse(rateCard.voice), `Credits per ${unitWord(category)}`),
    row(`${titled(unitsWord(category))} a month`, ({ limits }) => quota(limits.messages)),
    limited('tokens') && row('Tokens a month', ({ limits }) => quota(limits.tokens)),
    limited('apiCalls') && row('API calls a month', ({ limits }) => quota(limits.apiCalls)),
    limited('users') && row('Users', ({ limits }) => quota(limits.users)),
    rag.enabled && documents.enabled && row('Documents', ({ limits }) => bounded(limits.documents, documents.maxFiles)),
    rag.enabled && row('Storage', ({ limits }) => megabytes(bounded(limits.storageMB, documents.maxTotalSize))),
    api.enabled && row('Requests a minute', ({ limits }) => bounded(limits.requestsPerMinute, own.rateLimit)),
    row('At the same time', ({ limits }) => bounded(limits.concurrency, own.concurrency)),
    row('Runtime', ({ runtime }) => (runtime === 'dedicated' || capabilities.runtime.deployment === 'dedicated' ? 'Your own' : 'Shared')),
    row('Support', ({ support }) => SUPPORT[support]),
    row('When a limit is reached', ({ rateCard, limits }) => (limits.messages !== null ? 'Refused until next month' : rateCard.message > 0 ? 'Refused until you top up' : 'Never refused')),
  ];
  return rows.filter((one) => one !== false);
};
