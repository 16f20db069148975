import { afterAll, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { modelDirectory, ModelError, offlineEmbedding, OFFLINE_EMBEDDING_ID, type InstalledModels } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { partsOver } from '../testing/knowledge-parts.ts';
import { createIngest } from './ingest-documents.ts';

const database = await startTestDatabase();
const { parts, close } = partsOver(database.url);
afterAll(async () => {
  await close();
  await database.close();
});
const tenant = uuidv7();
const process = systemProcess(parts.platform, 'test', tenant);

/** The offline model with something that happens before a call; what it was given is kept. */
function watchedModels(before: (call: number) => void): { models: InstalledModels; texts: string[] } {
  const texts: string[] = [];
  let calls = 0;
  return {
    texts,
    models: {
      ...modelDirectory(),
      embedding: () => ({
        ...offlineEmbedding,
        embed: async (batch, signal) => {
          before(calls++);
          texts.push(...batch);
          return offlineEmbedding.embed(batch, signal);
        },
      }),
    },
  };
}

const ingestWith = (models: InstalledModels) => createIngest({ ...parts, models });

async function documentWith(text: string): Promise<{ baseId: string; id: string }> {
  const [baseId, sourceId, id] = [uuidv7(), uuidv7(), uuidv7()];
  await parts.files.put(id, Buffer.from(text));
  await process.run(async ({ tx }) => {
    await tx.insert(knowledgeBases).values({ id: baseId, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512 });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: baseId, kind: 'api' });
    await tx.insert(knowledgeDocuments).values({
      id, knowledgeBaseId: baseId, sourceId, kind: 'api', title: 'Guide', contentType: 'text/plain', fileKey: id, bytes: text.length, sha256: id, chunking: { strategy: 'fixed', chunkSize: 32, overlap: 0 },
    });
  });
  return { baseId, id };
}

const rowOf = async (id: string) => (await process.run(async ({ tx }) => tx.select().from(knowledgeDocuments).where(eq(knowledgeDocuments.id, id))))[0];
const chunksOf = async (id: string) => process.run(async ({ tx }) => tx.select({ position: knowledgeChunks.position, content: knowledgeChunks.content }).from(knowledgeChunks).where(eq(knowledgeChunks.documentId, id)).orderBy(knowledgeChunks.position));
const find = async (knowledgeBaseId: string, query: string) => (await parts.search.search({ tenant, knowledgeBaseId, query, topK: 5, method: 'hybrid', reranking: false })).passages;

const guide = Array.from({ length: 800 }, (_, index) => `Visitor ${index} waits in room ${index * 7} of house ${index * 3}.`).join(' ');

test('a document cut off in the middle is not found, and is finished without doing again what was done', async () => {
  const { baseId, id } = await documentWith(guide);
  const first = watchedModels((call) => { if (call === 3) throw new Error('killed'); });
  await expect(ingestWith(first.models)(process, [id])).rejects.toThrow('killed');
  const half = await chunksOf(id);
  expect(half.length).toBeGreaterThan(0);
  expect(await rowOf(id)).toMatchObject({ chunks: 0, generation: 0 });
  expect(await find(baseId, 'visitor room')).toEqual([]);

  const second = watchedModels(() => undefined);
  await ingestWith(second.models)(process, [id]);
  const whole = await chunksOf(id);
  expect(whole.map(({ position }) => position)).toEqual(whole.map((_, index) => index));
  expect(second.texts).toHaveLength(whole.length - half.length);
  expect(await rowOf(id)).toMatchObject({ state: 'indexed', percent: 100, chunks: whole.length, generation: 1 });
  expect((await find(baseId, 'Who waits in room 5593?'))[0]?.text).toContain('room 5593');

  await ingestWith(watchedModels(() => { throw new Error('nothing is left to do'); }).models)(process, [id]);
});

test('two workers on the same document write it once', async () => {
  const { baseId, id } = await documentWith(guide);
  await Promise.all([ingestWith(modelDirectory())(process, [id]), ingestWith(modelDirectory())(process, [id])]);
  const chunks = await chunksOf(id);
  expect(new Set(chunks.map(({ position }) => position)).size).toBe(chunks.length);
  const [base] = await process.run(async ({ tx }) => tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, baseId)));
  expect(base?.chunks).toBe(chunks.length);
});

test('a document that was changed or deleted meanwhile leaves nothing of the old text behind', async () => {
  const changed = await documentWith(guide);
  const models = watchedModels(() => undefined);
  const racing = watchedModels(() => undefined).models;
  racing.embedding = () => ({
    ...offlineEmbedding,
    embed: async (texts, signal) => {
      await process.run(async ({ tx }) => { await tx.update(knowledgeDocuments).set({ building: 2, state: 'queued' }).where(eq(knowledgeDocuments.id, changed.id)); });
      return offlineEmbedding.embed(texts, signal);
    },
  });
  await ingestWith(racing)(process, [changed.id]);
  expect(await rowOf(changed.id)).toMatchObject({ generation: 0, state: 'queued' });
  await parts.files.put(changed.id, Buffer.from('The new text is short.'));
  await ingestWith(models.models)(process, [changed.id]);
  expect((await find(changed.baseId, 'visitor room new text')).map(({ text }) => text)).toEqual(['The new text is short.']);
  expect(await chunksOf(changed.id)).toHaveLength(1);

  const deleted = await documentWith(guide);
  racing.embedding = () => ({
    ...offlineEmbedding,
    embed: async (texts, signal) => {
      await process.run(async ({ tx }) => { await tx.delete(knowledgeDocuments).where(eq(knowledgeDocuments.id, deleted.id)); });
      return offlineEmbedding.embed(texts, signal);
    },
  });
  await ingestWith(racing)(process, [deleted.id]);
  expect(await chunksOf(deleted.id)).toEqual([]);
});

test('a provider that refuses fails the document with words for its owner and keeps what was searchable', async () => {
  const { baseId, id } = await documentWith('The first text about marmots.');
  await ingestWith(modelDirectory())(process, [id]);
  await process.run(async ({ tx }) => { await tx.update(knowledgeDocuments).set({ building: 2, state: 'queued' }).where(eq(knowledgeDocuments.id, id)); });
  await ingestWith(watchedModels(() => { throw new ModelError('refused', 'secret words of the provider', false); }).models)(process, [id]);
  const row = await rowOf(id);
  expect(row).toMatchObject({ state: 'failed', error: { code: 'embedding-failed' }, generation: 1 });
  expect(row?.error?.message).not.toContain('secret');
  expect(await find(baseId, 'marmots')).toHaveLength(1);
});
