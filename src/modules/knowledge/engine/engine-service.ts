import { eq, isNotNull } from 'drizzle-orm';
import type { Ctx, Platform, Process } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { Problem } from '#platform/http/problem.ts';
import { systemProcess } from '#platform/process.ts';
import { requireBase, requireBaseRow, type BaseRow } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { EngineError, type KnowledgeEngine } from '../ports.ts';
import { problems } from '../problems.ts';
import { knowledgeBases, knowledgeDocuments } from '../tables.ts';
import type { EngineChoice, engineEndpoints } from './contract.ts';
import { dropDataset, syncEngine } from './jobs.ts';
import { datasetName } from './names.ts';
import { engineProgress } from './wanted-documents.ts';

/** Choosing what searches a knowledge base. Our own index is kept in any case, so coming back costs nothing. */
export function engineService({ engine, owners }: Pick<KnowledgeParts, 'engine' | 'owners'>) {
  return {
    async choose(process: Process, { params, body }: Input<typeof engineEndpoints.choose>): Promise<EngineChoice> {
      const { base: { id } } = await process.run(async (ctx) => requireBase(ctx, owners, params.subscriptionId));
      const dataset = body.engine === 'builtin' ? null : await datasetOf(engine, process, id);
      return process.run(async (ctx) => {
        const base = await requireBaseRow(ctx, id, 'update');
        await (dataset === null ? comeBack(ctx, base) : setOut(ctx, base, dataset));
        return engineChoice(ctx, await requireBaseRow(ctx, id), engine);
      });
    },
  };
}

/** What callers see of the choice. */
export async function engineChoice(ctx: Ctx, base: BaseRow, engine: KnowledgeEngine | null): Promise<EngineChoice> {
  return { kind: base.engine, available: engine !== null, switching: base.engine === 'builtin' && base.engineRef !== null ? await engineProgress(ctx, base.id) : null };
}

async function datasetOf(engine: KnowledgeEngine | null, process: Process, knowledgeBaseId: string): Promise<string> {
  if (!engine) throw new Problem(problems['engine-not-connected'], 'This installation has no RAGFlow server. Its operator can connect one; until then the built-in search serves.');
  try {
    return await engine.ensureDataset(datasetName(process.tenant, knowledgeBaseId), process.signal);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new Problem(problems['engine-unavailable'], `${error.message} The built-in search goes on serving. Try again later, or tell the operator.`, { cause: error, headers: { 'retry-after': '60' } });
  }
}

/** Documents are sent in the background; ours goes on answering until they are all there. */
async function setOut(ctx: Ctx, base: BaseRow, dataset: string): Promise<void> {
  if (base.engineRef !== dataset) {
    await ctx.tx.update(knowledgeBases).set({ engineRef: dataset }).where(eq(knowledgeBases.id, base.id));
    await ctx.tx.update(knowledgeDocuments).set({ engineRef: null }).where(eq(knowledgeDocuments.knowledgeBaseId, base.id));
  }
  await ctx.enqueue(syncEngine, { knowledgeBaseId: base.id, round: 0, retry: 'all' });
}

async function comeBack(ctx: Ctx, base: BaseRow): Promise<void> {
  if (base.engineRef === null) return;
  await ctx.tx.update(knowledgeBases).set({ engine: 'builtin', engineRef: null }).where(eq(knowledgeBases.id, base.id));
  await ctx.tx.update(knowledgeDocuments).set({ engineRef: null }).where(eq(knowledgeDocuments.knowledgeBaseId, base.id));
  await ctx.enqueue(dropDataset, { knowledgeBaseId: base.id });
}

/**
 * Has an outside engine follow what changed in a knowledge base, if it has one: call it where documents were indexed or
 * deleted. `indexed` are tried again there if they failed before.
 */
export async function followInEngine(ctx: Ctx, knowledgeBaseId: string, indexed: readonly string[] = []): Promise<void> {
  const [base] = await ctx.tx.select({ engineRef: knowledgeBases.engineRef }).from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId));
  if (base && base.engineRef !== null) await ctx.enqueue(syncEngine, { knowledgeBaseId, round: 0, retry: [...indexed] });
}

/** Deletes a dataset unless it was chosen again since. The name is of the job's own tenant, so no other's can be meant. */
export async function dropDatasetOf(engine: KnowledgeEngine | null, process: Process, knowledgeBaseId: string): Promise<void> {
  if (!engine) return;
  const [base] = await process.run(async ({ tx }) => tx.select({ engineRef: knowledgeBases.engineRef }).from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId)));
  if (base && base.engineRef !== null) return;
  await engine.removeDataset(datasetName(process.tenant, knowledgeBaseId), process.signal);
}

/** Takes up what a stopped process left: every knowledge base that has an outside engine is compared with it once. */
export async function resumeEngines(platform: Platform): Promise<void> {
  const bases = await systemProcess(platform, 'resume knowledge engines').asOperator('find knowledge bases with an outside engine', async ({ tx }) =>
    tx.select({ id: knowledgeBases.id, tenant: knowledgeBases.tenantId }).from(knowledgeBases).where(isNotNull(knowledgeBases.engineRef)));
  for (const { id, tenant } of bases) await systemProcess(platform, 'resume knowledge engines', tenant).run(async (ctx) => followInEngine(ctx, id));
}
