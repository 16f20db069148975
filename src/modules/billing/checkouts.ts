import { eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Checkout } from './contract.ts';
import type { PaymentProvider } from './ports.ts';
import { problems } from './problems.ts';
import { checkouts } from './tables.ts';

export type CheckoutRow = typeof checkouts.$inferSelect;

/** What is to be paid; every figure was looked up on the server. */
export interface NewCheckout {
  /** Chosen by the caller where a repetition must find the same checkout. */
  id?: string;
  provider: string | null;
  purpose: CheckoutRow['purpose'];
  orderId?: string;
  credits?: number;
  amountMinor: bigint;
  currency: string;
  description: string;
  returnPath: string;
  recurring?: 'monthly' | 'yearly' | 'none';
}

/** Writes a payment to be made; its page is opened after commit by {@link paymentPage}. Refuses where nobody collects money. */
export async function openCheckout({ tx }: Ctx, checkout: NewCheckout): Promise<string> {
  const { provider, description, id = uuidv7(), recurring = 'none', ...rest } = checkout;
  if (provider === null) throw new Problem(problems['payments-unavailable'], 'No payment provider is set up here. Ask the people who run this installation.');
  await tx.insert(checkouts).values({ ...rest, id, provider, returnPath: localPath(rest.returnPath), details: { description, recurring } }).onConflictDoNothing();
  return id;
}

/**
 * The checkout with the address of its page. A page that a crash kept from being opened is opened now; providers answer
 * a repetition with the same payment.
 */
export async function paymentPage(process: Process, provider: PaymentProvider | null, checkoutId: string): Promise<Checkout> {
  const checkout = await process.run(async (ctx) => requireCheckout(ctx, checkoutId));
  if (checkout.details['url'] !== undefined || checkout.state !== 'open' || provider?.name !== checkout.provider) return presentCheckout(checkout);
  const { recurring, description = '' } = checkout.details;
  const opened = await provider.createCheckout({
    checkoutId, tenant: process.tenant, amountMinor: checkout.amountMinor, currency: checkout.currency, description,
    recurring: recurring === 'monthly' || recurring === 'yearly' ? recurring : null, returnPath: checkout.returnPath,
  }, process.signal);
  return process.run(async (ctx) => {
    const current = await requireCheckout(ctx, checkoutId, 'update');
    const details = { ...current.details, url: opened.url, reference: opened.reference };
    return presentCheckout(one(await ctx.tx.update(checkouts).set({ details }).where(eq(checkouts.id, checkoutId)).returning()));
  });
}

/** A checkout of the acting organization, or 404. With `update` nobody else changes it until the transaction ends. */
export async function requireCheckout({ tx }: Ctx, checkoutId: string, lock?: 'update'): Promise<CheckoutRow> {
  const query = tx.select().from(checkouts).where(eq(checkouts.id, checkoutId));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

export const presentCheckout = (row: CheckoutRow): Checkout => ({
  id: row.id, purpose: row.purpose, provider: row.provider, state: row.state, amount_minor: Number(row.amountMinor), currency: row.currency,
  description: row.details['description'] ?? '', credits: row.credits, order_id: row.orderId, failure: row.failure, return_path: row.returnPath,
  url: row.details['url'] ?? '',
});

/** A path of this installation. Anything a browser would read as another site is refused (`//evil`, `/\evil`, control characters). */
function localPath(path: string): string {
  const base = 'https://local.invalid';
  if (/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path) && URL.canParse(path, base) && new URL(path, base).origin === base) return path;
  throw new Problem(problems['return-path-invalid'], 'Send a path such as /organizations/…/orders/.', { issues: [{ path: 'return_path', message: 'must be a path of this site' }] });
}
