import { and, eq, inArray, isNotNull, lt, lte } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { systemProcess } from '#platform/process.ts';
import { knowledgeSources } from '../tables.ts';
import { syncSource } from './jobs.ts';
import { queueSync } from './sources.ts';

/** A reading nothing was heard of for so long lost its worker. */
const SILENT_MS = 5 * 60_000;
/** One that waits may stand in a long queue. */
const WAITING_MS = 20 * 60_000;
const AT_ONCE = 200;

/** Queues the sources whose time has come. Any number of processes may do so: who comes second finds it queued. */
export async function queueDueSources(platform: Platform): Promise<number> {
  const system = systemProcess(platform, 'read sources when they are due');
  const due = await system.asOperator('find sources that are due', async ({ tx, now }) => tx.select({ id: knowledgeSources.id, tenant: knowledgeSources.tenantId }).from(knowledgeSources)
    .where(and(isNotNull(knowledgeSources.nextSyncAt), lte(knowledgeSources.nextSyncAt, now()), eq(knowledgeSources.paused, false), inArray(knowledgeSources.state, ['idle', 'failed'])))
    .orderBy(knowledgeSources.nextSyncAt).limit(AT_ONCE));
  for (const { id, tenant } of due) await systemProcess(platform, 'read sources when they are due', tenant).run(async (ctx) => {
    const [row] = await ctx.tx.select().from(knowledgeSources).where(eq(knowledgeSources.id, id)).for('update');
    // Looked at again under the lock: somebody may have queued or paused it.
    if (row && !row.paused && row.nextSyncAt !== null && row.nextSyncAt <= ctx.now()) await queueSync(ctx, row);
  });
  return due.length;
}

/**
 * Queues readings again whose job is gone with its process. `silentMs` 0 takes up all that were begun, which is right only
 * where no other process works.
 */
export async function resumeReadings(platform: Platform, silentMs = SILENT_MS): Promise<number> {
  const system: Process = systemProcess(platform, 'resume readings of sources');
  const now = system.now().getTime();
  const lost = await system.asOperator('find readings without a job', async ({ tx }) => {
    const silent = (state: 'queued' | 'syncing', ms: number) => tx.select({ id: knowledgeSources.id, tenant: knowledgeSources.tenantId, sync: knowledgeSources.sync }).from(knowledgeSources)
      .where(and(eq(knowledgeSources.state, state), lt(knowledgeSources.updatedAt, new Date(now - ms)))).limit(AT_ONCE);
    return [...await silent('syncing', silentMs), ...await silent('queued', silentMs === 0 ? 0 : WAITING_MS)];
  });
  for (const { id, tenant, sync } of lost) await systemProcess(platform, 'resume readings of sources', tenant).run(async (ctx) => {
    // Counts as a sign of life, so that the next sweep does not queue it once more.
    await ctx.tx.update(knowledgeSources).set({ updatedAt: ctx.now() }).where(eq(knowledgeSources.id, id));
    await ctx.enqueue(syncSource, { sourceId: id, sync });
  });
  return lost.length;
}
