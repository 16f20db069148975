import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/** One reading of a source may take this long; what is not there by then comes with the next. */
export const READING_MINUTES_MAX = 30;

/** Reads a source. `sync` is the number of the reading, so that a repeated job goes on with it and a late one does nothing. */
export const syncSource = defineJob('knowledge.sync', z.object({ sourceId: z.string(), sync: z.number() }), { retriesMax: 2, timeoutSeconds: READING_MINUTES_MAX * 60 + 300, concurrency: 2 });
