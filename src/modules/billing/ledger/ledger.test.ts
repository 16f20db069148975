import { eq } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { connect } from '#platform/db/database.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { accountId, CREDIT, endAll, grant, holdAll, ledgerDifferences, releaseStale, withdraw } from './ledger.ts';
import { ledgerAccounts, ledgerTransfers } from '../tables.ts';

const source = await startTestDatabase();
const database = connect(source.url);
const owner = new pg.Pool({ connectionString: source.adminUrl, max: 1 });
afterAll(async () => { await owner.end(); await database.close(); await source.close(); });

const funded = async (credits: bigint) => {
  const tenant = uuidv7();
  await database.asTenant(tenant, async (tx) => grant({ tx, tenant }, { id: uuidv7(), unit: CREDIT, amount: credits, reason: 'grant', reference: '' }));
  return tenant;
};
const wallet = async (tenant: string) => database.asTenant(tenant, async (tx) => {
  const [row] = await tx.select().from(ledgerAccounts).where(eq(ledgerAccounts.id, accountId(tenant, 'wallet', CREDIT)));
  return { balance: row?.balance, held: row?.held };
});
const hold = (tenant: string, amount: bigint, id = uuidv7()) => ({ tenant, parts: [{ id, unit: CREDIT, amount }], reason: 'message', reference: id, subscriptionId: tenant });
const end = (request: ReturnType<typeof hold>, used: bigint) => ({
  id: uuidv7(), holdId: request.parts[0]?.id ?? '', tenant: request.tenant, unit: CREDIT, held: request.parts[0]?.amount ?? 0n, used, reason: 'message', reference: request.reference, subscriptionId: request.subscriptionId,
});
const differences = async () => database.asOperator('check', ledgerDifferences);

test('of 200 simultaneous holds on a balance for 10, exactly 10 succeed', async () => {
  const tenant = await funded(20n);
  const results = (await Promise.all(Array.from({ length: 20 }, async () =>
    database.asOperator('test', async (tx) => holdAll(tx, Array.from({ length: 10 }, () => hold(tenant, 2n))))))).flat();
  expect(results.filter((result) => result.ok)).toHaveLength(10);
  expect(results.find((result) => !result.ok)).toEqual({ ok: false, unit: CREDIT, available: 0n });
  expect(await wallet(tenant)).toEqual({ balance: 20n, held: 20n });
  expect(await differences()).toEqual([]);
});

test('a settled hold moves what was used and returns the rest; ending it again changes nothing', async () => {
  const tenant = await funded(10n);
  const request = hold(tenant, 6n);
  await database.asOperator('test', async (tx) => holdAll(tx, [request]));
  await database.asOperator('test', async (tx) => endAll(tx, [end(request, 4n)]));
  await database.asOperator('test', async (tx) => endAll(tx, [end(request, 6n), end(request, 0n)]));
  expect(await wallet(tenant)).toEqual({ balance: 6n, held: 0n });
  expect(await differences()).toEqual([]);
});

test('a released hold costs nothing', async () => {
  const tenant = await funded(10n);
  const request = hold(tenant, 10n);
  await database.asOperator('test', async (tx) => holdAll(tx, [request]));
  await database.asOperator('test', async (tx) => endAll(tx, [end(request, 0n)]));
  expect(await wallet(tenant)).toEqual({ balance: 10n, held: 0n });
});

test('an action that needs two units takes both or neither, and says which lacked', async () => {
  const tenant = await funded(10n);
  await database.asTenant(tenant, async (tx) => grant({ tx, tenant }, { id: uuidv7(), unit: 'messages:x', amount: 1n, reason: 'plan', reference: '' }));
  const both = () => ({ ...hold(tenant, 2n), parts: [{ id: uuidv7(), unit: CREDIT, amount: 2n }, { id: uuidv7(), unit: 'messages:x', amount: 1n }] });
  const results = await database.asOperator('test', async (tx) => holdAll(tx, [both(), both()]));
  expect(results.map((result) => result.ok || result.unit)).toEqual([true, 'messages:x']);
  expect(await wallet(tenant)).toEqual({ balance: 10n, held: 2n });
});

test('the same grant twice counts once', async () => {
  const tenant = uuidv7();
  const posting = { id: uuidv7(), unit: CREDIT, amount: 5n, reason: 'grant', reference: '' };
  await database.asTenant(tenant, async (tx) => grant({ tx, tenant }, posting));
  expect(await database.asTenant(tenant, async (tx) => grant({ tx, tenant }, posting))).toBe(false);
  expect(await wallet(tenant)).toEqual({ balance: 5n, held: 0n });
});

test('the database itself refuses an overdraft and a change of history', async () => {
  const tenant = await funded(3n);
  const overdraft = database.asTenant(tenant, async (tx) => withdraw({ tx, tenant }, { id: uuidv7(), unit: CREDIT, amount: 4n, reason: 'test', reference: '' }));
  await expect(overdraft).rejects.toMatchObject({ cause: { constraint: 'ledger_accounts_covered' } });
  for (const door of [async () => database.asTenant(tenant, async (tx) => tx.update(ledgerTransfers).set({ amount: 1n })), async () => database.asOperator('test', async (tx) => tx.delete(ledgerTransfers))]) {
    await expect(door()).rejects.toMatchObject({ cause: { code: '42501' } });
  }
});

test('a hold whose process died is released by the sweep, and only then', async () => {
  const tenant = await funded(5n);
  await database.asOperator('test', async (tx) => holdAll(tx, [hold(tenant, 5n)]));
  expect(await database.asOperator('test', async (tx) => releaseStale(tx, 15))).toBe(0);
  await owner.query(`update ledger_transfers set created_at = now() - interval '16 minutes' where tenant_id = $1`, [tenant]);
  expect(await database.asOperator('test', async (tx) => releaseStale(tx, 15))).toBe(1);
  expect(await wallet(tenant)).toEqual({ balance: 5n, held: 0n });
  expect(await differences()).toEqual([]);
});
