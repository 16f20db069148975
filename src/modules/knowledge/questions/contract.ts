import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { NewQaPair } from '../contract.ts';
import { AnswerOutcome, KnowledgeGap } from '../grounding-contract.ts';

/** `answered`: the knowledge answers it now. `dismissed`: the buyer does not want it answered; asked again, it stays so. */
export const QuestionState = z.enum(['open', 'answered', 'dismissed']);
export type QuestionState = z.infer<typeof QuestionState>;

/** Why a question was collected: the knowledge has a gap, or the answer was rated bad. */
export const QuestionReason = z.enum([...KnowledgeGap.options, 'rated-down']);
export type QuestionReason = z.infer<typeof QuestionReason>;

/** Why a question is no longer open: a pair was made of it, other knowledge answers it, or a person said so. */
export const ClosedBecause = z.enum(['pair', 'knowledge', 'person']);
export type ClosedBecause = z.infer<typeof ClosedBecause>;

/** A passage a proposed answer rests on. */
export const ProposalPassage = z.object({ document_id: Id, chunk_id: z.string(), title: z.string(), page: z.number().int().nullable(), url: z.string().nullable(), snippet: z.string() });

/** A draft of a pair. Nobody but the buyer sees it before it is accepted. */
export const QuestionProposal = z.object({
  question: z.string(),
  /** Empty where nothing in the knowledge helps; then the buyer writes it. */
  answer: z.string(),
  /** Who wrote it: the installation's model, the passages themselves, or nobody. */
  origin: z.enum(['model', 'quoted', 'empty']),
  passages: z.array(ProposalPassage),
  created_at: Timestamp,
});
export type QuestionProposal = z.infer<typeof QuestionProposal>;

/** How many of the different wordings the knowledge answers now. */
export const QuestionTest = z.object({ answered: z.number().int(), wordings: z.number().int(), tested_at: Timestamp });
export type QuestionTest = z.infer<typeof QuestionTest>;

export const UnansweredQuestion = z.object({
  id: Id, question: z.string(), state: QuestionState, closed_because: ClosedBecause.nullable(), closed_at: Timestamp.nullable(),
  asked: z.number().int(), languages: z.array(z.string()), first_asked_at: Timestamp, last_asked_at: Timestamp,
  /** A few different wordings, newest first. */
  examples: z.array(z.string()),
  proposal: QuestionProposal.nullable(), pair_id: Id.nullable(), test: QuestionTest.nullable(),
}).meta({ id: 'UnansweredQuestion' });
export type UnansweredQuestion = z.infer<typeof UnansweredQuestion>;

/** One time it was asked. */
export const AskedQuestion = z.object({
  text: z.string(), language: z.string().nullable(), reason: QuestionReason, outcome: AnswerOutcome, confidence: z.number().nullable(), channel: z.string(), asked_at: Timestamp,
  conversation_id: Id, run_id: Id, answered_now: z.boolean().nullable(),
});
export const UnansweredQuestionDetail = UnansweredQuestion.extend({ wordings: z.array(AskedQuestion) }).meta({ id: 'UnansweredQuestionDetail' });

const subscriptionParams = z.object({ subscriptionId: Id });
const questionParams = subscriptionParams.extend({ questionId: Id });
const read = { member: 'member', scope: 'knowledge:read' } as const;
const write = { member: 'member', scope: 'knowledge:write' } as const;
const tags = ['Knowledge'];
const base = '/api/v1/subscriptions/:subscriptionId/knowledge/questions';
const stateQuery = z.object({ state: QuestionState.default('open') });

export const questionEndpoints = {
  list: endpoint({
    method: 'GET', path: base, access: read, summary: 'Questions without an answer, the most frequent first', tags, params: subscriptionParams,
    query: stateQuery.extend({ cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(100).default(30) }), response: page(UnansweredQuestion),
  }),
  exportCsv: endpoint({ method: 'GET', path: `${base}.csv`, access: read, summary: 'Export questions without an answer as CSV', tags, params: subscriptionParams, query: stateQuery, produces: 'text/csv', response: z.undefined() }),
  get: endpoint({ method: 'GET', path: `${base}/:questionId`, access: read, summary: 'A question and how it was asked', tags, params: questionParams, response: UnansweredQuestionDetail }),
  /** Drafts a pair from the nearest passages, anew each time. */
  propose: endpoint({ method: 'POST', path: `${base}/:questionId/proposal`, access: write, summary: 'Propose an answer', tags, params: questionParams, response: UnansweredQuestionDetail }),
  /** Makes a pair, and asks all wordings again once it can be searched. */
  accept: endpoint({ method: 'POST', path: `${base}/:questionId/accept`, access: write, summary: 'Make a pair of a question', tags, params: questionParams, body: NewQaPair, response: UnansweredQuestionDetail }),
  dismiss: endpoint({ method: 'POST', path: `${base}/:questionId/dismiss`, access: write, summary: 'Put a question aside', tags, params: questionParams, response: UnansweredQuestion }),
  reopen: endpoint({ method: 'POST', path: `${base}/:questionId/reopen`, access: write, summary: 'Take a question up again', tags, params: questionParams, response: UnansweredQuestion }),
  retest: endpoint({ method: 'POST', path: `${base}/:questionId/retest`, access: write, summary: 'Ask a question again', tags, params: questionParams, response: UnansweredQuestionDetail }),
  /** In the background; questions that are answered now close by themselves. */
  retestAll: endpoint({ method: 'POST', path: `${base}/retest`, access: write, summary: 'Ask all open questions again', tags, params: subscriptionParams, status: 202, response: z.object({ questions: z.number().int() }) }),
};
