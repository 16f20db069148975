import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApp } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { knowledgeBaseEndpoints } from '../bases/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { sourceEndpoints } from './contract.ts';
import { trainingEndpoints } from './training-contract.ts';

const pages: Record<string, string> = {
  '/': '<html lang="en"><head><title>Harbour office</title></head><body><main><h1>Harbour office</h1><p>Berths are rented by the week.</p><a href="/fees">Fees</a></main></body></html>',
  '/fees': '<html lang="en"><head><title>Fees</title></head><body><main><h1>Fees</h1><p>A berth costs forty crowns a week, electricity included.</p></main></body></html>',
};
const asked: string[] = [];
const site = createServer((request: IncomingMessage, response: ServerResponse) => {
  const path = request.url ?? '';
  asked.push(path);
  if (path === '/records') {
    if (request.headers.authorization !== 'Bearer right-token') { response.writeHead(401).end(); return; }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ id: 1, title: 'Lighthouse', body: 'The lighthouse opens at nine.' }, { id: 2, title: 'Museum', body: 'The museum opens at ten.' }]));
    return;
  }
  const page = pages[path];
  response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(page ?? '<p>Not here</p>');
});
site.listen(0, '127.0.0.1');
await once(site, 'listening');
afterAll(() => { site.close(); });
const { port } = z.object({ port: z.number() }).parse(site.address());
const origin = `http://127.0.0.1:${port}`;

const app = await startApp({ EGRESS_ALLOW: `127.0.0.1:${port}` });
const everything = { configuration: { rag: { enabled: true, sources: { documents: { enabled: true }, websites: { enabled: true, refreshInterval: 'daily' as const }, databases: { enabled: true }, apis: { enabled: true } } } } };
const plans = [{ key: 'free', name: 'Free', tier: 'starter' as const, priceMonthlyMinor: 0, rateCard: { message: 2, document: 5, image: 10, voice: 2 } }, { key: 'all', name: 'All', tier: 'enterprise' as const, priceMonthlyMinor: 0, rateCard: { message: 2, document: 0, image: 10, voice: 2 } }];
const product = await sampleProduct(app, { capabilities: everything, plans });
const ann = await app.person('Ann');
const bob = await app.person('Bob');
const { subscription_id: subscriptionId } = await buy(ann, product, 'all');
const { subscription_id: bobs } = await buy(bob, product, 'free');
await app.settled();
const params = { subscriptionId };
const search = async (query: string) => (await ann.ok(knowledgeEndpoints.search, { params, body: { query } })).data;

test('a website is tried, added, read and answered from; what was removed there goes here, and removing it removes its pages', async () => {
  const config = { url: `${origin}/` };
  expect(await ann.ok(sourceEndpoints.testSource, { params, body: { kind: 'website', config } })).toMatchObject({ ok: true, sample: [{ title: 'Harbour office' }] });
  const added = await ann.ok(sourceEndpoints.addSource, { params, body: { kind: 'website', config, refresh: 'weekly' } });
  expect(added.status).toBe('syncing');
  await app.settled();
  const [source] = (await ann.ok(sourceEndpoints.listSources, { params })).data.filter(({ kind }) => kind === 'website');
  expect(source).toMatchObject({ id: added.id, status: 'synced', documents: { total: 2, indexed: 2, failed: 0 }, last_error: null, refresh: 'weekly' });
  expect(source?.next_sync_at).not.toBeNull();
  expect((await search('What does a berth cost in a week?'))[0]).toMatchObject({ title: 'Fees', url: `${origin}/fees` });
  const status = await ann.ok(knowledgeEndpoints.status, { params });
  expect(status).toMatchObject({ documents: { total: 2, indexed: 2 }, used: { documents: 0, urls: 2 }, sources: { total: 1, failing: 0 } });

  const fees = pages['/fees'] ?? '';
  delete pages['/fees'];
  pages['/'] = (pages['/'] ?? '').replace('by the week', 'by the month');
  await ann.ok(sourceEndpoints.syncSource, { params: { ...params, sourceId: added.id } });
  await app.settled();
  expect(await ann.ok(sourceEndpoints.getSource, { params: { ...params, sourceId: added.id } })).toMatchObject({ status: 'synced', documents: { total: 1 }, last_result: { changed: 1, removed: 1 } });
  expect((await search('How long are berths rented?'))[0]?.text).toContain('by the month');
  pages['/fees'] = fees;

  await ann.ok(sourceEndpoints.removeSource, { params: { ...params, sourceId: added.id } });
  expect(await search('berths')).toEqual([]);
});

test('a source that cannot be read says so in words, in the list and in the status', async () => {
  const config = { url: 'http://127.0.0.1:9/' };
  const tried = await ann.ok(sourceEndpoints.testSource, { params, body: { kind: 'website', config } });
  expect(tried).toMatchObject({ ok: false, message: expect.stringMatching(/cannot be reached/) });
  const added = await ann.ok(sourceEndpoints.addSource, { params, body: { kind: 'website', config } });
  await app.settled();
  const failed = await ann.ok(sourceEndpoints.getSource, { params: { ...params, sourceId: added.id } });
  expect(failed).toMatchObject({ status: 'failed', last_error: { message: tried.message }, next_sync_at: null });
  expect((await ann.ok(knowledgeEndpoints.status, { params })).sources).toEqual({ total: 1, failing: 1 });
  await ann.ok(sourceEndpoints.removeSource, { params: { ...params, sourceId: added.id } });
});

test('a source that starts to fail is told with its reason beside the product and in the list of products, and no more once it was read again', async () => {
  const home = '/seasons';
  pages[home] = '<html lang="en"><head><title>Seasons</title></head><body><main><p>The season begins in April.</p></main></body></html>';
  const { id, name } = await ann.ok(sourceEndpoints.addSource, { params, body: { kind: 'website', name: 'Seasons', config: { url: `${origin}${home}` } } });
  await app.settled();
  const told = async () => (await ann.ok(knowledgeEndpoints.status, { params })).failing_sources;
  const listed = async () => (await ann.ok(subscriptionEndpoints.list, { query: {} })).data.map((card) => [card.id, card.failing_sources]);
  expect([await told(), await listed()]).toEqual([[], [[subscriptionId, []]]]);

  const page = pages[home];
  delete pages[home];
  await ann.ok(sourceEndpoints.syncSource, { params: { ...params, sourceId: id } });
  await app.settled();
  const { last_error: error, last_sync_at: read } = await ann.ok(sourceEndpoints.getSource, { params: { ...params, sourceId: id } });
  expect(error?.message).toMatch(/\w+ \w+/);
  const failing = [{ id, kind: 'website', name, since: expect.any(String), error, last_sync_at: read }];
  expect(await told()).toEqual(failing);
  expect(await listed()).toEqual([[subscriptionId, failing]]);
  expect((await bob.ok(subscriptionEndpoints.list, { query: {} })).data.map(({ failing_sources }) => failing_sources)).toEqual([[]]);

  pages[home] = page ?? '';
  await ann.ok(sourceEndpoints.syncSource, { params: { ...params, sourceId: id } });
  await app.settled();
  expect([await told(), await listed()]).toEqual([[], [[subscriptionId, []]]]);
  await ann.ok(sourceEndpoints.removeSource, { params: { ...params, sourceId: id } });
});

test('records of an API are signed in to with a token that is never shown, under the instance paths too', async () => {
  const added = await ann.ok(trainingEndpoints.add, { params, body: { type: 'api', endpoint: `${origin}/records`, auth: 'bearer_token', secrets: { token: 'right-token' }, refresh: 'daily' } });
  expect(added).toMatchObject({ type: 'api', status: 'syncing', source: { secrets: ['token'] } });
  expect(JSON.stringify(added)).not.toContain('right-token');
  await app.settled();
  const [listed] = (await ann.ok(trainingEndpoints.list, { params })).data.filter(({ type }) => type === 'api');
  expect(listed).toMatchObject({ status: 'synced', document_count: 2, error_message: null });
  expect((await search('When does the lighthouse open?'))[0]?.title).toBe('Lighthouse');
  expect((await ann.ok(trainingEndpoints.sync, { params })).data).toMatchObject([{ id: added.id, status: 'syncing' }]);
  await app.settled();
  await ann.ok(trainingEndpoints.remove, { params: { ...params, sourceId: added.id } });
  expect((await ann.ok(trainingEndpoints.list, { params })).data.filter(({ type }) => type === 'api')).toEqual([]);
});

test('a connection address is taken apart, its password sealed; one that is none is refused without being repeated', async () => {
  const answer = await ann.call(trainingEndpoints.add, { params, body: { type: 'database', connection: 'nonsense://user:hunter2@x/y', tables: ['faqs'] } });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).not.toContain('hunter2');
});

test('a plan without databases and connected services says so for each kind, and refuses them', async () => {
  const { data } = await bob.ok(sourceEndpoints.listSourceKinds, { params: { subscriptionId: bobs } });
  expect(Object.fromEntries(data.map(({ kind, available }) => [kind, available]))).toMatchObject({ website: true, rest: false });
  expect(data.find(({ kind }) => kind === 'rest')?.unavailable_because).toBe('Your plan of this product does not include connected services.');
  expect((await bob.call(sourceEndpoints.addSource, { params: { subscriptionId: bobs }, body: { kind: 'rest', config: { url: `${origin}/records` } } })).problem.code).toBe('source_not_included');
  expect((await bob.call(sourceEndpoints.addSource, { params: { subscriptionId: bobs }, body: { kind: 'website', config: { url: origin }, refresh: 'hourly' } })).problem.code).toBe('refresh_not_included');
});

test('knowledge bases answer by themselves: listed, found by subscription, filled and read', async () => {
  const { data: [base] } = await ann.ok(knowledgeBaseEndpoints.list);
  expect(base).toMatchObject({ subscription_id: subscriptionId, status: 'active' });
  expect((await ann.ok(knowledgeBaseEndpoints.create, { body: { subscription_id: subscriptionId } })).id).toBe(base?.id);
  const added = await ann.fetch(`/api/marketplace-ai-knowledge-documents/?knowledge_base_id=${base?.id}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documents: [{ external_id: 'tide', title: 'Tides', text: 'High tide is at noon.' }] }) });
  expect(added.status).toBe(202);
  await app.settled();
  expect((await ann.ok(knowledgeBaseEndpoints.listDocuments, { query: { knowledge_base_id: base?.id } })).data).toMatchObject([{ external_id: 'tide', state: 'indexed' }]);
  expect((await bob.call(knowledgeBaseEndpoints.listDocuments, { query: { knowledge_base_id: base?.id } })).status).toBe(404);
  expect((await ann.call(knowledgeBaseEndpoints.listDocuments, { query: {} })).status).toBe(422);
});

test('processing is cancelled without losing what was searchable, and everything can be processed anew', async () => {
  const { data: [document] } = await ann.ok(knowledgeEndpoints.listDocuments, { params });
  const documentId = document?.id ?? '';
  expect((await ann.call(knowledgeEndpoints.cancelDocument, { params: { ...params, documentId } })).problem.code).toBe('nothing_to_cancel');
  await ann.ok(knowledgeEndpoints.reindexDocument, { params: { ...params, documentId } });
  const cancelled = await ann.call(knowledgeEndpoints.cancelDocument, { params: { ...params, documentId } });
  // The worker may have been faster.
  if (cancelled.status === 202) expect(cancelled.body.state).toBe('indexed');
  await app.settled();
  expect((await search('When is high tide?'))[0]?.document_id).toBe(documentId);
  expect(await ann.ok(knowledgeEndpoints.reindexAll, { params })).toEqual({ queued: 1 });
  await app.settled();
  expect((await search('When is high tide?'))[0]?.document_id).toBe(documentId);
});
