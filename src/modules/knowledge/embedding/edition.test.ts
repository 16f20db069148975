import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { ModelError, offlineEmbedding, OFFLINE_EMBEDDING_ID, type EmbeddingModel, type InstalledModels } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { createIngest } from '../ingest/ingest-documents.ts';
import { createKnowledgeSearch } from '../retrieve/knowledge-search.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { partsOver } from '../testing/knowledge-parts.ts';
import { buildNextEdition, dropOtherEditions } from './edition.ts';

const database = await startTestDatabase();
const { parts: own, close } = partsOver(database.url);
afterAll(async () => {
  await close();
  await database.close();
});

const DIMENSIONS = 16;
let beforeEach: (call: number) => Promise<void> = async () => undefined;
let calls = 0;
/** Another model: counts letters. */
const letters: EmbeddingModel = {
  id: 'letters', dimensions: DIMENSIONS,
  async embed(texts) {
    await beforeEach(calls++);
    return texts.map((text) => {
      const vector = new Float32Array(DIMENSIONS).fill(0.01);
      for (const letter of text.toLowerCase()) vector[letter.charCodeAt(0) % DIMENSIONS] = (vector[letter.charCodeAt(0) % DIMENSIONS] ?? 0) + 1;
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    });
  },
};
const models: InstalledModels = { ...own.models, embedding: (id) => (id === 'letters' ? letters : own.models.embedding(id)) };
const parts = { ...own, models, search: createKnowledgeSearch({ platform: own.platform, models }) };

async function knowledgeWith(documents: number) {
  const tenant = uuidv7();
  const process = systemProcess(parts.platform, 'test', tenant);
  const [id, sourceId] = [uuidv7(), uuidv7()];
  await process.run(async ({ tx }) => {
    await tx.insert(knowledgeBases).values({ id, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: offlineEmbedding.dimensions });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: id, kind: 'api' });
  });
  const add = async (from: number, to: number) => {
    const ids: string[] = [];
    await process.run(async ({ tx }) => {
      for (let index = from; index < to; index += 1) {
        const documentId = uuidv7();
        await parts.files.put(documentId, Buffer.from(`Visitor ${index} waits in room ${index * 7} of house ${index * 3}.`));
        ids.push(documentId);
        await tx.insert(knowledgeDocuments).values({ id: documentId, knowledgeBaseId: id, sourceId, kind: 'api', externalId: String(index), title: `Visit ${index}`, contentType: 'text/plain', fileKey: documentId, bytes: 50, sha256: documentId, chunking: { strategy: 'fixed', chunkSize: 64, overlap: 0 } });
      }
    });
    await createIngest(parts)(process, ids);
  };
  await add(0, documents);
  return {
    process, id, add,
    base: async () => (await process.run(async ({ tx }) => tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, id))))[0],
    begin: async () => process.run(async ({ tx }) => { await tx.update(knowledgeBases).set({ nextModel: 'letters', nextDimensions: DIMENSIONS, nextEdition: 2 }).where(eq(knowledgeBases.id, id)); }),
    editions: async () => Object.fromEntries([...Map.groupBy(await process.run(async ({ tx }) => tx.select({ edition: knowledgeChunks.edition, dimensions: knowledgeChunks.dimensions }).from(knowledgeChunks).where(eq(knowledgeChunks.knowledgeBaseId, id))), ({ edition }) => edition)].map(([edition, rows]) => [edition, rows.length])),
    find: async (query: string) => (await parts.search.search({ tenant, knowledgeBaseId: id, query, topK: 3, method: 'hybrid', reranking: false })).passages.map(({ title }) => title),
  };
}

test('a new model embeds everything beside the old one, which answers until all is there; what is added meanwhile comes along', async () => {
  const knowledge = await knowledgeWith(70);
  await knowledge.begin();
  const seen: (string | undefined)[] = [];
  calls = 0;
  beforeEach = async (call) => {
    if (call !== 1) return;
    seen.push((await knowledge.base())?.embeddingModel, (await knowledge.find('Visitor 42'))[0]);
    await knowledge.add(70, 80);
  };
  await buildNextEdition(parts, knowledge.process, knowledge.id);
  beforeEach = async () => undefined;
  expect(seen).toEqual([OFFLINE_EMBEDDING_ID, 'Visit 42']);
  expect(await knowledge.base()).toMatchObject({ embeddingModel: 'letters', dimensions: DIMENSIONS, edition: 2, nextModel: null, chunks: 80 });
  expect(await knowledge.find('Visitor 42')).toContain('Visit 42');
  expect(await knowledge.find('Visitor 75')).toContain('Visit 75');
  await dropOtherEditions(knowledge.process, knowledge.id);
  expect(await knowledge.editions()).toEqual({ 2: 80 });
  expect((await knowledge.find('Visitor 42'))[0]).toBe('Visit 42');
});

test('a change that breaks off goes on where it was, and one that is taken back leaves nothing', async () => {
  const knowledge = await knowledgeWith(140);
  await knowledge.begin();
  calls = 0;
  beforeEach = async (call) => { if (call === 1) throw new ModelError('unavailable', 'busy', true); };
  await expect(buildNextEdition(parts, knowledge.process, knowledge.id)).rejects.toThrow('busy');
  expect(await knowledge.editions()).toEqual({ 1: 140, 2: 64 });
  expect((await knowledge.find('Visitor 42'))[0]).toBe('Visit 42');
  await knowledge.process.run(async ({ tx }) => { await tx.update(knowledgeBases).set({ nextModel: null, nextDimensions: null }).where(eq(knowledgeBases.id, knowledge.id)); });
  await dropOtherEditions(knowledge.process, knowledge.id);
  expect(await knowledge.editions()).toEqual({ 1: 140 });
  beforeEach = async () => undefined;
  await knowledge.process.run(async ({ tx }) => { await tx.update(knowledgeBases).set({ nextModel: 'letters', nextDimensions: DIMENSIONS, nextEdition: 3 }).where(eq(knowledgeBases.id, knowledge.id)); });
  await buildNextEdition(parts, knowledge.process, knowledge.id);
  expect(await knowledge.base()).toMatchObject({ embeddingModel: 'letters', edition: 3 });
});

test('a document indexed with the old model in the moment of the change is not lost', async () => {
  const knowledge = await knowledgeWith(3);
  await knowledge.begin();
  const late = { ...parts, models: { ...models, embedding: () => ({ ...offlineEmbedding, embed: async (texts: readonly string[]) => {
    await buildNextEdition(parts, knowledge.process, knowledge.id);
    return offlineEmbedding.embed(texts);
  } }) } };
  await parts.files.put('late', Buffer.from('The late visitor waits outside.'));
  const [{ sourceId }] = await knowledge.process.run(async ({ tx }) => tx.select({ sourceId: knowledgeDocuments.sourceId }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, knowledge.id)).limit(1)) as [{ sourceId: string }];
  const documentId = uuidv7();
  await knowledge.process.run(async ({ tx }) => { await tx.insert(knowledgeDocuments).values({ id: documentId, knowledgeBaseId: knowledge.id, sourceId, kind: 'api', externalId: 'late', title: 'Late', contentType: 'text/plain', fileKey: 'late', bytes: 30, sha256: documentId, chunking: { strategy: 'fixed', chunkSize: 64, overlap: 0 } }); });
  await expect(createIngest(late)(knowledge.process, [documentId])).rejects.toThrow('another embedding model');
  // The job is tried again, now with the model that serves.
  await createIngest(parts)(knowledge.process, [documentId]);
  expect(await knowledge.find('late visitor outside')).toContain('Late');
});
