import { Badge } from '@mantine/core';
import type { Order } from '#modules/billing/contract.ts';
import { formatMoney } from '#web/kit/format.ts';

const STATES = { pending: { label: 'Pending', color: 'amber' }, active: { label: 'Active', color: 'green' }, cancelled: { label: 'Cancelled', color: 'gray' }, expired: { label: 'Expired', color: 'gray' } } as const;

export const OrderBadge = ({ state }: Pick<Order, 'state'>) => <Badge color={STATES[state].color}>{STATES[state].label}</Badge>;

/** `$29 a month`, `Free`. */
export const orderAmount = ({ amount_minor: amount, currency, cycle }: Pick<Order, 'amount_minor' | 'currency' | 'cycle'>): string => {
  if (amount === 0) return 'Free';
  return `${formatMoney(amount, currency, { short: true })}${cycle === 'monthly' ? ' a month' : cycle === 'yearly' ? ' a year' : ''}`;
};
