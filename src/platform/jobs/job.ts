import type { z } from 'zod';
import type { Process } from '../context.ts';

/** A kind of background work. */
export interface JobType<T> {
  name: string;
  schema: z.ZodType<T>;
  /** Tries after the first failure, with growing delay. */
  retriesMax: number;
  /** A try that takes longer is given up and counts as failed. */
  timeoutSeconds: number;
  /** How many run at once in one process. */
  concurrency: number;
}

export const defineJob = <T>(name: string, schema: z.ZodType<T>, options: Partial<Omit<JobType<T>, 'name' | 'schema'>> = {}): JobType<T> => ({
  name, schema, retriesMax: 3, timeoutSeconds: 300, concurrency: 2, ...options,
});

/** Runs a job as the tenant that enqueued it. At least once: must be idempotent. */
export interface JobHandler {
  job: JobType<unknown>;
  handle(process: Process, payload: unknown, jobId: string): Promise<void>;
}

export const handles = <T>(job: JobType<T>, handle: (process: Process, payload: T, jobId: string) => Promise<void>): JobHandler => ({
  job: job as JobType<unknown>,
  handle: async (process, payload, jobId) => handle(process, job.schema.parse(payload), jobId),
});
