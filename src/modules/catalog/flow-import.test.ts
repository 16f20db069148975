import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { sharedData } from '../../testing/shared-data.ts';
import { Draft, providerEndpoints, reviewEndpoints, studioEndpoints } from './contract.ts';
import { langflowFile, SECRET_IN_FILE as SECRET, CODE_IN_FILE as CODE } from '../../testing/langflow-file.ts';
import { completeDraft, draftedProduct, sellerIn, waitingVersion } from '../../testing/selling.ts';

const app = await startApp();
const ann = await sellerIn(app, 'Ann');

const newProduct = async (seller: Person) => (await seller.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: '' } })).id;

async function upload(seller: Person, productId: string, content: string | Uint8Array<ArrayBuffer>, fileName = 'flow.json', field = 'file') {
  const body = new FormData();
  body.set(field, new Blob([content]), fileName);
  const answer = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() as unknown };
}

test('an imported file becomes the flow of the draft, with a report, proposed capabilities and a name', async () => {
  const productId = await newProduct(ann);
  const answer = await upload(ann, productId, JSON.stringify(langflowFile()));
  expect(answer.status).toBe(201);
  const draft = Draft.parse(answer.body);
  expect(draft.report).toMatchObject({ format: 'langflow', name: 'Greeter', runnable: true, nodes: { total: 4 } });
  expect(draft.draft.listing).toMatchObject({ name: 'Greeter', description: 'Greets everybody in the voice of the brand.' });
  expect(draft.capabilities).toMatchObject({ interfaces: { chat: { enabled: true } }, configuration: { rag: { enabled: false } } });
  expect(draft.draft.exposedParameters).toContain('brand_voice');
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params: { productId } })).toMatchObject({ name: 'Greeter', draft_step: 2 });
});

test('the file is handed back as it was, without the credentials that were found in it', async () => {
  const productId = await newProduct(ann);
  await upload(ann, productId, JSON.stringify(langflowFile()), '../../étude\r\nx: y.json');
  const answer = await ann.fetch(`/api/v1/provider/products/${productId}/flow/file`);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w. -]+"; filename\*=UTF-8''[\w.%-]+$/);
  const text = await answer.text();
  expect(text).not.toContain(SECRET);
  const { data, ...envelope } = langflowFile();
  expect(JSON.parse(text)).toMatchObject({ ...envelope, data: { edges: data.edges } });
});

test('a second import replaces the first, and keeps what the seller declared', async () => {
  const productId = await newProduct(ann);
  await upload(ann, productId, JSON.stringify(langflowFile()));
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { capabilities: { interfaces: { api: { enabled: false } } }, listing: { name: 'My own name' } } });
  const draft = Draft.parse((await upload(ann, productId, JSON.stringify(langflowFile({ name: 'Other' })))).body);
  expect(draft.draft.capabilities).toEqual({ interfaces: { api: { enabled: false } } });
  expect(draft.draft.listing['name']).toBe('My own name');
  expect(draft.report?.name).toBe('Other');
});

test('capabilities that were only proposed follow the flow that replaces the first', async () => {
  const productId = await newProduct(ann);
  const server = (name: string) => JSON.stringify({ mcpServers: { [name]: { type: 'http', url: `https://${name}.example.com/mcp` } } });
  await upload(ann, productId, server('weather'));
  const { draft, findings } = Draft.parse((await upload(ann, productId, server('tides'))).body);
  expect(draft.capabilities).toMatchObject({ runtime: { dependencies: { mcpServers: ['tides'] } } });
  expect(findings.filter(({ path: place }) => place.startsWith('capabilities.runtime'))).toEqual([]);
});

test('of a file with several flows the one that was picked is imported', async () => {
  const body = new FormData();
  body.set('pick', '1');
  body.set('file', new Blob([JSON.stringify({ flows: [langflowFile({ name: 'First' }), langflowFile({ name: 'Second' })] })]), 'flows.json');
  const productId = await newProduct(ann);
  const answer = await ann.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body });
  expect(Draft.parse(await answer.json()).report?.name).toBe('Second');
});

test('a file that cannot be imported is refused with what is wrong and where, and changes nothing', async () => {
  const productId = await draftedProduct(ann, 'keeps-its-flow');
  const before = await ann.ok(providerEndpoints.getDraft, { params: { productId } });
  const cases: [string, string | Uint8Array<ArrayBuffer>, string, string | undefined][] = [
    ['broken', '{"data": {"nodes": [1,,2]}}', 'flow_not_readable', 'line 1, column 23'],
    ['binary', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0]), 'flow_not_readable', undefined],
    ['empty', '  ', 'flow_empty', undefined],
    ['no nodes', '{"data":{"nodes":[],"edges":[]}}', 'flow_empty', undefined],
    ['something else', '{"hello":"world"}', 'flow_format_unknown', undefined],
    ['too deep', `${'['.repeat(500)}${']'.repeat(500)}`, 'flow_too_large', 'line 1, column 101'],
    ['too many nodes', JSON.stringify({ data: { nodes: Array.from({ length: 5000 }, (_, id) => ({ id: `n${id}`, data: { type: 'ChatInput', node: { template: {} } } })), edges: [] } }), 'flow_too_large', undefined],
  ];
  for (const [what, content, code, where] of cases) {
    const answer = await upload(ann, productId, content);
    expect(answer, what).toMatchObject({ status: 422, body: { code } });
    if (where) expect(answer.body, what).toMatchObject({ errors: [{ path: where }] });
  }
  expect(await ann.ok(providerEndpoints.getDraft, { params: { productId } })).toEqual(before);
});

test('a file over 25 MB is cut off', async () => {
  const productId = await newProduct(ann);
  expect((await upload(ann, productId, new Uint8Array(26 * 1024 * 1024))).status).toBe(413);
});

test('a body that is no file and no template is refused', async () => {
  const productId = await newProduct(ann);
  const send = async (type: string, body: string) => (await ann.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': type }, body })).status;
  expect((await upload(ann, productId, '{}', 'flow.json', 'other')).status).toBe(400);
  expect(await send('multipart/form-data; boundary=x', '--x--\r\n')).toBe(400);
  expect(await send('text/plain', 'hello')).toBe(415);
  expect(await send('application/json', '{"template":"__proto__"}')).toBe(422);
  expect(await send('application/json', '{"template":"blank","files":[{"path":"/etc/passwd"}]}')).toBe(422);
});

test('names such as __proto__ in a file are data, and pollute nothing', async () => {
  const text = JSON.stringify(langflowFile()).replace('"name":"Greeter"', '"name":"Greeter","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}');
  expect((await upload(ann, await newProduct(ann), text)).status).toBe(201);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('Studio hands a flow over by the path and fields of its own, and gets both ids', async () => {
  const body = { flow_json: langflowFile(), name: 'Customer Support', description: 'Answers.', category: 'agents' as const, provider_uuid: ann.providerId };
  const answer = await ann.fetch('/api/flows/import/', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  const made = studioEndpoints.importFlow.response.parse(await answer.json());
  expect(made).toMatchObject({ status: 'created', agent_uuid: made.offering_uuid, report: { name: 'Greeter' } });
  const draft = await ann.ok(providerEndpoints.getDraft, { params: { productId: made.offering_uuid } });
  expect(draft.draft).toMatchObject({ category: 'agent', listing: { name: 'Customer Support', description: 'Answers.' } });
});

test('Studio cannot hand a flow over to a provider of somebody else, nor without a flow', async () => {
  const bob = await sellerIn(app, 'Bob');
  const body = { flow_json: langflowFile(), name: 'Mine', category: 'agents' as const, provider_uuid: ann.providerId };
  expect((await bob.call(studioEndpoints.importFlow, { body })).status).toBe(404);
  expect((await bob.call(studioEndpoints.importFlow, { body: { ...body, provider_uuid: bob.organizationId } })).status).toBe(404);
  expect((await bob.call(studioEndpoints.importFlow, { body: { ...body, provider_uuid: bob.providerId, flow_json: undefined } })).status).toBe(422);
  expect((await bob.call(studioEndpoints.importFlow, { body: { ...body, provider_uuid: bob.providerId, flow_json: 'not a flow' } })).problem.code).toBe('flow_not_readable');
  expect((await bob.ok(providerEndpoints.listProducts, { query: {} })).data).toEqual([]);
});

test('who belongs to several organizations hands a flow over to any of them', async () => {
  const bob = await app.person('Bob');
  const invitation = await ann.ok(identityEndpoints.inviteMember, { params: { organizationId: ann.organizationId }, body: { email: bob.email, role: 'member' } });
  await bob.ok(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } });
  const made = await bob.ok(studioEndpoints.importFlow, { body: { flow_json: langflowFile(), name: 'For Ann', category: 'agent', provider_uuid: ann.providerId } });
  expect((await ann.ok(providerEndpoints.getSellerProduct, { params: { productId: made.offering_uuid } })).name).toBe('For Ann');
});

test('the reviewer sees the code its author put into a file, as text, and the credentials that were in it', async () => {
  const operator = await app.person('Olga', { operator: true });
  const productId = await newProduct(ann);
  await upload(ann, productId, JSON.stringify(langflowFile({ custom: true })));
  const { listing = {}, plans = [] } = completeDraft('with-code', 'With Code');
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { listing, plans } });
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  const versionId = await waitingVersion(operator, productId);
  const review = await operator.ok(reviewEndpoints.getReview, { params: { versionId } });
  expect(review).toMatchObject({ has_code: true, secrets_found: 1, code: [{ node: 'CustomComponent-e', source: CODE }] });
  expect(JSON.stringify(review)).not.toContain(SECRET);
});

test.skipIf(!sharedData)('a real export goes all the way to review', async () => {
  const file = await readFile(path.join(sharedData ?? '', 'langflow/starter-1.10.1/basic-prompting.json'));
  const productId = await newProduct(ann);
  expect((await upload(ann, productId, new Uint8Array(file))).status).toBe(201);
  await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { listing: completeDraft('real-export', 'Real Export').listing!, plans: completeDraft('').plans! } });
  expect((await ann.ok(providerEndpoints.submitProduct, { params: { productId } })).status).toBe('pending_review');
});
