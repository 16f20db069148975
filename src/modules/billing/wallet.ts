import { and, desc, eq, getTableColumns, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { isUuid } from '#platform/crypto/ids.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems } from '#platform/http/problem.ts';
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
  const after = readPosition(query.cursor);
  // Microseconds: rows of one transaction share their moment, and a rounded one would drop or repeat some.
  const at = sql<string>`to_char(${ledgerTransfers.createdAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const rows = await tx.select({ ...getTableColumns(ledgerTransfers), at }).from(ledgerTransfers).where(and(
    inArray(ledgerTransfers.phase, ['post', 'settle']),
    or(eq(ledgerTransfers.fromAccount, wallet), eq(ledgerTransfers.toAccount, wallet)),
    after ? sql`(${ledgerTransfers.createdAt}, ${ledgerTransfers.id}) < (${after.at}::timestamptz, ${after.id}::uuid)` : undefined,
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

/** Where the page before ended; null at the beginning. Throws 422 for what no page of this list wrote. */
function readPosition(cursor: string | undefined): { at: string; id: string } | null {
  const position = readCursor(cursor);
  if (!position) return null;
  const [at, id] = position;
  if (!z.iso.datetime().safeParse(at).success || !isUuid(id)) throw new Problem(problems.invalid, 'This cursor is not valid; start from the first page.', { issues: [{ path: 'cursor', message: 'not a cursor of this list' }] });
  return { at, id };
}
