import { and, eq } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { knowledgeQuestionGroups } from './tables.ts';

/** How many questions of a knowledge base wait for an answer. */
export const openQuestions = async ({ tx }: Ctx, knowledgeBaseId: string): Promise<number> =>
  tx.$count(knowledgeQuestionGroups, and(eq(knowledgeQuestionGroups.knowledgeBaseId, knowledgeBaseId), eq(knowledgeQuestionGroups.state, 'open')));
