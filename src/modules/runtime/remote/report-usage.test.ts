import { afterAll, expect, test } from 'vitest';
import { startLoopbackEndpoint } from '#adapters/http-runtime/testing/loopback-endpoint.ts';
import { CREDIT, ledgerDifferences, withdraw } from '#modules/billing/index.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { apiKeyEndpoints, chatEndpoints, runtimeAuthEndpoint } from '#modules/gateway/contract.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { newWebhookSecret, signedHeaders } from '#platform/crypto/webhook-signature.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp } from '../../../testing/app.ts';
import { remoteMarket, type Bought } from '../../../testing/remote-market.ts';

const endpoint = await startLoopbackEndpoint();
const app = await startApp({ EGRESS_ALLOW: new URL(endpoint.url).host, LOG_LEVEL: 'silent' });
afterAll(async () => endpoint.close());
const market = await remoteMarket(app);
const server = await market.connect('http', endpoint.url);
const secret = server.signing_secret ?? '';
endpoint.trust(secret);
const productId = await market.sell({ kind: 'http', server: server.id });

/** Reports as the seller's endpoint would; the parts that differ make it a forgery or a repetition. */
async function report(body: Record<string, unknown>, { id = crypto.randomUUID() as string, signedWith = secret, at = Date.now(), sent = JSON.stringify(body), path = '/api/runtime/usage/' } = {}) {
  const headers = signedHeaders(signedWith, { id, timestamp: Math.floor(at / 1000), body: JSON.stringify(body) });
  const answer = await app.stranger.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent });
  return { status: answer.status, body: await answer.text() };
}
const balance = async ({ buyer }: Bought) => (await buyer.ok(billingEndpoints.getWallet, { params: { organizationId: buyer.organizationId } })).balance;
const usageOf = async ({ buyer, subscriptionId }: Bought) => {
  const usage = await buyer.ok(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId } });
  return [usage.messages.value, usage.api_calls.value, usage.credits.value];
};

test('a runtime checks a key and gets the configuration, with and without the slash', async () => {
  const one = await market.buy(productId);
  for (const path of ['/api/runtime/auth', '/api/runtime/auth/']) {
    const answer = await app.stranger.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ api_key: one.secret }) });
    expect(await answer.json()).toMatchObject({ valid: true, config_uuid: one.subscriptionId, config: { persona: expect.any(Object) } });
  }
  expect(await app.stranger.ok(runtimeAuthEndpoint, { body: { api_key: 'ar_sk_live_wrong' } })).toEqual({ valid: false, config_uuid: null, config: null });
  const used = async () => (await one.buyer.ok(apiKeyEndpoints.list, { params: { subscriptionId: one.subscriptionId } })).data.find((key) => key.name === 'Server');
  expect(await used()).toMatchObject({ name: 'Server' });
});

test('messages a runtime answered by itself cost what they cost anywhere, once for each event', async () => {
  const one = await market.buy(productId);
  const before = await balance(one);
  const body = { config_uuid: one.subscriptionId, api_calls: 3, tokens_input: 150, tokens_output: 300 };
  const id = 'evt-1';
  expect(await report(body, { id })).toEqual({ status: 200, body: '{"status":"recorded"}' });
  // Repeated, and at the same time, with and without the slash.
  const repeated = await Promise.all([report(body, { id }), report(body, { id, path: '/api/runtime/usage' }), report(body, { id })]);
  expect(repeated.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(before - await balance(one)).toBe(6);
  expect(await usageOf(one)).toEqual([3, 3, 6]);
  // The event may be named in the body as well.
  await report({ ...body, api_calls: 1, event_id: 'evt-1' });
  expect(await usageOf(one)).toEqual([3, 3, 6]);
});

test('the same event many times at once counts once', async () => {
  const one = await market.buy(productId);
  const body = { config_uuid: one.subscriptionId, api_calls: 1, tokens_input: 1, tokens_output: 1 };
  const answers = await Promise.all(Array.from({ length: 20 }, async () => report(body, { id: 'evt-busy' })));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(await usageOf(one)).toEqual([1, 1, 2]);
});

test.each([
  ['a secret of somebody else', { signedWith: newWebhookSecret() }],
  ['a recording', { at: Date.now() - 600_000 }],
  ['a body changed on the way', { sent: JSON.stringify({ config_uuid: '0', api_calls: 0 }) }],
])('%s is refused, and nothing is charged', async (_what, forged) => {
  const one = await market.buy(productId);
  const before = await balance(one);
  const body = { config_uuid: one.subscriptionId, api_calls: 5 };
  const sent = 'sent' in forged ? JSON.stringify({ ...body, api_calls: 1 }) : undefined;
  expect((await report(body, { ...forged, ...(sent === undefined ? {} : { sent }) })).status).toBe(401);
  expect(await balance(one)).toBe(before);
});

test('an unsigned report, and one for a subscription on another server, are refused alike', async () => {
  const one = await market.buy(productId);
  const body = { config_uuid: one.subscriptionId, api_calls: 1 };
  const unsigned = await app.stranger.fetch('/api/runtime/usage', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(unsigned.status).toBe(401);
  expect((await report({ config_uuid: uuidv7(), api_calls: 1 })).status).toBe(401);
  const other = await market.connect('http', endpoint.url);
  expect((await report(body, { signedWith: other.signing_secret ?? '' })).status).toBe(401);
});

test('the token of a run reports its tokens, and charges nothing more', async () => {
  const one = await market.buy(productId);
  endpoint.script({ kind: 'body', body: '{"output":"Fine."}' });
  endpoint.messages.length = 0;
  await one.program.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'Hi' }] } });
  endpoint.script({ kind: 'json' });
  const token = String(endpoint.messages.at(-1)?.data['run_token']);
  const send = async (bearer: string, config = one.subscriptionId) => (await app.stranger.fetch('/api/runtime/usage/', {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }, body: JSON.stringify({ config_uuid: config, api_calls: 9, tokens_input: 20, tokens_output: 30 }),
  })).status;
  const before = await balance(one);
  expect([await send(token), await send(token)]).toEqual([200, 200]);
  expect(await balance(one)).toBe(before);
  expect(await usageOf(one)).toEqual([1, 1, 2]);
  const rows = await systemProcess(app.composition.platform, 'test').asOperator('test', async ({ tx }) => tx.execute(`select metric, sum(quantity)::int as n from usage_events where subscription_id = '${one.subscriptionId}' and metric like 'tokens%' group by metric order by metric`));
  expect(rows.rows).toEqual([{ metric: 'tokens_in', n: 20 }, { metric: 'tokens_out', n: 30 }]);
  const stranger = await market.buy(productId);
  expect(await send(token, stranger.subscriptionId)).toBe(401);
  expect(await send(`${token}x`)).toBe(401);
});

test('what cannot be paid for is refused whole, and taken when it can', async () => {
  const one = await market.buy(productId);
  const tenant = one.buyer.organizationId;
  const left = await balance(one);
  await app.composition.platform.database.asTenant(tenant, async (tx) => withdraw({ tx, tenant }, { id: uuidv7(), unit: CREDIT, amount: BigInt(left - 3), reason: 'test', reference: '' }));
  const body = { config_uuid: one.subscriptionId, api_calls: 2, tokens_input: 5 };
  expect((await report(body, { id: 'evt-poor' })).status).toBe(402);
  expect([await balance(one), await usageOf(one)]).toEqual([3, [0, 0, 0]]);
  expect((await report({ ...body, api_calls: 1 }, { id: 'evt-poor' })).status).toBe(200);
  expect(await balance(one)).toBe(1);
});

test('reports of last week and of tomorrow are refused, and so are unknown fields', async () => {
  const one = await market.buy(productId);
  const body = (occurred_at: string) => ({ config_uuid: one.subscriptionId, api_calls: 1, occurred_at });
  expect((await report(body(new Date(Date.now() - 7 * 86_400_000).toISOString()))).status).toBe(422);
  expect((await report(body(new Date(Date.now() + 86_400_000).toISOString()))).status).toBe(422);
  expect((await report({ config_uuid: one.subscriptionId, credits: 5 })).status).toBe(422);
});

test('the ledger agrees with itself after all that', async () => {
  expect(await systemProcess(app.composition.platform, 'test').asOperator('test', async ({ tx }) => ledgerDifferences(tx))).toEqual([]);
});
