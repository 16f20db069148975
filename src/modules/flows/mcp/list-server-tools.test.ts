import { afterAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { Draft, marketplaceEndpoints, providerEndpoints, reviewEndpoints } from '#modules/catalog/contract.ts';
import { connectionEndpoints } from '#modules/connections/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { buy, withKey } from '../../../testing/products.ts';
import { completeDraft, sellerIn, waitingVersion } from '../../../testing/selling.ts';
import { mcpEndpoints } from './contract.ts';
import { startLoopbackMcpServer } from './testing/loopback-mcp-server.ts';

const models = await startLoopbackModelServer();
const server = await startLoopbackMcpServer({ token: 'seller-token' });
afterAll(async () => { await models.close(); await server.close(); });
const app = await startApp({ EGRESS_ALLOW: `${server.host},${new URL(models.url).host}`, OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
const sally = await sellerIn(app, 'Sally');
const anna = await app.person('Anna');

async function importInto(seller: Person, productId: string, document: unknown, operations?: readonly string[]): Promise<z.infer<typeof Draft>> {
  const body = new FormData();
  if (operations) body.set('operations', JSON.stringify(operations));
  body.set('file', new Blob([JSON.stringify(document)]), 'weather.json');
  const answer = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(await answer.text());
  return Draft.parse(await answer.json());
}
const chosenIn = ({ report }: z.infer<typeof Draft>) => report?.operations.filter(({ chosen }) => chosen).map(({ id }) => id).toSorted();

test('a seller lists the tools of a remote server, imports those that fit, sells the agent, and a buyer’s question calls the tool', async () => {
  const { id: productId } = await sally.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: '' } });
  const definition = { mcpServers: { weather: { url: server.url, headers: { Authorization: 'Bearer ${WEATHER_TOKEN}' } } } };
  const first = await importInto(sally, productId, definition);
  expect(first.report).toMatchObject({ format: 'mcp', operations: [], connections: [{ key: 'weather', connector: 'http' }] });

  const asked = { name: 'weather', url: server.url, credentials: [{ connection: 'weather', place: 'bearer' as const }], product_id: productId };
  const unbound = await sally.call(mcpEndpoints.listTools, { body: asked });
  expect([unbound.status, unbound.problem.code]).toEqual([422, 'mcp_server_failed']);
  const { id: connectionId } = await sally.ok(connectionEndpoints.create, { body: { connector: 'http', name: 'Weather', base_url: `http://${server.host}`, fields: { kind: 'bearer', secret: 'seller-token' } } });
  await sally.ok(connectionEndpoints.bindProduct, { params: { productId }, body: { requirement: 'weather', connection_id: connectionId } });
  const listed = await sally.ok(mcpEndpoints.listTools, { body: asked });
  expect(listed.revision).toBe('2026-07-28');
  expect(listed.tools.map(({ name, effect }) => `${name} ${effect}`).toSorted()).toEqual(['delete_city write', 'fail read', 'get_weather read']);
  expect(JSON.stringify(listed)).not.toContain('seller-token');

  expect(chosenIn(await importInto(sally, productId, listed.document))).toEqual(['fail', 'get_weather']);
  expect(chosenIn(await importInto(sally, productId, listed.document, ['get_weather', 'delete_city']))).toEqual(['delete_city', 'get_weather']);
  const again = await sally.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"operations":["get_weather"]}' });
  const draft = Draft.parse(await again.json());
  expect(chosenIn(draft)).toEqual(['get_weather']);
  expect(draft.report).toMatchObject({ runnable: true, connections: [{ key: 'weather' }], nodes: { all: [{ support: 'supported' }] } });

  // What the flow can do was proposed from the file and stays as it is.
  const { capabilities: _proposed, ...listing } = completeDraft('weather-agent', 'Weather Agent');
  await sally.ok(providerEndpoints.saveDraft, { params: { productId }, body: { ...listing, plans: [{ name: 'Free', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 2 } }] } });
  await sally.ok(providerEndpoints.submitProduct, { params: { productId } });
  const operator = await app.person('Olga', { operator: true });
  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });

  models.reply(({ body }) => {
    const last: unknown = Array.isArray(body['messages']) ? body['messages'].at(-1) : null;
    const told = JSON.stringify(last);
    return told.includes('"role":"tool"') ? { text: told.includes('Sunny in Oslo') ? 'It is sunny in Oslo.' : `I could not find out: ${told}` } : { text: '', toolCalls: [{ id: 'c1', name: 'get_weather', arguments: { place: 'Oslo' } }] };
  });
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  const { subscription_id: subscriptionId } = await buy(anna, { productId, seller: sally, planIds: { first: detail.plans[0]?.id ?? '' } }, 'first');
  await app.settled();
  const key = await withKey(app, anna, subscriptionId, ['chat']);
  const answer = await key.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: [{ role: 'user', content: 'How is the weather in Oslo?' }] }) });
  expect(await answer.text()).toContain('It is sunny in Oslo.');
  expect(server.calls.at(-1)).toEqual({ tool: 'get_weather', args: { place: 'Oslo' } });
});

test('a server that cannot be used is refused in words, and every private address reads the same', async () => {
  const list = async (body: { url: string; headers?: Record<string, string>; transport?: 'sse' }) => {
    const { status, problem } = await sally.call(mcpEndpoints.listTools, { body });
    return [status, problem.detail];
  };
  expect(await list({ url: server.url })).toEqual([422, expect.stringContaining('did not accept the credential, or asks for one')]);
  for (const url of ['https://169.254.169.254/mcp', 'https://10.0.0.1/mcp', 'https://[::1]/mcp', 'http://127.0.0.1:9/mcp', 'https://no-such-host.invalid/mcp']) expect(await list({ url })).toEqual([422, 'This address cannot be reached from here']);
  for (const url of ['http://mcp.example.com/mcp', 'npx -y @acme/server', 'file:///bin/sh', 'https://a:b@mcp.example.com']) expect((await list({ url }))[1]).toMatch(/https|not a web address|user name/);
  expect(await list({ url: server.url, headers: { Host: 'evil.example.com' } })).toEqual([422, 'The header "Host" cannot be set.']);
  const started = await sally.fetch('/api/v1/mcp/tools', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: server.url, command: 'npx', args: ['-y', 'x'], env: {} }) });
  expect(started.status).toBe(422);
});

test('the connections of another organization’s product are out of reach', async () => {
  const bob = await sellerIn(app, 'Bob');
  const { data } = await sally.ok(providerEndpoints.listProducts, { query: {} });
  const answer = await bob.call(mcpEndpoints.listTools, { body: { url: server.url, credentials: [{ connection: 'weather', place: 'bearer' }], product_id: data[0]?.id ?? null } });
  expect([answer.status, answer.problem.code]).toEqual([422, 'mcp_server_failed']);
  expect((await app.stranger.call(mcpEndpoints.listTools, { body: { url: server.url } })).status).toBe(401);
});
