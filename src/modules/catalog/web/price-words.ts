import { formatCredits, formatMoney, formatNumber } from '#web/kit/format.ts';
import type { ProductCard } from '#modules/catalog/contract.ts';

type Category = ProductCard['category'];

/** What one use of a product is called. */
const USES = { agent: 'message', assistant: 'message', app: 'call', automation: 'run' } as const satisfies Record<Category, string>;
export const unitWord = (category: Category): string => USES[category];
export const unitsWord = (category: Category): string => `${USES[category]}s`;

type Priced = Pick<ProductCard, 'category' | 'credits_per_message' | 'price_from_minor' | 'currency'>;

/** What a product costs, in the few words a card has room for: `2 credits per message`, `From $29 a month`. */
export const priceWords = ({ category, credits_per_message: credits, price_from_minor: price, currency }: Priced): string => {
  if (price === null) return 'Contact us';
  const perUse = credits === null ? '' : `${formatCredits(credits)} per ${unitWord(category)}`;
  if (price === 0) return perUse === '' ? 'Free' : perUse;
  const monthly = `From ${formatMoney(price, currency, { short: true })} a month`;
  return perUse === '' ? monthly : `${monthly} + ${perUse}`;
};

/** `1.2K runs`; zero is a number too. */
export const runsWords = (runs: number): string => `${formatNumber(runs, { compact: true })} ${runs === 1 ? 'run' : 'runs'}`;

/** `dev` is `Dev`, `24x7` stays; for values that are words already. */
export const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).replaceAll(/[-_]/g, ' ');

/** Departments that are short forms. */
const DEPARTMENTS: Readonly<Record<string, string>> = { hr: 'HR', ops: 'Operations', dev: 'Development', general: 'General' };
export const departmentWord = (department: string): string => DEPARTMENTS[department] ?? titled(department);
