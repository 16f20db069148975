import type { PaymentOutcome, PaymentProvider } from '#modules/billing/ports.ts';

/** What each test card does. Any other number is unknown to the sandbox. */
const TEST_CARDS: ReadonlyMap<string, PaymentOutcome> = new Map([
  ['4242424242424242', { paid: true }],
  ['4000000000000002', { paid: false, failure: 'The card was declined. Try another card.' }],
  ['4000000000009995', { paid: false, failure: 'The card has insufficient funds. Try another card.' }],
]);

/**
 * The payment provider of an installation without one: its payment page is a page of this console, and no money moves.
 * Never for production, where a test card would buy real credits.
 */
export const sandboxPayments = (): PaymentProvider => ({
  name: 'sandbox',
  createCheckout: async ({ checkoutId }) => ({ url: `/checkout/pay/${checkoutId}`, reference: checkoutId }),
  payWithTestCard: (card) => TEST_CARDS.get(card) ?? null,
});
