import { expect, test } from 'vitest';
import type { Order } from '#modules/billing/contract.ts';
import { revenueOf } from './revenue.ts';

const id = '0190a3b0-0000-7000-8000-000000000001';
const order = (fields: Partial<Order>): Order => ({
  id, product_id: id, plan_id: id, project_id: id, subscription_id: id, product_name: 'Support Agent', plan_name: 'Starter', buyer_name: 'Acme', state: 'active', cycle: 'monthly',
  amount_minor: 2_900, currency: 'USD', created_at: '2026-11-10T09:00:00Z', activated_at: '2026-11-10T09:00:00Z', cancelled_at: null, ...fields,
});
const now = new Date('2026-11-20T12:00:00Z');

test('the month so far is compared with the same days of the month before', () => {
  const revenue = revenueOf([
    order({}), order({ activated_at: '2026-11-01T00:00:00Z', amount_minor: 100 }), order({ activated_at: '2026-10-20T23:59:59Z', amount_minor: 500 }), order({ activated_at: '2026-10-21T00:00:00Z', amount_minor: 900 }),
  ], now, 30);
  expect([revenue.monthToDate, revenue.previousToDate]).toEqual([3_000, 500]);
});

test('an order that was never paid brings nothing', () => {
  expect(revenueOf([order({ state: 'pending', activated_at: null })], now, 30)).toMatchObject({ monthToDate: 0, recurring: 0, byProduct: [] });
});

test('recurring revenue counts active orders by the month', () => {
  expect(revenueOf([order({}), order({ cycle: 'yearly', amount_minor: 12_000 }), order({ cycle: 'none', amount_minor: 700 }), order({ state: 'cancelled' })], now, 30).recurring).toBe(3_900);
});

test('every day is there, also those without a sale, and other currencies are named', () => {
  const revenue = revenueOf([order({}), order({}), order({ currency: 'EUR' })], now, 30);
  expect(revenue.byDay).toHaveLength(30);
  expect(revenue.byDay.at(-11)).toEqual({ day: '2026-11-10', amount: 5_800 });
  expect(revenue.byDay.at(-1)).toEqual({ day: '2026-11-20', amount: 0 });
  expect(revenue).toMatchObject({ currency: 'USD', otherCurrencies: ['EUR'], byProduct: [{ amount: 5_800, orders: 2 }] });
});
