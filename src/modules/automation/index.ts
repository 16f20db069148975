import type { Platform } from '#platform/context.ts';
import { handles } from '#platform/jobs/job.ts';
import type { Module } from '#platform/module.ts';
import type { Runtime, Subjects } from '#modules/runtime/index.ts';
import { consoleRunEndpoints, runEndpoints } from './contract.ts';
import { cancelRun, findRun, listRuns, stepsOf, subscriptionOfKey } from './durable-runs.ts';
import { createJournalStore } from './journal-store.ts';
import { presentRun } from './present.ts';
import { runJob } from './run-job.ts';
import { createRunWorker } from './run-worker.ts';

export { createJournalStore, type JournalStore } from './journal-store.ts';
export { queueRun } from './durable-runs.ts';

export interface AutomationParts { platform: Platform; runtime: Runtime; subjects: Subjects; /** Whether this process works on runs, or only answers about them. */ work: boolean }

/** Runs that go on by themselves: queued, journalled step by step, taken over after a crash. */
export function automationModule({ platform, runtime, subjects, work }: AutomationParts): Module {
  const worker = createRunWorker({ platform, runtime, subjects, journals: createJournalStore(platform) });
  return {
    name: 'automation',
    routes(serve) {
      serve(runEndpoints.get, async (ctx, { params }) => presentRun(await findRun(ctx, subscriptionOfKey(ctx), params.runId)));
      serve(runEndpoints.steps, async (ctx, { params }) => ({ data: await stepsOf(ctx, (await findRun(ctx, subscriptionOfKey(ctx), params.runId)).id) }));
      serve(runEndpoints.cancel, async (ctx, { params }) => cancelRun(ctx, subscriptionOfKey(ctx), params.runId));
      serve(consoleRunEndpoints.list, listRuns);
      serve(consoleRunEndpoints.get, async (ctx, { params }) => {
        const row = await findRun(ctx, params.subscriptionId, params.runId);
        return { ...presentRun(row), steps: await stepsOf(ctx, row.id) };
      });
      serve(consoleRunEndpoints.cancel, async (ctx, { params }) => cancelRun(ctx, params.subscriptionId, params.runId));
    },
    jobs: [handles(runJob, async (process, { runId }) => worker.work(process, runId))],
    async start() { if (work) worker.start(); },
    async stop() { await worker.stop(); },
  };
}
