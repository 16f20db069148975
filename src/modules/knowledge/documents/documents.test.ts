import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql, type SQL } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Output } from '#platform/contract/endpoint.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { sharedData } from '../../../testing/shared-data.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { billingEndpoints } from '../../billing/contract.ts';
import { subscriptionEndpoints } from '../../subscriptions/contract.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { docxOf, wordParagraph, zipOf } from '../parse/file-fixtures.ts';

const app = await startApp();
const product = await sampleProduct(app);
const ann = await app.person('Ann');
const bob = await app.person('Bob');

async function subscribe(person: Person, of = product): Promise<string> {
  const { subscription_id: id } = await buy(person, of);
  await app.settled();
  return id;
}

const anns = await subscribe(ann);
const bobs = await subscribe(bob);

interface FileSpec { name: string; bytes: Uint8Array | string; type?: string }
type Added = Output<typeof knowledgeEndpoints.addDocuments>;

async function upload(person: Person, subscriptionId: string, files: readonly FileSpec[]): Promise<Added> {
  const form = new FormData();
  for (const { name, bytes, type = 'application/octet-stream' } of files) form.append('file', new Blob([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)], { type }), name);
  const answer = await person.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', body: form });
  if (answer.status !== 202) throw new Error(`upload answered ${answer.status}: ${await answer.text()}`);
  return knowledgeEndpoints.addDocuments.response.parse(await answer.json());
}

const documentsOf = async (person: Person, subscriptionId: string) => (await person.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId }, query: { limit: 200 } })).data;
const search = async (person: Person, subscriptionId: string, query: string, more: { method?: 'vector' | 'keyword' | 'hybrid'; top_k?: number } = {}) =>
  (await person.ok(knowledgeEndpoints.search, { params: { subscriptionId }, body: { query, ...more } })).data;
const balanceOf = async (person: Person) => (await person.ok(billingEndpoints.getWallet, { params: { organizationId: person.organizationId } })).available;

const handbook = '# Returns\n\nYou may return goods within 30 days for a full refund.\n\n# Shipping\n\nOrders leave our warehouse in Rotterdam on the next working day.\n';

test('a file is stored, read, cut and found, and its document costs its price once', async () => {
  const before = await balanceOf(ann);
  const { data: [queued], refused } = await upload(ann, anns, [{ name: '../../../etc/hand\u202Ebook.md', bytes: handbook, type: 'text/markdown' }]);
  expect(refused).toEqual([]);
  expect(queued).toMatchObject({ state: 'queued', percent: 0, source: 'upload', file_name: 'handbook.md', error: null });
  await app.settled();
  const document = await ann.ok(knowledgeEndpoints.getDocument, { params: { subscriptionId: anns, documentId: queued?.id ?? '' } });
  expect(document).toMatchObject({ state: 'indexed', percent: 100, error: null, title: 'Returns' });
  const [best] = await search(ann, anns, 'How many days do I have to return goods?');
  expect(best).toMatchObject({ document_id: document.id, title: 'Returns' });
  expect(best?.text).toContain('within 30 days');
  expect(before - await balanceOf(ann)).toBe(5);
  const { data: chunks, total } = await ann.ok(knowledgeEndpoints.previewDocument, { params: { subscriptionId: anns, documentId: document.id } });
  expect(chunks).toHaveLength(total ?? -1);
  expect(chunks.map(({ text }) => text).join('\n')).toContain('Rotterdam');
});

test('the same content again is refused by name and costs nothing, in another knowledge base it is welcome', async () => {
  const before = await balanceOf(ann);
  const { data, refused } = await upload(ann, anns, [{ name: 'copy.md', bytes: handbook }]);
  expect(data).toEqual([]);
  expect(refused).toMatchObject([{ name: 'copy.md', code: 'duplicate', message: expect.stringContaining('handbook.md') }]);
  expect(await balanceOf(ann)).toBe(before);
  expect((await upload(bob, bobs, [{ name: 'copy.md', bytes: handbook }])).refused).toEqual([]);
  await app.settled();
});

test('files that cannot be used are refused or fail with a reason, and the others go on', async () => {
  const before = await balanceOf(ann);
  const bomb = zipOf([{ name: '[Content_Types].xml', data: '<Types/>' }, { name: 'word/document.xml', data: Buffer.alloc(40 * 1024 * 1024, 'a') }]);
  const { data, refused } = await upload(ann, anns, [
    { name: 'empty.txt', bytes: '' },
    { name: 'program.exe', bytes: 'MZ\u0000\u0001' },
    { name: 'really-an-exe.pdf', bytes: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]) },
    { name: 'bomb.docx', bytes: bomb },
    { name: 'good.docx', bytes: docxOf(wordParagraph('The office in Lisbon opens at nine.')) },
  ]);
  expect(refused.map(({ name, code }) => [name, code])).toEqual([['empty.txt', 'empty'], ['program.exe', 'unsupported']]);
  expect(data).toHaveLength(3);
  await app.settled();
  const states = new Map((await documentsOf(ann, anns)).map((row) => [row.file_name, row]));
  expect(states.get('good.docx')).toMatchObject({ state: 'indexed' });
  expect(states.get('really-an-exe.pdf')).toMatchObject({ state: 'failed', error: { code: 'mislabelled' } });
  expect(states.get('bomb.docx')?.state).toBe('failed');
  expect(states.get('bomb.docx')?.error?.message).toMatch(/\w{3}/);
  // Only the one that can be searched is paid for.
  expect(before - await balanceOf(ann)).toBe(5);
  expect((await search(ann, anns, 'When does the office in Lisbon open?'))[0]?.text).toContain('nine');
}, 60_000);

test('texts come as JSON; sent again under the same id they replace, and unchanged they do nothing', async () => {
  const carol = await app.person('Carol');
  const id = await subscribe(carol);
  const send = async (text: string) => carol.ok(knowledgeEndpoints.addDocuments, { params: { subscriptionId: id }, body: { documents: [{ external_id: 'faq-1', title: 'Opening hours', text, url: 'https://example.com/faq', metadata: { department: 'sales', city: 'Oslo', a: true } }] } } as never);
  const first = await send('We open at eight.');
  await app.settled();
  const second = await send('We open at eight.');
  expect(second.data[0]).toMatchObject({ id: first.data[0]?.id, state: 'indexed' });
  const third = await send('We open at ten on Sundays.');
  expect(third.data[0]).toMatchObject({ id: first.data[0]?.id, state: 'queued' });
  // The replacement may be ready by now; that nothing is found in between would be the fault.
  expect((await search(carol, id, 'When do you open?'))[0]?.text).toMatch(/^We open at (eight|ten on Sundays)\.$/);
  await app.settled();
  const hits = await search(carol, id, 'When do you open?');
  expect(hits.map(({ text, external_id, url }) => ({ text, external_id, url }))).toEqual([{ text: 'We open at ten on Sundays.', external_id: 'faq-1', url: 'https://example.com/faq' }]);
  expect(await documentsOf(carol, id)).toHaveLength(1);
});

test('documents are sorted into categories, and get fields of their own where the product takes them', async () => {
  const open = await sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, processing: { metadata: { customFields: true } } } } } });
  const dora = await app.person('Dora');
  const id = await subscribe(dora, open);
  const form = new FormData();
  form.append('category', 'Prices');
  form.append('metadata', '{"year": 2026, "region": "north"}');
  form.append('file', new Blob(['# Prices\n\nA crate costs nine crowns.'], { type: 'text/markdown' }), 'prices.md');
  const answer = await dora.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', id), { method: 'POST', body: form });
  expect(answer.status).toBe(202);
  await app.settled();
  const [document] = await documentsOf(dora, id);
  expect(document).toMatchObject({ category: 'Prices', metadata: { year: 2026, region: 'north' } });
  const params = { subscriptionId: id, documentId: document?.id ?? '' };
  expect(await dora.ok(knowledgeEndpoints.updateDocument, { params, body: { category: null, metadata: { region: 'south' } } })).toMatchObject({ category: null, metadata: { region: 'south' } });
  const [other] = await documentsOf(bob, bobs);
  const closed = { subscriptionId: bobs, documentId: other?.id ?? '' };
  expect(await bob.ok(knowledgeEndpoints.updateDocument, { params: closed, body: { category: 'Handbooks' } })).toMatchObject({ category: 'Handbooks' });
  expect((await bob.call(knowledgeEndpoints.updateDocument, { params: closed, body: { metadata: { a: 1 } } })).problem.code).toBe('fields_not_open');
});

test('a body that is neither files nor texts is refused before anything is stored', async () => {
  const url = knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', anns);
  const send = async (contentType: string, body: string) => (await ann.fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })).status;
  const count = (await documentsOf(ann, anns)).length;
  expect(await send('text/plain', 'hello')).toBe(415);
  expect([400, 415, 422]).toContain(await send('application/json garbage', '{"documents":[]}'));
  expect(await send('application/json', '{"files":[{"path":"/etc/passwd"}]}')).toBe(422);
  expect(await send('application/json', '{"documents":[{"external_id":"a","text":"x","path":"/etc/passwd"}]}')).toBe(422);
  expect([400, 415]).toContain(await send('multipart/form-data', 'no boundary'));
  expect(await send('multipart/form-data; boundary=x', '--x--\r\n')).toBe(400);
  expect(await documentsOf(ann, anns)).toHaveLength(count);
});

test("another organization's subscription, documents and pairs do not exist, and its chunks are never found", async () => {
  const { data: [secret] } = await upload(bob, bobs, [{ name: 'secret.txt', bytes: 'The zanzibar protocol uses the passphrase heliotrope. '.repeat(30) }]);
  await app.settled();
  const documentId = secret?.id ?? '';
  for (const subscriptionId of [bobs, anns]) {
    const params = { subscriptionId, documentId };
    for (const endpoint of [knowledgeEndpoints.getDocument, knowledgeEndpoints.previewDocument, knowledgeEndpoints.reindexDocument, knowledgeEndpoints.deleteDocument]) {
      expect((await ann.call(endpoint, { params })).status).toBe(404);
    }
    expect((await ann.call(knowledgeEndpoints.updateQa, { params, body: { question: 'What?', answer: 'No.' } })).status).toBe(404);
  }
  for (const endpoint of [knowledgeEndpoints.status, knowledgeEndpoints.listDocuments, knowledgeEndpoints.listQa]) expect((await ann.call(endpoint, { params: { subscriptionId: bobs } })).status).toBe(404);
  expect((await ann.call(knowledgeEndpoints.search, { params: { subscriptionId: bobs }, body: { query: 'zanzibar' } })).status).toBe(404);
  expect((await ann.call(knowledgeEndpoints.answer, { params: { subscriptionId: bobs }, body: { query: 'zanzibar' } })).status).toBe(404);
  expect(await ann.ok(knowledgeEndpoints.deleteDocuments, { params: { subscriptionId: anns }, body: { ids: [documentId, uuidv7()] } })).toEqual({ deleted: 0 });
  for (const method of ['vector', 'keyword', 'hybrid'] as const) {
    const hits = await search(ann, anns, 'What passphrase does the zanzibar protocol use?', { method, top_k: 50 });
    expect(hits.map(({ document_id }) => document_id)).not.toContain(documentId);
    expect((await search(bob, bobs, 'What passphrase does the zanzibar protocol use?', { method }))[0]).toMatchObject({ document_id: documentId });
  }
});

test('limits of the plan hold before work starts, one refusal leaving the others', async () => {
  const small = await sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, sources: { documents: { enabled: true, formats: ['txt', 'md'], maxFiles: 2, maxFileSize: 1, maxTotalSize: 2 }, qaPairs: { enabled: true, maxPairs: 1 } } } } } });
  const dora = await app.person('Dora');
  const id = await subscribe(dora, small);
  const { data, refused } = await upload(dora, id, [
    { name: 'big.txt', bytes: 'x'.repeat(1024 * 1024 + 1) }, { name: 'a.csv', bytes: 'a,b\n1,2' },
    { name: 'one.txt', bytes: 'One fine day.' }, { name: 'two.txt', bytes: 'Two fine days.' }, { name: 'three.txt', bytes: 'Three fine days.' },
  ]);
  expect(data.map(({ file_name }) => file_name)).toEqual(['one.txt', 'two.txt']);
  expect(refused.map(({ name, code }) => [name, code])).toEqual([['big.txt', 'too-large'], ['a.csv', 'format-not-included'], ['three.txt', 'documents-full']]);
  await dora.ok(knowledgeEndpoints.addQa, { params: { subscriptionId: id }, body: { question: 'One?', answer: 'Yes.' } });
  expect((await dora.call(knowledgeEndpoints.addQa, { params: { subscriptionId: id }, body: { question: 'Two?', answer: 'No.' } })).problem.code).toBe('pairs_full');
  await app.settled();
  expect(await dora.ok(knowledgeEndpoints.status, { params: { subscriptionId: id } })).toMatchObject({
    documents: { total: 2, indexed: 2, processing: 0, failed: 0 }, qa_pairs: 1, limits: { documents: 2, document_bytes: 1024 * 1024, qa_pairs: 1, formats: ['txt', 'md'] }, embedding: { offline: true },
  });
});

test('who cannot pay adds nothing and is told so for each file', async () => {
  const priced = await sampleProduct(app, { plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 1, document: 600, image: 1, voice: 1 } }] });
  const eve = await app.person('Eve');
  const id = await subscribe(eve, priced);
  const { data, refused } = await upload(eve, id, [{ name: 'a.txt', bytes: 'First text.' }, { name: 'b.txt', bytes: 'Second text.' }]);
  expect([data.length, refused.map(({ code }) => code)]).toEqual([1, ['insufficient-credits']]);
  await app.settled();
  expect((await documentsOf(eve, id)).map(({ state }) => state)).toEqual(['indexed']);
  expect(await balanceOf(eve)).toBe(400);
  await eve.ok(knowledgeEndpoints.deleteDocument, { params: { subscriptionId: id, documentId: data[0]?.id ?? '' } });
  await app.settled();
  expect(await balanceOf(eve)).toBe(400);
});

const asOperator = async (query: SQL) => app.composition.platform.database.asOperator('test', async (tx) => tx.execute(query));

test('deleting takes the text out of the search and the file out of the store; indexing again keeps it findable', async () => {
  const { data: [added] } = await upload(ann, anns, [{ name: 'gone.txt', bytes: 'The marigold clause ends in spring.' }]);
  await app.settled();
  const params = { subscriptionId: anns, documentId: added?.id ?? '' };
  const key = z.array(z.object({ file_key: z.string() })).parse((await asOperator(sql`select file_key from knowledge_documents where id = ${params.documentId}`)).rows)[0]?.file_key ?? '';
  expect(await app.files.get(key)).not.toBeNull();
  const again = await ann.ok(knowledgeEndpoints.reindexDocument, { params });
  expect(again.state).toBe('queued');
  expect((await search(ann, anns, 'marigold clause'))[0]?.text).toContain('spring');
  await app.settled();
  expect((await search(ann, anns, 'marigold clause')).filter(({ document_id }) => document_id === params.documentId)).toHaveLength(1);
  await ann.ok(knowledgeEndpoints.deleteDocument, { params });
  await app.settled();
  expect((await search(ann, anns, 'marigold clause')).map(({ document_id }) => document_id)).not.toContain(params.documentId);
  expect(await app.files.get(key)).toBeNull();
  expect((await ann.call(knowledgeEndpoints.getDocument, { params })).status).toBe(404);
  const totals = await asOperator(sql`select b.chunks, (select count(*)::int from knowledge_chunks c where c.knowledge_base_id = b.id) as counted from knowledge_bases b where b.subscription_id = ${anns}`);
  expect(totals.rows).toMatchObject([{ chunks: totals.rows[0]?.['counted'] }]);
});

test('lists are searched, filtered and paged', async () => {
  const { data, next_cursor: next, total } = await ann.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { limit: 1 } });
  expect(data).toHaveLength(1);
  const rest = await ann.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { limit: 200, cursor: next ?? '' } });
  expect(rest.data.length + 1).toBe(total);
  expect(rest.data.map(({ id }) => id)).not.toContain(data[0]?.id);
  const failed = await ann.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { state: 'failed' } });
  expect(failed.data.map(({ file_name }) => file_name).toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual(['bomb.docx', 'really-an-exe.pdf']);
  expect((await ann.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { search: '%' } })).data).toEqual([]);
  expect((await ann.ok(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { search: 'HANDBOOK' } })).data).toHaveLength(1);
  expect((await ann.call(knowledgeEndpoints.listDocuments, { params: { subscriptionId: anns }, query: { cursor: 'nonsense' } })).status).toBe(422);
});

test('the checklist and the test panel know what was added', async () => {
  const { checklist } = await ann.ok(subscriptionEndpoints.get, { params: { subscriptionId: anns } });
  expect(checklist.find(({ key }) => key === 'train')).toMatchObject({ done: true });
  const answer = await ann.ok(knowledgeEndpoints.answer, { params: { subscriptionId: anns }, body: { query: 'How many days do I have to return goods?' } });
  expect(answer.answer).toMatch(/30 days.*\[1\]/s);
  expect(answer.citations[0]).toMatchObject({ id: 1, title: 'Returns', chunk_id: answer.retrieved[0]?.chunk_id });
  const off = await ann.ok(knowledgeEndpoints.answer, { params: { subscriptionId: anns }, body: { query: 'Who won the football championship of 1954?' } });
  expect(off.citations).toEqual([]);
});

const folder = sharedData ? path.join(sharedData, 'documents') : null;
if (!folder || !existsSync(folder)) console.log('Skipped: the published documents are not there.');

test.skipIf(!folder || !existsSync(folder))('published documents of every format are searched with their pages; broken ones say what is wrong', async () => {
  const frank = await app.person('Frank');
  const id = await subscribe(frank);
  const files = [
    'pdf/tracemonkey.pdf', 'docx/tables.docx', 'xlsx/sushi.xlsx', 'csv/asvs-4.0.3-en.csv', 'html/resume.html', 'md/asvs-zh-cn-0x11-V2-Authentication.md', 'txt/russian.cp866.txt',
    'pdf/libreoffice-writer-password.pdf', 'docx/tika-testWORD_truncated.docx', 'docx/empty.docx',
  ];
  for (const file of files) await upload(frank, id, [{ name: path.basename(file), bytes: readFileSync(path.join(folder ?? '', file)) }]);
  await app.settled();
  const states = new Map((await documentsOf(frank, id)).map((row) => [row.file_name, row]));
  expect(Object.fromEntries(files.map((file) => [file, states.get(path.basename(file))?.error?.code ?? states.get(path.basename(file))?.state]))).toEqual({
    ...Object.fromEntries(files.map((file) => [file, 'indexed'])),
    'pdf/libreoffice-writer-password.pdf': 'password', 'docx/tika-testWORD_truncated.docx': 'damaged', 'docx/empty.docx': 'empty',
  });
  const [best] = await search(frank, id, 'trace trees and nested loops in TraceMonkey');
  expect(best?.document_id).toBe(states.get('tracemonkey.pdf')?.id);
  expect(best?.page).toBeGreaterThan(0);
  expect((await search(frank, id, '多因素认证 一次性口令'))[0]?.document_id).toBe(states.get('asvs-zh-cn-0x11-V2-Authentication.md')?.id);
  expect((await search(frank, id, 'студеную зимнюю пору'))[0]?.document_id).toBe(states.get('russian.cp866.txt')?.id);
}, 120_000);
