import { z } from 'zod';
import { defineJob } from '#platform/jobs/job.ts';

/**
 * Makes the outside engine hold just what the knowledge base holds. `retry` names documents that failed there and are tried
 * again; `round` counts how often it had to wait.
 */
export const syncEngine = defineJob('knowledge.sync-engine', z.object({
  knowledgeBaseId: z.string(), round: z.number().int().default(0), retry: z.union([z.literal('all'), z.array(z.string())]).default([]),
}), { retriesMax: 3, timeoutSeconds: 1800, concurrency: 2 });

/** Deletes what the outside engine keeps of a knowledge base that is searched by our own index again. */
export const dropDataset = defineJob('knowledge.drop-dataset', z.object({ knowledgeBaseId: z.string() }), { retriesMax: 12, timeoutSeconds: 120 });
