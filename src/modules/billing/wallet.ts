import { and, desc, eq, getTableColumns, inArray, or } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { exactTime, olderThan } from '#platform/db/time-order.ts';
import { writeCursor } from '#platform/http/cursor.ts';
import type { billingEndpoints, Wallet } from './contract.ts';
import { accountId, CREDIT } from './ledger/ledger.ts';
import { ledgerAccounts, ledgerTransfers } from './tables.ts';

type Endpoints = typeof billingEndpoints;

/** The credits of the acting organization. */
export async function getWallet({ tx, tenant }: Ctx): Promise<Wallet> {
  const [row] = await tx.select().from(ledgerAccounts).where(eq(ledgerAccounts.id, accountId(tenant, 'wallet', CREDIT)));
  const [balance, held] = [Number(row?.balance ?? 0n), Number(row?.held ?? 0n)];
  return { unit: CREDIT, balance, held, available: balance - held };
}

/** What moved the credits, newest first; reservations in progress are not listed. */
export async function listTransfers({ tx, tenant }: Ctx, { query }: Input<Endpoints['listTransfers']>): Promise<Output<Endpoints['listTransfers']>> {
  const wallet = accountId(tenant, 'wallet', CREDIT);
  const rows = await tx.select({ ...getTableColumns(ledgerTransfers), at: exactTime(ledgerTransfers.createdAt) }).from(ledgerTransfers).where(and(
    inArray(ledgerTransfers.phase, ['post', 'settle']),
    or(eq(ledgerTransfers.fromAccount, wallet), eq(ledgerTransfers.toAccount, wallet)),
    olderThan(query.cursor, ledgerTransfers.createdAt, ledgerTransfers.id),
  )).orderBy(desc(ledgerTransfers.createdAt), desc(ledgerTransfers.id)).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    data: shown.map((row) => ({
      id: row.id, created_at: row.createdAt.toISOString(), reason: row.reason, reference: row.reference, subscription_id: row.subscriptionId,
      amount: Number(row.toAccount === wallet ? row.amount : -row.amount),
    })),
    next_cursor: rows.length > query.limit && last ? writeCursor(last.at, last.id) : null,
  };
}
