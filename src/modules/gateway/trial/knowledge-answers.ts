import { Problem } from '#platform/http/problem.ts';
import type { AnswerPreview } from '#modules/knowledge/index.ts';
import type { Runtime, Subjects } from '#modules/runtime/index.ts';
import type { Admission } from '../admission.ts';
import { collect } from '../chat/chat-answer.ts';
import { takeDailyUse } from '../daily-uses.ts';
import { problems } from '../problems.ts';

/** Questions of the test panel a subscription may ask in a day; they are answered at the installation's expense. */
const QUESTIONS_PER_DAY = 300;
const QUESTIONS_PER_MINUTE = 20;

/** Fills the port of the knowledge's test panel: the product's own way, without a record, a charge, or anything changed outside. */
export const knowledgeAnswers = ({ runtime, subjects, admission }: { runtime: Runtime; subjects: Subjects; admission: Admission }): AnswerPreview => ({
  async answer(process, { subscriptionId, query }) {
    const subject = await subjects.forTest(process.tenant, subscriptionId);
    admission.take([{ name: `test:${subscriptionId}`, perMinute: QUESTIONS_PER_MINUTE }]);
    const remaining = await process.asOperator('count try-outs', async (ctx) => takeDailyUse(ctx, { productId: subject.productId, who: `test:${subscriptionId}`, max: QUESTIONS_PER_DAY }));
    if (remaining === null) throw new Problem(problems['trial-used-up'], `${QUESTIONS_PER_DAY} test questions a day. Go on tomorrow.`);
    const answering = await runtime.answer({
      subject, channel: 'test', keyId: null, text: query, images: [], history: [], conversation: null, visitor: null, generation: { temperature: null, outputTokensMax: null }, dryRun: true, signal: process.signal,
    });
    const { text, citations, outcome, gap, confidence } = await collect(answering);
    return { answer: text, citations, outcome, gap, confidence };
  },
});
