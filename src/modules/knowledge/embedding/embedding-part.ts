import { eq, isNotNull } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Serve } from '#platform/http/serve.ts';
import { handles, type JobHandler } from '#platform/jobs/job.ts';
import { systemProcess } from '#platform/process.ts';
import { embeddingName } from '#modules/models/contract.ts';
import { objectionTo } from '#modules/models/index.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import { modelProblem } from '../model-problem.ts';
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
    const { provider } = models.choose(base.embeddingModel, 'embedding').entry;
    return {
      model: base.embeddingModel, title: titleOf(base.embeddingModel), dimensions: base.dimensions, offline: provider === 'offline', customizable: owner.entitlements.features.embeddingChoice,
      choices: choices(), changing: base.nextModel === null ? null : {
        model: base.nextModel, title: titleOf(base.nextModel), done: Math.min(await embeddedChunks(ctx, base), base.chunks), total: base.chunks,
      },
    };
  };
  /** One that is gone from the catalogue has only its name. */
  const titleOf = (name: string) => { const { entry } = models.choose(name, 'embedding'); return entry.id === name ? entry.title : name; };
  const choices = () => models.entries().flatMap(({ id, title, kind, dimensions, dimensionsMin, available }) => (kind === 'embedding' && available && dimensions !== null ? [{ id, title, dimensions, dimensionsMin }] : []));

  const open = async (ctx: Ctx, subscriptionId: string, lock?: 'update'): Promise<OwnedBase> => {
    const owned = await requireBase(ctx, owners, subscriptionId, lock);
    if (!owned.owner.entitlements.features.embeddingChoice) throw new Problem(problems['embedding-not-open'], 'The embedding model of this product is its seller’s choice, or your plan does not include another.');
    return owned;
  };

  const choose = async (process: Process, { params, body }: Input<typeof embeddingEndpoints.choose>): Promise<EmbeddingChoice> => {
    const { base: before } = await process.run(async (ctx) => open(ctx, params.subscriptionId));
    const objection = objectionTo(models, { kind: 'embedding', name: body.model, dimensions: body.dimensions ?? 0 });
    if (objection) throw new Problem(kernel.invalid, objection.message, { issues: [{ path: objection.code === 'length' ? 'dimensions' : 'model', message: objection.message }] });
    const { id, dimensions } = models.embedding(body.dimensions === undefined ? body.model : embeddingName(body.model, body.dimensions));
    if (id !== before.embeddingModel || dimensions !== before.dimensions) await tryOut(id, process.signal);
    return process.run(async (ctx) => {
      const owned = await open(ctx, params.subscriptionId, 'update');
      return present(ctx, { ...owned, base: await setNext(ctx, owned.base, { id, dimensions }) });
    });
  };
  /** A model that cannot answer, or answers otherwise than the catalogue says, is told of now rather than by an endless change. */
  const tryOut = async (id: string, signal: AbortSignal): Promise<void> => {
    try {
      await models.embedding(id).embed(['Is anybody there?'], signal);
    } catch (error) {
      throw modelProblem(error);
    }
  };

  return {
    routes(serve) {
      serve(embeddingEndpoints.get, async (ctx, { params }) => present(ctx, await requireBase(ctx, owners, params.subscriptionId)));
      serve.process(embeddingEndpoints.choose, choose);
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
  // The operator may have corrected the length of a model that keeps its name.
  const isThat = (model: string | null, dimensions: number | null) => model === chosen.id && dimensions === chosen.dimensions;
  if (base.nextModel === null ? isThat(base.embeddingModel, base.dimensions) : isThat(base.nextModel, base.nextDimensions)) return base;
  const next = isThat(base.embeddingModel, base.dimensions)
    ? { nextModel: null, nextDimensions: null, nextEdition: base.nextEdition }
    : { nextModel: chosen.id, nextDimensions: chosen.dimensions, nextEdition: Math.max(base.edition, base.nextEdition) + 1 };
  await ctx.tx.update(knowledgeBases).set(next).where(eq(knowledgeBases.id, base.id));
  await ctx.enqueue(next.nextModel === null ? dropEditions : buildEdition, { knowledgeBaseId: base.id });
  return { ...base, ...next };
}
