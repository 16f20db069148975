import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { apiKeyEndpoints, chatEndpoints } from '#modules/gateway/contract.ts';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { startApp, type Caller, type Person } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { consoleRunEndpoints, runEndpoints } from './contract.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ LOG_LEVEL: 'error', OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());
beforeEach(() => { models.fail(null); models.reply({ text: 'Done in the background.' }); });
const product = await sampleProduct(app, { knowledge: false });

interface Subscriber { buyer: Person; caller: Caller; subscriptionId: string }

async function subscriber(name = 'Bea'): Promise<Subscriber> {
  const buyer = await app.person(name);
  await app.settled();
  const { subscription_id: subscriptionId } = await buy(buyer, product);
  const key = await buyer.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } });
  return { buyer, caller: app.key(key.secret), subscriptionId };
}

/** Begins a run in the background; returns its id. */
async function begin({ caller }: Subscriber, input: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await caller.fetch('/v1/runs', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ input, mode: 'async' }) });
  const body = await answer.json() as { id: string; status: string };
  expect([answer.status, body.status, answer.headers.get('location')]).toEqual([202, 'queued', `/v1/runs/${body.id}`]);
  return body.id;
}

test('a run in the background is accepted at once, ends by itself, and tells what each step did', async () => {
  const who = await subscriber();
  const runId = await begin(who, 'Please do this');
  await app.settled();
  const run = await who.caller.ok(runEndpoints.get, { params: { runId } });
  expect(run).toMatchObject({ status: 'succeeded', output: 'Done in the background.', lives: 1, error: null, credits: { used: 2, balance: 998 } });
  const { data: steps } = await who.caller.ok(runEndpoints.steps, { params: { runId } });
  expect(steps.map((step) => step.node_id).toSorted()).toEqual(['answer', 'model', 'prompt', 'question']);
  expect(steps.every((step) => step.status === 'succeeded')).toBe(true);
  const { transcript } = await who.buyer.ok(transcriptEndpoints.get, { params: { subscriptionId: who.subscriptionId, conversationId: run.conversation_id ?? '' } });
  expect(transcript.map((message) => message.content)).toEqual(['Please do this', 'Done in the background.']);
  const listed = await who.buyer.ok(consoleRunEndpoints.list, { params: { subscriptionId: who.subscriptionId } });
  expect(listed.data.map((one) => one.id)).toEqual([runId]);
});

test('the same idempotency key finds the same run, and another question under it is refused', async () => {
  const who = await subscriber();
  const first = await begin(who, 'Once', { 'idempotency-key': 'k1' });
  expect(await begin(who, 'Once', { 'idempotency-key': 'k1' })).toBe(first);
  expect(await begin(who, 'Once', { 'idempotency-key': 'k2' })).not.toBe(first);
  const other = await who.caller.fetch('/v1/runs', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' }, body: JSON.stringify({ input: 'Twice', mode: 'async' }) });
  expect(other.status).toBe(422);
  await app.settled();
  expect(await who.buyer.ok(billingEndpoints.getWallet, { params: { organizationId: who.buyer.organizationId } })).toMatchObject({ balance: 996, held: 0 });
});

test('a run that fails says why and costs nothing', async () => {
  const who = await subscriber();
  models.fail({ kind: 'status', status: 500 });
  const runId = await begin(who, 'Fail');
  await app.settled();
  expect(await who.caller.ok(runEndpoints.get, { params: { runId } })).toMatchObject({ status: 'failed', error: { code: 'model-unavailable' }, output: null });
  expect(await who.buyer.ok(billingEndpoints.getWallet, { params: { organizationId: who.buyer.organizationId } })).toMatchObject({ balance: 1000, held: 0 });
});

test('a run of another subscription does not exist, neither to read nor to cancel', async () => {
  const [ours, theirs] = [await subscriber('Ann'), await subscriber('Bob')];
  const runId = await begin(theirs, 'Mine');
  await app.settled();
  for (const endpoint of [runEndpoints.get, runEndpoints.steps, runEndpoints.cancel]) expect((await ours.caller.call(endpoint, { params: { runId } })).status).toBe(404);
  expect((await theirs.caller.call(runEndpoints.cancel, { params: { runId } })).problem.code).toBe('run_over');
});

test('who cannot pay is told before anything is queued', async () => {
  const who = await subscriber();
  await app.composition.platform.database.asOperator('empty a wallet for a test', async (tx) => tx.execute(`update ledger_accounts set balance = 0 where tenant_id = '${who.buyer.organizationId}' and kind = 'wallet'`));
  expect((await who.caller.call(chatEndpoints.run, { body: { input: 'Hi', mode: 'async' } })).status).toBe(402);
});
