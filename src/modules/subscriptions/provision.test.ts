import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { accountId, ledgerAccounts, ledgerDifferences, messageQuota, orders } from '#modules/billing/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { buy, cancel, pay, sampleProduct } from '../../testing/products.ts';
import { ensurePeriod, subscriptions } from './index.ts';
import { addMonths, periodAt } from './period.ts';
import type { KnowledgeProvisioner } from './ports.ts';
import { createProvision, reconcile } from './provision.ts';

const app = await startApp();
const { platform } = app.composition;
const system = systemProcess(platform, 'test');
const sellersKnowledge = uuidv7();
const product = await sampleProduct(app, { knowledgeBaseId: sellersKnowledge });

/** Remembers what it was asked; like the real one it gives the same answer for the same subscription. */
function knowledgeFake(failures = 0) {
  const calls: Parameters<KnowledgeProvisioner['create']>[1][] = [];
  const made = new Map<string, string>();
  let left = failures;
  const create: KnowledgeProvisioner['create'] = async (_process, base) => {
    calls.push(base);
    if (left > 0) { left -= 1; throw new Error('the knowledge store is away'); }
    const known = made.get(base.subscriptionId) ?? uuidv7();
    made.set(base.subscriptionId, known);
    return known;
  };
  return { calls, made, create };
}

const row = async (subscriptionId: string) => {
  const [found] = await system.asOperator('test', async ({ tx }) => tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId)));
  if (!found) throw new Error('no such subscription');
  return found;
};
const quota = async (person: Person, subscriptionId: string) => system.asOperator('test', async ({ tx }) => {
  const [account] = await tx.select().from(ledgerAccounts).where(eq(ledgerAccounts.id, accountId(person.organizationId, 'wallet', messageQuota(subscriptionId))));
  return account?.balance;
});
const countOf = async (tenant: string, table: string) => (await system.asTenant(tenant, async ({ tx }) => tx.execute(`select count(*)::int as n from ${table}`))).rows;

async function bought(plan = 'pro') {
  const ann = await app.person('Ann');
  const placed = await buy(ann, product, plan);
  if (placed.checkout_id) await pay(ann, placed.checkout_id);
  await app.settled();
  return { ann, id: placed.subscription_id, orderId: placed.order_id, process: systemProcess(platform, 'test', ann.organizationId) };
}

/** The state a crash leaves behind before provisioning's last step: paid, and nothing to show for it. */
async function unprovisioned() {
  const one = await bought();
  await system.asOperator('test', async ({ tx }) => tx.update(subscriptions).set({ state: 'pending', provisionedAt: null, flowId: null, knowledgeBaseId: null, runtimeEndpoint: null }).where(eq(subscriptions.id, one.id)));
  return one;
}

test('a copy gets its own flow and a knowledge base filled from the seller’s', async () => {
  const { id, process, ann } = await unprovisioned();
  const knowledge = knowledgeFake();
  await createProvision({ knowledge, keys: null })(process, id);
  const copy = await row(id);
  expect(copy).toMatchObject({ state: 'active', knowledgeBaseId: knowledge.made.get(id), runtimeEndpoint: `/v1/agents/${id}/chat` });
  expect(knowledge.calls).toMatchObject([{ subscriptionId: id, name: 'Sample agent', copyFrom: { tenant: product.seller.organizationId, knowledgeBaseId: sellersKnowledge }, settings: { chunking: { strategy: expect.any(String) } } }]);
  const [flow] = (await system.asTenant(ann.organizationId, async ({ tx }) => tx.execute(`select tenant_id, copied_from from flows where id = '${copy.flowId}'`))).rows;
  expect(flow).toMatchObject({ tenant_id: ann.organizationId });
});

test('repeated, simultaneous and interrupted provisioning ends with one copy, one quota and one key', async () => {
  const { id, process, ann } = await unprovisioned();
  const knowledge = knowledgeFake(2);
  const keys: string[] = [];
  const provision = createProvision({ knowledge, keys: { ensurePublishable: async (_ctx, subscriptionId) => { keys.push(subscriptionId); } } });
  // Dies after the flow was copied, twice; then many at once; then once more.
  await expect(provision(process, id)).rejects.toThrow('away');
  await expect(provision(process, id)).rejects.toThrow('away');
  expect((await row(id)).state).toBe('pending');
  await Promise.all(Array.from({ length: 20 }, async () => provision(process, id)));
  await provision(process, id);
  expect(keys).toEqual([id]);
  expect(knowledge.made.size).toBe(1);
  expect(await quota(ann, id)).toBe(1000n);
  expect(await countOf(ann.organizationId, 'flows')).toEqual([{ n: 1 }]);
  expect(await system.asOperator('test', async ({ tx }) => ledgerDifferences(tx))).toEqual([]);
});

test('a key that cannot be issued undoes the last step, which then succeeds as a whole', async () => {
  const { id, process } = await unprovisioned();
  await expect(createProvision({ knowledge: null, keys: { ensurePublishable: async () => { throw new Error('no key'); } } })(process, id)).rejects.toThrow('no key');
  expect(await row(id)).toMatchObject({ state: 'pending', provisionedAt: null });
  await createProvision({ knowledge: null, keys: null })(process, id);
  expect((await row(id)).state).toBe('active');
});

test('what is cancelled while it is provisioned stays cancelled', async () => {
  const { id, process, ann } = await unprovisioned();
  const knowledge: KnowledgeProvisioner = { create: async () => { await cancel(ann, id); return uuidv7(); } };
  await createProvision({ knowledge, keys: null })(process, id);
  expect(await row(id)).toMatchObject({ state: 'cancelled', provisionedAt: null, flowId: null });
});

test('an unpaid order is not provisioned, whoever asks', async () => {
  const ann = await app.person('Ann');
  const placed = await buy(ann, product, 'pro');
  await createProvision({ knowledge: null, keys: null })(systemProcess(platform, 'test', ann.organizationId), placed.subscription_id);
  expect(await row(placed.subscription_id)).toMatchObject({ state: 'pending', provisionedAt: null });
});

test('the sweep provisions what was paid and forgotten, and one that fails does not keep the others waiting', async () => {
  const [broken, forgotten] = [await unprovisioned(), await unprovisioned()];
  await system.asOperator('test', async ({ tx }) => {
    for (const { orderId } of [broken, forgotten]) await tx.update(orders).set({ activatedAt: new Date(Date.now() - 60_000) }).where(eq(orders.id, orderId));
  });
  const silent = { ...platform, log: { ...platform.log, error: () => undefined } };
  const real = createProvision({ knowledge: null, keys: null });
  await reconcile(silent, async (process, id) => { if (id === broken.id) throw new Error('still broken'); await real(process, id); });
  expect([(await row(broken.id)).state, (await row(forgotten.id)).state]).toEqual(['pending', 'active']);
  await reconcile(platform, real);
  expect((await row(broken.id)).state).toBe('active');
});

test('the next period brings the plan’s messages anew, once, however many ask', async () => {
  const { ann, id } = await bought();
  const first = await row(id);
  expect(await quota(ann, id)).toBe(1000n);
  await system.asOperator('test', async ({ tx }) => tx.update(ledgerAccounts).set({ held: 10n }).where(eq(ledgerAccounts.id, accountId(ann.organizationId, 'wallet', messageQuota(id)))));
  const later = systemProcess({ ...platform, now: () => new Date(first.periodEnd.getTime() + 40 * 86_400_000) }, 'test', ann.organizationId);
  await ensurePeriod(systemProcess(platform, 'test', ann.organizationId), id);
  expect((await row(id)).periodEnd).toEqual(first.periodEnd);
  await Promise.all(Array.from({ length: 20 }, async () => ensurePeriod(later, id)));
  const second = await row(id);
  expect([second.periodStart, second.periodEnd]).toEqual([addMonths(first.periodStart, 2), addMonths(first.periodStart, 3)]);
  // The 10 reserved by running messages stay theirs.
  expect(await quota(ann, id)).toBe(1010n);
});

test('a period of a cancelled subscription never begins', async () => {
  const { ann, id } = await bought();
  await cancel(ann, id);
  const later = systemProcess({ ...platform, now: () => new Date(Date.now() + 90 * 86_400_000) }, 'test', ann.organizationId);
  const before = await row(id);
  await ensurePeriod(later, id);
  expect((await row(id)).periodEnd).toEqual(before.periodEnd);
});

test.each([
  ['2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00Z', '2026-03-31T10:00:00Z'],
  ['2026-01-31T10:00:00Z', '2026-02-28T09:59:59Z', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z'],
  ['2028-02-29T00:00:00Z', '2029-02-28T12:00:00Z', '2029-02-28T00:00:00Z', '2029-03-29T00:00:00Z'],
  ['2026-12-15T00:00:00Z', '2027-01-15T00:00:00Z', '2027-01-15T00:00:00Z', '2027-02-15T00:00:00Z'],
  ['2026-05-10T00:00:00Z', '2026-05-01T00:00:00Z', '2026-05-10T00:00:00Z', '2026-06-10T00:00:00Z'],
])('months from %s at %s run from %s to %s', (anchor, now, start, end) => {
  expect(periodAt(new Date(anchor), new Date(now))).toEqual({ start: new Date(start), end: new Date(end) });
});
