import { eq, isNotNull } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Serve } from '#platform/http/serve.ts';
import { handles, type JobHandler } from '#platform/jobs/job.ts';
import { systemProcess } from '#platform/process.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { knowledgeBases } from '../tables.ts';
import { embeddingEndpoints, type EmbeddingChoice } from './contract.ts';
import { buildNextEdition, dropOtherEditions, embeddedChunks } from './edition.ts';
import { buildEdition, dropEditions } from './jobs.ts';

const HOUR_MS = 3_600_000;

/** The choice of the embedding model as a part of the module. */
export interface EmbeddingPart {
  routes(serve: Serve): void;
  jobs: readonly JobHandler[];
  /** Queues what an ended process left unfinished; at most once an hour for each knowledge base. */
  resume(): Promise<void>;
}

export function embeddingPart(parts: KnowledgeParts): EmbeddingPart {
  const { models, owners, platform } = parts;

  const present = async (ctx: Ctx, { owner, base }: OwnedBase): Promise<EmbeddingChoice> => {
    const entry = models.choose(base.embeddingModel, 'embedding').entry;
    return {
      model: base.embeddingModel, title: entry.title, dimensions: base.dimensions, offline: entry.provider === 'offline', customizable: owner.entitlements.features.embeddingChoice,
      choices: choices(), changing: base.nextModel === null ? null : {
        model: base.nextModel, title: models.choose(base.nextModel, 'embedding').entry.title, done: Math.min(await embeddedChunks(ctx, base), base.chunks), total: base.chunks,
      },
    };
  };
  const choices = () => models.entries().flatMap(({ id, title, kind, dimensions, available }) => (kind === 'embedding' && available && dimensions !== null ? [{ id, title, dimensions }] : []));

  const choose = async (ctx: Ctx, { params, body }: Input<typeof embeddingEndpoints.choose>): Promise<EmbeddingChoice> => {
    const owned = await requireBase(ctx, owners, params.subscriptionId, 'update');
    if (!owned.owner.entitlements.features.embeddingChoice) throw new Problem(problems['embedding-not-open'], 'The embedding model of this product is its seller’s choice, or your plan does not include another.');
    const chosen = choices().find(({ id }) => id === body.model);
    if (!chosen) throw new Problem(kernel.invalid, `There is no embedding model “${body.model}” here. Choose one of: ${choices().map(({ id }) => id).join(', ')}.`);
    return present(ctx, { ...owned, base: await setNext(ctx, owned.base, chosen) });
  };

  return {
    routes(serve) {
      serve(embeddingEndpoints.get, async (ctx, { params }) => present(ctx, await requireBase(ctx, owners, params.subscriptionId)));
      serve(embeddingEndpoints.choose, choose);
    },
    jobs: [
      handles(buildEdition, async (process: Process, { knowledgeBaseId }) => buildNextEdition(parts, process, knowledgeBaseId)),
      handles(dropEditions, async (process: Process, { knowledgeBaseId }) => dropOtherEditions(process, knowledgeBaseId)),
    ],
    async resume() {
      const unfinished = await systemProcess(platform, 'resume changes of embedding models').asOperator('find knowledge bases that change their model', async ({ tx }) =>
        tx.select({ id: knowledgeBases.id, tenant: knowledgeBases.tenantId, edition: knowledgeBases.nextEdition }).from(knowledgeBases).where(isNotNull(knowledgeBases.nextModel)));
      for (const { id, tenant, edition } of unfinished) await systemProcess(platform, 'resume changes of embedding models', tenant).run(async (ctx) => {
        await ctx.enqueue(buildEdition, { knowledgeBaseId: id }, { key: `${id}:${edition}:${Math.floor(ctx.now().getTime() / HOUR_MS)}` });
      });
    },
  };
}

/** Begins the change to another model, or takes one back that is on its way. Under the lock of the knowledge base. */
async function setNext(ctx: Ctx, base: OwnedBase['base'], chosen: { id: string; dimensions: number }): Promise<OwnedBase['base']> {
  if ((base.nextModel ?? base.embeddingModel) === chosen.id) return base;
  const next = chosen.id === base.embeddingModel
    ? { nextModel: null, nextDimensions: null, nextEdition: base.nextEdition }
    : { nextModel: chosen.id, nextDimensions: chosen.dimensions, nextEdition: Math.max(base.edition, base.nextEdition) + 1 };
  await ctx.tx.update(knowledgeBases).set(next).where(eq(knowledgeBases.id, base.id));
  await ctx.enqueue(next.nextModel === null ? dropEditions : buildEdition, { knowledgeBaseId: base.id });
  return { ...base, ...next };
}
