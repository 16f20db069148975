import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import type { Tx } from '#platform/db/database.ts';
import { ledgerAccounts, ledgerTransfers } from '../tables.ts';

/** The unit of the organization's wallet. */
export const CREDIT = 'credit';
/** The unit in which the messages a plan includes are counted: a wallet of its own, refilled every period. */
export const messageQuota = (subscriptionId: string): string => `messages:${subscriptionId}`;

type AccountKind = 'wallet' | 'grants' | 'spent';

/** The id of an account follows from what it is, so that a transfer needs no lookup. */
export const accountId = (tenant: string, kind: AccountKind, unit: string): string => uuidFrom('ledger', tenant, kind, unit);

/** Creates the accounts of a unit where they are missing. */
export async function ensureAccounts({ tx, tenant }: Pick<Ctx, 'tx' | 'tenant'>, unit: string): Promise<void> {
  const kinds: AccountKind[] = ['wallet', 'grants', 'spent'];
  await tx.insert(ledgerAccounts).values(kinds.map((kind) => ({ id: accountId(tenant, kind, unit), tenantId: tenant, kind, unit }))).onConflictDoNothing();
}

export interface Posting { id: string; unit: string; amount: bigint; reason: string; reference: string; subscriptionId?: string }

/** Puts value into the wallet. Repeating the id changes nothing; returns whether it was new. */
export async function grant(ctx: Pick<Ctx, 'tx' | 'tenant'>, posting: Posting): Promise<boolean> {
  await ensureAccounts(ctx, posting.unit);
  return post(ctx, posting, 'grants', 'wallet');
}

/** Takes value out of the wallet at once; the database refuses an overdraft. Repeating the id changes nothing. */
export async function withdraw(ctx: Pick<Ctx, 'tx' | 'tenant'>, posting: Posting): Promise<boolean> {
  return post(ctx, posting, 'wallet', 'grants');
}

async function post({ tx, tenant }: Pick<Ctx, 'tx' | 'tenant'>, posting: Posting, from: AccountKind, to: AccountKind): Promise<boolean> {
  const [fromAccount, toAccount] = [accountId(tenant, from, posting.unit), accountId(tenant, to, posting.unit)];
  await lockAccounts(tx, [fromAccount, toAccount]);
  const made = await tx.insert(ledgerTransfers).values({
    id: posting.id, tenantId: tenant, phase: 'post', fromAccount, toAccount, amount: posting.amount,
    reason: posting.reason, reference: posting.reference, subscriptionId: posting.subscriptionId ?? null,
  }).onConflictDoNothing().returning({ id: ledgerTransfers.id });
  if (made.length === 0) return false;
  await tx.update(ledgerAccounts).set({ balance: sql`${ledgerAccounts.balance} - ${posting.amount}` }).where(eq(ledgerAccounts.id, fromAccount));
  await tx.update(ledgerAccounts).set({ balance: sql`${ledgerAccounts.balance} + ${posting.amount}` }).where(eq(ledgerAccounts.id, toAccount));
  return true;
}

/** One amount to reserve. */
export interface HoldPart { id: string; unit: string; amount: bigint }
/** What an action reserves before it runs: all parts or none. */
export interface HoldRequest { tenant: string; parts: readonly HoldPart[]; reason: string; reference: string; subscriptionId: string }
/** Whether everything was reserved; otherwise the unit that lacked and what was left of it. */
export type HoldResult = { ok: true; available: ReadonlyMap<string, bigint> } | { ok: false; unit: string; available: bigint };

/**
 * Reserves for many actions at once, of any tenants (needs the operator door). Requests are decided in order under the
 * lock of their accounts: what is granted can never exceed what is there.
 */
export async function holdAll(tx: Tx, requests: readonly HoldRequest[]): Promise<HoldResult[]> {
  const ids = requests.flatMap((request) => request.parts.map((part) => accountId(request.tenant, 'wallet', part.unit)));
  if (ids.length === 0) return requests.map(() => ({ ok: true, available: new Map() }));
  const rows = await lockAccounts(tx, ids);
  const available = new Map(rows.map((row) => [row.id, row.balance - row.held]));
  const reserved = new Map<string, bigint>();
  const transfers: (typeof ledgerTransfers.$inferInsert)[] = [];

  const results = requests.map((request): HoldResult => {
    const accounts = request.parts.map((part) => accountId(request.tenant, 'wallet', part.unit));
    for (const [index, part] of request.parts.entries()) {
      const left = available.get(accounts[index] ?? '') ?? 0n;
      if (left < part.amount) return { ok: false, unit: part.unit, available: left };
    }
    for (const [index, part] of request.parts.entries()) {
      const account = accounts[index] ?? '';
      available.set(account, (available.get(account) ?? 0n) - part.amount);
      // A part of nothing only asks what is available.
      if (part.amount === 0n) continue;
      reserved.set(account, (reserved.get(account) ?? 0n) + part.amount);
      transfers.push({
        id: part.id, tenantId: request.tenant, phase: 'hold', fromAccount: account, toAccount: accountId(request.tenant, 'spent', part.unit),
        amount: part.amount, reason: request.reason, reference: request.reference, subscriptionId: request.subscriptionId,
      });
    }
    return { ok: true, available: new Map(request.parts.map((part, index) => [part.unit, available.get(accounts[index] ?? '') ?? 0n])) };
  });

  if (transfers.length > 0) await tx.insert(ledgerTransfers).values(transfers);
  await adjust(tx, [...reserved].map(([id, held]) => ({ id, balance: 0n, held })));
  return results;
}

/** How a hold ends: the amount really used moves, the rest returns. Zero releases everything. */
export interface HoldEnd { id: string; holdId: string; tenant: string; unit: string; held: bigint; used: bigint; reason: string; reference: string; subscriptionId: string }

/** Ends many holds at once (operator door). A hold that has already ended stays as it ended. */
export async function endAll(tx: Tx, ends: readonly HoldEnd[]): Promise<void> {
  if (ends.length === 0) return;
  // Before the insert: two ends of one hold then wait here, and not for each other's rows.
  await lockAccounts(tx, ends.flatMap((end) => [accountId(end.tenant, 'wallet', end.unit), accountId(end.tenant, 'spent', end.unit)]));
  const made = await tx.insert(ledgerTransfers).values(ends.map((end) => ({
    id: end.id, tenantId: end.tenant, phase: end.used > 0n ? 'settle' as const : 'release' as const,
    fromAccount: accountId(end.tenant, 'wallet', end.unit), toAccount: accountId(end.tenant, 'spent', end.unit),
    amount: end.used, holdId: end.holdId, reason: end.reason, reference: end.reference, subscriptionId: end.subscriptionId,
  }))).onConflictDoNothing().returning({ holdId: ledgerTransfers.holdId });
  const fresh = new Set(made.map((row) => row.holdId));
  const changes = new Map<string, { balance: bigint; held: bigint }>();
  const change = (id: string, balance: bigint, held: bigint) => {
    const known = changes.get(id) ?? { balance: 0n, held: 0n };
    changes.set(id, { balance: known.balance + balance, held: known.held + held });
  };
  for (const end of ends) {
    if (!fresh.has(end.holdId)) continue;
    change(accountId(end.tenant, 'wallet', end.unit), -end.used, -end.held);
    change(accountId(end.tenant, 'spent', end.unit), end.used, 0n);
  }
  await adjust(tx, [...changes].map(([id, delta]) => ({ id, ...delta })));
}

/**
 * Locks accounts until the transaction ends, always in the order of their ids, so that two transactions never wait for
 * each other. Whoever moves value locks everything it touches by one call. `NO KEY`, because every transfer that refers
 * to an account takes a key lock on it, which a plain `FOR UPDATE` would wait for.
 */
export async function lockAccounts(tx: Tx, ids: readonly string[]): Promise<{ id: string; balance: bigint; held: bigint }[]> {
  return tx.select({ id: ledgerAccounts.id, balance: ledgerAccounts.balance, held: ledgerAccounts.held })
    .from(ledgerAccounts).where(inArray(ledgerAccounts.id, [...new Set(ids)])).orderBy(ledgerAccounts.id).for('no key update');
}

/** Needs the lock of every account it changes. */
async function adjust(tx: Tx, changes: readonly { id: string; balance: bigint; held: bigint }[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => sql`(${change.id}::uuid, ${change.balance}::bigint, ${change.held}::bigint)`);
  await tx.execute(sql`update ledger_accounts set balance = ledger_accounts.balance + delta.balance, held = ledger_accounts.held + delta.held
    from (values ${sql.join(rows, sql`, `)}) as delta(id, balance, held) where ledger_accounts.id = delta.id`);
}

/** Releases holds that nobody ended for `minutes` (operator door): their process died. Returns how many. */
export async function releaseStale(tx: Tx, minutes: number): Promise<number> {
  const stale = await tx.select().from(ledgerTransfers).where(and(
    eq(ledgerTransfers.phase, 'hold'),
    sql`${ledgerTransfers.createdAt} < now() - make_interval(mins => ${minutes})`,
    sql`not exists (select 1 from ledger_transfers ended where ended.hold_id = ${ledgerTransfers.id})`,
  )).limit(500);
  const units = await tx.select({ id: ledgerAccounts.id, unit: ledgerAccounts.unit }).from(ledgerAccounts).where(inArray(ledgerAccounts.id, stale.map((row) => row.fromAccount)));
  const unitOf = new Map(units.map((row) => [row.id, row.unit]));
  await endAll(tx, stale.map((row) => ({
    id: uuidFrom('release', row.id), holdId: row.id, tenant: row.tenantId, unit: unitOf.get(row.fromAccount) ?? CREDIT, held: row.amount, used: 0n,
    reason: 'released', reference: row.reference, subscriptionId: row.subscriptionId ?? row.id,
  })));
  return stale.length;
}

/** Differences between what accounts say and what their transfers add up to (operator door). Empty when all is well. */
export async function ledgerDifferences(tx: Tx): Promise<{ account: string; balance: string; expected: string }[]> {
  const result = await tx.execute<{ account: string; balance: string; expected: string }>(sql`
    with moved as (
      select account, sum(balance) as balance, sum(held) as held from (
        select from_account as account, -amount as balance, 0 as held from ledger_transfers where phase in ('post', 'settle')
        union all select to_account, amount, 0 from ledger_transfers where phase in ('post', 'settle')
        union all select from_account, 0, amount from ledger_transfers hold where phase = 'hold' and not exists (select 1 from ledger_transfers ended where ended.hold_id = hold.id)
      ) lines group by account)
    select a.id as account, a.balance || '/' || a.held as balance, coalesce(m.balance, 0) || '/' || coalesce(m.held, 0) as expected
    from ledger_accounts a left join moved m on m.account = a.id
    where a.balance <> coalesce(m.balance, 0) or a.held <> coalesce(m.held, 0)`);
  return result.rows;
}
