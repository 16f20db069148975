import { and, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { uuidFrom } from '#platform/crypto/ids.ts';
import type { Tx } from '#platform/db/database.ts';
import { accountId, CREDIT, endAll, holdAll, lockAccounts } from './ledger/ledger.ts';
import { ledgerTransfers } from './tables.ts';

/** Credits for something that takes longer than a request, named by its reference: a document, an image. */
export interface Charge { tenant: string; subscriptionId: string; reason: string; reference: string }

/**
 * Reserves before work starts (operator door). What is reserved or paid already stays so; after a failure it is
 * reserved anew. Answers what was available where that was too little, else null.
 */
export async function reserveCharge(tx: Tx, charge: Charge, credits: bigint): Promise<bigint | null> {
  const earlier = await holdsOf(tx, charge);
  if (credits === 0n || earlier.some((hold) => hold.end !== 'release')) return null;
  const id = uuidFrom('charge', charge.subscriptionId, charge.reason, charge.reference, String(earlier.length));
  const [result] = await holdAll(tx, [{ ...charge, parts: [{ id, unit: CREDIT, amount: credits }] }]);
  return result?.ok === false ? result.available : null;
}

/**
 * The work is done: takes what was reserved, once (operator door). A reservation the sweep took for abandoned is made
 * again; false when the credits for that are gone.
 */
export async function settleCharge(tx: Tx, charge: Charge, credits: bigint): Promise<boolean> {
  if (credits === 0n || (await holdsOf(tx, charge)).some((hold) => hold.end === 'settle')) return true;
  if (await reserveCharge(tx, charge, credits) !== null) return false;
  await endOpen(tx, charge, (held) => held);
  return true;
}

/** The work failed: gives back what was reserved (operator door). What was paid stays paid. */
export async function releaseCharge(tx: Tx, charge: Charge): Promise<void> {
  await endOpen(tx, charge, () => 0n);
}

async function endOpen(tx: Tx, charge: Charge, usedOf: (held: bigint) => bigint): Promise<void> {
  const open = (await holdsOf(tx, charge)).filter((hold) => hold.end === null);
  await endAll(tx, open.map(({ id, amount }) => ({ ...charge, id: uuidFrom('charge-end', id), holdId: id, unit: CREDIT, held: amount, used: usedOf(amount) })));
}

/** Every reservation for the charge with how it ended. Locks its accounts, so that no other one is made meanwhile. */
async function holdsOf(tx: Tx, { tenant, subscriptionId, reason, reference }: Charge) {
  await lockAccounts(tx, [accountId(tenant, 'wallet', CREDIT), accountId(tenant, 'spent', CREDIT)]);
  const ended = alias(ledgerTransfers, 'ended');
  return tx.select({ id: ledgerTransfers.id, amount: ledgerTransfers.amount, end: ended.phase }).from(ledgerTransfers)
    .leftJoin(ended, eq(ended.holdId, ledgerTransfers.id))
    .where(and(
      eq(ledgerTransfers.tenantId, tenant), eq(ledgerTransfers.phase, 'hold'), eq(ledgerTransfers.subscriptionId, subscriptionId),
      eq(ledgerTransfers.reason, reason), eq(ledgerTransfers.reference, reference),
    ));
}
