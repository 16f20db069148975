import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

const KnowledgeBase = z.object({ knowledgeBaseId: z.string() });

/** Embeds what the next edition of a knowledge base lacks, and lets it serve when nothing is missing. Goes on with itself. */
export const buildEdition = defineJob('knowledge.build-edition', KnowledgeBase, { retriesMax: 5, timeoutSeconds: 1800, concurrency: 1 });
/** Deletes chunks of editions that do not serve and are not being built. */
export const dropEditions = defineJob('knowledge.drop-editions', KnowledgeBase, { retriesMax: 5, timeoutSeconds: 1800, concurrency: 1 });
