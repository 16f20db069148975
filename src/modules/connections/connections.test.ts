import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { publishSample } from '#modules/catalog/index.ts';
import { marketplaceEndpoints } from '#modules/catalog/contract.ts';
import { Flow, type FlowNode } from '#modules/flows/contract.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { buy, withKey, type SampleForSale } from '../../testing/products.ts';
import { connectionEndpoints } from './contract.ts';

/** Another system on the loopback: notes what it was asked, and repeats secrets in its answers. */
const seen: { method: string; url: string; authorization: string; body: string }[] = [];
let answer: { status: number; body: string } = { status: 200, body: '{}' };
const other = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization ?? '', body: Buffer.concat(pieces).toString() });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body);
  });
});
await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
const address = other.address();
const port = address !== null && typeof address === 'object' ? (address satisfies AddressInfo).port : 0;
const base = `http://127.0.0.1:${port}`;
afterAll(() => { other.close(); });
beforeEach(() => { seen.length = 0; answer = { status: 200, body: '{"text":"All is well."}' }; });

const app = await startApp({ EGRESS_ALLOW: `127.0.0.1:${port}` });
const seller = await app.person('Sally Seller');
const anna = await app.person('Anna');
const bob = await app.person('Bob');
await seller.ok(identityEndpoints.becomeProvider, { params: { organizationId: seller.organizationId }, body: { name: 'Sally Ltd' } });

const SECRET = 'sk-very-secret-value';
const connect = async (who: Person, over: { secret?: string; base_url?: string } = {}) =>
  who.ok(connectionEndpoints.create, { body: { connector: 'http', name: 'Shop', base_url: over.base_url ?? base, fields: { kind: 'bearer', secret: over.secret ?? SECRET } } });

/** A product whose flow is question, one step, answer. */
async function productWith(step: Omit<FlowNode, 'id' | 'name' | 'onFailure'>, connections: string[], port_ = 'text'): Promise<SampleForSale> {
  const template = flowTemplate('blank');
  if (!template) throw new Error('the template is gone');
  const flow = Flow.parse({
    nodes: [{ id: 'question', type: 'input.chat' }, { ...step, id: 'step' }, { id: 'answer', type: 'output.chat' }],
    edges: [{ source: 'question', sourcePort: 'message', target: 'step', targetPort: 'input' }, { source: 'step', sourcePort: port_, target: 'answer', targetPort: 'input' }],
    requires: { connections }, origin: template.flow.origin,
  });
  const productId = await publishSample(systemProcess(app.composition.platform, 'test'), app.files, seller.organizationId, {
    category: 'agent', subcategory: 'single', availability: 'available', flow: { flow, report: template.report }, capabilities: { configuration: { rag: { enabled: false } } },
    listing: { name: 'Connected', slug: `connected-${uuidv7()}`, summary: 'A product that calls another system.', description: 'It calls another system and is made for tests.' },
    plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0 }],
  });
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  return { productId, seller, planIds: Object.fromEntries(detail.plans.map((plan) => [plan.terms.key, plan.id])) };
}

async function subscribed(product: SampleForSale) {
  const { subscription_id: subscriptionId } = await buy(anna, product);
  await app.settled();
  const key = await withKey(app, anna, subscriptionId, ['chat']);
  const ask = async (text: string) => {
    const response = await key.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: [{ role: 'user', content: text }] }) });
    return { status: response.status, text: await response.text() };
  };
  return { subscriptionId, ask };
}

const query = { type: 'connector.query', config: { connector: 'http', action: 'get', input: { path: '/orders/{{ input.text }}' } } };

test('a secret goes in and never comes out, and stays when the rest is changed', async () => {
  const made = await connect(anna);
  expect(made).toMatchObject({ connector: 'http', connector_title: 'HTTP API', fields: { kind: 'bearer' }, secrets: ['secret'], status: 'untested', bindings: 0 });
  const changed = await anna.ok(connectionEndpoints.update, { params: { connectionId: made.id }, body: { name: 'Other name', fields: { kind: 'bearer', secret: '' } } });
  expect(changed).toMatchObject({ name: 'Other name', secrets: ['secret'] });
  const all = JSON.stringify([made, changed, await anna.ok(connectionEndpoints.list, { query: {} }), await anna.ok(connectionEndpoints.get, { params: { connectionId: made.id } })]);
  expect(all).not.toContain(SECRET);
  const { rows } = await app.composition.platform.database.asOperator('look for the secret in a test', async (tx) => tx.execute<{ dump: string }>('select coalesce(json_agg(c)::text, \'\') as dump from connections c'));
  expect(rows[0]?.dump).not.toContain(SECRET);
});

test('a stored credential does not follow to another host', async () => {
  const made = await connect(anna);
  const moved = await anna.call(connectionEndpoints.update, { params: { connectionId: made.id }, body: { base_url: 'https://evil.example' } });
  expect([moved.status, moved.problem.code, moved.problem.errors]).toEqual([422, 'connection_secrets_needed', [{ path: 'fields.secret', message: 'enter it again for the new address' }]]);
  const again = await anna.ok(connectionEndpoints.update, { params: { connectionId: made.id }, body: { base_url: 'https://mine.example', fields: { secret: 'another-secret' } } });
  expect(again.base_url).toBe('https://mine.example');
});

test('a form that does not fit is refused field by field', async () => {
  const refuse = async (body: { connector: string; base_url?: string; fields?: Record<string, string> }) => {
    const { status, problem } = await anna.call(connectionEndpoints.create, { body: { name: 'X', ...body } });
    return [status, problem.code, problem.errors?.[0]?.path];
  };
  expect(await refuse({ connector: 'nothing' })).toEqual([422, 'connector_unknown', undefined]);
  expect(await refuse({ connector: 'tavily' })).toEqual([422, 'connection_fields_invalid', 'fields.token']);
  expect(await refuse({ connector: 'tavily', fields: { token: 'a', color: 'red' } })).toEqual([422, 'connection_fields_invalid', 'fields.color']);
  expect(await refuse({ connector: 'tavily', base_url: 'https://evil.example', fields: { token: 'a' } })).toEqual([422, 'connection_address_invalid', 'base_url']);
  expect(await refuse({ connector: 'qdrant', base_url: 'http://vectors.example.org' })).toEqual([422, 'connection_address_invalid', 'base_url']);
  expect(await refuse({ connector: 'qdrant', base_url: 'https://ann:secret@vectors.example.org' })).toEqual([422, 'connection_address_invalid', 'base_url']);
  expect(await refuse({ connector: 'qdrant' })).toEqual([422, 'connection_address_invalid', 'base_url']);
  expect(await refuse({ connector: 'zendesk', fields: { username: 'a', password: 'b', subdomain: 'evil.example/x' } })).toEqual([422, 'connection_fields_invalid', 'fields.subdomain']);
});

test('a test of a connection says whether the credentials work, without the credentials', async () => {
  const made = await anna.ok(connectionEndpoints.create, { body: { connector: 'qdrant', name: 'Vectors', base_url: base, fields: { token: SECRET } } });
  expect(await anna.ok(connectionEndpoints.test, { params: { connectionId: made.id }, body: {} })).toMatchObject({ status: 'working', last_error: null });
  answer = { status: 403, body: JSON.stringify({ status: 'error', message: `The key ${SECRET} is not known` }) };
  const failed = await anna.ok(connectionEndpoints.test, { params: { connectionId: made.id }, body: {} });
  expect(failed).toMatchObject({ status: 'failing', last_error: `127.0.0.1:${port} answered with status 403: The key [redacted] is not known` });
});

test('a closed address and a forbidden one read the same', async () => {
  const errors = await Promise.all(['http://10.0.0.1', 'https://127.0.0.1:9', 'https://no-such-host.invalid'].map(async (where) => {
    const made = await anna.ok(connectionEndpoints.create, { body: { connector: 'qdrant', name: 'Vectors', base_url: where, fields: {} } });
    return (await anna.ok(connectionEndpoints.test, { params: { connectionId: made.id }, body: {} })).last_error?.replace(/^[^ ]+ /, '');
  }));
  expect(new Set(errors)).toEqual(new Set(['This address cannot be reached from here.']));
});

test('connections of another organization do not exist, wherever their id is written', async () => {
  const made = await connect(anna);
  const product = await productWith(query, ['http']);
  const { subscriptionId } = await subscribed(product);
  const params = { connectionId: made.id };
  const answers = [
    await bob.call(connectionEndpoints.get, { params }), await bob.call(connectionEndpoints.update, { params, body: { name: 'Mine' } }), await bob.call(connectionEndpoints.test, { params, body: {} }), await bob.call(connectionEndpoints.remove, { params }),
    await seller.call(connectionEndpoints.bindProduct, { params: { productId: product.productId }, body: { requirement: 'http', connection_id: made.id } }),
    await bob.call(connectionEndpoints.bindSubscription, { params: { subscriptionId }, body: { requirement: 'http', connection_id: null } }),
    await bob.call(connectionEndpoints.productRequirements, { params: { productId: product.productId } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
  expect((await anna.ok(connectionEndpoints.get, { params })).name).toBe('Shop');
  expect(seen).toEqual([]);
});

test('a requirement is served by the buyer’s connection, else by the seller’s, else the run says what is missing', async () => {
  const product = await productWith(query, ['http', 'wikipedia']);
  const { subscriptionId, ask } = await subscribed(product);
  const [required] = (await anna.ok(connectionEndpoints.subscriptionRequirements, { params: { subscriptionId } })).data;
  expect(required).toEqual({ key: 'http', connector: 'http', title: 'HTTP API', known: true, bound: null, provided: false });

  const missing = await ask('7');
  expect(missing.status).toBeGreaterThanOrEqual(400);
  expect(missing.text).toContain('This needs a connection with HTTP API, and none is chosen.');

  const sellers = await connect(seller, { secret: 'seller-secret-1' });
  await seller.ok(connectionEndpoints.bindProduct, { params: { productId: product.productId }, body: { requirement: 'http', connection_id: sellers.id } });
  expect((await anna.ok(connectionEndpoints.subscriptionRequirements, { params: { subscriptionId } })).data).toMatchObject([{ bound: null, provided: true }]);
  expect((await ask('7')).text).toContain('All is well.');

  const own = await connect(anna, { secret: 'buyers-secret-1' });
  const bound = await anna.ok(connectionEndpoints.bindSubscription, { params: { subscriptionId }, body: { requirement: 'http', connection_id: own.id } });
  expect(bound.data).toMatchObject([{ bound: { connection_id: own.id, name: 'Shop' }, provided: true }]);
  expect((await ask('8')).status).toBe(200);

  await anna.ok(connectionEndpoints.remove, { params: { connectionId: own.id } });
  expect((await ask('9')).status).toBe(200);
  expect(seen.map(({ url, authorization }) => `${url} ${authorization}`)).toEqual(['/orders/7 Bearer seller-secret-1', '/orders/8 Bearer buyers-secret-1', '/orders/9 Bearer seller-secret-1']);
});

test('only what the flow requires can be bound, and only with a connection of that kind', async () => {
  const product = await productWith(query, ['http']);
  const { subscriptionId } = await subscribed(product);
  const wrong = await anna.ok(connectionEndpoints.create, { body: { connector: 'tavily', name: 'Search', fields: { token: SECRET } } });
  const bind = async (requirement: string) => (await anna.call(connectionEndpoints.bindSubscription, { params: { subscriptionId }, body: { requirement, connection_id: wrong.id } })).problem.code;
  expect([await bind('http'), await bind('slack')]).toEqual(['connection_does_not_fit', 'connection_does_not_fit']);
});

test('a secret that the other system repeats reaches neither the answer nor the error of a run', async () => {
  const product = await productWith(query, ['http']);
  const { subscriptionId, ask } = await subscribed(product);
  const own = await connect(anna);
  await anna.ok(connectionEndpoints.bindSubscription, { params: { subscriptionId }, body: { requirement: 'http', connection_id: own.id } });
  answer = { status: 200, body: JSON.stringify({ text: `You sent Bearer ${SECRET} and ${Buffer.from(SECRET).toString('base64')}` }) };
  expect((await ask('7')).text).toContain('You sent Bearer [redacted] and [redacted]');
  answer = { status: 500, body: JSON.stringify({ error: { message: `Cannot use ${SECRET} ${'x'.repeat(5000)}` } }) };
  const failed = await ask('7');
  expect(failed.text).toContain(`127.0.0.1:${port} answered with status 500: Cannot use [redacted]`);
  expect(failed.text).not.toContain(SECRET);
  expect(failed.text.length).toBeLessThan(1500);
});

test('a step that promised to read does not write', async () => {
  const product = await productWith({ type: 'connector.query', config: { connector: 'http', action: 'send', input: { path: '/orders' } } }, ['http']);
  const { ask } = await subscribed(product);
  expect((await ask('7')).text).toContain('it belongs into a step of type connector.action');
  expect(seen).toEqual([]);
});

test('an action runs once for each item and names itself to the receiver', async () => {
  const product = await productWith({ type: 'connector.action', config: { connector: 'http', action: 'send', each: true, input: { path: '/orders', json: { words: '{{ item }}', place: '{{ index }}' } } } }, ['http']);
  const { subscriptionId, ask } = await subscribed(product);
  const own = await connect(anna);
  await anna.ok(connectionEndpoints.bindSubscription, { params: { subscriptionId }, body: { requirement: 'http', connection_id: own.id } });
  expect((await ask('Two apples')).status).toBe(200);
  expect(seen.map(({ method, url, body }) => ({ method, url, body: JSON.parse(body) as unknown }))).toEqual([{ method: 'POST', url: '/orders', body: { words: 'Two apples', place: 0 } }]);
});
