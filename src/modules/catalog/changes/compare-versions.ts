import { and, desc, eq, lt } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { leafChanges } from '#platform/json/leaf-changes.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { diffCapabilities, type ProductCapabilities } from '#modules/capabilities/index.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { diffFlows, getFlow } from '#modules/flows/index.ts';
import type { PlanTerms } from '../contract.ts';
import { newestVersion, numberedVersion, openDraft, type OpenDraft, type VersionRow } from '../drafts.ts';
import type { NamedModels } from '../model-findings.ts';
import type { Sales } from '../ports.ts';
import { ownProduct } from '../seller-products.ts';
import { products, productVersions } from '../tables.ts';
import type { changesEndpoints, ProductChanges } from './contract.ts';
import { diffPlans } from './diff-plans.ts';

type Compared = Output<typeof changesEndpoints.compareVersions>;

/** One of the two things that are compared. */
interface Side { number: number | null; flow: Flow; capabilities: ProductCapabilities; plans: readonly PlanTerms[]; listing: object }

/** Comparing versions of a product, for its seller and for operators. */
export function versionComparison(sales: Sales, models: NamedModels) {
  const compare = async (process: Process, productId: string, from: Side & { number: number }, to: Side): Promise<ProductChanges> => {
    const offered = new Set(exposed(to.flow).map(({ name }) => name));
    const gone = exposed(from.flow).filter(({ name }) => !offered.has(name));
    const set = gone.length === 0 ? new Map<string, number>()
      : await process.asOperator('count subscriptions that set a parameter', async (ctx) => sales.parametersSet(ctx, productId, gone.map(({ name }) => name)));
    return {
      from: from.number, to: to.number, flow: diffFlows(from.flow, to.flow), capabilities: diffCapabilities(from.capabilities, to.capabilities), plans: diffPlans(from.plans, to.plans),
      listing: leafChanges(from.listing, to.listing).changes,
      lostSettings: gone.flatMap(({ name, title }) => { const subscriptions = set.get(name) ?? 0; return subscriptions === 0 ? [] : [{ name, title: title === '' ? name : title, subscriptions }]; }),
    };
  };

  return {
    /** For the seller. A draft that has no flow yet, or nothing before it, has nothing to be compared with. */
    async compareVersions(process: Process, { params: { productId }, query }: Input<typeof changesEndpoints.compareVersions>): Promise<Compared> {
      const [from, drafted] = await process.run(async (ctx) => {
        const product = await ownProduct(ctx, productId);
        const version = query.from !== undefined ? await numberedVersion(ctx, productId, query.from) : product.activeVersionId === null ? null : await versionWithId(ctx, product.activeVersionId);
        return [version && await sideOf(ctx, version), query.to === undefined || query.to === 'draft'] as const;
      });
      const draft = drafted ? await draftSide(process, productId, query.to === 'draft', models) : null;
      const to = draft === null ? await process.run(async (ctx) => sideOf(ctx, typeof query.to === 'number' ? await numberedVersion(ctx, productId, query.to) : await newestVersion(ctx, productId))) : draft;
      return { changes: from && to !== 'unfinished' ? await compare(process, productId, from, to) : null };
    },

    /** For the operator who reviews a version. */
    async getReviewChanges(process: Process, { params: { versionId } }: Input<typeof changesEndpoints.getReviewChanges>): Promise<Compared> {
      const sides = await process.asOperator('compare versions of a product', async (ctx) => {
        const version = await versionWithId(ctx, versionId);
        const before = await versionBefore(ctx, version);
        return before && { productId: version.productId, from: await sideOf(ctx, before), to: await sideOf(ctx, version) };
      });
      return { changes: sides && await compare(process, sides.productId, sides.from, sides.to) };
    },
  };
}

const exposed = ({ parameters }: Flow) => parameters.filter((parameter) => parameter.exposed);

async function sideOf(ctx: Ctx, { number, flowId, capabilities, plans, listing }: VersionRow): Promise<Side & { number: number }> {
  return { number, flow: (await getFlow(ctx, flowId)).definition, capabilities, plans, listing };
}

/** The draft as it would be submitted; null without one, unless it was asked for by name. */
async function draftSide(process: Process, productId: string, required: boolean, models: NamedModels): Promise<Side | 'unfinished' | null> {
  let draft: OpenDraft;
  try {
    draft = await openDraft(process, productId, models);
  } catch (error) {
    if (!required && error instanceof Problem && error.type === kernel['not-found']) return null;
    throw error;
  }
  if (!draft.flow) return 'unfinished';
  const { definition } = draft.flow;
  const parameters = definition.parameters.map((parameter) => ({ ...parameter, exposed: draft.draft.exposedParameters.includes(parameter.name) }));
  return { number: null, flow: { ...definition, parameters }, capabilities: draft.reading.capabilities, plans: draft.reading.plans, listing: draft.reading.listing ?? draft.draft.listing };
}

async function versionWithId({ tx }: Ctx, versionId: string): Promise<VersionRow> {
  const [row] = await tx.select().from(productVersions).where(eq(productVersions.id, versionId));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return row;
}

/** What buyers have now, while a version waits; otherwise the approved one before it. */
async function versionBefore(ctx: Ctx, version: VersionRow): Promise<VersionRow | null> {
  const [product] = await ctx.tx.select({ active: products.activeVersionId }).from(products).where(eq(products.id, version.productId));
  if (version.status === 'pending_review' && product?.active) return versionWithId(ctx, product.active);
  const [row] = await ctx.tx.select().from(productVersions)
    .where(and(eq(productVersions.productId, version.productId), lt(productVersions.number, version.number), eq(productVersions.status, 'approved'))).orderBy(desc(productVersions.number)).limit(1);
  return row ?? null;
}
