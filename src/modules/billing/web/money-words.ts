import { formatMoney } from '#web/kit/format.ts';
import type { Order } from '#modules/billing/contract.ts';

/** `$29.00 a month`, `Free`. */
export const amountWords = ({ amount_minor: amount, currency, cycle }: Pick<Order, 'amount_minor' | 'currency' | 'cycle'>): string => {
  if (amount === 0) return 'Free';
  const money = formatMoney(amount, currency);
  return cycle === 'none' ? money : `${money} a ${cycle === 'yearly' ? 'year' : 'month'}`;
};

export const ORDER_STATES = { pending: 'Waiting for payment', active: 'Active', cancelled: 'Cancelled', expired: 'Expired' } as const satisfies Record<Order['state'], string>;

const REASONS: Readonly<Record<string, string>> = {
  grant: 'Credits granted', welcome: 'Welcome credits', 'top-up': 'Top-up', message: 'Message', document: 'Document', image: 'Image', voice: 'Voice', refund: 'Refund', plan: 'Plan', released: 'Released',
};

/** Why credits moved, in words. A reason that is new here is shown as it is, readable. */
export const reasonWords = ({ reason, reference }: { reason: string; reference: string }): string => {
  if (reason === 'grant' && reference === 'welcome') return 'Welcome credits';
  return REASONS[reason] ?? reason.charAt(0).toUpperCase() + reason.slice(1).replaceAll(/[-_.]/g, ' ');
};

/** `+500` and `−2`, with a true minus sign. */
export const signed = (amount: number): string => `${amount > 0 ? '+' : amount < 0 ? '−' : ''}${Math.abs(amount).toLocaleString()}`;
