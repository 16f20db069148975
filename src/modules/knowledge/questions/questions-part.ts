import { and, eq } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import { on } from '#platform/events/event.ts';
import type { Serve } from '#platform/http/serve.ts';
import { handles } from '#platform/jobs/job.ts';
import type { Module } from '#platform/module.ts';
import { documentIndexed } from '../events.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeBases } from '../tables.ts';
import { collectQuestion, withdrawRating } from './collect-question.ts';
import { questionEndpoints } from './contract.ts';
import { questionUnanswered, ratingWithdrawn } from './events.ts';
import { draftProposal, retestQuestions } from './jobs.ts';
import { openQuestions } from './open-questions.ts';
import { draft, questionService } from './question-service.ts';
import { retestAll } from './retest-question.ts';
import { knowledgeQuestionGroups } from './tables.ts';

/** Documents seldom come alone: questions are asked again when it has been quiet, at most once in this time. */
const RETEST_AFTER_MS = 120_000;

/** What the module does with questions that found no answer. */
export function questionsPart(parts: KnowledgeParts, ingest: (process: Process, documentIds: readonly string[]) => Promise<void>): Required<Pick<Module, 'jobs' | 'events'>> & { routes(serve: Serve): void } {
  const questions = questionService(parts, ingest);
  /** The knowledge base of a job, unless its subscription or itself is gone. */
  const owned = async (process: Process, knowledgeBaseId: string): Promise<OwnedBase | null> => process.run(async (ctx) => {
    const [base] = await ctx.tx.select({ subscriptionId: knowledgeBases.subscriptionId }).from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId));
    return base?.subscriptionId ? requireBase(ctx, parts.owners, base.subscriptionId) : null;
  });

  return {
    routes(serve) {
      serve(questionEndpoints.list, questions.list);
      serve.raw(questionEndpoints.exportCsv, questions.exportCsv);
      serve(questionEndpoints.get, questions.get);
      serve.process(questionEndpoints.propose, questions.propose);
      serve.process(questionEndpoints.accept, questions.accept);
      serve(questionEndpoints.dismiss, questions.dismiss);
      serve(questionEndpoints.reopen, questions.reopen);
      serve.process(questionEndpoints.retest, questions.retest);
      serve(questionEndpoints.retestAll, questions.retestAll);
    },
    jobs: [
      handles(draftProposal, async (process, { groupId }) => {
        const [group] = await process.run(async ({ tx }) => tx.select().from(knowledgeQuestionGroups).where(and(eq(knowledgeQuestionGroups.id, groupId), eq(knowledgeQuestionGroups.state, 'open'))));
        if (!group || group.proposal !== null) return;
        const base = await owned(process, group.knowledgeBaseId);
        if (base) await draft(parts, process, base, group);
      }),
      handles(retestQuestions, async (process, { knowledgeBaseId }) => {
        const base = await owned(process, knowledgeBaseId);
        if (base) await retestAll(parts, process, base);
      }),
    ],
    events: [
      on(questionUnanswered, 'knowledge.collect-question', async (process, asked) => collectQuestion(parts.models, process, asked)),
      on(ratingWithdrawn, 'knowledge.withdraw-rating', async (process, { runId }) => withdrawRating(process, runId)),
      on(documentIndexed, 'knowledge.retest-questions', async (process, { subscriptionId }) => {
        if (subscriptionId === null) return;
        await process.run(async (ctx) => {
          const [base] = await ctx.tx.select({ id: knowledgeBases.id }).from(knowledgeBases).where(eq(knowledgeBases.subscriptionId, subscriptionId));
          if (!base || await openQuestions(ctx, base.id) === 0) return;
          const turn = Math.floor(ctx.now().getTime() / RETEST_AFTER_MS) + 1;
          await ctx.enqueue(retestQuestions, { knowledgeBaseId: base.id }, { key: `${base.id}:${turn}`, runAt: new Date((turn + 1) * RETEST_AFTER_MS) });
        });
      }),
    ],
  };
}
