import type { Order } from '#modules/billing/contract.ts';

const DAY_MS = 86_400_000;
const dayOf = (time: string | Date): string => (typeof time === 'string' ? time : time.toISOString()).slice(0, 10);

/** What orders brought and are worth, in one currency. Amounts in minor units; days in UTC. */
export interface Revenue {
  currency: string;
  /** Orders that became active since the first of this month. */
  monthToDate: number;
  /** The same number of days of the month before. */
  previousToDate: number;
  /** What the active orders are worth a month; yearly ones count a twelfth. */
  recurring: number;
  /** Paid orders by day, the oldest first. */
  byDay: readonly { day: string; amount: number }[];
  /** Products by what they brought in the shown days, the most first. */
  byProduct: readonly { id: string; name: string; amount: number; orders: number }[];
  /** Currencies that are not counted here. */
  otherCurrencies: readonly string[];
}

/** The day an order brought money; null for one that never did. */
const paidOn = ({ activated_at: activated }: Order): string | null => (activated === null ? null : dayOf(activated));

/**
 * Adds up orders. Counted are first payments, as an order stands for one sale; renewals are not orders. Of several
 * currencies the one with most orders is shown.
 */
export const revenueOf = (orders: readonly Order[], now: Date, days: number): Revenue => {
  const counts = Map.groupBy(orders, ({ currency }) => currency);
  const currencies = [...counts].toSorted((a, b) => b[1].length - a[1].length).map(([currency]) => currency);
  const currency = currencies[0] ?? 'USD';
  const own = counts.get(currency) ?? [];
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const monthStart = dayOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)));
  const previousStart = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  // The 31st has no counterpart in a shorter month: then its last day.
  const lastOfPrevious = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0)).getUTCDate();
  const previousEnd = dayOf(new Date(previousStart.getTime() + (Math.min(now.getUTCDate(), lastOfPrevious) - 1) * DAY_MS));
  const between = (from: string, to: string) => sum(own.filter((order) => { const day = paidOn(order); return day !== null && day >= from && day <= to; }));
  const shown = Array.from({ length: days }, (_, index) => dayOf(new Date(today - (days - 1 - index) * DAY_MS)));
  const first = shown[0] ?? monthStart;
  const inPeriod = own.filter((order) => { const day = paidOn(order); return day !== null && day >= first; });
  const perDay = Map.groupBy(inPeriod, (order) => paidOn(order) ?? '');
  const perProduct = Map.groupBy(inPeriod, ({ product_id: id }) => id);
  return {
    currency, otherCurrencies: currencies.slice(1),
    monthToDate: between(monthStart, dayOf(now)), previousToDate: between(dayOf(previousStart), previousEnd),
    recurring: Math.round(own.filter(({ state }) => state === 'active').reduce((total, { cycle, amount_minor: amount }) => total + (cycle === 'monthly' ? amount : cycle === 'yearly' ? amount / 12 : 0), 0)),
    byDay: shown.map((day) => ({ day, amount: sum(perDay.get(day) ?? []) })),
    byProduct: [...perProduct].map(([id, list]) => ({ id, name: list[0]?.product_name ?? '', amount: sum(list), orders: list.length })).toSorted((a, b) => b.amount - a.amount || b.orders - a.orders),
  };
};

const sum = (orders: readonly Order[]): number => orders.reduce((total, { amount_minor: amount }) => total + amount, 0);
