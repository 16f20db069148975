import { afterAll, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { embedLexically, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { partsOver } from '../testing/knowledge-parts.ts';
import { EXACT_CHUNKS_MAX, fillApproximateIndex, moveToApproximateIndex } from './approximate-index.ts';
import { indexTerms } from './index-terms.ts';
import { addToBase } from './index-writer.ts';
import { insertChunks, type NewChunk } from './insert-chunks.ts';

const database = await startTestDatabase();
const { parts, close } = partsOver(database.url);
afterAll(async () => {
  await close();
  await database.close();
});
const tenant = uuidv7();
const process = systemProcess(parts.platform, 'test', tenant);

const COUNT = 70;

/** A knowledge base that says it holds `chunks`, of which some are there. */
async function baseOf(chunks: number): Promise<{ id: string; rows: NewChunk[] }> {
  const [id, sourceId, documentId] = [uuidv7(), uuidv7(), uuidv7()];
  const rows = Array.from({ length: COUNT }, (_, position): NewChunk => {
    const content = `Locker ${position} "belongs" to {member, ${position * 7}} \\ of the café.`;
    return {
      id: uuidv7(), knowledgeBaseId: id, documentId, generation: 1, edition: 1, position, content, context: '', heading: 'Lockers', page: position % 2 === 0 ? position : null, tokens: 9, start: position, end: position + 9,
      dimensions: 512, approximate: false, embedding: embedLexically(content), ...indexTerms(id, content, ''),
    };
  });
  await process.run(async ({ tx }) => {
    await tx.insert(knowledgeBases).values({ id, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512, chunks, length: chunks * 9 });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: id, kind: 'api' });
    await tx.insert(knowledgeDocuments).values({ id: documentId, knowledgeBaseId: id, sourceId, kind: 'api', title: 'Lockers', contentType: 'text/plain', bytes: 1, sha256: id, state: 'indexed', generation: 1, chunks: COUNT, chunking: { strategy: 'fixed', chunkSize: 32, overlap: 0 } });
    await insertChunks(tx, rows);
  });
  return { id, rows };
}

const stored = async (id: string) => process.run(async ({ tx }) => tx.select().from(knowledgeChunks).where(eq(knowledgeChunks.knowledgeBaseId, id)).orderBy(knowledgeChunks.position));
const find = async (knowledgeBaseId: string) => (await parts.search.search({ tenant, knowledgeBaseId, query: 'member 343', topK: 5, method: 'vector', reranking: false })).passages.map(({ text }) => text);

test('chunks are stored as they are given, and those that are there stay', async () => {
  const { id, rows } = await baseOf(COUNT);
  await process.run(async ({ tx }) => insertChunks(tx, rows.map((row) => ({ ...row, content: 'other' }))));
  expect((await stored(id)).map(({ createdAt: _at, tenantId, ...row }) => ({ ...row, ours: tenantId === tenant }))).toEqual(rows.map((row) => ({ ...row, ours: true })));
});

test('a knowledge base that grew large moves into the approximate index, and finds the same before, half way and after', async () => {
  const { id } = await baseOf(EXACT_CHUNKS_MAX + 1);
  const before = await find(id);
  expect(before[0]).toContain('{member, 343}');
  // As it is between two steps of the move.
  await process.run(async ({ tx }) => { await tx.update(knowledgeChunks).set({ approximate: true }).where(eq(knowledgeChunks.position, 49)); });
  expect(await find(id)).toEqual(before);
  await moveToApproximateIndex(process, id);
  expect((await stored(id)).every(({ approximate }) => approximate)).toBe(true);
  expect(await find(id)).toEqual(before);
});

test('a small one stays as it is, and the move begins with the chunk that makes it large', async () => {
  const { id } = await baseOf(EXACT_CHUNKS_MAX);
  await moveToApproximateIndex(process, id);
  expect((await stored(id)).some(({ approximate }) => approximate)).toBe(false);
  const queued: unknown[] = [];
  const grow = async (chunks: number) => process.run(async (ctx) => addToBase({ ...ctx, enqueue: async (job, payload) => { queued.push([job, payload]); } }, id, { chunks, length: 9 }));
  await grow(0);
  expect(queued).toEqual([]);
  await grow(1);
  await grow(1);
  expect(queued).toEqual([[fillApproximateIndex, { knowledgeBaseId: id }]]);
});
