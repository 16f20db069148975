import type { Serve } from '#platform/http/serve.ts';
import { on, type EventHandler } from '#platform/events/event.ts';
import { handles, type JobHandler } from '#platform/jobs/job.ts';
import type { KnowledgeParts } from '../parts.ts';
import { sourceEndpoints } from './contract.ts';
import { sourceFailed } from './events.ts';
import { syncSource, writeOfFailure } from './jobs.ts';
import { queueDueSources, resumeReadings } from './schedule.ts';
import { sourceService } from './sources.ts';
import { createSync } from './sync-source.ts';
import { serveTraining } from './training.ts';
import { queueLetters, sendLetter } from './failure-letter.ts';
import { SourceWatches } from './watch-sources.ts';

const LOOK_EVERY_MS = 15_000;

/** Sources as a part of the module. */
export interface SourcesPart {
  routes(serve: Serve): void;
  jobs: readonly JobHandler[];
  events: readonly EventHandler[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** `alone`: no other process works on the database. `work`: this process looks for sources that are due and listens to them. */
export function sourcesPart(parts: KnowledgeParts, { alone, work }: { alone: boolean; work: boolean }): SourcesPart {
  const { platform } = parts;
  const sources = sourceService(parts);
  const sync = createSync(parts);
  const watches = new SourceWatches(parts);
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  const look = (silentMs?: number) => {
    looking = looking.then(async () => {
      await resumeReadings(platform, silentMs);
      await queueDueSources(platform);
      await watches.adjust();
    }).catch((error: unknown) => { platform.log.error({ err: error }, 'looking for sources that are due failed; trying again'); });
  };

  return {
    routes(serve) {
      serve(sourceEndpoints.listSources, sources.list);
      serve(sourceEndpoints.listSourceKinds, sources.kinds);
      serve(sourceEndpoints.addSource, sources.add);
      serve.process(sourceEndpoints.testSource, sources.test);
      serve(sourceEndpoints.getSource, sources.get);
      serve(sourceEndpoints.changeSource, sources.change);
      serve.process(sourceEndpoints.removeSource, sources.remove);
      serve(sourceEndpoints.syncSource, sources.sync);
      serve(sourceEndpoints.stopSource, sources.stop);
      serve(sourceEndpoints.syncAll, sources.syncAll);
      serveTraining(serve, sources);
    },
    jobs: [handles(syncSource, sync), handles(writeOfFailure, async (process, letter, jobId) => sendLetter(parts, process, letter, jobId))],
    events: [on(sourceFailed, 'knowledge.write-of-failure', async (process, { sourceId, failures }) => {
      if (failures === 1) await queueLetters(parts.alerts, process, sourceId);
    })],
    async start() {
      if (!work) return;
      look(alone ? 0 : undefined);
      await looking;
      timer = setInterval(() => { look(); }, LOOK_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await looking;
      await watches.stop();
    },
  };
}
