import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { askOnce, latestQuestions, type Runtime, type Subject, type Subjects } from '#modules/runtime/index.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';
import { TRIAL_QUESTIONS_MAX, type TrialAnswer, type updateEndpoints } from '#modules/subscriptions/updates/contract.ts';
import type { Admission } from '../admission.ts';
import { dailyUsesLeft, takeDailyUse } from '../daily-uses.ts';
import { problems } from '../problems.ts';

/** Questions a subscription may put to two versions in a day; each is answered twice at the installation's expense. */
const QUESTIONS_PER_DAY = 60;
const QUESTIONS_PER_MINUTE = 20;

/** Asking the version in use and the one that is offered the same, before deciding. */
export function trialService({ runtime, subjects, admission }: { runtime: Runtime; subjects: Subjects; admission: Admission }) {
  const use = (productId: string, subscriptionId: string) => ({ productId, who: `trial:${subscriptionId}`, max: QUESTIONS_PER_DAY });

  return {
    /** What people asked lately, where the product shows transcripts; otherwise the buyer writes questions of their own. */
    async questions(process: Process, { params: { subscriptionId } }: Input<typeof updateEndpoints.listTrialQuestions>): Promise<Output<typeof updateEndpoints.listTrialQuestions>> {
      const { productId, data } = await process.run(async (ctx) => {
        const { row, entitlements: { features } } = await loadSubscription(ctx, subscriptionId);
        return { productId: row.productId, data: features.transcripts ? await latestQuestions(ctx, subscriptionId, TRIAL_QUESTIONS_MAX) : [] };
      });
      return { data, remaining: await process.asOperator('count try-outs', async (ctx) => dailyUsesLeft(ctx, use(productId, subscriptionId))) };
    },

    async ask(process: Process, { params: { subscriptionId }, body }: Input<typeof updateEndpoints.tryOffer>): Promise<Output<typeof updateEndpoints.tryOffer>> {
      const { current, offered } = await subjects.forTrial(process, subscriptionId, body.version_id);
      admission.take([{ name: `trial:${subscriptionId}`, perMinute: QUESTIONS_PER_MINUTE }]);
      const remaining = await process.asOperator('count try-outs', async (ctx) => takeDailyUse(ctx, use(current.productId, subscriptionId)));
      if (remaining === null) throw new Problem(problems['trial-used-up'], `${QUESTIONS_PER_DAY} questions a day. Go on tomorrow.`);
      const answer = async (subject: Subject) => present(await askOnce(runtime, subject, body.question, { channel: 'trial', dryRun: true, signal: process.signal }));
      const [now, then] = await Promise.all([answer(current), answer(offered)]);
      return { current: now, offered: then, remaining };
    },
  };
}

const present = ({ text, citations, refused, latencyMs, error }: Awaited<ReturnType<typeof askOnce>>): TrialAnswer => ({ answer: text, citations, refused, latency_ms: latencyMs, error });
