import type { Serve } from '#platform/http/serve.ts';
import { handles } from '#platform/jobs/job.ts';
import type { Module } from '#platform/module.ts';
import type { KnowledgeParts } from '../parts.ts';
import { engineEndpoints } from './contract.ts';
import { dropDatasetOf, engineService, resumeEngines } from './engine-service.ts';
import { dropDataset, syncEngine } from './jobs.ts';
import { createEngineSync } from './sync-documents.ts';

/** What the module does for outside engines: the choice, and the work that follows from it. */
export function enginePart(parts: KnowledgeParts): Required<Pick<Module, 'jobs' | 'start' | 'stop'>> & { routes(serve: Serve): void } {
  const { engine, platform } = parts;
  const service = engineService(parts);
  const sync = createEngineSync(parts);
  return {
    routes(serve) { serve.process(engineEndpoints.choose, service.choose); },
    jobs: [
      handles(syncEngine, sync),
      handles(dropDataset, async (process, { knowledgeBaseId }) => dropDatasetOf(engine, process, knowledgeBaseId)),
    ],
    async start() { if (engine) await resumeEngines(platform); },
    async stop() { await engine?.close(); },
  };
}
