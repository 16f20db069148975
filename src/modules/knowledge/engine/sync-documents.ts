import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Ctx, Process } from '#platform/context.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { EngineError, type KnowledgeEngine } from '../ports.ts';
import { knowledgeBases, knowledgeDocuments } from '../tables.ts';
import { syncEngine } from './jobs.ts';
import { datasetName, engineFileName } from './names.ts';
import { planSync, type SyncPlan } from './plan-sync.ts';
import { engineProgress, failureWarning, hasFailed, isFailureWarning, wantedDocuments, type WantedDocument } from './wanted-documents.ts';

type SyncRequest = z.infer<typeof syncEngine.schema>;

/** Files sent between two looks at the engine. */
const SENT_AT_ONCE = 50;
/** A job that has worked this long hands over, well before it would be given up. */
const WORK_MS = 10 * 60_000;
/** Later looks come after 5 seconds, then twice as late each time, up to this. */
const LATER_SECONDS_MAX = 300;
/** After so many of them, some five minutes, a document that always fails alone is given up. */
const ROUNDS_MAX = 6;

/**
 * Makes an engine hold just what a knowledge base holds: sends, parses, deletes, and makes it the one that answers when
 * nothing is on its way any more. It compares both sides each time, so it may be repeated at any point. An engine that
 * cannot be reached is tried again for as long as it is chosen.
 */
export function createEngineSync({ engine, files }: { engine: KnowledgeEngine | null; files: FileStore }): (process: Process, request: SyncRequest) => Promise<void> {
  return async (process, { knowledgeBaseId, round, retry }) => {
    if (!engine) return;
    const until = performance.now() + WORK_MS;
    let again: SyncRequest['retry'] = retry;
    try {
      for (let looked = 0; performance.now() < until;) {
        const left = await syncOnce({ engine, files, process, knowledgeBaseId, patient: round < ROUNDS_MAX }, again === 'all' ? again : new Set(again));
        again = [];
        if (left === 'nothing') return;
        if (left === 'more') { looked = 0; continue; }
        const pause = engine.pausesMs[looked++];
        if (pause === undefined) break;
        await wait(pause, undefined, { signal: process.signal });
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      process.log.warn({ knowledgeBase: knowledgeBaseId, code: error.code, reason: error.message }, 'the knowledge engine is not up to date; trying again');
    }
    await process.run(async (ctx) => syncLater(ctx, knowledgeBaseId, round, again));
  };
}

/** Those that wait for the same knowledge base meet in one job. */
async function syncLater(ctx: Ctx, knowledgeBaseId: string, round: number, retry: SyncRequest['retry']): Promise<void> {
  const everyMs = Math.min(LATER_SECONDS_MAX, 5 * 2 ** round) * 1_000;
  const at = (Math.floor(ctx.now().getTime() / everyMs) + 1) * everyMs;
  await ctx.enqueue(syncEngine, { knowledgeBaseId, round: Math.min(round + 1, 10), retry }, { key: `${knowledgeBaseId}@${at}`, runAt: new Date(at) });
}

interface Sync { engine: KnowledgeEngine; files: FileStore; process: Process; knowledgeBaseId: string; /** Whether a failure that may pass is waited out. */ patient: boolean }

async function syncOnce(sync: Sync, retry: 'all' | ReadonlySet<string>): Promise<'nothing' | 'waiting' | 'more'> {
  const { engine, process, knowledgeBaseId } = sync;
  const dataset = await currentDataset(sync);
  if (dataset === null) return 'nothing';
  // Before what is wanted is read: what somebody sends in between must not look like something nobody wants.
  const held = await engine.documents(dataset, process.signal);
  const wanted = await process.run(async (ctx) => wantedDocuments(ctx, knowledgeBaseId));
  const plan = planSync(wanted, held, retry);
  await process.run(async (ctx) => record(ctx, plan));
  await engine.removeDocuments(dataset, plan.remove, process.signal);
  let underWay = plan.underWay;
  for (const { document, id } of plan.parse) if (await attempt(sync, document, async () => engine.parse(dataset, [id], process.signal))) underWay += 1;
  for (const document of plan.send.slice(0, SENT_AT_ONCE)) if (await attempt(sync, document, async () => send(sync, dataset, document))) underWay += 1;
  if (plan.send.length > SENT_AT_ONCE) return 'more';
  if (underWay > 0) return 'waiting';
  await process.run(async (ctx) => complete(ctx, knowledgeBaseId, dataset));
  return 'nothing';
}

/** The dataset of a knowledge base that has one. If it was deleted there it is made anew, and everything sent again. */
async function currentDataset({ engine, process, knowledgeBaseId }: Sync): Promise<string | null> {
  const read = async ({ tx }: Ctx) => (await tx.select({ engineRef: knowledgeBases.engineRef }).from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId)))[0]?.engineRef ?? null;
  const known = await process.run(read);
  if (known === null) return null;
  const dataset = await engine.ensureDataset(datasetName(process.tenant, knowledgeBaseId), process.signal);
  if (dataset === known) return dataset;
  return process.run(async (ctx) => {
    const replaced = await ctx.tx.update(knowledgeBases).set({ engineRef: dataset }).where(and(eq(knowledgeBases.id, knowledgeBaseId), eq(knowledgeBases.engineRef, known))).returning({ id: knowledgeBases.id });
    if (replaced.length > 0) await ctx.tx.update(knowledgeDocuments).set({ engineRef: null }).where(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId));
    return read(ctx);
  });
}

/**
 * Does something for one document. False: the engine cannot, which the document's warnings now say, and the others go on.
 * Fails when nothing can be done for any of them.
 */
async function attempt({ process, patient }: Sync, document: WantedDocument, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'failed') throw error;
    if (error.retryable && patient) return true;
    const words = error.message;
    await process.run(async (ctx) => setState(ctx, document, null, words));
    return false;
  }
}

async function send({ engine, files, process }: Sync, dataset: string, document: WantedDocument): Promise<void> {
  const bytes = document.kind === 'qa' ? Buffer.from(`${document.question ?? ''}\n${document.answer ?? ''}`) : document.fileKey === null ? null : await files.get(document.fileKey);
  if (!bytes) throw new EngineError('failed', 'The original is no longer there.');
  await engine.addDocument(dataset, { name: engineFileName(document), contentType: document.contentType, bytes, metadata: document.metadata }, process.signal);
}

async function record(ctx: Ctx, { ready, failed }: SyncPlan): Promise<void> {
  for (const { document, engineRef } of ready) if (document.engineRef !== engineRef || hasFailed(document)) await setState(ctx, document, engineRef, null);
  for (const { document, words } of failed) if (document.engineRef !== null || !hasFailed(document)) await setState(ctx, document, null, `RAGFlow could not read it: ${words}`);
}

/** Unless its content changed meanwhile. */
async function setState({ tx }: Ctx, { id, sha256, warnings }: WantedDocument, engineRef: string | null, failure: string | null): Promise<void> {
  const others = warnings.filter((warning) => !isFailureWarning(warning));
  await tx.update(knowledgeDocuments).set({ engineRef, warnings: failure === null ? others : [...others, failureWarning(failure)] })
    .where(and(eq(knowledgeDocuments.id, id), eq(knowledgeDocuments.sha256, sha256)));
}

/** From now on the engine answers, unless something came in since. */
async function complete(ctx: Ctx, knowledgeBaseId: string, dataset: string): Promise<void> {
  const [base] = await ctx.tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId)).for('update');
  if (base?.engine !== 'builtin' || base.engineRef !== dataset) return;
  const { documents, ready, failed } = await engineProgress(ctx, knowledgeBaseId);
  if (ready + failed < documents) return;
  await ctx.tx.update(knowledgeBases).set({ engine: 'ragflow' }).where(eq(knowledgeBases.id, knowledgeBaseId));
  ctx.log.info({ knowledgeBase: knowledgeBaseId, documents, failed }, 'the knowledge engine answers from now on');
}
