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
export function accountId(tenant: string, kind: AccountKind, unit: string): string {
  const name = `${tenant} ${kind} ${unit}`;
  let id = knownIds.get(name);
  if (id === undefined) {
    if (knownIds.size >= KNOWN_IDS_MAX) knownIds.clear();
    knownIds.set(name, id = uuidFrom('ledger', tenant, kind, unit));
  }
  return id;
}

/** Every message asks for the same few again, and a hash is not free. */
const knownIds = new Map<string, string>();
const KNOWN_IDS_MAX = 20_000;

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
  const lines = requests.flatMap((request) => request.parts.map((part): HoldLine => ({
    id: part.id, tenant: request.tenant, unit: part.unit, wallet: accountId(request.tenant, 'wallet', part.unit), spent: accountId(request.tenant, 'spent', part.unit), amount: part.amount,
    reason: request.reason, reference: request.reference, subscription: request.subscriptionId,
  })));
  if (lines.length === 0) return requests.map(() => ({ ok: true, available: new Map() }));
  const before = await holdWhenAllFit(tx, lines);
  if (before === null) return holdInTurn(tx, requests, lines);
  let next = 0;
  return requests.map((request) => {
    const available = new Map(request.parts.map(({ unit, amount }) => {
      const { wallet } = lines[next++] ?? { wallet: '' };
      const left = (before.get(wallet) ?? 0n) - amount;
      before.set(wallet, left);
      return [unit, left];
    }));
    return { ok: true, available };
  });
}

interface HoldLine { id: string; tenant: string; unit: string; wallet: string; spent: string; amount: bigint; reason: string; reference: string; subscription: string }

/**
 * The usual case in one statement: everything asked for fits, so everything is held. Answers what was available before
 * by account; null, and nothing changed, when something does not fit.
 */
async function holdWhenAllFit(tx: Tx, lines: readonly HoldLine[]): Promise<Map<string, bigint> | null> {
  const { rows } = await tx.execute<{ id: string; available: string }>(sql`
    with line as materialized (select * from jsonb_to_recordset(${jsonOf(lines)}::jsonb)
        as line(id uuid, tenant uuid, wallet uuid, spent uuid, amount bigint, reason text, reference text, subscription uuid)),
      needed as materialized (select wallet, sum(amount)::bigint as amount from line group by wallet),
      locked as materialized (select id, balance - held as available from ledger_accounts where id in (select wallet from needed) order by id for no key update),
      fits as materialized (select bool_and(coalesce(locked.available, -1) >= needed.amount) as everything from needed left join locked on locked.id = needed.wallet),
      reserved as (update ledger_accounts set held = ledger_accounts.held + needed.amount from fits, locked join needed on needed.wallet = locked.id
        where ledger_accounts.id = locked.id and needed.amount > 0 and fits.everything),
      kept as (insert into ledger_transfers (id, tenant_id, phase, from_account, to_account, amount, reason, reference, subscription_id)
        select id, tenant, 'hold', wallet, spent, amount, reason, reference, subscription from line, fits where amount > 0 and fits.everything)
    select locked.id, locked.available::text as available from locked, fits where fits.everything`);
  return rows.length === 0 ? null : new Map(rows.map((row) => [row.id, BigInt(row.available)]));
}

/** The general case: one request after the other, each whole or not at all. */
async function holdInTurn(tx: Tx, requests: readonly HoldRequest[], lines: readonly HoldLine[]): Promise<HoldResult[]> {
  const available = new Map((await lockAccounts(tx, lines.map((line) => line.wallet))).map((row) => [row.id, row.balance - row.held]));
  const granted: HoldLine[] = [];
  let next = 0;
  const results = requests.map((request): HoldResult => {
    const own = lines.slice(next, next += request.parts.length);
    for (const { wallet, unit, amount } of own) {
      const left = available.get(wallet) ?? 0n;
      if (left < amount) return { ok: false, unit, available: left };
    }
    for (const line of own) available.set(line.wallet, (available.get(line.wallet) ?? 0n) - line.amount);
    granted.push(...own);
    return { ok: true, available: new Map(own.map(({ unit, wallet }) => [unit, available.get(wallet) ?? 0n])) };
  });
  // A part of nothing only asks what is available.
  const held = granted.filter((line) => line.amount > 0n);
  if (held.length > 0 && await holdWhenAllFit(tx, held) === null) throw new Error('what was granted under the lock is gone');
  return results;
}

/** How a hold ends: the amount really used moves, the rest returns. Zero releases everything. */
export interface HoldEnd { id: string; holdId: string; tenant: string; unit: string; held: bigint; used: bigint; reason: string; reference: string; subscriptionId: string }

/** Ends many holds at once (operator door), in one statement. A hold that has already ended stays as it ended. */
export async function endAll(tx: Tx, ends: readonly HoldEnd[]): Promise<void> {
  if (ends.length === 0) return;
  // One end for each hold: the first.
  const byHold = new Map(ends.toReversed().map((end) => [end.holdId, end]));
  const lines = [...byHold.values()].map((end) => ({
    id: end.id, hold: end.holdId, tenant: end.tenant, wallet: accountId(end.tenant, 'wallet', end.unit), spent: accountId(end.tenant, 'spent', end.unit),
    held: end.held, used: end.used, reason: end.reason, reference: end.reference, subscription: end.subscriptionId,
  }));
  // The lock comes before the insert: two ends of one hold then wait there, and not for each other's rows.
  await tx.execute(sql`
    with line as materialized (select * from jsonb_to_recordset(${jsonOf(lines)}::jsonb)
        as line(id uuid, hold uuid, tenant uuid, wallet uuid, spent uuid, held bigint, used bigint, reason text, reference text, subscription uuid)),
      locked as materialized (select id from ledger_accounts where id in (select wallet from line union select spent from line) order by id for no key update),
      ended as (insert into ledger_transfers (id, tenant_id, phase, from_account, to_account, amount, hold_id, reason, reference, subscription_id)
        select id, tenant, case when used > 0 then 'settle' else 'release' end, wallet, spent, used, hold, reason, reference, subscription
        from line where (select count(*) from locked) > 0
        on conflict do nothing returning hold_id),
      change as (select account, sum(balance)::bigint as balance, sum(held)::bigint as held from (
          select line.wallet as account, -line.used as balance, -line.held as held from line join ended on ended.hold_id = line.hold
          union all select line.spent, line.used, 0 from line join ended on ended.hold_id = line.hold where line.used > 0
        ) as each group by account)
    update ledger_accounts set balance = ledger_accounts.balance + change.balance, held = ledger_accounts.held + change.held
    from change where ledger_accounts.id = change.account`);
}

/** Rows for `jsonb_to_recordset`: one parameter and one text of the statement, however many rows there are. */
const jsonOf = (rows: readonly object[]): string => JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/**
 * Locks accounts until the transaction ends, always in the order of their ids, so that two transactions never wait for
 * each other. Whoever moves value locks everything it touches by one call. `NO KEY`, because every transfer that refers
 * to an account takes a key lock on it, which a plain `FOR UPDATE` would wait for.
 */
export async function lockAccounts(tx: Tx, ids: readonly string[]): Promise<{ id: string; balance: bigint; held: bigint }[]> {
  return tx.select({ id: ledgerAccounts.id, balance: ledgerAccounts.balance, held: ledgerAccounts.held })
    .from(ledgerAccounts).where(inArray(ledgerAccounts.id, [...new Set(ids)])).orderBy(ledgerAccounts.id).for('no key update');
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
