import { z } from 'zod';
import { expect, test } from 'vitest';
import { connectionEndpoints } from '#modules/connections/contract.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { ServedEndpoint } from '#platform/http/serve.ts';
import { startApp, type Caller } from './app.ts';
import { sampleProduct } from './products.ts';

/**
 * Cases are made from what the server serves, so that no endpoint can be forgotten: nothing here names a path. An
 * endpoint that is open to everybody is listed below, and adding one is a decision somebody has to write down.
 */
const OPEN_TO_EVERYBODY = [
  'GET /api/v1/me', 'GET /api/v1/providers/:providerId',
  'GET /api/v1/marketplace/categories', 'GET /api/v1/marketplace/products', 'GET /api/v1/marketplace/products/:productId', 'GET /api/v1/marketplace/products/:productId/reviews',
  'POST /api/v1/marketplace/products/:productId/demo', 'GET /api/v1/marketplace/products/:productId/demo', 'GET /files/:assetId', 'GET /samples/:slug/logo.svg', 'POST /api/runtime/auth', 'POST /api/runtime/usage',
];

const app = await startApp();
const product = await sampleProduct(app);
const anna = await app.person('Anna');
const bob = await app.person('Bob');
await app.settled();
const { subscription_id: subscriptionId, order_id: orderId } = await anna.ok(subscriptionEndpoints.subscribe, {
  body: { product_id: product.productId, plan_id: product.planIds.free ?? '', project_id: anna.projectId },
});
const { secret, id: keyId } = await anna.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } });
const narrow = await anna.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Narrow', scopes: ['usage:read'] } });
const { id: runId } = z.object({ id: z.uuid() }).parse(await (await app.key(secret).fetch('/v1/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: 'Hello', mode: 'async' }) })).json());
const connection = await anna.ok(connectionEndpoints.create, { body: { connector: 'tavily', name: 'Search', fields: { token: 'a-secret-key' } } });
const source = await anna.ok(sourceEndpoints.addSource, { params: { subscriptionId }, body: { kind: 'website', config: { url: 'https://example.com/' }, sync: false } });
const annaId = (await anna.me()).user?.id ?? '';
const invited = await app.person('Mia Member');
const invitation = await anna.ok(identityEndpoints.inviteMember, { params: { organizationId: anna.organizationId }, body: { email: invited.email, role: 'member' } });
await invited.ok(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } });
const open = await anna.ok(identityEndpoints.inviteMember, { params: { organizationId: anna.organizationId }, body: { email: 'later@example.com' } });

/** Real ids of Anna's, by the name a path gives them; a new name must be added here or its cases cannot run. */
const IDS: Record<string, string> = {
  organizationId: anna.organizationId, subscriptionId, orderId, keyId, projectId: anna.projectId, userId: annaId, invitationId: open.id, productId: product.productId,
  connectionId: connection.id, runId, sourceId: source.id,
  // Rows that a fresh subscription has none of: an id nobody has must answer the same.
  serverId: uuidv7(), documentId: uuidv7(), questionId: uuidv7(), conversationId: uuidv7(), checkoutId: uuidv7(), versionId: uuidv7(), providerId: uuidv7(), assetId: uuidv7(), slug: 'nothing',
};

const name = ({ endpoint }: ServedEndpoint) => `${endpoint.method} ${endpoint.path}`;
const fill = (path: string, ids: Record<string, string>) => path.replace(/:(\w+)/g, (_all, key: string) => {
  const id = ids[key];
  if (!id) throw new Error(`the standing suite has no id for "${key}"`);
  return id;
});
const everything = app.composition.served.flatMap((served) => served.paths.map((path) => ({ served, path })));
const guarded = everything.filter(({ served }) => !('public' in served.endpoint.access));
const call = async (caller: Caller, served: ServedEndpoint, path: string, headers: Record<string, string> = {}) => {
  const { method } = served.endpoint;
  const answer = await caller.fetch(path, method === 'GET' || method === 'DELETE' ? { method, headers } : { method, headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
  const text = await answer.text();
  const body = z.object({ code: z.string(), detail: z.string() }).catch({ code: '', detail: '' }).parse(text.startsWith('{') ? JSON.parse(text) : {});
  return { status: answer.status, ...body };
};

test('what is open to everybody is exactly what was decided', () => {
  const found = app.composition.served.filter(({ endpoint }) => 'public' in endpoint.access).map(name);
  expect(found.toSorted()).toEqual(OPEN_TO_EVERYBODY.toSorted());
});

test.each(guarded.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers 401 without a credential and with a wrong one', async (_name, served, path) => {
  const target = fill(path, IDS);
  expect((await call(app.stranger, served, target)).status).toBe(401);
  expect((await call(app.stranger, served, target, { authorization: 'Bearer ar_sk_live_0000000000000000000000000000000000000000000' })).status).toBe(401);
  expect((await call(app.stranger, served, target, { cookie: 'better-auth.session_token=forged.forged' })).status).toBe(401);
});

const withIds = guarded.filter(({ served, path }) => path.includes(':') && 'member' in served.endpoint.access);
test.each(withIds.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers another organization as if there were nothing', async (_name, served, path) => {
  const foreign = await call(bob, served, fill(path, IDS));
  const random = await call(bob, served, fill(path, Object.fromEntries(Object.keys(IDS).map((key) => [key, uuidv7()]))));
  expect(foreign).toEqual(random);
  // 422: the empty body was refused before anything was looked up, for both alike.
  expect([404, 422, 403]).toContain(foreign.status);
});

const roles = guarded.filter(({ served }) => 'member' in served.endpoint.access && served.endpoint.access.member !== 'member');
test.each(roles.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers 403 to a member whose role is too low', async (_name, served, path) => {
  expect((await call(invited, served, fill(path, IDS), { 'x-organization-id': anna.organizationId })).status).toBe(403);
});

const scoped = guarded.filter(({ served: { endpoint: { access } } }) => ('key' in access && access.key !== 'usage:read') || ('member' in access && access.scope && access.scope !== 'usage:read'));
test.each(scoped.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers 403 to a key without its scope', async (_name, served, path) => {
  const answer = await call(app.key(narrow.secret), served, fill(path, IDS));
  expect([answer.status, answer.code]).toEqual([403, 'scope_missing']);
});

const noKeys = guarded.filter(({ served: { endpoint: { access } } }) => 'user' in access || 'operator' in access || ('member' in access && !access.scope));
test.each(noKeys.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers 403 to a key, however good', async (_name, served, path) => {
  expect((await call(app.key(secret), served, fill(path, IDS))).status).toBe(403);
});

const forOperators = guarded.filter(({ served }) => 'operator' in served.endpoint.access);
test.each(forOperators.map(({ served, path }) => [`${served.endpoint.method} ${path}`, served, path] as const))('%s answers 403 to people who do not operate the installation', async (_name, served, path) => {
  expect((await call(anna, served, fill(path, IDS))).status).toBe(403);
});

test('a path written otherwise is the same endpoint or none', async () => {
  const plain = `/api/v1/subscriptions/${subscriptionId}`;
  expect((await anna.fetch(`${plain}/`)).status).toBe(200);
  for (const path of [`/${plain}`, `${plain};a=b`, plain.replace('/api/v1', '/API/V1'), plain.replace('/subscriptions/', '/subscriptions%2f'), `/api/v1/x/..%2fsubscriptions/${subscriptionId}`]) {
    expect((await anna.fetch(path)).status, path).toBe(404);
    expect([401, 404]).toContain((await app.stranger.fetch(path)).status);
  }
});

test('nothing of Anna changed while others tried', async () => {
  const subscription = await anna.ok(subscriptionEndpoints.get, { params: { subscriptionId } });
  expect(subscription.state).toBe('active');
  expect((await anna.ok(apiKeyEndpoints.list, { params: { subscriptionId } })).data.map((key) => key.id)).toContain(keyId);
});
