import { and, desc, eq, isNotNull } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import type { FlowParameter } from '#modules/flows/contract.ts';
import { getFlow } from '#modules/flows/index.ts';
import { newestVersion } from './drafts.ts';
import { problems } from './problems.ts';
import { readCapabilities } from './read-capabilities.ts';
import { ownProduct } from './seller-products.ts';
import { productDrafts, productVersions } from './tables.ts';

/** What a preview runs: the draft, or the newest version where there is no draft. Only for the product's own organization. */
export interface PreviewOfDraft { productId: string; name: string; capabilities: ProductCapabilities; parameters: readonly FlowParameter[]; flowId: string; knowledgeBaseId: string | null }

/** 404 for others' products, and 409 `no-draft` while there is no flow to try. */
export async function draftForPreview(ctx: Ctx, productId: string): Promise<PreviewOfDraft> {
  const product = await ownProduct(ctx, productId);
  const knowledgeBaseId = await ownKnowledge(ctx, productId);
  const [row] = await ctx.tx.select().from(productDrafts).where(eq(productDrafts.productId, productId));
  if (!row) {
    const version = await newestVersion(ctx, productId);
    return { productId, name: version.listing.name, capabilities: version.capabilities, parameters: version.parameters, flowId: version.flowId, knowledgeBaseId };
  }
  const { draft } = row;
  if (draft.flowId === null) throw new Problem(problems['no-draft'], 'Import a flow first; then it can be tried.');
  const flow = await getFlow(ctx, draft.flowId);
  return {
    productId, name: product.name, capabilities: readCapabilities(draft.category, draft.subcategory, draft.capabilities).capabilities,
    parameters: flow.definition.parameters.filter((parameter) => draft.exposedParameters.includes(parameter.name)), flowId: flow.id, knowledgeBaseId,
  };
}

/** The knowledge the seller ships with the product: that of the newest version which has any. */
export async function ownKnowledge({ tx }: Ctx, productId: string): Promise<string | null> {
  const [row] = await tx.select({ id: productVersions.knowledgeBaseId }).from(productVersions)
    .where(and(eq(productVersions.productId, productId), isNotNull(productVersions.knowledgeBaseId))).orderBy(desc(productVersions.number)).limit(1);
  return row?.id ?? null;
}
