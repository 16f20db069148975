import { expect, test } from 'vitest';
import { startApp, type Person } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { systemProcess } from '#platform/process.ts';
import { knowledgeEndpoints } from '../contract.ts';
import { resumeDocuments } from '../resume.ts';
import { readPairs } from './import-pairs.ts';

const app = await startApp();
const product = await sampleProduct(app);
const ann = await app.person('Ann');
const { subscription_id: subscriptionId } = await buy(ann, product);
await app.settled();
const params = { subscriptionId };

const search = async (query: string) => (await ann.ok(knowledgeEndpoints.search, { params, body: { query } })).data;

async function importFile(person: Person, name: string, content: string): Promise<Response> {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return person.fetch(knowledgeEndpoints.importQa.path.replace(':subscriptionId', subscriptionId), { method: 'POST', body: form });
}

test('a pair answers its question, also after a change, and the old words are gone', async () => {
  const pair = await ann.ok(knowledgeEndpoints.addQa, { params, body: { question: 'Can I bring my dog?', answer: 'Dogs are welcome on a lead.' } });
  expect(pair.state).toBe('queued');
  await app.settled();
  expect((await search('Is my dog allowed?'))[0]?.text).toContain('on a lead');
  expect((await ann.call(knowledgeEndpoints.addQa, { params, body: { question: 'Can I bring my dog?', answer: 'No.' } })).problem.code).toBe('pair_exists');
  await ann.ok(knowledgeEndpoints.updateQa, { params: { ...params, documentId: pair.id }, body: { question: 'Can I bring my dog?', answer: 'Only guide dogs may come in.' } });
  await app.settled();
  const hits = await search('Is my dog allowed?');
  expect(hits).toHaveLength(1);
  expect(hits[0]?.text).toContain('guide dogs');
  expect((await ann.ok(knowledgeEndpoints.listQa, { params, query: { search: 'GUIDE' } })).data).toMatchObject([{ id: pair.id, state: 'indexed' }]);
  // Pairs are no documents: they are listed and counted apart.
  expect((await ann.ok(knowledgeEndpoints.listDocuments, { params })).data).toEqual([]);
  expect(await ann.ok(knowledgeEndpoints.deleteDocuments, { params, body: { ids: [pair.id] } })).toEqual({ deleted: 1 });
  expect(await search('Is my dog allowed?')).toEqual([]);
});

test('a file of pairs is taken row by row; what is wrong is named by its row', async () => {
  const csv = 'Question;Answer;Note\nWhere is the station?;Opposite the park.;x\nNo answer here;;\n"\'=1+1 what is it?";Two.;\nWhere is the station?;Twice.;\n';
  const answer = await importFile(ann, 'pairs.csv', csv);
  expect(answer.status).toBe(201);
  const report = knowledgeEndpoints.importQa.response.parse(await answer.json());
  expect(report.added).toBe(2);
  expect(report.errors.map(({ row }) => row)).toEqual([3, 5]);
  expect(report.errors[0]?.message).toMatch(/answer/);
  await app.settled();
  expect((await search('Where do I find the station?'))[0]?.text).toContain('Opposite the park');
  expect((await ann.ok(knowledgeEndpoints.listQa, { params })).data.map(({ question }) => question)).toContain('=1+1 what is it?');
  const json = await importFile(ann, 'pairs.json', JSON.stringify([{ question: 'Is there parking?', answer: 'Behind the house.' }, { question: 'x' }, { question: 'Extra?', answer: 'y', admin: true }]));
  expect(knowledgeEndpoints.importQa.response.parse(await json.json())).toMatchObject({ added: 1, errors: [{ row: 2 }, { row: 3 }] });
  expect((await importFile(ann, 'pairs.csv', 'a,b\n1,2\n')).status).toBe(422);
  expect((await importFile(ann, 'pairs.json', '{"__proto__": []}')).status).toBe(422);
});

test('broken quotes and enormous cells are bounded', () => {
  const { pairs, errors } = readPairs({ bytes: Buffer.from('question,answer\n"open quote,what\nGood question,Good answer\n'), json: false });
  expect(pairs.map(({ question }) => question)).toContain('Good question');
  expect(errors.every(({ row }) => row > 1)).toBe(true);
  expect(() => readPairs({ bytes: Buffer.from(`question,answer\n${'x'.repeat(2_000_000)},y\n`), json: false })).toThrow(/too long/);
});

test('a document whose job is gone is taken up again, once', async () => {
  const { data: [document] } = await ann.ok(knowledgeEndpoints.addDocuments, { params, body: { documents: [{ external_id: 'lost', title: 'Lost', text: 'The lantern festival is in May.' }] } } as never);
  await app.settled();
  const { platform } = app.composition;
  await systemProcess(platform, 'test', ann.organizationId).asOperator('test', async ({ tx }) => {
    await tx.execute(`update knowledge_documents set state = 'embedding', building = generation + 1, updated_at = now() - interval '1 hour' where id = '${document?.id}'`);
  });
  expect((await search('lantern festival'))[0]?.text).toContain('May');
  expect(await resumeDocuments(platform)).toBe(1);
  expect(await resumeDocuments(platform)).toBe(0);
  await app.settled();
  expect(await ann.ok(knowledgeEndpoints.getDocument, { params: { ...params, documentId: document?.id ?? '' } })).toMatchObject({ state: 'indexed', chunks: 1 });
  expect((await search('lantern festival')).filter(({ document_id }) => document_id === document?.id)).toHaveLength(1);
});
