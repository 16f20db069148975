import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/** Documents handed to one job; short texts share the costs of a transaction. */
export const DOCUMENTS_PER_JOB = 50;

/** Makes documents searchable. Those that are done already are skipped, so it may be repeated at any point. */
export const indexDocuments = defineJob('knowledge.index', z.object({ documentIds: z.array(z.string()).max(DOCUMENTS_PER_JOB) }), { retriesMax: 3, timeoutSeconds: 1800, concurrency: 2 });

/** Removes originals that no document refers to any more. */
export const removeFiles = defineJob('knowledge.remove-files', z.object({ keys: z.array(z.string()).max(1000) }));
