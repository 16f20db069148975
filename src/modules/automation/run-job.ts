import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/** Work on a queued run. It may come again: the lease decides who works. */
export const runJob = defineJob('automation.run', z.object({ runId: z.uuid() }), { retriesMax: 5, timeoutSeconds: 900, concurrency: 4 });
