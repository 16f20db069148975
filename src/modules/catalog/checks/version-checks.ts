import { and, asc, count, desc, eq, gt, isNotNull, lt } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { defineJob, handles, type JobHandler } from '#platform/jobs/job.ts';
import type { VersionAnswers } from '../ports.ts';
import { problems } from '../problems.ts';
import { ownProduct } from '../seller-products.ts';
import { productVersions, versionCheckResults } from '../tables.ts';
import type { CheckQuestion, CheckScore, checkEndpoints } from './contract.ts';
import { scoreAnswer, tally, type AnswerToCheck } from './score-answer.ts';

type Checks = Output<typeof checkEndpoints.getChecks>;
type VersionRow = typeof productVersions.$inferSelect;

/** Questions of one seller that are asked in 24 hours without a charge. */
const QUESTIONS_PER_DAY = 1_000;
/** How often the questions of one version are asked, the first time included. */
const RUNS_MAX = 5;
/** Checks that have not moved for so long were lost by a crash, and may be asked for again. */
const LOST_AFTER_MS = 15 * 60_000;
const ANSWER_CHARS_KEPT = 8_000;

const checkVersion = defineJob('catalog.check-version', z.object({ versionId: z.uuid() }), { concurrency: 2, timeoutSeconds: 3_600, retriesMax: 5 });

/** The score of a version whose questions are still to be asked; null without questions. */
export const waitingScore = (questions: readonly CheckQuestion[], now: Date, runs = 1): CheckScore | null => (questions.length === 0 ? null : {
  state: 'waiting', total: questions.length, asked: 0, passed: 0, kinds: [], finishedAt: null, reason: null, runs, movedAt: now.toISOString(),
});

/** Has the questions of a version asked in the background, as its seller. */
export const enqueueChecks = async (ctx: Ctx, { id, questions }: Pick<VersionRow, 'id' | 'questions'>): Promise<void> => {
  if (questions.length > 0) await ctx.enqueue(checkVersion, { versionId: id });
};

/**
 * Asks every question of a version once and keeps what became of it. Each answer is kept before the next is asked, so a
 * repetition after a crash goes on where it stopped.
 */
export const checksJob = (answers: VersionAnswers): JobHandler => handles(checkVersion, async (process, { versionId }) => {
  const begun = await process.run(async (ctx) => begin(ctx, versionId));
  for (const { position, question } of begun) {
    const spent = await process.run(async (ctx) => askedToday(ctx));
    if (spent >= QUESTIONS_PER_DAY) {
      await process.run(async (ctx) => stop(ctx, versionId, `${QUESTIONS_PER_DAY.toLocaleString('en')} questions of this organization were asked within a day. Check again tomorrow.`));
      return;
    }
    const answer = await answers.ask(process, versionId, question.question);
    await process.run(async (ctx) => keep(ctx, versionId, position, question, answer));
  }
  await process.run(async (ctx) => finish(ctx, versionId));
});

/** The questions that are still to be asked, in order. */
async function begin(ctx: Ctx, versionId: string): Promise<{ position: number; question: CheckQuestion }[]> {
  const version = await locked(ctx, versionId);
  if (!version?.checks || version.checks.state === 'done') return [];
  const done = new Set((await resultsOf(ctx, versionId)).map(({ position }) => position));
  await setScore(ctx, { ...version.checks, state: 'running', movedAt: ctx.now().toISOString() }, versionId);
  return version.questions.map((question, position) => ({ question, position })).filter(({ position }) => !done.has(position));
}

async function keep(ctx: Ctx, versionId: string, position: number, question: CheckQuestion, answer: AnswerToCheck): Promise<void> {
  const version = await locked(ctx, versionId);
  if (!version?.checks || version.checks.state !== 'running') return;
  const { failures } = scoreAnswer(question, answer);
  await ctx.tx.insert(versionCheckResults).values({
    versionId, position, failures, answer: answer.text.replaceAll('\u0000', '').toWellFormed().slice(0, ANSWER_CHARS_KEPT), cited: [...answer.cited], tools: [...answer.tools],
    refused: answer.refused, latencyMs: Math.round(answer.latencyMs), createdAt: ctx.now(),
  }).onConflictDoNothing();
  await setScore(ctx, { ...version.checks, ...await counted(ctx, version), movedAt: ctx.now().toISOString() }, versionId);
}

async function finish(ctx: Ctx, versionId: string): Promise<void> {
  const version = await locked(ctx, versionId);
  if (version?.checks?.state !== 'running') return;
  await setScore(ctx, { ...version.checks, ...await counted(ctx, version), state: 'done', finishedAt: ctx.now().toISOString(), movedAt: ctx.now().toISOString() }, versionId);
}

async function stop(ctx: Ctx, versionId: string, reason: string): Promise<void> {
  const version = await locked(ctx, versionId);
  if (version?.checks) await setScore(ctx, { ...version.checks, state: 'stopped', reason, finishedAt: ctx.now().toISOString(), movedAt: ctx.now().toISOString() }, versionId);
}

async function counted(ctx: Ctx, version: VersionRow): Promise<Pick<CheckScore, 'asked' | 'passed' | 'kinds'>> {
  const results = (await resultsOf(ctx, version.id)).flatMap(({ position, failures }) => { const question = version.questions[position]; return question ? [{ question, failures }] : []; });
  return { asked: results.length, passed: results.filter(({ failures }) => failures.length === 0).length, kinds: tally(results) };
}

const setScore = async ({ tx }: Ctx, checks: CheckScore, versionId: string): Promise<void> => { await tx.update(productVersions).set({ checks }).where(eq(productVersions.id, versionId)); };

const resultsOf = async ({ tx }: Ctx, versionId: string) => tx.select().from(versionCheckResults).where(eq(versionCheckResults.versionId, versionId)).orderBy(asc(versionCheckResults.position));

async function askedToday({ tx, now }: Ctx): Promise<number> {
  return one(await tx.select({ asked: count() }).from(versionCheckResults).where(gt(versionCheckResults.createdAt, new Date(now().getTime() - 86_400_000)))).asked;
}

/** A version of the acting organization, or null. Published versions of others are visible too, hence the condition. */
async function locked({ tx, tenant }: Ctx, versionId: string): Promise<VersionRow | null> {
  const [row] = await tx.select().from(productVersions).where(and(eq(productVersions.id, versionId), eq(productVersions.tenantId, tenant))).for('update');
  return row ?? null;
}

/** How a version did, for its seller. */
export async function getChecks(ctx: Ctx, { params }: Input<typeof checkEndpoints.getChecks>): Promise<Checks> {
  return present(ctx, await ownVersion(ctx, params));
}

/** The same for the operator who reviews it. */
export async function getReviewChecks(ctx: Ctx, { params }: Input<typeof checkEndpoints.getReviewChecks>): Promise<Checks> {
  const [row] = await ctx.tx.select().from(productVersions).where(eq(productVersions.id, params.versionId));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return present(ctx, row);
}

/** Forgets what was answered and asks again. 409 while questions are being asked, and beyond five times. */
export async function repeatChecks(process: Process, { params }: Input<typeof checkEndpoints.repeatChecks>): Promise<Checks> {
  return process.run(async (ctx) => {
    const { id } = await ownVersion(ctx, params);
    const version = await locked(ctx, id);
    if (!version?.checks) throw new Problem(problems['no-questions']);
    const { state, movedAt, runs } = version.checks;
    if ((state === 'waiting' || state === 'running') && ctx.now().getTime() - Date.parse(movedAt) < LOST_AFTER_MS) throw new Problem(problems['checks-running']);
    if (runs >= RUNS_MAX) throw new Problem(problems['checks-used-up'], `The questions of a version are asked at most ${RUNS_MAX} times. Submit a new version to check again.`);
    await ctx.tx.delete(versionCheckResults).where(eq(versionCheckResults.versionId, version.id));
    const checks = waitingScore(version.questions, ctx.now(), runs + 1);
    await ctx.tx.update(productVersions).set({ checks }).where(eq(productVersions.id, version.id));
    await enqueueChecks(ctx, version);
    return present(ctx, { ...version, checks });
  });
}

async function ownVersion(ctx: Ctx, { productId, versionId }: { productId: string; versionId: string }): Promise<VersionRow> {
  await ownProduct(ctx, productId);
  const [row] = await ctx.tx.select().from(productVersions).where(and(eq(productVersions.id, versionId), eq(productVersions.productId, productId)));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return row;
}

async function present(ctx: Ctx, version: VersionRow): Promise<Checks> {
  const rows = await resultsOf(ctx, version.id);
  const [before] = await ctx.tx.select({ number: productVersions.number, checks: productVersions.checks }).from(productVersions).where(and(
    eq(productVersions.productId, version.productId), lt(productVersions.number, version.number), eq(productVersions.status, 'approved'), isNotNull(productVersions.checks),
  )).orderBy(desc(productVersions.number)).limit(1);
  return {
    score: version.checks, before: before?.checks ? { number: before.number, passed: before.checks.passed, total: before.checks.total } : null,
    results: rows.map(({ position, failures, answer, cited, tools, refused, latencyMs }) => ({
      position, question: version.questions[position]?.question ?? '', passed: failures.length === 0, failures, answer, cited, tools, refused, latency_ms: latencyMs,
    })),
  };
}
