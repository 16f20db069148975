import { afterAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { engineFailure, engineFile, knowledgeEngineContract, parsed } from '#modules/knowledge/engine/knowledge-engine-suite.ts';
import { ragflowEngine } from './ragflow-engine.ts';
import { startLoopbackRagflow } from './testing/loopback-ragflow.ts';

const server = await startLoopbackRagflow();
const egress = createEgress([new URL(server.url).host]);
afterAll(async () => { await server.close(); await egress.close(); });
beforeEach(() => {
  server.fault(null);
  server.unreadable(null);
  server.leak([]);
  server.newer(false);
  server.parseMs(5);
  server.datasets.clear();
  server.calls.length = 0;
});

const at = (apiKey: string, baseUrl = server.url, request = egress.request) => ragflowEngine({ baseUrl, apiKey, request });
const engine = at(server.apiKey);
const hasty = ragflowEngine({ baseUrl: server.url, apiKey: server.apiKey, request: egress.request, timeouts: { manageMs: 200, uploadMs: 200, searchMs: 200 } });
const never = new AbortController().signal;
const datasetOf = async () => engine.ensureDataset(`tenant_${crypto.randomUUID()}_${crypto.randomUUID()}`, never);
const query = (dataset: string) => ({ dataset, query: 'When does the parcel leave?', topK: 5, similarityMin: 0.1 });

for (const newer of [false, true]) {
  knowledgeEngineContract(newer ? 'a newer RAGFlow server' : 'a RAGFlow server', async () => {
    server.newer(newer);
    return { engine, stranger: at('ragflow-wrong'), parseMsMax: 2_000 };
  });
}

test('documents say how far they are while they are parsed', async () => {
  server.parseMs(60_000);
  const dataset = await datasetOf();
  await engine.addDocument(dataset, engineFile('Slow.'), never);
  expect(await engine.documents(dataset, never)).toMatchObject([{ state: 'parsing', percent: 40, chunks: 0, message: null }]);
});

test('a document that cannot be parsed says why, on one line and without our key, and may be parsed again', async () => {
  const dataset = await datasetOf();
  server.unreadable('secret', `Embedding error: 401\n with ${server.apiKey} ${'no '.repeat(300)}`);
  const id = await engine.addDocument(dataset, engineFile('A secret text.'), never);
  const [failed] = await parsed(engine, dataset, 1_000);
  expect(failed).toMatchObject({ id, state: 'failed', chunks: 0 });
  expect(failed?.message?.length).toBeLessThanOrEqual(300);
  expect(failed?.message).not.toContain(server.apiKey);
  server.unreadable(null);
  await engine.parse(dataset, [id], never);
  expect(await parsed(engine, dataset, 1_000)).toMatchObject([{ id, state: 'done' }]);
});

test('parsing what is being parsed is no error', async () => {
  server.parseMs(60_000);
  const dataset = await datasetOf();
  const id = await engine.addDocument(dataset, engineFile('Slow.'), never);
  await engine.parse(dataset, [id], never);
});

test('long lists are read to their end', async () => {
  const dataset = await datasetOf();
  const first = await engine.addDocument(dataset, engineFile(Array.from({ length: 250 }, (_, index) => `Line ${index}.`).join('\n\n')), never);
  for (let index = 0; index < 120; index++) await engine.addDocument(dataset, engineFile(`Text ${index}.`), never);
  expect(new Set((await parsed(engine, dataset, 2_000)).map(({ id }) => id)).size).toBe(121);
  expect((await engine.chunks(dataset, first, never)).map(({ text }) => text)).toEqual(Array.from({ length: 250 }, (_, index) => `Line ${index}.`));
});

test('a passage tells its page where the server knows the place, and none where it does not', async () => {
  const dataset = await datasetOf();
  await engine.addDocument(dataset, engineFile('Contents.\fThe parcel does leave on Tuesday.'), never);
  await engine.addDocument(dataset, engineFile('Notes on how a parcel may leave.'), never);
  await parsed(engine, dataset, 1_000);
  expect(new Set((await engine.search(query(dataset), never)).map(({ page }) => page))).toEqual(new Set([2, null]));
});

test('pieces of another dataset in an answer are left out', async () => {
  const dataset = await datasetOf();
  server.leak([{ id: 'x1', content: 'Theirs', document_id: 'd9', dataset_id: 'somebody-else', similarity: 0.99 }, { id: 'x2', content: 'Unlabelled', document_id: 'd9', similarity: 7 }]);
  expect(await engine.search(query(dataset), never)).toEqual([{ id: 'x2', document: 'd9', text: 'Unlabelled', page: null, similarity: 1 }]);
});

test('a call that deletes always names what', async () => {
  const title = `tenant_${crypto.randomUUID()}_${crypto.randomUUID()}`;
  await datasetOf();
  await engine.removeDataset(title, never);
  await engine.removeDocuments(await engine.ensureDataset(title, never), [], never);
  await engine.removeDataset(title, never);
  expect(server.calls.filter(({ method }) => method === 'DELETE').map(({ body }) => body)).toEqual([{ ids: [expect.any(String)] }]);
  expect(server.datasets.size).toBe(1);
});

test.each([
  [109, 'Authentication error: API key is invalid!', 'refused', false],
  [108, 'User lacks permission for datasets', 'not-found', false],
  [102, 'You don\'t own the dataset 1.', 'not-found', false],
  [102, 'Datasets use different embedding models.', 'failed', false],
  [101, 'Field: <name> - Message: <too short>', 'failed', false],
  [500, 'This type of file has not been supported yet!', 'failed', false],
  [100, 'ConnectionError(\'elasticsearch\')', 'failed', true],
] as const)('an error that comes with status 200 fails typed: %s %s', async (code, message, expected, retryable) => {
  const dataset = await datasetOf();
  server.fault({ on: /retrieval/, kind: 'code', code, message });
  expect(await engineFailure(engine.search(query(dataset), never))).toMatchObject({ code: expected, retryable });
});

test.each([
  ['a dropped line', { kind: 'drop' }, 'unreachable', true],
  ['silence', { kind: 'hang' }, 'unreachable', true],
  ['a proxy without a server behind it', { kind: 'status', status: 502 }, 'unreachable', true],
  ['too many calls', { kind: 'status', status: 429 }, 'failed', true],
  ['a file that is too large', { kind: 'status', status: 413 }, 'failed', false],
  ['a login form', { kind: 'status', status: 200, body: '<html>Sign in</html>' }, 'bad-answer', false],
  ['JSON of something else', { kind: 'status', status: 200, body: '{"ok":true}' }, 'bad-answer', false],
  ['data of another shape', { kind: 'status', status: 200, body: '{"code":0,"data":false}' }, 'bad-answer', false],
  ['an endless answer', { kind: 'status', status: 200, body: `{"code":0,"data":"${'x'.repeat(17 * 1024 * 1024)}"}` }, 'bad-answer', false],
  ['a redirect', { kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' }, 'refused', false],
] as const)('a server that answers with this fails typed: %s', async (_what, fault, code, retryable) => {
  const dataset = await datasetOf();
  server.fault({ on: /documents|retrieval/, ...fault });
  const asked = fault.kind === 'hang' ? hasty : engine;
  expect(await engineFailure(asked.documents(dataset, never))).toMatchObject({ code, retryable });
  expect(await engineFailure(asked.addDocument(dataset, engineFile('x'), never))).toMatchObject({ code, retryable });
  expect(await engineFailure(asked.search(query(dataset), never))).toMatchObject({ code, retryable });
});

test('no error quotes our key', async () => {
  server.fault({ on: /./, kind: 'code', code: 102, message: `bad key ${server.apiKey} or ragflow-abcdefgh12345` });
  const { message } = await engineFailure(engine.probe(never));
  expect(message).toBe('RAGFlow could not do this: bad key (hidden) or (hidden)');
});

test('a server that is not there, or may not be reached, fails typed', async () => {
  expect((await engineFailure(at('k', 'http://127.0.0.1:9', createEgress(['127.0.0.1:9']).request).probe(never))).code).toBe('unreachable');
  expect((await engineFailure(at('k', 'http://10.1.2.3', createEgress([]).request).probe(never))).code).toBe('refused');
});
