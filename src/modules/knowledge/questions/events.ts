import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';
import { AnswerOutcome } from '../grounding-contract.ts';
import { QuestionReason } from './contract.ts';

/** Longest question that is kept. */
export const QUESTION_CHARACTERS_MAX = 2_000;

/** A subscription's knowledge had no answer to a question, or its answer was rated bad. Once for each run. */
export const questionUnanswered = defineEvent('question.unanswered', z.object({
  subscriptionId: z.string(),
  runId: z.string(),
  conversationId: z.string(),
  question: z.string().transform((text) => text.replaceAll('\0', '').slice(0, QUESTION_CHARACTERS_MAX).toWellFormed()),
  reason: QuestionReason,
  outcome: AnswerOutcome,
  /** 0..1, of the best search of the run; null where none was made. */
  confidence: z.number().nullable(),
  channel: z.string(),
  askedAt: z.iso.datetime(),
}));

/** A bad rating was taken back. */
export const ratingWithdrawn = defineEvent('question.rating-withdrawn', z.object({ subscriptionId: z.string(), runId: z.string() }));
