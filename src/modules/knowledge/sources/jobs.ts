import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/** One reading of a source may take this long; what is not there by then comes with the next. */
export const READING_MINUTES_MAX = 30;

/** Reads a source. `sync` is the number of the reading, so that a repeated job goes on with it and a late one does nothing. */
export const syncSource = defineJob('knowledge.sync', z.object({ sourceId: z.string(), sync: z.number() }), { retriesMax: 2, timeoutSeconds: READING_MINUTES_MAX * 60 + 300, concurrency: 2 });

/** Names one message of one failing. `since` is when it began: a message that is late does not speak of another. */
export const FailureLetter = z.object({ subscriptionId: z.string(), sourceId: z.string(), since: z.string(), userId: z.string() });
export type FailureLetter = z.infer<typeof FailureLetter>;

/** Writes to one person that a source began to fail. A mail server that is away is waited for about two hours. */
export const writeOfFailure = defineJob('knowledge.write-of-failure', FailureLetter, { retriesMax: 12, timeoutSeconds: 120, concurrency: 2 });
