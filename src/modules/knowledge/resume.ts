import { and, inArray, lt, notInArray, or, eq, gt, asc } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { DOCUMENTS_PER_JOB, indexDocuments } from './jobs.ts';
import { knowledgeDocuments } from './tables.ts';

/** A document that nothing was heard of for so long lost its worker. Reading a large file takes less. */
const SILENT_MS = 5 * 60_000;
/** One that waits may simply stand in a long queue. */
const WAITING_MS = 20 * 60_000;
const BATCH = 500;

/**
 * Queues documents again whose job is gone: the process died between storing and queueing, or in the middle of the work.
 * `silentMs` 0 takes up everything that was begun, which is right only where no other process works.
 */
export async function resumeDocuments(platform: Platform, silentMs = SILENT_MS): Promise<number> {
  const system = systemProcess(platform, 'resume documents');
  const now = system.now().getTime();
  const lost = await system.asOperator('find documents without a job', async ({ tx }) =>
    tx.select({ id: knowledgeDocuments.id, tenant: knowledgeDocuments.tenantId }).from(knowledgeDocuments).where(and(
      notInArray(knowledgeDocuments.state, ['indexed', 'failed']), gt(knowledgeDocuments.building, knowledgeDocuments.generation),
      or(
        and(eq(knowledgeDocuments.state, 'queued'), lt(knowledgeDocuments.updatedAt, new Date(now - (silentMs === 0 ? 0 : WAITING_MS)))),
        and(notInArray(knowledgeDocuments.state, ['queued']), lt(knowledgeDocuments.updatedAt, new Date(now - silentMs))),
      ),
    )).orderBy(asc(knowledgeDocuments.id)).limit(BATCH));
  for (const [tenant, documents] of Map.groupBy(lost, (row) => row.tenant)) {
    for (let from = 0; from < documents.length; from += DOCUMENTS_PER_JOB) {
      const ids = documents.slice(from, from + DOCUMENTS_PER_JOB).map((row) => row.id);
      await systemProcess(platform, 'resume documents', tenant).run(async (ctx) => {
        // Counts as a sign of life, so that the next sweep does not queue them once more.
        await ctx.tx.update(knowledgeDocuments).set({ updatedAt: ctx.now() }).where(inArray(knowledgeDocuments.id, ids));
        await ctx.enqueue(indexDocuments, { documentIds: ids });
      });
    }
  }
  return lost.length;
}

/** Removes originals unless a document of anybody still refers to them: a buyer's copy shares the seller's files. */
export async function removeUnusedFiles(process: Process, files: FileStore, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const used = await process.asOperator('keep files that copies share', async ({ tx }) =>
    tx.select({ key: knowledgeDocuments.fileKey }).from(knowledgeDocuments).where(inArray(knowledgeDocuments.fileKey, [...keys])));
  const kept = new Set(used.map((row) => row.key));
  for (const key of keys) if (!kept.has(key)) await files.remove(key);
}
