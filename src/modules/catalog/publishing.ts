import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, max } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one, sqlState } from '#platform/db/database.ts';
import { Problem } from '#platform/http/problem.ts';
import { exposeParameters, flowsWithFile, getFlow } from '#modules/flows/index.ts';
import { sameJson } from '#platform/json/leaf-changes.ts';
import { enqueueChecks, waitingScore } from './checks/version-checks.ts';
import type { Listing, providerEndpoints } from './contract.ts';
import { openDraft, pendingVersion, type OpenDraft, type VersionRow } from './drafts.ts';
import { productSubmitted } from './events.ts';
import type { NamedModels } from './model-findings.ts';
import { ownKnowledge } from './preview.ts';
import { problems } from './problems.ts';
import { ownProduct, type ProductRow } from './seller-products.ts';
import { productDrafts, products, productVersions } from './tables.ts';

type Endpoints = typeof providerEndpoints;

const UNIQUE_VIOLATION = '23505';

/**
 * Submits the draft for review. Without a draft, or with one that changes nothing a buyer or reviewer would notice, an
 * approved product is listed again at once. 422 `draft-incomplete` names everything that is still wrong.
 */
export async function publish(process: Process, productId: string, models: NamedModels): Promise<void> {
  const hasDraft = await process.run(async (ctx) => {
    const product = await ownProduct(ctx, productId);
    const drafts = await ctx.tx.select({ id: productDrafts.id }).from(productDrafts).where(eq(productDrafts.productId, productId));
    if (drafts.length === 0) await listAgain(ctx, product);
    return drafts.length > 0;
  });
  if (!hasDraft) return;
  const draft = await openDraft(process, productId, models);
  await process.run(async (ctx) => {
    const product = await ownProduct(ctx, productId);
    // Somebody may have saved in between; what was checked is what must be submitted.
    const [row] = await ctx.tx.select({ updatedAt: productDrafts.updatedAt }).from(productDrafts).where(eq(productDrafts.productId, productId));
    if (row?.updatedAt.getTime() !== draft.updatedAt.getTime()) throw new Problem(problems['draft-changed']);
    await submit(ctx, product, draft);
  });
}

/** Takes a product off the marketplace at once; subscriptions go on. What waits for review will not list it either. */
export async function unpublish(ctx: Ctx, productId: string): Promise<void> {
  await ownProduct(ctx, productId);
  await ctx.tx.update(products).set({ listed: false, updatedAt: ctx.now() }).where(eq(products.id, productId));
  await wantListing(ctx, productId, false);
}

async function listAgain(ctx: Ctx, product: ProductRow): Promise<void> {
  const waiting = await pendingVersion(ctx.tx, product.id);
  if (product.activeVersionId === null) throw new Problem(problems[waiting ? 'in-review' : 'no-draft']);
  await ctx.tx.update(products).set({ status: 'approved', listed: true, updatedAt: ctx.now() }).where(eq(products.id, product.id));
  await wantListing(ctx, product.id, true);
}

const wantListing = async ({ tx }: Ctx, productId: string, listOnApproval: boolean): Promise<void> => {
  await tx.update(productVersions).set({ listOnApproval }).where(and(eq(productVersions.productId, productId), eq(productVersions.status, 'pending_review')));
};

async function submit(ctx: Ctx, product: ProductRow, { draft, reading, flow }: OpenDraft): Promise<void> {
  const errors = reading.findings.filter((finding) => finding.severity === 'error');
  const { listing } = reading;
  if (errors.length > 0 || !listing || !flow) {
    throw new Problem(problems['draft-incomplete'], errors.slice(0, 3).map((finding) => finding.message).join(' '), { issues: errors.map(({ path, message }) => ({ path, message })) });
  }
  const flowId = await exposeParameters(ctx, flow.id, draft.exposedParameters);
  const { parameters } = (await getFlow(ctx, flowId)).definition;
  const content = {
    capabilities: reading.capabilities, listing, plans: reading.plans, flowId, parameters: parameters.filter((parameter) => parameter.exposed),
    questions: draft.questions,
  };
  const { tx } = ctx;
  await tx.delete(productDrafts).where(eq(productDrafts.productId, product.id));
  if (product.activeVersionId !== null && await isSame(ctx, product.activeVersionId, content)) {
    await listAgain(ctx, product);
    return;
  }
  const { last } = one(await tx.select({ last: max(productVersions.number) }).from(productVersions).where(eq(productVersions.productId, product.id)));
  const version = one(await tx.insert(productVersions).values({
    productId: product.id, number: (last ?? 0) + 1, changelog: draft.changelog, knowledgeBaseId: await ownKnowledge(ctx, product.id), checks: waitingScore(draft.questions, ctx.now()), ...content,
  }).returning());
  if (product.activeVersionId === null) await reserve(ctx, product, listing);
  await tx.update(products).set({ updatedAt: ctx.now(), ...(product.activeVersionId === null ? { status: 'pending_review' } : {}) }).where(eq(products.id, product.id));
  await enqueueChecks(ctx, version);
  await ctx.emit(productSubmitted, { productId: product.id, versionId: version.id, organizationId: product.tenantId, name: listing.name });
}

/** Whether nothing differs that a reviewer would have to look at. The changelog alone does not count. */
async function isSame(ctx: Ctx, versionId: string, { flowId, ...content }: Pick<VersionRow, 'capabilities' | 'listing' | 'plans' | 'flowId' | 'parameters' | 'questions'>): Promise<boolean> {
  const { capabilities, listing, plans, parameters, questions, flowId: active } = one(await ctx.tx.select().from(productVersions).where(eq(productVersions.id, versionId)));
  if (!isDeepStrictEqual({ capabilities, listing, plans, parameters, questions }, content)) return false;
  if (flowId === active) return true;
  // The same file imported again is another row that says the same, be its bytes written otherwise.
  const [{ origin: _origin, ...before }, { origin: _other, ...after }] = [(await getFlow(ctx, active)).definition, (await getFlow(ctx, flowId)).definition];
  return sameJson(before, after);
}

/** Keeps the address for a product that was never on sale; one that is on sale keeps its own until the version is approved. */
async function reserve({ tx }: Ctx, product: ProductRow, listing: Listing): Promise<void> {
  try {
    await tx.update(products).set({ slug: listing.slug, name: listing.name, summary: listing.summary, logo: listing.logo }).where(eq(products.id, product.id));
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) throw new Problem(problems['slug-taken']);
    throw error;
  }
}

export async function listVersions(ctx: Ctx, { params: { productId } }: Input<Endpoints['listVersions']>): Promise<Output<Endpoints['listVersions']>> {
  const product = await ownProduct(ctx, productId);
  const rows = await ctx.tx.select().from(productVersions).where(eq(productVersions.productId, productId)).orderBy(desc(productVersions.number));
  const withFile = await flowsWithFile(ctx, rows.map((row) => row.flowId));
  return {
    data: rows.map((row) => ({
      id: row.id, number: row.number, status: row.status, active: row.id === product.activeVersionId, changelog: row.changelog,
      submitted_at: row.createdAt.toISOString(), reviewed_at: row.reviewedAt?.toISOString() ?? null, rejection_reason: row.rejectionReason, checks: row.checks, has_file: withFile.has(row.flowId),
    })),
  };
}
