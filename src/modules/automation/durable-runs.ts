import { and, asc, desc, eq, getTableColumns } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { exactTime, olderThan } from '#platform/db/time-order.ts';
import { writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { requireSubscription } from '#modules/subscriptions/index.ts';
import type { consoleRunEndpoints } from './contract.ts';
import type { DurableQuestion } from './durable-run.ts';
import { presentRun, presentStep } from './present.ts';
import { problems } from './problems.ts';
import { runJob } from './run-job.ts';
import { durableRuns, durableSteps } from './tables.ts';

export interface NewDurableRun { subscriptionId: string; flowId: string; question: DurableQuestion; /** Repetitions with the same key find the same run. */ requestKey: string | null }

/** Queues a run. Returns the id of the run, or of the one an earlier request with the same key started. */
export async function queueRun(ctx: Ctx, { subscriptionId, flowId, question, requestKey }: NewDurableRun): Promise<string> {
  const id = uuidv7();
  const [row] = await ctx.tx.insert(durableRuns).values({ id, subscriptionId, flowId, state: 'queued', question, requestKey }).onConflictDoNothing().returning({ id: durableRuns.id });
  if (row) {
    await ctx.enqueue(runJob, { runId: row.id }, { key: row.id });
    return row.id;
  }
  const known = one(await ctx.tx.select().from(durableRuns).where(and(eq(durableRuns.subscriptionId, subscriptionId), eq(durableRuns.requestKey, requestKey ?? ''))));
  if (known.question.text !== question.text) throw new Problem(problems['request-key-used']);
  return known.id;
}

/** A run of the subscription, or 404. */
export async function findRun({ tx }: Ctx, subscriptionId: string, runId: string) {
  const [row] = await tx.select().from(durableRuns).where(and(eq(durableRuns.id, runId), eq(durableRuns.subscriptionId, subscriptionId)));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such run.');
  return row;
}

/** Cancels a run that has not ended. A step that is under way ends first; none begins after it. */
export async function cancelRun(ctx: Ctx, subscriptionId: string, runId: string) {
  const row = await findRun(ctx, subscriptionId, runId);
  if (row.endedAt) throw new Problem(problems['run-over'], `This run has ${row.state}.`);
  // Another token: whoever works on it may not write another line.
  const [cancelled] = await ctx.tx.update(durableRuns).set({ state: 'cancelled', leaseToken: uuidv7(), leaseUntil: null, endedAt: ctx.now(), errorCode: 'cancelled', errorMessage: 'The run was cancelled.' })
    .where(eq(durableRuns.id, runId)).returning();
  return presentRun(cancelled ?? row);
}

/** Pages of steps that are shown; a run that wrote more is long past what anybody reads. */
const PAGES_MAX = 2_000;

export const stepsOf = async ({ tx }: Ctx, runId: string) =>
  (await tx.select({ steps: durableSteps.steps }).from(durableSteps).where(eq(durableSteps.runId, runId)).orderBy(asc(durableSteps.id)).limit(PAGES_MAX)).flatMap(({ steps }) => steps.map(presentStep));

/** The subscription the calling key belongs to. */
export function subscriptionOfKey({ actor }: Pick<Process, 'actor'>): string {
  if (actor.kind !== 'key') throw new Problem(kernel.unauthenticated);
  return actor.subscriptionId;
}

/** `GET …/subscriptions/{id}/runs`, the newest first. */
export async function listRuns(ctx: Ctx, { params: { subscriptionId }, query }: Input<typeof consoleRunEndpoints.list>): Promise<Output<typeof consoleRunEndpoints.list>> {
  await requireSubscription(ctx, subscriptionId);
  const { tx } = ctx;
  const rows = await tx.select({ ...getTableColumns(durableRuns), at: exactTime(durableRuns.createdAt) }).from(durableRuns).where(and(
    eq(durableRuns.subscriptionId, subscriptionId), query.status ? eq(durableRuns.state, query.status) : undefined, olderThan(query.cursor, durableRuns.createdAt, durableRuns.id),
  )).orderBy(desc(durableRuns.createdAt), desc(durableRuns.id)).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return { data: shown.map(presentRun), next_cursor: rows.length > query.limit && last ? writeCursor(last.at, last.id) : null };
}
