import { z } from 'zod';
import { defineJob, handles } from '#platform/jobs/job.ts';
import type { Module } from '#platform/module.ts';
import { systemProcess } from '#platform/process.ts';
import { sampleEndpoints } from './contract.ts';
import { serveLogos } from './logos.ts';
import { fillSamples, seedSamples, type SeedParts } from './seed.ts';

export type { SampleKnowledge, Subscribe } from './ports.ts';
export type { SeedParts } from './seed.ts';

const fill = defineJob('samples.fill', z.object({}), { concurrency: 1 });

/**
 * The sample content as a part of the server; comes after every module it uses. With `enabled`, the first start makes
 * people and products before the server is ready and the rest in the background. Logos are served in any case, because
 * products made earlier refer to them.
 */
export function samplesModule(parts: SeedParts & { enabled: boolean }): Module {
  return {
    name: 'samples',
    routes(serve) {
      serve.raw(sampleEndpoints.logo, serveLogos());
    },
    jobs: [handles(fill, async () => fillSamples(parts))],
    async start() {
      if (!parts.enabled || !await seedSamples(parts)) return;
      await systemProcess(parts.platform, 'sample content').asOperator('fill the sample content', async (ctx) => ctx.enqueue(fill, {}));
    },
  };
}
