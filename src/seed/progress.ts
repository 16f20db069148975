import type { Process } from '#platform/context.ts';
import { sampleSteps } from './tables.ts';

/** Which steps of making the sample content are done, over all starts. */
export interface Progress {
  isDone(step: string): boolean;
  /**
   * Does the work unless it was done before, and remembers it. The work and the memory are two transactions: a step may
   * run again after a crash between them, so its work must find what it made.
   */
  once(step: string, work: () => Promise<void>): Promise<void>;
}

export async function readProgress(process: Process): Promise<Progress> {
  const rows = await process.asOperator('read the progress of sample content', async ({ tx }) => tx.select({ step: sampleSteps.step }).from(sampleSteps));
  const done = new Set(rows.map((row) => row.step));
  return {
    isDone: (step) => done.has(step),
    async once(step, work) {
      if (done.has(step)) return;
      await work();
      await process.asOperator('note the progress of sample content', async ({ tx }) => {
        await tx.insert(sampleSteps).values({ step, doneAt: process.now() }).onConflictDoNothing();
      });
      done.add(step);
    },
  };
}
