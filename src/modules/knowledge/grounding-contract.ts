import { z } from 'zod';

/** Why the knowledge does not answer a question: no passage was found, or none that is sure enough. */
export const KnowledgeGap = z.enum(['nothing-found', 'low-confidence']);
export type KnowledgeGap = z.infer<typeof KnowledgeGap>;

/**
 * What a person reads to a question: an answer, set words that refuse, an answer that says it is general knowledge, or set
 * words that hand over to a person.
 */
export const AnswerOutcome = z.enum(['answered', 'refused', 'general', 'handed-over']);
export type AnswerOutcome = z.infer<typeof AnswerOutcome>;
