import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { systemProcess } from '#platform/process.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { knowledgeEndpoints } from './contract.ts';

const app = await startApp();
const { platform, knowledge } = app.composition;

test("a buyer starts with a copy of the seller's knowledge, which neither can take from the other", async () => {
  const seller = await app.person('Sally Seller');
  const process = systemProcess(platform, 'test', seller.organizationId);
  const knowledgeBaseId = await knowledge.createKnowledgeBase(process, { id: uuidv7(), subscriptionId: null, name: 'Sold' });
  await knowledge.fillKnowledgeBase(process, knowledgeBaseId, {
    documents: [{ externalId: 'guide.md', title: 'Guide', text: '# Repairs\n\nA zip is repaired for free.\n', contentType: 'text/markdown' }],
    pairs: [{ question: 'Do you repair tents?', answer: 'Yes, poles and fabric.' }],
  });
  const buyer = await app.person('Bea Buyer');
  const { subscription_id: subscriptionId } = await buy(buyer, await sampleProduct(app, { seller, knowledgeBaseId }));
  await app.settled();
  const params = { subscriptionId };
  const { data: [copy] } = await buyer.ok(knowledgeEndpoints.listDocuments, { params });
  expect(copy).toMatchObject({ title: 'Guide', state: 'indexed', external_id: 'guide.md' });
  expect((await buyer.ok(knowledgeEndpoints.search, { params, body: { query: 'Is a zip repaired for free?' } })).data[0]).toMatchObject({ document_id: copy?.id, text: expect.stringContaining('for free') });
  expect((await buyer.ok(knowledgeEndpoints.search, { params, body: { query: 'repair tents' } })).data[0]?.text).toContain('poles');

  // The seller's text changes, the copy does not; its file is still there for indexing again.
  await knowledge.fillKnowledgeBase(process, knowledgeBaseId, { documents: [{ externalId: 'guide.md', title: 'Guide', text: '# Repairs\n\nNothing is free.\n', contentType: 'text/markdown' }], pairs: [] });
  await app.settled();
  await buyer.ok(knowledgeEndpoints.reindexDocument, { params: { ...params, documentId: copy?.id ?? '' } });
  await app.settled();
  expect((await buyer.ok(knowledgeEndpoints.search, { params, body: { query: 'Is a zip repaired for free?' } })).data[0]?.text).toContain('repaired for free');
  expect((await buyer.ok(knowledgeEndpoints.status, { params })).documents).toEqual({ total: 1, indexed: 1, processing: 0, failed: 0 });
});

test('making and filling are repeatable, and an id that belongs to somebody else is refused', async () => {
  const [one, other] = [systemProcess(platform, 'test', uuidv7()), systemProcess(platform, 'test', uuidv7())];
  const id = uuidv7();
  expect(await knowledge.createKnowledgeBase(one, { id, subscriptionId: null, name: 'Mine' })).toBe(id);
  expect(await knowledge.createKnowledgeBase(one, { id, subscriptionId: null, name: 'Mine' })).toBe(id);
  await expect(knowledge.createKnowledgeBase(other, { id, subscriptionId: null, name: 'Theirs' })).rejects.toThrow();
  await expect(knowledge.addTextDocuments(other, id, [{ externalId: 'a', title: 'a', text: 'a' }])).rejects.toThrow();
  const content = { documents: [{ externalId: 'a', title: 'A', text: 'An apple a day.' }], pairs: [{ question: 'Why apples?', answer: 'They keep.' }] };
  await knowledge.fillKnowledgeBase(one, id, content);
  await knowledge.fillKnowledgeBase(one, id, content);
  const { rows } = await platform.database.asTenant(one.tenant, async (tx) => tx.execute(sql`select count(*)::int as documents, sum(chunks)::int as chunks from knowledge_documents where knowledge_base_id = ${id}`));
  expect(rows).toEqual([{ documents: 2, chunks: 2 }]);
});
