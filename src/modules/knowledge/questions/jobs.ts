import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/** Drafts a pair for what was asked often. A draft that is there already is left alone. */
export const draftProposal = defineJob('knowledge.draft-proposal', z.object({ groupId: z.string() }), { timeoutSeconds: 180, concurrency: 1 });

/** Asks the open questions of a knowledge base again; those that are answered now close. */
export const retestQuestions = defineJob('knowledge.retest-questions', z.object({ knowledgeBaseId: z.string() }), { retriesMax: 1, timeoutSeconds: 600, concurrency: 1 });
