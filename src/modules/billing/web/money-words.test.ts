import { expect, test } from 'vitest';
import { amountWords, reasonWords, signed } from './money-words.ts';
import { grouped } from './test-cards.ts';

test('an amount says how often it is paid', () => {
  expect(amountWords({ amount_minor: 2900, currency: 'USD', cycle: 'monthly' })).toBe('$29.00 a month');
  expect(amountWords({ amount_minor: 0, currency: 'USD', cycle: 'none' })).toBe('Free');
});

test('a reason nobody listed here is still readable', () => {
  expect(reasonWords({ reason: 'grant', reference: 'welcome' })).toBe('Welcome credits');
  expect(reasonWords({ reason: 'seller-payout', reference: '' })).toBe('Seller payout');
});

test('credits that left carry a minus sign', () => {
  expect([signed(500), signed(-2), signed(0)]).toEqual(['+500', '−2', '0']);
});

test('a card number is grouped while it is typed, whatever else is typed', () => {
  expect(grouped('4242-4242x42')).toBe('4242 4242 42');
  expect(grouped('42424242424242429999')).toBe('4242 4242 4242 4242');
});
