import OpenAI from 'openai';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { CREDIT, ledgerDifferences, withdraw } from '#modules/billing/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { analyticsEndpoints, transcriptEndpoints } from '#modules/analytics/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { sampleProduct } from '../../../testing/products.ts';
import { apiKeyEndpoints, chatEndpoints } from '../contract.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());
const product = await sampleProduct(app, { knowledge: false });
beforeEach(() => { models.fail(null); models.reply({ text: 'Hello from the model.' }); });

/** Somebody who bought the product, with a secret key. */
async function subscriber(name = 'Bea') {
  const buyer = await app.person(name);
  await app.settled();
  const { subscription_id: subscriptionId } = await buyer.ok(subscriptionEndpoints.subscribe, { body: { product_id: product.productId, plan_id: product.planIds.free ?? '', project_id: buyer.projectId } });
  const key = await buyer.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } });
  return { buyer, subscriptionId, key, client: new OpenAI({ apiKey: key.secret, baseURL: `${app.baseUrl}/v1`, maxRetries: 0 }) };
}

const wallet = async (buyer: Person) => buyer.ok(billingEndpoints.getWallet, { params: { organizationId: buyer.organizationId } });
const says = (content: string) => [{ role: 'user' as const, content }];

test('the official client gets an answer, the whole and streamed, and each costs what the plan says', async () => {
  const { buyer, client, subscriptionId } = await subscriber();
  const whole = await client.chat.completions.create({ model: 'any', messages: says('Hello') });
  expect(whole.choices[0]?.message.content).toBe('Hello from the model.');
  expect(whole).toMatchObject({ object: 'chat.completion', credits: { used: 2, balance: 998 }, citations: [] });
  const stream = client.chat.completions.stream({ model: 'any', messages: says('Hello again'), stream_options: { include_usage: true } });
  expect((await stream.finalMessage()).content).toBe('Hello from the model.');
  expect((await stream.finalChatCompletion()).usage?.total_tokens).toBeGreaterThan(0);
  expect(await wallet(buyer)).toMatchObject({ balance: 996, held: 0 });
  const usage = await buyer.ok(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId } });
  expect([usage.messages.value, usage.credits.value, usage.api_calls.value]).toEqual([2, 4, 2]);
});

test('of 200 parallel calls on a balance for 10, exactly 10 are answered and 190 get a clean 402', async () => {
  const { buyer, key } = await subscriber();
  const tenant = buyer.organizationId;
  await app.composition.platform.database.asTenant(tenant, async (tx) => withdraw({ tx, tenant }, { id: uuidv7(), unit: CREDIT, amount: 980n, reason: 'test', reference: '' }));
  const answers = await Promise.all(Array.from({ length: 200 }, async () => app.key(key.secret).call(chatEndpoints.complete, { body: { messages: says('Hi') } })));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect({ ok: count(200), unpaid: count(402) }).toEqual({ ok: 10, unpaid: 190 });
  expect(answers.find((answer) => answer.status === 402)?.body).toMatchObject({ code: 'insufficient_credits', error: { code: 'insufficient_credits', type: 'insufficient_quota' } });
  expect(await wallet(buyer)).toMatchObject({ balance: 0, held: 0 });
});

test('a failed run costs nothing and keeps nothing but its record', async () => {
  const { buyer, client, subscriptionId } = await subscriber();
  models.fail({ kind: 'status', status: 500 });
  await expect(client.chat.completions.create({ model: 'any', messages: says('Hi') })).rejects.toMatchObject({ status: 503, code: 'model_unavailable' });
  models.fail(null);
  expect(await wallet(buyer)).toMatchObject({ balance: 1000, held: 0 });
  const usage = await buyer.ok(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId } });
  expect([usage.messages.value, usage.error_rate.value]).toEqual([0, 1]);
});

test('a conversation goes on by its id, and only within its subscription', async () => {
  const { client, subscriptionId, buyer } = await subscriber();
  const first = await client.chat.completions.create({ model: 'any', messages: says('My name is Zoe') });
  const { conversation_id: conversationId } = first as unknown as { conversation_id: string };
  await client.chat.completions.create({ model: 'any', messages: says('What is my name?'), conversation_id: conversationId } as never);
  expect(JSON.stringify(models.calls.at(-1)?.body)).toContain('My name is Zoe');
  const transcript = await buyer.ok(transcriptEndpoints.get, { params: { subscriptionId, conversationId } });
  expect(transcript.transcript.map((message) => [message.role, message.content])).toEqual([
    ['user', 'My name is Zoe'], ['assistant', 'Hello from the model.'], ['user', 'What is my name?'], ['assistant', 'Hello from the model.'],
  ]);
  const other = await subscriber('Bob');
  await expect(other.client.chat.completions.create({ model: 'any', messages: says('Hi'), conversation_id: conversationId } as never)).rejects.toMatchObject({ status: 404 });
});

test('every entrance is the same handler', async () => {
  const { key, subscriptionId } = await subscriber();
  const caller = app.key(key.secret);
  const run = await caller.ok(chatEndpoints.run, { body: { instance_id: subscriptionId, input: { query: 'Hi' } } });
  const agent = await caller.ok(chatEndpoints.chat, { params: { subscriptionId }, body: { message: 'Hi' } });
  const runtime = await caller.ok(chatEndpoints.runtimeChat, { body: { message: 'Hi' } });
  const shorthand = await caller.ok(chatEndpoints.complete, { body: { message: 'Hi' } });
  expect([run.output, agent.response, runtime.response, shorthand.choices[0]?.message.content]).toEqual(Array(4).fill('Hello from the model.'));
});

test('an answer that breaks off ends in an error event, costs nothing, and never looks complete', async () => {
  const { client, buyer } = await subscriber();
  models.fail({ kind: 'end-early', after: 2 });
  const pieces: string[] = [];
  const reading = (async () => { for await (const chunk of await client.chat.completions.create({ model: 'any', messages: says('Hi'), stream: true })) pieces.push(chunk.choices[0]?.delta.content ?? ''); })();
  await expect(reading).rejects.toMatchObject({ code: 'model_unavailable' });
  models.fail(null);
  expect(await wallet(buyer)).toMatchObject({ balance: 1000, held: 0 });
});

test('a key answers in every header it may come in, and a wrong one is refused the same way', async () => {
  const { key } = await subscriber();
  for (const headers of [{ authorization: `Bearer ${key.secret}` }, { 'x-api-key': key.secret }, { 'api-key': key.secret }]) {
    expect((await app.stranger.fetch('/v1/models', { headers })).status).toBe(200);
  }
  for (const secret of ['ar_sk_live_wrong', `${key.secret}x`, "' or 1=1 --", 'x'.repeat(5000)]) {
    const answer = await app.stranger.fetch('/v1/models', { headers: { authorization: `Bearer ${secret}` } });
    expect([answer.status, (await answer.json() as { code: string }).code]).toEqual([401, 'key_invalid']);
  }
});

test('a revoked key stops at once, a rotated one after its overlap, and the secret is shown only once', async () => {
  const { buyer, subscriptionId, key } = await subscriber();
  const params = { subscriptionId, keyId: key.id };
  const successor = await buyer.ok(apiKeyEndpoints.rotate, { params, body: { overlap_hours: 1 } });
  expect((await app.key(key.secret).fetch('/v1/models')).status).toBe(200);
  await buyer.ok(apiKeyEndpoints.revoke, { params });
  expect((await app.key(key.secret).fetch('/v1/models')).status).toBe(401);
  expect((await app.key(successor.secret).fetch('/v1/models')).status).toBe(200);
  const listed = await buyer.ok(apiKeyEndpoints.list, { params: { subscriptionId } });
  expect(JSON.stringify(listed)).not.toContain(successor.secret);
});

test('a publishable key chats only from its domains and does nothing else', async () => {
  const { buyer, subscriptionId } = await subscriber();
  const keys = await buyer.ok(apiKeyEndpoints.list, { params: { subscriptionId } });
  const publishable = keys.data.find((key) => key.kind === 'publishable')?.publishable_key ?? '';
  await buyer.ok(subscriptionEndpoints.configure, { params: { subscriptionId }, body: { configuration: { widget: { allowedDomains: ['shop.example.com'] } } } });
  await app.settled();
  const chat = async (origin?: string) => app.key(publishable, origin ? { origin } : {}).call(chatEndpoints.complete, { body: { messages: says('Hi') } });
  expect((await chat('https://shop.example.com')).status).toBe(200);
  for (const origin of [undefined, 'null', 'http://shop.example.com', 'https://shop.example.com.evil.com', 'https://evil.com', 'https://shop.example.com:8443']) {
    expect((await chat(origin)).status).toBe(403);
  }
  expect((await app.key(publishable, { origin: 'https://shop.example.com' }).fetch('/v1/models')).status).toBe(403);
});

test('a publishable key can be tried on the console’s own pages, which name no origin when they read', async () => {
  const { buyer, subscriptionId } = await subscriber();
  const keys = await buyer.ok(apiKeyEndpoints.list, { params: { subscriptionId } });
  const publishable = keys.data.find((key) => key.kind === 'publishable')?.publishable_key ?? '';
  const config = async (headers: Record<string, string>) => (await app.key(publishable, headers).fetch('/v1/widget/config')).status;
  expect((await app.key(publishable, { origin: app.baseUrl }).call(chatEndpoints.complete, { body: { messages: says('Hi') } })).status).toBe(200);
  expect(await config({ referer: `${app.baseUrl}/organizations/1/` })).toBe(200);
  const refused: Record<string, string>[] = [{}, { referer: 'https://evil.example/' }, { referer: 'not an address' }, { referer: `${app.baseUrl}.evil.example/` }, { origin: 'https://evil.example', referer: `${app.baseUrl}/` }, { origin: 'null', referer: `${app.baseUrl}/` }];
  for (const headers of refused) expect(await config(headers), JSON.stringify(headers)).toBe(403);
});

test('the ledger adds up after everything', async () => {
  expect(await app.composition.platform.database.asOperator('check', ledgerDifferences)).toEqual([]);
});

/** Opens the socket as a browser of that origin would, and gives its frames one by one. */
async function socketOf(secret: string, origin?: string) {
  const socket = new WebSocket(`${app.baseUrl.replace('http', 'ws')}/v1/ws`, { protocols: ['cmp', `cmp.key.${secret}`], headers: origin ? { origin } : {} } as never);
  const frames: string[] = [];
  const closed = new Promise<number>((resolve) => { socket.addEventListener('close', (event) => resolve(event.code)); });
  socket.addEventListener('message', (event) => frames.push(String(event.data)));
  await new Promise((resolve) => { socket.addEventListener('open', resolve); socket.addEventListener('error', resolve); });
  const until = async (mark: string) => { while (!frames.some((frame) => frame.includes(mark))) await new Promise((resolve) => { setTimeout(resolve, 5); }); return frames.splice(0); };
  return { socket, closed, until };
}

test('a WebSocket answers like the stream, one answer after the other, and closes when its key is revoked', async () => {
  const { buyer, subscriptionId, key } = await subscriber();
  const { socket, closed, until } = await socketOf(key.secret);
  for (const text of ['Hi', 'Hi again']) {
    socket.send(JSON.stringify({ messages: says(text), stream: true }));
    const frames = await until('[DONE]');
    expect(frames.slice(0, -1).map((frame) => (JSON.parse(frame) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '').join('')).toBe('Hello from the model.');
  }
  socket.send('no JSON');
  expect((await until('error')).join('')).toContain('invalid');
  expect(await wallet(buyer)).toMatchObject({ balance: 996, held: 0 });
  await buyer.ok(apiKeyEndpoints.revoke, { params: { subscriptionId, keyId: key.id } });
  expect(await closed).toBe(4401);
});

test('a WebSocket is refused without a key, with a wrong one, and to a page on another domain', async () => {
  const { buyer, subscriptionId } = await subscriber();
  const publishable = (await buyer.ok(apiKeyEndpoints.list, { params: { subscriptionId } })).data.find((key) => key.kind === 'publishable')?.publishable_key ?? '';
  for (const [secret, origin] of [['ar_sk_live_wrong00000000000000000000', undefined], [publishable, 'https://evil.example'], [publishable, undefined]] as const) {
    const { closed, socket } = await socketOf(secret, origin);
    expect(await closed).not.toBe(1000);
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  }
});
