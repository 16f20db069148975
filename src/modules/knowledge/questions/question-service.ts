import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { isUuid } from '#platform/crypto/ids.ts';
import { csvLine } from '#platform/http/csv.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import { chunkingOf, heldBy } from '../documents/admission.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import { modelProblem } from '../model-problem.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { insertPair } from '../qa/pairs.ts';
import { knowledgeDocuments } from '../tables.ts';
import { wordingsOf, type GroupRow } from './collect-question.ts';
import type { ClosedBecause, questionEndpoints } from './contract.ts';
import { retestQuestions } from './jobs.ts';
import { openQuestions } from './open-questions.ts';
import { examplesOf, presentDetail, presentGroup } from './present.ts';
import { proposeAnswer } from './propose-answer.ts';
import { askKnowledge, retestQuestion } from './retest-question.ts';
import { knowledgeQuestionGroups } from './tables.ts';

type E = typeof questionEndpoints;
type Detail = Output<E['get']>;
/** Groups one export holds at most. */
const EXPORTED_MAX = 5_000;
/** How long an outside engine may take to make a new pair searchable before the question is asked again. */
const ENGINE_WAIT_MS = 60_000;

/** Questions without an answer: looking at them, proposing and accepting answers, asking them again. */
export function questionService(parts: KnowledgeParts, ingest: (process: Process, documentIds: readonly string[]) => Promise<void>) {
  const { owners } = parts;

  const find = async (ctx: Ctx, { subscriptionId, questionId }: Input<E['get']>['params'], lock?: 'update'): Promise<OwnedBase & { group: GroupRow }> => {
    const owned = await requireBase(ctx, owners, subscriptionId, lock);
    const [group] = await ctx.tx.select().from(knowledgeQuestionGroups).where(and(eq(knowledgeQuestionGroups.id, questionId), eq(knowledgeQuestionGroups.knowledgeBaseId, owned.base.id)));
    if (!group) throw new Problem(kernel['not-found']);
    return { ...owned, group };
  };
  const detail = async (process: Process, params: Input<E['get']>['params']): Promise<Detail> => process.run(async (ctx) => presentDetail(ctx, (await find(ctx, params)).group));
  const retest = async (process: Process, params: Input<E['get']>['params'], reason: ClosedBecause): Promise<Detail> => {
    const { group, ...owned } = await process.run(async (ctx) => find(ctx, params));
    await retestQuestion(parts, process, owned, group, reason).catch((error: unknown) => { throw modelProblem(error); });
    return detail(process, params);
  };
  const settle = async (ctx: Ctx, params: Input<E['get']>['params'], change: Pick<GroupRow, 'state' | 'closedBecause' | 'closedAt'>): Promise<Output<E['dismiss']>> => {
    const { group } = await find(ctx, params);
    const [row = group] = await ctx.tx.update(knowledgeQuestionGroups).set({ ...change, updatedAt: ctx.now() }).where(eq(knowledgeQuestionGroups.id, group.id)).returning();
    return presentGroup(row, (await examplesOf(ctx, [row.id])).get(row.id) ?? []);
  };

  return {
    async list(ctx: Ctx, { params, query }: Input<E['list']>): Promise<Output<E['list']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      const within = and(eq(knowledgeQuestionGroups.knowledgeBaseId, base.id), eq(knowledgeQuestionGroups.state, query.state));
      const rows = await ctx.tx.select().from(knowledgeQuestionGroups).where(and(within, after(query.cursor)))
        .orderBy(desc(knowledgeQuestionGroups.asked), desc(knowledgeQuestionGroups.id)).limit(query.limit + 1);
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const examples = await examplesOf(ctx, shown.map(({ id }) => id));
      const [all] = await ctx.tx.select({ total: count() }).from(knowledgeQuestionGroups).where(within);
      return {
        data: shown.map((row) => presentGroup(row, examples.get(row.id) ?? [])), next_cursor: rows.length > query.limit && last ? writeCursor(String(last.asked), last.id) : null, total: all?.total ?? 0,
      };
    },

    get: async (ctx: Ctx, { params }: Input<E['get']>): Promise<Detail> => presentDetail(ctx, (await find(ctx, params)).group),

    /** Drafts anew each time: documents may have come since. */
    async propose(process: Process, { params }: Input<E['propose']>): Promise<Detail> {
      const { group, ...owned } = await process.run(async (ctx) => find(ctx, params));
      await draft(parts, process, owned, group).catch((error: unknown) => { throw modelProblem(error); });
      return detail(process, params);
    },

    /** The pair is searchable, and the question asked again, before this answers. */
    async accept(process: Process, { params, body }: Input<E['accept']>): Promise<Detail> {
      const { pairId, engine } = await process.run(async (ctx) => {
        const { group, ...owned } = await find(ctx, params, 'update');
        const { entitlements: { features, qaPairsMax } } = owned.owner;
        if (!features.knowledgeSources.includes('qaPairs')) throw new Problem(problems['source-not-included'], 'This product does not take question and answer pairs.');
        if ((await heldBy(ctx, owned.base.id)).pairs >= qaPairsMax) throw new Problem(problems['pairs-full'], `All ${qaPairsMax} pairs included are used. Delete pairs you no longer need, or choose a larger plan.`);
        // Not queued: it is indexed right here, and the sweep takes it up should this process die.
        const pair = await insertPair(ctx, owned.base.id, chunkingOf(owned), body);
        if (!pair) throw new Problem(problems['pair-exists']);
        await ctx.tx.update(knowledgeQuestionGroups).set({ pairId: pair.id, state: 'open', closedBecause: null, closedAt: null, updatedAt: ctx.now() }).where(eq(knowledgeQuestionGroups.id, group.id));
        if (owned.base.engine !== 'builtin') await ctx.enqueue(retestQuestions, { knowledgeBaseId: owned.base.id }, { runAt: new Date(ctx.now().getTime() + ENGINE_WAIT_MS) });
        return { pairId: pair.id, engine: owned.base.engine };
      });
      await ingest(process, [pairId]);
      const [pair] = await process.run(async ({ tx }) => tx.select({ state: knowledgeDocuments.state, error: knowledgeDocuments.error }).from(knowledgeDocuments).where(eq(knowledgeDocuments.id, pairId)));
      if (pair?.state !== 'indexed') throw new Problem(kernel.unavailable, `The pair was added, but cannot be searched yet. ${pair?.error?.message ?? ''}`.trim());
      return engine === 'builtin' ? retest(process, params, 'pair') : detail(process, params);
    },

    dismiss: async (ctx: Ctx, { params }: Input<E['dismiss']>): Promise<Output<E['dismiss']>> => settle(ctx, params, { state: 'dismissed', closedBecause: 'person', closedAt: ctx.now() }),
    reopen: async (ctx: Ctx, { params }: Input<E['reopen']>): Promise<Output<E['reopen']>> => settle(ctx, params, { state: 'open', closedBecause: null, closedAt: null }),
    retest: async (process: Process, { params }: Input<E['retest']>): Promise<Detail> => retest(process, params, 'knowledge'),

    async retestAll(ctx: Ctx, { params }: Input<E['retestAll']>): Promise<Output<E['retestAll']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      await ctx.enqueue(retestQuestions, { knowledgeBaseId: base.id });
      return { questions: await openQuestions(ctx, base.id) };
    },

    async exportCsv(process: Process, { params, query }: Input<E['exportCsv']>, { reply }: HttpExchange): Promise<void> {
      const lines = await process.run(async (ctx) => {
        const { base } = await requireBase(ctx, owners, params.subscriptionId);
        const rows = await ctx.tx.select().from(knowledgeQuestionGroups).where(and(eq(knowledgeQuestionGroups.knowledgeBaseId, base.id), eq(knowledgeQuestionGroups.state, query.state)))
          .orderBy(desc(knowledgeQuestionGroups.asked), desc(knowledgeQuestionGroups.id)).limit(EXPORTED_MAX);
        const examples = await examplesOf(ctx, rows.map(({ id }) => id));
        return rows.map((row) => csvLine([
          row.question, String(row.asked), row.languages.join(' '), row.createdAt.toISOString(), row.lastAskedAt.toISOString(), row.state, row.closedBecause ?? '', (examples.get(row.id) ?? []).join('\n'), row.proposal?.answer ?? '',
        ]));
      });
      const head = csvLine(['question', 'asked', 'languages', 'first asked', 'last asked', 'state', 'closed because', 'wordings', 'proposed answer']);
      await reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="unanswered-questions.csv"').send(`\uFEFF${head}${lines.join('')}`);
    },
  };
}

/** Writes a proposal from what the knowledge has nearest to the question. Throws ModelError when a model cannot be reached. */
export async function draft(parts: KnowledgeParts, process: Process, owned: OwnedBase, group: GroupRow): Promise<void> {
  const wordings = await process.run(async (ctx) => wordingsOf(ctx, group.id));
  const found = await askKnowledge(parts, process, owned, group.question);
  const proposal = await proposeAnswer(parts.models, group.question, [...new Set(wordings.map(({ content }) => content))], found, process.now(), process.signal);
  await process.run(async ({ tx, now }) => {
    await tx.update(knowledgeQuestionGroups).set({ proposal, updatedAt: now() }).where(eq(knowledgeQuestionGroups.id, group.id));
  });
}

function after(cursor: string | undefined): ReturnType<typeof and> {
  const position = readCursor(cursor);
  if (!position) return undefined;
  const [asked, id] = position;
  if (!/^\d{1,9}$/.test(asked) || !isUuid(id)) throw new Problem(kernel.invalid, 'This cursor is not valid; start from the first page.', { issues: [{ path: 'cursor', message: 'not a cursor of this list' }] });
  return sql`(${knowledgeQuestionGroups.asked}, ${knowledgeQuestionGroups.id}) < (${Number(asked)}, ${id}::uuid)`;
}
