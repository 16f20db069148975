/** What a provider is asked to collect. The price is ours: nothing of it comes from the caller. */
export interface CheckoutRequest {
  /** Names the payment for ever: asking again with it must open the same payment, never a second one. */
  checkoutId: string;
  /** The organization that pays. */
  tenant: string;
  /** Minor units of `currency`. */
  amountMinor: bigint;
  currency: string;
  description: string;
  /** How often it is collected again; null for once. */
  recurring: 'monthly' | 'yearly' | null;
  /** Path of this installation the buyer returns to. */
  returnPath: string;
}

/** How an attempt to pay ended; `failure` is in words for the buyer. */
export type PaymentOutcome = { paid: true } | { paid: false; failure: string };

/**
 * Somebody who collects money. What happened is told back through `recordPayment`, by a webhook or, in the sandbox, by
 * its own page.
 */
export interface PaymentProvider {
  /** Kept with every checkout. */
  name: string;
  /** Opens the page to pay on. Called outside transactions, possibly again after a crash. */
  createCheckout(request: CheckoutRequest, signal: AbortSignal): Promise<{ url: string; reference: string }>;
  /** Only the sandbox: what a test card (16 digits) does, null for a card it does not know. */
  payWithTestCard?(card: string): PaymentOutcome | null;
}
