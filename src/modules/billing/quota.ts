import { eq } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { accountId, ensureAccounts, grant, lockAccounts, messageQuota, withdraw } from './ledger/ledger.ts';
import { ledgerTransfers } from './tables.ts';

/**
 * Sets the messages a subscription has left to what its plan includes for the period that begins at `periodStart`: what
 * was left of the period before ends with it. Once for each period, however often it is called; with null (unlimited)
 * what was left ends and nothing is granted. Messages reserved by running actions stay theirs. Callers hold the lock of
 * the subscription's row, so that two periods never begin at the same time.
 */
export async function resetQuota(ctx: Ctx, { subscriptionId, periodStart, messages }: { subscriptionId: string; periodStart: Date; messages: number | null }): Promise<void> {
  const unit = messageQuota(subscriptionId);
  const id = uuidFrom('message-quota', subscriptionId, periodStart.toISOString());
  const known = await ctx.tx.$count(ledgerTransfers, eq(ledgerTransfers.id, id));
  if (known > 0) return;
  await ensureAccounts(ctx, unit);
  const wallet = accountId(ctx.tenant, 'wallet', unit);
  const account = (await lockAccounts(ctx.tx, [wallet, accountId(ctx.tenant, 'grants', unit)])).find((one) => one.id === wallet);
  const left = account ? account.balance - account.held : 0n;
  const posting = { unit, reason: 'plan', reference: periodStart.toISOString(), subscriptionId };
  if (left > 0n) await withdraw(ctx, { ...posting, id: uuidFrom('message-quota-ended', subscriptionId, periodStart.toISOString()), amount: left });
  if (messages !== null) await grant(ctx, { ...posting, id, amount: BigInt(messages) });
}
