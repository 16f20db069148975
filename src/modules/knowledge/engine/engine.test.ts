import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '#config';
import { startLoopbackRagflow } from '#adapters/ragflow/testing/loopback-ragflow.ts';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { chatEndpoints } from '#modules/gateway/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { buy, sampleProduct, withKey } from '../../../testing/products.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { engineEndpoints } from './contract.ts';

const server = await startLoopbackRagflow();
// It parses within milliseconds here, so it is looked at again sooner.
const app = await startApp({ RAGFLOW_BASE_URL: server.url, RAGFLOW_API_KEY: server.apiKey }, ({ knowledgeEngine, ...others }) => ({
  ...others, knowledgeEngine: knowledgeEngine && { ...knowledgeEngine, pausesMs: [20, 50, 100, 200, 400, 800, 1_600] },
}));
afterAll(async () => server.close());
const product = await sampleProduct(app);
beforeEach(() => {
  server.fault(null);
  server.unreadable(null);
  server.leak([]);
  server.parseMs(5);
  server.calls.length = 0;
});

type Text = [externalId: string, text: string];
interface Subscriber { person: Person; id: string }
const params = ({ id }: Subscriber) => ({ subscriptionId: id });

const add = async (who: Subscriber, texts: readonly Text[]) => {
  const { refused } = await who.person.ok(knowledgeEndpoints.addDocuments, { params: params(who), body: { documents: texts.map(([external_id, text]) => ({ external_id, title: external_id, text })) } } as never);
  expect(refused).toEqual([]);
  await app.settled();
};
const subscriber = async (name: string, texts: readonly Text[] = []): Promise<Subscriber> => {
  const person = await app.person(name);
  const who = { person, id: (await buy(person, product)).subscription_id };
  await app.settled();
  if (texts.length > 0) await add(who, texts);
  return who;
};
const choose = async (who: Subscriber, engine: 'builtin' | 'ragflow') => who.person.ok(engineEndpoints.choose, { params: params(who), body: { engine } });
const engineOf = async (who: Subscriber) => (await who.person.ok(knowledgeEndpoints.status, { params: params(who) })).engine;
const search = async (who: Subscriber, query: string) => (await who.person.ok(knowledgeEndpoints.search, { params: params(who), body: { query } })).data;
const textsOf = async (who: Subscriber, query: string) => (await search(who, query)).map(({ text }) => text);
const documentsOf = async (who: Subscriber) => (await who.person.ok(knowledgeEndpoints.listDocuments, { params: params(who) })).data;
const remove = async (who: Subscriber, documentId: string) => who.person.ok(knowledgeEndpoints.deleteDocument, { params: { ...params(who), documentId } });
const datasetOf = ({ person }: Subscriber) => [...server.datasets.values()].filter(({ name }) => name.startsWith(`tenant_${person.organizationId}_`));
const heldFor = (who: Subscriber) => datasetOf(who).flatMap(({ documents }) => [...documents.values()]);
const asked = () => server.calls.filter(({ path }) => path === '/retrieval');
/** A subscriber whose knowledge is searched by RAGFlow. */
const moved = async (name: string, texts: readonly Text[]) => {
  const who = await subscriber(name, texts);
  await choose(who, 'ragflow');
  await app.settled();
  expect(await engineOf(who)).toEqual({ kind: 'ragflow', available: true, switching: null });
  return who;
};

const filler = (word: string) => Array.from({ length: 260 }, (_, index) => `${word}${index}`).join(' ');
const handbook = `# Returns\n\nYou may return goods within 30 days for a full refund.\n\n${filler('alpha')}\n\n# Shipping\n\nOrders leave our warehouse in Rotterdam on the next working day.\n\n${filler('beta')}`;

test('documents move while our own index answers, and then RAGFlow finds and our own chunks are cited', async () => {
  const ann = await subscriber('Ann', [['handbook', handbook], ['hours', 'We open at eight.']]);
  await ann.person.ok(knowledgeEndpoints.addQa, { params: params(ann), body: { question: 'Do you repair zips?', answer: 'Yes, for free.' } });
  await app.settled();
  server.parseMs(1_200);
  expect(await choose(ann, 'ragflow')).toEqual({ kind: 'builtin', available: true, switching: { documents: 3, ready: 0, failed: 0 } });
  expect((await textsOf(ann, 'How many days do I have to return goods?'))[0]).toContain('30 days');
  expect(asked()).toEqual([]);
  await vi.waitFor(async () => expect((await engineOf(ann)).kind).toBe('ragflow'), { timeout: 15_000, interval: 100 });

  const documents = await documentsOf(ann);
  const [best] = await search(ann, 'Where is the warehouse that orders leave from?');
  const own = documents.find(({ external_id: id }) => id === 'handbook');
  expect(best).toMatchObject({ document_id: own?.id, title: 'handbook', external_id: 'handbook' });
  expect(best?.text).toContain('Rotterdam');
  const { data: chunks } = await ann.person.ok(knowledgeEndpoints.previewDocument, { params: { ...params(ann), documentId: own?.id ?? '' } });
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.find(({ id }) => id === best?.chunk_id)?.text).toContain('Rotterdam');
  expect((await textsOf(ann, 'Do you repair zips?'))[0]).toContain('for free');
  expect(asked().map(({ body }) => body)).toMatchObject([{ question: 'Where is the warehouse that orders leave from?', dataset_ids: [datasetOf(ann)[0]?.id] }, {}]);

  // A product answers from it, and the transcript names our chunk.
  const key = await withKey(app, ann.person, ann.id, ['chat']);
  const answer = await key.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'When do orders leave the warehouse in Rotterdam?' }] } });
  expect(answer).toMatchObject({ citations: [{ document_id: own?.id, chunk_id: best?.chunk_id }] });
  const { data: [conversation] } = await ann.person.ok(transcriptEndpoints.list, { params: params(ann) });
  const transcript = await ann.person.ok(transcriptEndpoints.get, { params: { ...params(ann), conversationId: conversation?.id ?? '' } });
  expect(JSON.stringify(transcript)).toContain(best?.chunk_id ?? '-');
}, 40_000);

test('RAGFlow knows datasets and files by our ids alone', async () => {
  const who = await moved('Nora', [['secret-plan ../x', 'The plan is to sell umbrellas.']]);
  const [document] = await documentsOf(who);
  expect(datasetOf(who).map(({ name }) => name)).toEqual([expect.stringMatching(new RegExp(`^tenant_${who.person.organizationId}_[0-9a-f-]{36}$`))]);
  expect(heldFor(who).map(({ name }) => name)).toEqual([expect.stringMatching(new RegExp(`^${document?.id}-[0-9a-f]{16}\\.txt$`))]);
});

test('a passage says its page where RAGFlow knows it', async () => {
  const who = await moved('Paula', [['pages', 'Contents of the booklet.\fThe ferry sails at noon.']]);
  expect((await search(who, 'When sails the ferry?'))[0]?.page).toBe(2);
});

test('two organizations have a dataset each, and nothing of the other is shown even if RAGFlow mixes them up', async () => {
  const cleo = await moved('Cleo', [['mine', 'Our vault opens with the word heliotrope.']]);
  const dora = await moved('Dora', [['mine', 'Our vault opens with the word zanzibar.']]);
  expect(datasetOf(cleo)).toHaveLength(1);
  expect(datasetOf(cleo)[0]?.id).not.toBe(datasetOf(dora)[0]?.id);
  const [theirs, ours] = [heldFor(dora)[0], heldFor(cleo)[0]];
  const text = 'Our vault opens with the word zanzibar.';
  server.leak([
    { id: 'l1', content: text, document_id: theirs?.id, dataset_id: datasetOf(cleo)[0]?.id, similarity: 1, positions: [] },
    { id: 'l2', content: 'Zanzibar is where Dora keeps copper pipes and ledgers.', document_id: ours?.id, dataset_id: datasetOf(cleo)[0]?.id, similarity: 1, positions: [] },
    { id: 'l3', content: text, document_id: theirs?.id, dataset_id: datasetOf(dora)[0]?.id, similarity: 1, positions: [] },
  ]);
  expect(await textsOf(cleo, 'Which word opens the vault?')).toEqual(['Our vault opens with the word heliotrope.']);
  expect(await textsOf(dora, 'Which word opens the vault?')).toEqual([text]);
  await dora.person.fetch(engineEndpoints.choose.path.replace(':subscriptionId', cleo.id), { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"engine":"builtin"}' })
    .then(({ status }) => expect(status).toBe(404));
});

test('an error that comes with status 200 leaves the answer to our own index', async () => {
  const who = await moved('Erna', [['faq', 'The museum opens at ten.']]);
  server.fault({ on: /retrieval/, kind: 'code', code: 102, message: 'Datasets use different embedding models.' });
  expect(await textsOf(who, 'When does the museum open?')).toEqual(['The museum opens at ten.']);
  expect(asked()).toHaveLength(1);
});

test('what is replaced or deleted is so there too, and nothing of it is found', async () => {
  const who = await moved('Fay', [['menu', 'Today we serve lentil soup.'], ['wine', 'The house wine is a Riesling.'], ['tea', 'We brew oolong tea.']]);
  const wine = (await documentsOf(who)).find(({ external_id: id }) => id === 'wine');
  await add(who, [['menu', 'Today we serve pumpkin soup.']]);
  expect(heldFor(who).map(({ bytes }) => bytes.toString()).toSorted()).toEqual(['The house wine is a Riesling.', 'Today we serve pumpkin soup.', 'We brew oolong tea.']);
  expect(await textsOf(who, 'Which soup do you serve today?')).toEqual(['Today we serve pumpkin soup.']);

  // RAGFlow does not delete: it is not shown all the same, and deleted when something calls for another look.
  server.fault({ on: /^DELETE/, kind: 'code', code: 500, message: 'Database error' });
  await remove(who, wine?.id ?? '');
  await app.settled();
  expect(heldFor(who)).toHaveLength(3);
  expect(await textsOf(who, 'Which house wine do you have?')).toEqual([]);
  server.fault(null);
  await add(who, [['coffee', 'We roast coffee.']]);
  expect(heldFor(who).map(({ bytes }) => bytes.toString()).toSorted()).toEqual(['Today we serve pumpkin soup.', 'We brew oolong tea.', 'We roast coffee.']);
});

test('a document RAGFlow cannot read says so, is found by our own words, and is tried again on request', async () => {
  const who = await subscriber('Gus', [['boat', 'The ferry sails at noon.'], ['train', 'The train to Lisbon leaves at six.']]);
  server.unreadable('Lisbon', 'No embedding model is set');
  await choose(who, 'ragflow');
  await app.settled();
  expect(await engineOf(who)).toMatchObject({ kind: 'ragflow' });
  const train = async () => (await documentsOf(who)).find(({ external_id: id }) => id === 'train');
  expect(await train()).toMatchObject({ state: 'indexed', warnings: ['Found by our own index only. RAGFlow could not read it: No embedding model is set'] });
  expect((await textsOf(who, 'When does the train to Lisbon leave?'))[0]).toBe('The train to Lisbon leaves at six.');
  expect((await textsOf(who, 'When does the ferry sail?'))[0]).toBe('The ferry sails at noon.');

  server.unreadable(null);
  await who.person.ok(knowledgeEndpoints.reindexDocument, { params: { ...params(who), documentId: (await train())?.id ?? '' } });
  await app.settled();
  expect(await train()).toMatchObject({ warnings: [] });
  server.calls.length = 0;
  expect((await textsOf(who, 'When does the train to Lisbon leave?'))[0]).toContain('Lisbon');
  expect(heldFor(who).map(({ run }) => run)).toEqual(['DONE', 'DONE']);
});

test('a file RAGFlow does not take says so, and one it fails on for the moment is sent again', async () => {
  const who = await subscriber('Hal', [['only', 'The kiosk sells stamps.']]);
  server.fault({ on: /^POST \/datasets\/\w+\/documents$/, kind: 'code', code: 500, message: 'Database error' });
  await choose(who, 'ragflow');
  await app.settled();
  expect(await engineOf(who)).toMatchObject({ kind: 'builtin', switching: { documents: 1, ready: 0, failed: 0 } });
  server.fault({ on: /^POST \/datasets\/\w+\/documents$/, kind: 'code', code: 500, message: 'This type of file has not been supported yet!' });
  await choose(who, 'ragflow');
  await app.settled();
  expect((await documentsOf(who))[0]?.warnings).toEqual(['Found by our own index only. RAGFlow could not do this: This type of file has not been supported yet!']);
  expect((await engineOf(who)).kind).toBe('ragflow');
  server.fault(null);
  await choose(who, 'ragflow');
  await app.settled();
  expect((await documentsOf(who))[0]?.warnings).toEqual([]);
  expect((await textsOf(who, 'What does the kiosk sell?'))).toEqual(['The kiosk sells stamps.']);
  expect(asked()).toHaveLength(1);
});

test('back to the built-in search is immediate and deletes what RAGFlow kept; the way there may be taken again', async () => {
  const who = await moved('Ida', [['sauna', 'The sauna is open on Fridays.']]);
  expect(await choose(who, 'builtin')).toEqual({ kind: 'builtin', available: true, switching: null });
  expect(await textsOf(who, 'When is the sauna open?')).toEqual(['The sauna is open on Fridays.']);
  expect(asked()).toEqual([]);
  await app.settled();
  expect(datasetOf(who)).toEqual([]);
  await choose(who, 'ragflow');
  await app.settled();
  expect((await engineOf(who)).kind).toBe('ragflow');
  expect(await textsOf(who, 'When is the sauna open?')).toEqual(['The sauna is open on Fridays.']);
  expect(asked()).toHaveLength(1);
});

test('jobs that run at the same time, or after somebody emptied RAGFlow, end with every document there once', async () => {
  const who = await subscriber('Jon', Array.from({ length: 8 }, (_, index): Text => [`d${index}`, `Locker ${index} belongs to team ${index}.`]));
  server.parseMs(100);
  await Promise.all(Array.from({ length: 4 }, async () => choose(who, 'ragflow')));
  await app.settled();
  expect(datasetOf(who)).toHaveLength(1);
  expect(new Set(heldFor(who).map(({ bytes }) => bytes.toString())).size).toBe(8);
  expect(heldFor(who)).toHaveLength(8);
  server.datasets.clear();
  expect(await textsOf(who, 'Whose is locker 3?')).not.toEqual([]);
  await choose(who, 'ragflow');
  await app.settled();
  expect(heldFor(who)).toHaveLength(8);
  expect((await search(who, 'locker 3 team'))[0]?.text).toContain('Locker 3');
});

test('a hand-over that is cut off in the middle is finished, with every document there once', async () => {
  const who = await subscriber('Jo', [['a', 'The lift is out of order.'], ['b', 'The stairs are to the left.']]);
  server.fault({ on: /^POST .*\/chunks$/, kind: 'drop' });
  await choose(who, 'ragflow');
  await app.settled();
  expect(heldFor(who).map(({ run }) => run)).toEqual(['UNSTART']);
  expect((await textsOf(who, 'Is the lift in order?'))[0]).toBe('The lift is out of order.');
  server.fault(null);
  await choose(who, 'ragflow');
  await app.settled();
  expect(heldFor(who).map(({ run }) => run)).toEqual(['DONE', 'DONE']);
  expect((await engineOf(who)).kind).toBe('ragflow');
});

test('where no server is connected the choice is refused in words', async () => {
  const plain = await startApp();
  const person = await plain.person('Kim');
  const { subscription_id: subscriptionId } = await buy(person, await sampleProduct(plain));
  await plain.settled();
  const { status, problem } = await person.call(engineEndpoints.choose, { params: { subscriptionId }, body: { engine: 'ragflow' } });
  expect({ status, detail: problem.detail }).toEqual({ status: 409, detail: 'This installation has no RAGFlow server. Its operator can connect one; until then the built-in search serves.' });
  expect((await person.ok(knowledgeEndpoints.status, { params: { subscriptionId } })).engine).toEqual({ kind: 'builtin', available: false, switching: null });
  expect(await person.ok(engineEndpoints.choose, { params: { subscriptionId }, body: { engine: 'builtin' } })).toMatchObject({ kind: 'builtin' });
  await plain.stop();
  expect(() => loadConfig({ NODE_ENV: 'test', RAGFLOW_BASE_URL: 'http://ragflow:9380' })).toThrow('RAGFLOW_API_KEY: required with RAGFLOW_BASE_URL');
});

test('a server that is down cannot be chosen, is not waited for by every visitor, and our own index answers', async () => {
  const who = await moved('Lea', [['pool', 'The pool closes at nine.']]);
  server.fault({ on: /./, kind: 'drop' });
  const other = await subscriber('Max', [['x', 'Nothing of note.']]);
  const { status, problem } = await other.person.call(engineEndpoints.choose, { params: params(other), body: { engine: 'ragflow' } });
  expect(status).toBe(503);
  expect(problem.detail).toContain('The built-in search goes on serving');
  expect(problem.detail).not.toContain(server.apiKey);
  server.calls.length = 0;
  for (let time = 0; time < 3; time++) expect(await textsOf(who, 'When does the pool close?')).toEqual(['The pool closes at nine.']);
  // Once, and once more on a new connection.
  expect(asked()).toHaveLength(2);
});
