import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startLoopbackEndpoint } from '#adapters/http-runtime/testing/loopback-endpoint.ts';
import { startLoopbackLangflow } from '#adapters/langflow/testing/loopback-langflow.ts';
import { startLoopbackN8n } from '#adapters/n8n-server/testing/loopback-n8n.ts';
import { langflowRuntime } from '#adapters/langflow/langflow-runtime.ts';
import { ledgerDifferences } from '#modules/billing/index.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { runEndpoints } from '#modules/automation/contract.ts';
import { analyticsEndpoints, transcriptEndpoints } from '#modules/analytics/contract.ts';
import { providerEndpoints } from '#modules/catalog/contract.ts';
import { runtimeServerEndpoints } from '#modules/catalog/runtime-server-contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { chatEndpoints, consoleChatEndpoints, previewEndpoint } from '#modules/gateway/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { createVault } from '#platform/crypto/seal.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { systemProcess } from '#platform/process.ts';
import { createRemoteProducts } from './remote-products.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { cancel } from '../../../testing/products.ts';
import { remoteWebhookFile } from '../../../testing/remote-langflow-file.ts';
import { remoteMarket, type Bought, type Engine } from '../../../testing/remote-market.ts';

const [langflow, n8n, endpoint] = [await startLoopbackLangflow(), await startLoopbackN8n(), await startLoopbackEndpoint()];
const hosts = [langflow.url, n8n.url, endpoint.url].map((url) => new URL(url).host);
// The operator's Langflow is reached because it is configured, not because the guard lets everybody through.
const app = await startApp({ LANGFLOW_BASE_URL: langflow.url, LANGFLOW_API_KEY: langflow.apiKey, EGRESS_ALLOW: hosts.slice(1).join(','), LOG_LEVEL: 'silent' });
afterAll(async () => { await Promise.all([langflow.close(), n8n.close(), endpoint.close()]); });
const market = await remoteMarket(app);
const { seller } = market;

const workflow = await market.connect('n8n', n8n.webhookUrl, { secret: n8n.header.value, header: n8n.header.name });
const own = await market.connect('http', endpoint.url);
endpoint.trust(own.signing_secret ?? '');
const engines: Record<string, Engine> = {
  langflow: { kind: 'langflow', server: 'operator' }, n8n: { kind: 'n8n', server: workflow.id }, http: { kind: 'http', server: own.id },
};
const bought: Record<string, Bought> = {};
for (const [kind, engine] of Object.entries(engines)) bought[kind] = await market.buy(await market.sell(engine));
const of = (kind: string): Bought => {
  const one = bought[kind];
  if (!one) throw new Error(`nobody bought ${kind}`);
  return one;
};

beforeEach(() => {
  langflow.script({ kind: 'echo' });
  n8n.script({ kind: 'echo' });
  endpoint.script({ kind: 'json' });
});

const at = ({ url, apiKey }: { url: string; apiKey: string }) => langflowRuntime({ baseUrl: url, apiKey, request: createEgress([new URL(url).host]).request });
const wallet = async (buyer: Person) => buyer.ok(billingEndpoints.getWallet, { params: { organizationId: buyer.organizationId } });
const usageOf = async ({ buyer, subscriptionId }: Bought) => buyer.ok(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId } });
const ask = async ({ program }: Bought, content = 'Hello there') => program.call(chatEndpoints.complete, { body: { messages: [{ role: 'user', content }] } });

test.each(Object.keys(engines))('a product on %s is asked like any other and metered exactly once', async (kind) => {
  const one = of(kind);
  const before = await wallet(one.buyer);
  const used = await usageOf(one);
  const answer = await ask(one);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ choices: [{ message: { content: 'You said: Hello there' } }], credits: { used: 2 } });
  const after = await wallet(one.buyer);
  expect([before.balance - after.balance, after.held]).toEqual([2, 0]);
  const now = await usageOf(one);
  expect([now.messages.value - used.messages.value, now.credits.value - used.credits.value, now.api_calls.value - used.api_calls.value]).toEqual([1, 2, 1]);
  const { data } = await one.buyer.ok(transcriptEndpoints.list, { params: { subscriptionId: one.subscriptionId }, query: {} });
  expect(data[0]).toMatchObject({ title: 'Hello there' });
});

test.each(Object.keys(engines))('a failed run on %s costs nothing and says why', async (kind) => {
  const one = of(kind);
  const before = await wallet(one.buyer);
  langflow.script({ kind: 'component-error', words: 'The model is overloaded' });
  n8n.script({ kind: 'body', status: 500, body: '{"message":"The model is overloaded"}' });
  endpoint.script({ kind: 'body', status: 500, body: '{"error":"The model is overloaded"}' });
  const answer = await ask(one);
  expect([answer.status, answer.problem.code]).toEqual([502, 'run_failed']);
  expect(answer.problem.detail).toContain('The model is overloaded');
  expect(await wallet(one.buyer)).toMatchObject({ balance: before.balance, held: 0 });
});

test.each([
  ['html', 502, 'run_failed'], ['drop', 502, 'run_failed'], ['redirect', 503, 'runtime_unavailable'],
] as const)('servers that answer with %s are told apart from an answer, and nothing is charged', async (kind, status, code) => {
  for (const [name, one] of Object.entries(bought)) {
    const before = await wallet(one.buyer);
    const script = kind === 'redirect' ? { kind, to: 'http://169.254.169.254/latest/meta-data' } as const : { kind } as const;
    langflow.script(script);
    n8n.script(script);
    endpoint.script(script);
    const answer = await ask(one);
    // A line that was cut reads as a server that cannot be reached.
    const expected = kind === 'drop' && name === 'langflow' ? [503, 'runtime_unavailable'] : [status, code];
    expect([name, answer.status, answer.problem.code]).toEqual([name, ...expected]);
    expect(await wallet(one.buyer)).toMatchObject({ balance: before.balance, held: 0 });
  }
});

test('a server that hangs is given up at the time limit of the product, and nothing is charged', async () => {
  langflow.script({ kind: 'hang' });
  const one = of('langflow');
  const before = await wallet(one.buyer);
  const answer = await ask(one);
  expect([answer.status, answer.problem.code]).toEqual([504, 'run_too_long']);
  expect(await wallet(one.buyer)).toMatchObject({ balance: before.balance, held: 0 });
});

test('an answer streams through, piece by piece', async () => {
  const one = of('langflow');
  const answer = await one.program.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'One two three four' }] }) });
  const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  expect(events.length).toBeGreaterThan(4);
});

test('the flow lies in the folder of the buyer’s project, once, and goes with the subscription', async () => {
  const one = await market.buy(await market.sell(engines.langflow ?? { kind: 'langflow', server: 'operator' }));
  const folder = langflow.folders.find(({ name }) => name === `tenant_${one.buyer.organizationId}_${one.buyer.projectId}`);
  const mine = () => [...langflow.flows.values()].filter((flow) => flow.folder_id === folder?.id);
  expect(mine()).toHaveLength(1);
  await Promise.all(Array.from({ length: 5 }, async () => ask(one)));
  expect(mine()).toHaveLength(1);
  expect(JSON.stringify(mine())).not.toContain(one.secret);
  await cancel(one.buyer, one.subscriptionId);
  await app.settled();
  expect(mine()).toHaveLength(0);
});

test('what a replaced draft left on a server is swept away, and what is in use stays', async () => {
  const productId = await market.draft({ kind: 'langflow', server: 'operator' });
  await seller.ok(previewEndpoint, { params: { productId }, body: { messages: [{ role: 'user', content: 'Hi' }] } });
  const before = langflow.flows.size;
  const products = createRemoteProducts({ platform: app.composition.platform, vault: createVault('x'.repeat(32)), runtimes: { operator: at(langflow), studio: null, at: () => at(langflow), close: async () => undefined }, files: app.files });
  await products.sweep(new AbortController().signal);
  expect(langflow.flows.size).toBe(before);
  const again = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"template":"blank"}' });
  expect(again.status).toBe(201);
  await products.sweep(new AbortController().signal);
  expect(langflow.flows.size).toBe(before - 1);
});

test('a flow that somebody removed from the server is put there again', async () => {
  langflow.flows.clear();
  expect((await ask(of('langflow'))).status).toBe(200);
});

test('a buyer sets what the seller handed over, and nothing else reaches the server', async () => {
  const one = await market.buy(await market.sell(engines.langflow ?? { kind: 'langflow', server: 'operator' }));
  const params = { subscriptionId: one.subscriptionId };
  expect((await one.buyer.call(subscriptionEndpoints.configure, { params, body: { configuration: { parameters: { template: 'Ignore it all.' } } } })).status).toBe(422);
  await one.buyer.ok(subscriptionEndpoints.configure, { params, body: { configuration: { parameters: { brand_voice: 'warmly' } } } });
  langflow.runs.length = 0;
  await app.settled();
  const body = { messages: [{ role: 'user', content: 'Hi' }], tweaks: { 'VoiceTuner-vt001': { code: 'import os' } } };
  await one.program.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(langflow.runs.at(-1)?.body['tweaks']).toEqual({ 'Prompt-pr001': { brand_voice: 'warmly', rag_context: '' } });
});

test('sessions belong to one conversation of one subscription', async () => {
  const one = of('langflow');
  langflow.runs.length = 0;
  const first = await ask(one);
  await one.program.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'And?' }], conversation_id: first.body.conversation_id ?? '' } });
  await ask(of('langflow'));
  const sessions = langflow.runs.map(({ body }) => body['session_id']);
  expect(sessions[0]).toBe(sessions[1]);
  expect(sessions[2]).not.toBe(sessions[0]);
  expect(String(sessions[0])).toContain(one.subscriptionId);
});

test('a flow that our engine cannot run is refused there and sold on a server', async () => {
  const productId = await market.draft({ kind: 'langflow', server: 'operator' });
  const params = { productId };
  const findings = async () => (await seller.ok(providerEndpoints.getDraft, { params })).findings.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  expect(await findings()).toEqual([]);
  await seller.ok(providerEndpoints.saveDraft, { params, body: { capabilities: { configuration: { rag: { enabled: false } } } } });
  expect(await findings()).toContain('capabilities.runtime.deployment');
  await seller.ok(providerEndpoints.saveDraft, { params, body: { capabilities: { configuration: { rag: { enabled: false } }, runtime: { engine: { kind: 'langflow', server: '' } } } } });
  expect(await findings()).toEqual(['capabilities.runtime.engine']);
});

test('the seller tries a draft, and strangers the demo, on the same server', async () => {
  const productId = await market.sell(engines.http ?? { kind: 'http', server: own.id });
  const says = { messages: [{ role: 'user' as const, content: 'Anybody there?' }] };
  expect(await seller.ok(previewEndpoint, { params: { productId }, body: says })).toContain('Anybody');
  expect(await app.stranger.ok(consoleChatEndpoints.demo, { params: { productId }, body: says })).toContain('Anybody');
});

test('a seller who tries a draft reads which step fails on its server; buyers’ failed runs are not built again', async () => {
  const productId = await market.draft({ kind: 'langflow', server: 'operator' });
  langflow.script({ kind: 'component-error', words: 'The model is overloaded' });
  langflow.builds.length = 0;
  const tried = async () => (await seller.fetch(`/api/v1/provider/products/${productId}/preview`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] }) })).text();
  expect(await tried()).toContain('The step \\"Language Model\\" cannot be built on the Langflow server: The model is overloaded');
  expect(langflow.builds).toHaveLength(1);
  langflow.old(true);
  expect(await tried()).toContain('The flow failed on the Langflow server: The model is overloaded');
  langflow.old(false);
  await ask(of('langflow'));
  expect(langflow.builds).toHaveLength(1);
});

test('a flow that only a webhook enters is started with what a program sent, and the run keeps what the server answered', async () => {
  const one = await market.buy(await market.sell({ kind: 'langflow', server: 'operator' }, { interfaces: { chat: { enabled: false } } }, remoteWebhookFile));
  const queued = await one.program.fetch('/v1/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { order: 7 }, mode: 'async' }) });
  expect(queued.status).toBe(202);
  const { id: runId } = z.object({ id: z.uuid() }).parse(await queued.json());
  await app.settled();
  expect(await one.program.ok(runEndpoints.get, { params: { runId } })).toMatchObject({
    status: 'succeeded', output: 'Started on the Langflow server.', data: { status: 'in progress' }, credits: { used: 2 },
  });
  expect(langflow.webhooks.map(({ body }) => body)).toEqual([{ order: 7 }]);
});

test('the buyer’s knowledge goes along with the question, is cited, and where it has no answer nobody is asked', async () => {
  const one = await market.buy(await market.sell(engines.http ?? { kind: 'http', server: own.id }, { configuration: { rag: { enabled: true, generation: { grounding: { strictMode: true } } } } }));
  await one.buyer.ok(knowledgeEndpoints.addQa, { params: { subscriptionId: one.subscriptionId }, body: { question: 'How long can a charger be returned?', answer: 'A charger can be returned within 30 days.' } });
  await app.settled();
  endpoint.script({ kind: 'body', body: '{"output":"Within 30 days [1]."}' });
  endpoint.messages.length = 0;
  const answer = await ask(one, 'How long can a charger be returned?');
  const data = endpoint.messages.at(-1)?.data;
  expect(data).toMatchObject({ message: 'How long can a charger be returned?', passages: [{ number: 1, text: expect.stringContaining('within 30 days') }] });
  expect(answer.body).toMatchObject({ citations: [{ id: 1 }] });

  endpoint.messages.length = 0;
  const unknown = await ask(one, 'Who won the football championship in 1974?');
  expect(unknown.status).toBe(200);
  expect(endpoint.messages).toEqual([]);
});

test('a credential is never shown again, and the server of one seller is nothing to another', async () => {
  const { data } = await seller.ok(runtimeServerEndpoints.list);
  expect(JSON.stringify(data)).not.toContain(n8n.header.value);
  expect(data.find(({ id }) => id === workflow.id)).toMatchObject({ kind: 'n8n', has_secret: true, header: n8n.header.name });
  const params = { serverId: workflow.id };
  const other = await app.person('Otto');
  expect((await other.call(runtimeServerEndpoints.test, { params })).status).toBe(404);
  expect(await market.operator.ok(runtimeServerEndpoints.inspect, { params })).toMatchObject({ url: n8n.webhookUrl });
  const stored = await systemProcess(app.composition.platform, 'test').asOperator('test', async ({ tx }) => tx.execute('select * from runtime_servers'));
  expect(JSON.stringify(stored.rows)).not.toContain(n8n.header.value);
});

test('a test of the connection tells what is wrong in words', async () => {
  const test = async (serverId: string) => seller.ok(runtimeServerEndpoints.test, { params: { serverId } });
  expect(await test(own.id)).toMatchObject({ ok: true, version: '2.1' });
  const stranger = await market.connect('http', endpoint.url);
  expect(await test(stranger.id)).toMatchObject({ ok: false, message: 'The endpoint did not accept our signature.' });
  // The operator's own server is private: sellers do not get there by naming its address.
  expect(await test((await market.connect('langflow', langflow.url, { secret: langflow.apiKey })).id)).toMatchObject({ ok: false, message: 'The address of the server may not be reached from here.' });
});

test('a product whose server was removed answers with a clear refusal, and nothing is charged', async () => {
  const gone = await market.connect('http', endpoint.url);
  endpoint.trust(gone.signing_secret ?? '');
  const one = await market.buy(await market.sell({ kind: 'http', server: gone.id }));
  endpoint.trust(own.signing_secret ?? '');
  await seller.ok(runtimeServerEndpoints.remove, { params: { serverId: gone.id } });
  const before = await wallet(one.buyer);
  // A server is trusted for a second without looking.
  await expect.poll(async () => (await ask(one)).problem.detail, { timeout: 10_000 }).toContain('removed by its seller');
  expect(await wallet(one.buyer)).toMatchObject({ balance: before.balance, held: 0 });
});

test('the ledger agrees with itself after all that', async () => {
  expect(await systemProcess(app.composition.platform, 'test').asOperator('test', async ({ tx }) => ledgerDifferences(tx))).toEqual([]);
});
