import { readFile } from 'node:fs/promises';
import path from 'node:path';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { analyticsEndpoints, transcriptEndpoints } from '#modules/analytics/contract.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { marketplaceEndpoints, providerEndpoints, reviewEndpoints } from '#modules/catalog/contract.ts';
import { apiKeyEndpoints, consoleChatEndpoints, previewEndpoint } from '#modules/gateway/contract.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { KnowledgeDocument, knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import type { AnyEndpoint } from '#platform/http/serve.ts';
import { startApp, type Caller } from './app.ts';
import { sharedData } from './shared-data.ts';

/**
 * The whole journey over the API, in order, on real files: a flow somebody else exported and documents somebody else
 * wrote. Each test continues where the one before ended.
 */
const skipped = sharedData === null;
if (skipped) console.log('skipped: the journey over the API (no ../shared/data with real flows and documents)');
const app = skipped ? null : await startApp();
const it = test.skipIf(skipped);

const Chunk = z.looseObject({
  choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().optional() }), finish_reason: z.string().nullable() })),
  citations: z.array(z.looseObject({ id: z.number(), title: z.string(), page: z.number().nullable(), snippet: z.string(), document_id: z.string() })).optional(),
  credits: z.object({ used: z.number(), balance: z.number() }).optional(), conversation_id: z.string().nullable().optional(), demo: z.object({ remaining: z.number() }).optional(),
});

/** Reads a stream of chat completion chunks to its end. */
async function stream(caller: Caller, endpoint: AnyEndpoint, params: Record<string, string>, body: unknown, headers: Record<string, string> = {}) {
  const target = endpoint.path.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? '');
  const answer = await caller.fetch(target, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status !== 200) return { status: answer.status, text: '', last: Chunk.parse({ choices: [] }), body: text, cookies: answer.headers.getSetCookie() };
  const events = text.split('\n\n').filter((event) => event.startsWith('data: ')).map((event) => event.slice(6));
  expect(events.at(-1)).toBe('[DONE]');
  const chunks = events.slice(0, -1).map((event) => Chunk.parse(JSON.parse(event)));
  const last = chunks.at(-1);
  if (!last) throw new Error('the stream had no chunks');
  return { status: 200, text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), last, body: '', cookies: answer.headers.getSetCookie() };
}

const file = async (name: string) => {
  const bytes = await readFile(path.join(sharedData ?? '', name));
  return new File([new Uint8Array(bytes)], path.basename(name));
};
const form = (...files: File[]) => { const data = new FormData(); for (const item of files) data.append('file', item); return data; };
const says = (content: string) => ({ messages: [{ role: 'user', content }] });
const required = <T>(value: T | null | undefined): T => { if (value === null || value === undefined) throw new Error('an earlier step of the journey is missing'); return value; };

const running = required(app ?? ({} as NonNullable<typeof app>));
const seller = skipped ? null : await running.person('Sam Seller');
const operator = skipped ? null : await running.person('Olga Operator', { operator: true });
const buyer = skipped ? null : await running.person('Bea Buyer');
const ids: Record<string, string> = {};

it('a seller imports a real Langflow export and reads what maps and what does not', async () => {
  const me = required(seller);
  await me.ok(identityEndpoints.becomeProvider, { params: { organizationId: me.organizationId }, body: { name: 'Digital Atelier', website: null } });
  const product = await me.ok(providerEndpoints.createProduct, { body: { category: 'agent', subcategory: 'single', name: 'Documents on call' } });
  ids.product = product.id;
  const answer = await me.fetch(`/api/v1/provider/products/${product.id}/flow`, { method: 'POST', body: form(await file('langflow/starter-1.10.1/vector-store-rag.json')) });
  expect(answer.status).toBe(201);
  const draft = providerEndpoints.getDraft.response.parse(await answer.json());
  expect(draft.report).toMatchObject({ format: 'langflow', runnable: true, traits: { chat: true, knowledge: true } });
  expect(draft.report?.nodes.unsupported).toEqual([]);
});

it('a file that is not a flow is refused with what and where, and the draft keeps its flow', async () => {
  const me = required(seller);
  const url = `/api/v1/provider/products/${ids.product}/flow`;
  for (const [name, text] of [['broken.json', '{"data": {"nodes": [,'], ['foreign.json', '{"hello": "world"}'], ['empty.json', '']]) {
    const answer = await me.fetch(url, { method: 'POST', body: form(new File([text ?? ''], name ?? '')) });
    expect(answer.status, name).toBe(422);
    expect(z.object({ detail: z.string().min(10) }).parse(await answer.json()).detail).not.toBe('');
  }
  const draft = await me.ok(providerEndpoints.getDraft, { params: { productId: required(ids.product) } });
  expect(draft.report?.runnable).toBe(true);
});

it('the seller declares capabilities, plans and listing, tries the draft and submits it', async () => {
  const me = required(seller);
  const params = { productId: required(ids.product) };
  const open = await me.ok(providerEndpoints.getDraft, { params });
  expect(open.findings.some((finding) => finding.severity === 'error')).toBe(true);
  expect((await me.call(providerEndpoints.submitProduct, { params })).status).toBe(422);
  const draft = await me.ok(providerEndpoints.saveDraft, {
    params, body: {
      step: 5,
      capabilities: { configuration: { rag: { generation: { grounding: { strictMode: true, fallbackBehavior: 'refuse' } } }, branding: { enabled: true, options: { logo: true, colors: true, fonts: false, customCSS: false } } }, analytics: { conversations: { enabled: true, features: { transcripts: true, search: true, export: true } } } },
      plans: [
        { key: 'credits', name: 'Pay as you go', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 2, document: 5, image: 10, voice: 2 } },
        { key: 'starter', name: 'Starter', tier: 'starter', priceMonthlyMinor: 2900, limits: { messages: 1000 } },
        { key: 'enterprise', name: 'Enterprise', tier: 'enterprise', priceMonthlyMinor: null, runtime: 'dedicated' },
      ],
      listing: { name: 'Documents on call', slug: 'documents-on-call', summary: 'Answers questions from the documents you give it, with page and passage.', description: '# Documents on call\n\nUpload your documents and ask.', tags: ['documents'] },
    },
  });
  expect(draft.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  const preview = await stream(me, previewEndpoint, params, says('What can you do?'));
  expect(preview.text.length).toBeGreaterThan(10);
  expect((await me.ok(providerEndpoints.submitProduct, { params })).status).toBe('pending_review');
  const found = await running.stranger.ok(marketplaceEndpoints.searchProducts, { query: { search: 'documents on call' } });
  expect(found.data).toEqual([]);
});

it('an operator sees the queue with the report, rejects with a reason, and approves what comes back', async () => {
  const [reviewer, me] = [required(operator), required(seller)];
  const params = { productId: required(ids.product) };
  const first = required((await reviewer.ok(reviewEndpoints.listQueue, {})).data.find((item) => item.product_id === ids.product));
  const detail = await reviewer.ok(reviewEndpoints.getReview, { params: { versionId: first.version_id } });
  expect(detail.report.nodes.total).toBeGreaterThan(3);
  await reviewer.ok(reviewEndpoints.reject, { params: { versionId: first.version_id }, body: { reason: 'Please say in the listing which files it reads.' } });
  expect((await me.ok(providerEndpoints.getSellerProduct, { params })).rejection_reason).toBe('Please say in the listing which files it reads.');
  await me.call(providerEndpoints.editProduct, { params });
  const { draft } = await me.ok(providerEndpoints.getDraft, { params });
  await me.ok(providerEndpoints.saveDraft, { params, body: { listing: { ...draft.listing, description: '# Documents on call\n\nReads PDF, Word, Excel, CSV, HTML and Markdown.' } } });
  await me.ok(providerEndpoints.submitProduct, { params });
  const second = required((await reviewer.ok(reviewEndpoints.listQueue, {})).data.find((item) => item.product_id === ids.product));
  await reviewer.ok(reviewEndpoints.approve, { params: { versionId: second.version_id }, body: { verify_provider: true } });
  const trail = await reviewer.ok(analyticsEndpoints.auditTrail, {});
  expect(trail.data.map((entry) => entry.action)).toEqual(expect.arrayContaining(['POST /api/v1/operator/reviews/:versionId/reject', 'POST /api/v1/operator/reviews/:versionId/approve']));
});

it('a buyer finds it, tries it five times and is then asked to subscribe', async () => {
  const found = await running.stranger.ok(marketplaceEndpoints.searchProducts, { query: { search: 'documents', category: 'agents', price: 'free' } });
  expect(found.data.map((card) => [card.id, card.credits_per_message, card.runs, card.provider.verified])).toEqual([[ids.product, 2, 0, true]]);
  const product = await running.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: 'documents-on-call' } });
  expect(product.plans.map((plan) => plan.terms.priceMonthlyMinor)).toEqual([0, 2900, null]);
  ids.plan = required(product.plans[0]).id;
  const params = { productId: required(ids.product) };
  const first = await stream(running.stranger, consoleChatEndpoints.demo, params, says('Hello'));
  expect(first.last.demo).toEqual({ remaining: 4 });
  expect(first.last.credits).toBeUndefined();
  const cookie = required(first.cookies[0]).split(';')[0] ?? '';
  const rest = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => stream(running.stranger, consoleChatEndpoints.demo, params, says('Hello'), { cookie })));
  expect(rest.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 402, 402]);
});

it('subscribes into a project with credits and lands on a provisioned product', async () => {
  const me = required(buyer);
  await running.settled();
  const bought = await me.ok(subscriptionEndpoints.subscribe, { body: { product_id: required(ids.product), plan_id: required(ids.plan), project_id: me.projectId } });
  expect(bought).toMatchObject({ state: 'active', checkout_url: null });
  ids.subscription = bought.subscription_id;
  const params = { subscriptionId: bought.subscription_id };
  const subscription = await me.ok(subscriptionEndpoints.get, { params });
  expect(subscription).toMatchObject({ state: 'active', provisioned: true, runtime_endpoint: `/v1/agents/${bought.subscription_id}/chat`, project: { id: me.projectId } });
  expect(subscription.knowledge_base_id).not.toBeNull();
  expect((await me.ok(apiKeyEndpoints.list, { params })).data.map((key) => key.kind)).toEqual(['publishable']);
  expect((await me.ok(billingEndpoints.listOrders, { params: { organizationId: me.organizationId } })).data).toMatchObject([{ state: 'active', amount_minor: 0 }]);
});

const DOCUMENTS = ['pdf/tracemonkey.pdf', 'docx/tables.docx', 'xlsx/Attendance.xlsx', 'csv/asvs-4.0.3-en.csv', 'html/resume.html', 'md/asvs-es-0x11-V2-Authentication.md'];
const BAD = ['pdf/libreoffice-writer-password.pdf', 'docx/tika-testWORD_truncated.docx', 'docx/empty.docx'];

it('uploads real documents, sees each indexed, and each bad one failed with its reason', async () => {
  const me = required(buyer);
  const params = { subscriptionId: required(ids.subscription) };
  const answer = await me.fetch(`/api/v1/subscriptions/${params.subscriptionId}/knowledge/documents`, {
    method: 'POST', body: form(...await Promise.all([...DOCUMENTS, ...BAD].map(async (name) => file(`documents/${name}`))), new File([''], 'empty.pdf')),
  });
  expect(answer.status).toBe(202);
  const accepted = z.object({ data: z.array(KnowledgeDocument), refused: z.array(z.object({ name: z.string(), message: z.string() })) }).parse(await answer.json());
  await running.settled();
  const { data } = await me.ok(knowledgeEndpoints.listDocuments, { params });
  const state = (name: string) => data.find((document) => document.file_name === path.basename(name))?.state ?? (accepted.refused.some((item) => item.name === path.basename(name)) ? 'refused' : 'lost');
  expect(Object.fromEntries(DOCUMENTS.map((name) => [name, state(name)]))).toEqual(Object.fromEntries(DOCUMENTS.map((name) => [name, 'indexed'])));
  for (const name of [...BAD, 'empty.pdf']) expect(['failed', 'refused'], name).toContain(state(name));
  for (const document of data.filter((item) => item.state === 'failed')) expect(document.error?.message.length, document.title).toBeGreaterThan(15);
  await me.ok(knowledgeEndpoints.addQa, { params, body: { question: 'What are your opening hours?', answer: 'We are open on weekdays from nine to five.' } });
  await running.settled();
  const status = await me.ok(knowledgeEndpoints.status, { params });
  expect(status.documents.indexed).toBeGreaterThanOrEqual(DOCUMENTS.length);
}, 180_000);

it('configures what the capabilities allow, and nothing else', async () => {
  const me = required(buyer);
  const params = { subscriptionId: required(ids.subscription) };
  const configured = await me.ok(subscriptionEndpoints.configure, {
    params, body: { configuration: { persona: { name: 'Ada', tone: 'friendly' }, conversation: { welcomeMessage: 'Ask me about the papers.' }, branding: { primaryColor: '#7c3aed' }, widget: { theme: 'dark', allowedDomains: ['shop.example.com'] } } },
  });
  expect(configured.effective.persona.name).toBe('Ada');
  const refused = await me.call(subscriptionEndpoints.configure, { params, body: { configuration: { branding: { customCss: 'a{}' } } } });
  expect([refused.status, refused.problem.errors[0]?.path]).toEqual([422, 'branding.customCss']);
  const stale = await me.call(subscriptionEndpoints.configure, { params, body: { revision: 1, configuration: { persona: { name: 'Eve' } } } });
  expect(stale.status).toBe(409);
  await running.settled();
});

it('asks on the run page and gets a streamed answer with document, page and passage', async () => {
  const me = required(buyer);
  const params = { subscriptionId: required(ids.subscription) };
  const answer = await stream(me, consoleChatEndpoints.run, params, { message: 'What does a tracing just-in-time compiler record in a trace?' });
  const citation = required(answer.last.citations?.[0]);
  expect(answer.text).toContain(`[${citation.id}]`);
  expect(citation).toMatchObject({ page: expect.any(Number) as number });
  expect(citation.snippet.length).toBeGreaterThan(20);
  expect(answer.last.credits?.used).toBe(2);
  ids.conversation = required(answer.last.conversation_id);
  const pair = await stream(me, consoleChatEndpoints.run, params, { message: 'What are your opening hours?', conversation_id: ids.conversation });
  expect(pair.text).toContain('weekdays from nine to five');
  const unknown = await stream(me, consoleChatEndpoints.run, params, { message: 'Who won the football world championship in 1974?' });
  expect(unknown.last.citations).toEqual([]);
});

it('is used by the official client and by a visitor of another site', async () => {
  const me = required(buyer);
  const params = { subscriptionId: required(ids.subscription) };
  const key = await me.ok(apiKeyEndpoints.issue, { params, body: { name: 'Shop server' } });
  const client = new OpenAI({ apiKey: key.secret, baseURL: `${running.baseUrl}/v1` });
  const whole = await client.chat.completions.create({ model: 'documents', messages: [{ role: 'user', content: 'What are your opening hours?' }] });
  expect(whole.choices[0]?.message.content).toContain('nine to five');
  const streamed = client.chat.completions.stream({ model: 'documents', messages: [{ role: 'user', content: 'What are your opening hours?' }] });
  expect((await streamed.finalMessage()).content).toContain('nine to five');
  const publishable = required((await me.ok(apiKeyEndpoints.list, { params })).data.find((item) => item.kind === 'publishable')?.publishable_key);
  const visitor = running.key(publishable, { origin: 'https://shop.example.com' });
  expect(await visitor.ok(widgetEndpoints.config)).toMatchObject({ name: 'Ada', theme: 'dark', welcome_message: 'Ask me about the papers.', colors: { primary: '#7c3aed' } });
  const preflight = await running.stranger.fetch('/v1/chat/completions', { method: 'OPTIONS', headers: { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' } });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin'), preflight.headers.get('access-control-allow-credentials')]).toEqual([204, 'https://shop.example.com', null]);
  const chat = await visitor.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...says('What are your opening hours?'), stream: true, visitor: { id: 'v1', name: 'Vera' } }) });
  expect(await chat.text()).toContain('[DONE]');
  expect((await running.key(publishable, { origin: 'https://evil.example' }).call(widgetEndpoints.config)).status).toBe(403);
});

it('every message is metered exactly once: ledger, usage, transcripts and all three dashboards agree', async () => {
  const me = required(buyer);
  await running.settled();
  const params = { subscriptionId: required(ids.subscription) };
  const organization = { organizationId: me.organizationId };
  const own = await me.ok(analyticsEndpoints.subscriptionUsage, { params });
  const all = await me.ok(analyticsEndpoints.organizationUsage, { params: organization });
  const sold = await required(seller).ok(analyticsEndpoints.providerUsage, {});
  const whole = await required(operator).ok(analyticsEndpoints.operatorUsage, {});
  const messages = 3 + 2 + 1;
  expect([own.messages.value, all.messages.value, sold.messages.value, whole.messages.value]).toEqual(Array(4).fill(messages));
  expect([own.credits.value, all.credits.value, sold.credits.value, whole.credits.value].every((value) => value === own.credits.value)).toBe(true);
  const transcripts = await me.ok(transcriptEndpoints.list, { params });
  expect(transcripts.data.reduce((sum, conversation) => sum + conversation.messages, 0)).toBe(messages * 2);
  const wallet = await me.ok(billingEndpoints.getWallet, { params: organization });
  expect(wallet).toMatchObject({ balance: 1000 - own.credits.value, held: 0 });
  const moved = await me.ok(billingEndpoints.listTransfers, { params: organization });
  expect(moved.data.filter((transfer) => transfer.reason === 'message')).toHaveLength(messages);
  expect(moved.data.reduce((sum, transfer) => sum + transfer.amount, 0)).toBe(wallet.balance);
  const card = await running.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId: required(ids.product) } });
  expect(card.runs).toBe(messages);
  const exported = await (await me.fetch(`/api/v1/subscriptions/${params.subscriptionId}/conversations.csv`)).text();
  expect(exported.split('\r\n').filter((line) => line.includes(',user,What are your opening hours?'))).toHaveLength(4);
});
