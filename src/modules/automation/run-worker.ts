import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Platform, Process } from '#platform/context.ts';
import { randomUUID } from 'node:crypto';
import { Problem } from '#platform/http/problem.ts';
import { systemProcess } from '#platform/process.ts';
import { JournalError } from '#modules/flows/index.ts';
import { recordedAnswer, storedConversations, type Answering, type Runtime, type Subjects } from '#modules/runtime/index.ts';
import type { DurableAnswer } from './durable-run.ts';
import type { JournalStore, Lease, OpenJournal } from './journal-store.ts';
import { durableRuns } from './tables.ts';

/** How long a process may work on a run without saying that it lives. */
export const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** How often runs without a living worker are looked for. */
const SWEEP_EVERY_MS = 15_000;
const SWEPT_MAX = 20;
/** A run that brought down its process this often is not tried again. */
const LIVES_MAX = 10;

type RunRow = typeof durableRuns.$inferSelect;

export interface RunWorkerParts { platform: Platform; runtime: Runtime; subjects: Subjects; journals: JournalStore }

/** Works on durable runs of this process, and takes over those whose process died. */
export interface RunWorker {
  /** Works on a run unless it has ended or somebody else does. */
  work(process: Process, runId: string): Promise<void>;
  /** Takes over runs whose lease ran out; resolves when they have ended. */
  sweep(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function createRunWorker(parts: RunWorkerParts): RunWorker {
  const { platform } = parts;
  const ends = new AbortController();
  const working = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  /** Takes the lease on a run that waits or whose worker is gone. */
  async function claim(process: Process, runId: string): Promise<{ row: RunRow; lease: Lease } | null> {
    const token = randomUUID();
    const now = platform.now();
    const [row] = await process.run(async ({ tx }) => tx.update(durableRuns)
      .set({ state: 'running', leaseToken: token, leaseUntil: new Date(now.getTime() + LEASE_MS), lives: sql`${durableRuns.lives} + 1` })
      .where(and(eq(durableRuns.id, runId), inArray(durableRuns.state, ['queued', 'running']), or(isNull(durableRuns.leaseUntil), lt(durableRuns.leaseUntil, now)))).returning());
    return row ? { row, lease: { tenant: process.tenant, runId, token } } : null;
  }

  async function work(process: Process, runId: string): Promise<void> {
    const claimed = await claim(process, runId);
    if (!claimed) return;
    const { row, lease } = claimed;
    const lost = new AbortController();
    const renewal = setInterval(() => { void renew(process, lease, lost); }, RENEW_EVERY_MS);
    try {
      await live(parts, process, row, lease, AbortSignal.any([lost.signal, ends.signal]));
    } catch (error) {
      // Somebody else goes on, or this process is told to stop: the run stays as it is, for whoever comes next.
      if (!(error instanceof JournalError) && !ends.signal.aborted) throw error;
      platform.log.warn({ err: error, run: runId }, 'a run is left to its next life');
    } finally {
      clearInterval(renewal);
    }
  }

  async function renew(process: Process, { runId, token }: Lease, lost: AbortController): Promise<void> {
    try {
      const renewed = await process.run(async ({ tx }) => tx.update(durableRuns).set({ leaseUntil: new Date(platform.now().getTime() + LEASE_MS) })
        .where(and(eq(durableRuns.id, runId), eq(durableRuns.leaseToken, token), eq(durableRuns.state, 'running'))).returning({ id: durableRuns.id }));
      if (renewed.length === 0) lost.abort();
    } catch (error) {
      platform.log.error({ err: error, run: runId }, 'the lease of a run was not renewed');
    }
  }

  async function sweep(): Promise<void> {
    const now = platform.now();
    const due = await platform.database.asOperator('find runs without a worker', async (tx) => tx.select({ id: durableRuns.id, tenant: durableRuns.tenantId }).from(durableRuns)
      .where(and(eq(durableRuns.state, 'running'), lt(durableRuns.leaseUntil, now))).limit(SWEPT_MAX));
    await Promise.all(due.map(async ({ id, tenant }) => work(systemProcess(platform, 'take over a run', tenant), id)));
  }

  return {
    work, sweep,
    start() {
      timer = setInterval(() => {
        const sweeping = sweep().catch((error: unknown) => platform.log.error({ err: error }, 'taking over runs failed'));
        working.add(sweeping);
        void sweeping.finally(() => working.delete(sweeping));
      }, SWEEP_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      ends.abort();
      await Promise.all(working);
    },
  };
}

/** One life of a run: from what its journal holds to its end. */
async function live({ runtime, subjects, journals, platform }: RunWorkerParts, process: Process, row: RunRow, lease: Lease, signal: AbortSignal): Promise<void> {
  const journal = await journals.resume(lease);
  const finish = async (end: Omit<Parameters<OpenJournal['end']>[0], 'endedAt'>) => journal.end({ ...end, endedAt: platform.now() });
  // The process died between recording the run and ending it here.
  const recorded = row.lives > 1 ? await process.run(async (ctx) => recordedAnswer(ctx, row.id)) : null;
  if (recorded) {
    await finish(recorded.state === 'succeeded' ? { state: 'succeeded', answer: { ...recorded, credits: null }, errorCode: null, errorMessage: null }
      : { state: 'failed', answer: null, errorCode: recorded.errorCode ?? 'failed', errorMessage: 'The run failed.' });
    return;
  }
  if (row.lives > LIVES_MAX) {
    await finish({ state: 'failed', answer: null, errorCode: 'limit-lives', errorMessage: `The run was begun ${LIVES_MAX} times without coming to its end.` });
    return;
  }
  try {
    const { question } = row;
    const subject = await subjects.forRun(process.tenant, row.subscriptionId, row.flowId);
    const conversation = question.conversationId === null ? null : await storedConversations.resume(process, row.subscriptionId, question.conversationId, null);
    const answering = await runtime.answer({
      subject, channel: question.channel, keyId: question.keyId, text: question.text, images: [], history: question.history, visitor: question.visitor,
      conversation, generation: { temperature: null, outputTokensMax: null },
      ...(question.data === undefined ? {} : { data: question.data }), durable: { runId: row.id, life: row.lives, journal }, signal,
    });
    await finish({ state: 'succeeded', answer: await answerOf(answering), errorCode: null, errorMessage: null });
  } catch (error) {
    if (error instanceof JournalError || signal.aborted || !(error instanceof Problem)) throw error;
    await finish({ state: 'failed', answer: null, errorCode: error.type.code, errorMessage: error.message });
  }
}

async function answerOf({ pieces, conversationId }: Answering): Promise<DurableAnswer> {
  for (;;) {
    const next = await pieces.next();
    if (!next.done) continue;
    const { text, data, citations, tokensIn, tokensOut, credits } = next.value;
    return { text, data, citations, conversationId, tokensIn, tokensOut, credits };
  }
}
