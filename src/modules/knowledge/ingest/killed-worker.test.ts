import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, gt } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { createParserPool } from '../parse/parser-pool.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { partsOver } from '../testing/knowledge-parts.ts';
import { createIngest } from './ingest-documents.ts';

const database = await startTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'killed-'));
const pool = createParserPool();
const { parts: own, close } = partsOver(database.url);
const parts = { ...own, files: diskFileStore(folder), pool: () => pool };
afterAll(async () => {
  pool.close();
  await close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const DOCUMENTS = 100;
/** Some 12 pieces each, so that the end of the process falls into the middle of one. */
const textOf = (index: number): string => `The spare key is called sparekey${index}. ${Array.from({ length: 150 }, (_, line) => `Locker ${index}-${line} holds the keys of house ${index * 7 + line}.`).join(' ')}`;

test('a worker killed twice in the middle of 100 documents loses, doubles and half-indexes none', async () => {
  const tenant = uuidv7();
  const process = systemProcess(parts.platform, 'test', tenant);
  const [baseId, sourceId] = [uuidv7(), uuidv7()];
  const ids: string[] = [];
  await process.run(async ({ tx }) => {
    await tx.insert(knowledgeBases).values({ id: baseId, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512 });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: baseId, kind: 'upload' });
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const id = uuidv7();
      ids.push(id);
      await parts.files.put(`${tenant}/${id}`, Buffer.from(textOf(index)));
      await tx.insert(knowledgeDocuments).values({
        id, knowledgeBaseId: baseId, sourceId, kind: 'upload', title: `Locker ${index}`, fileName: `locker-${index}.txt`, contentType: 'text/plain', fileKey: `${tenant}/${id}`, bytes: textOf(index).length, sha256: id,
        chunking: { strategy: 'fixed', chunkSize: 256, overlap: 0 },
      });
    }
  });
  const indexed = async () => process.run(async ({ tx }) => tx.$count(knowledgeDocuments, and(eq(knowledgeDocuments.knowledgeBaseId, baseId), eq(knowledgeDocuments.state, 'indexed'))));

  for (const enough of [15, 45]) {
    const child = spawn(globalThis.process.execPath, [path.join(import.meta.dirname, 'testing/ingest-child.ts'), JSON.stringify({ databaseUrl: database.url, folder, tenant, documentIds: ids })], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    for (let done = 0; done < enough && child.exitCode === null; done = await indexed()) await wait(20);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await ended;
    // What is searchable is whole: every piece of a document that counts as indexed, none of one that does not.
    const rows = await process.run(async ({ tx }) => tx.select({ id: knowledgeDocuments.id, chunks: knowledgeDocuments.chunks, generation: knowledgeDocuments.generation }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, baseId)));
    const base = await process.run(async ({ tx }) => tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, baseId)));
    expect(base[0]?.chunks).toBe(rows.reduce((sum, row) => sum + row.chunks, 0));
    expect(rows.filter(({ generation }) => generation > 0).length).toBeLessThan(DOCUMENTS);
    for (const row of rows.filter(({ generation }) => generation === 0)) expect(row.chunks).toBe(0);
  }

  await createIngest(parts)(process, ids);
  const rows = await process.run(async ({ tx }) => tx.select().from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, baseId)));
  expect(rows.filter(({ state, generation, duplicateOf }) => state === 'indexed' && generation === 1 && duplicateOf === null)).toHaveLength(DOCUMENTS);
  const chunks = await process.run(async ({ tx }) => tx.select({ documentId: knowledgeChunks.documentId, position: knowledgeChunks.position, start: knowledgeChunks.start, end: knowledgeChunks.end }).from(knowledgeChunks).where(eq(knowledgeChunks.knowledgeBaseId, baseId)));
  for (const [documentId, own] of Map.groupBy(chunks, ({ documentId: id }) => id)) {
    expect(own.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(own.map((_, index) => index));
    expect(rows.find(({ id }) => id === documentId)?.chunks).toBe(own.length);
  }
  expect(new Set(chunks.map(({ documentId }) => documentId)).size).toBe(DOCUMENTS);
  expect(await process.run(async ({ tx }) => tx.$count(knowledgeChunks, and(eq(knowledgeChunks.knowledgeBaseId, baseId), gt(knowledgeChunks.generation, 1))))).toBe(0);
  const { passages } = await parts.search.search({ tenant, knowledgeBaseId: baseId, query: 'Where is sparekey73?', topK: 3, method: 'hybrid', reranking: false });
  expect(passages[0]?.title).toBe('Locker 73');
}, 120_000);
