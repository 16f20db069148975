import { and, count, desc, eq, ilike, inArray, ne, or } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { Category } from '#modules/capabilities/contract.ts';
import { deleteFlow } from '#modules/flows/index.ts';
import { requireProvider } from '#modules/identity/index.ts';
import { averageRating } from './cards.ts';
import type { ProductDraft, providerEndpoints, SellerProduct } from './contract.ts';
import type { Sales } from './ports.ts';
import { problems } from './problems.ts';
import { cleanText } from './storable.ts';
import { plans, productDrafts, products, productVersions } from './tables.ts';

type Endpoints = typeof providerEndpoints;
export type ProductRow = typeof products.$inferSelect;

/** Most products of one organization, archived ones included. */
const PRODUCTS_MAX = 500;
/** What a new product is unless the seller says otherwise. */
const USUAL_KIND: Record<Category, string> = { agent: 'single', app: 'tool', assistant: 'general', automation: 'workflow' };

/** A product of the acting organization, locked until the transaction ends; 404 otherwise. Published rows of others are visible too, hence the condition. */
export async function ownProduct({ tx, tenant }: Ctx, productId: string): Promise<ProductRow> {
  const [row] = await tx.select().from(products).where(and(eq(products.id, productId), eq(products.tenantId, tenant))).for('update');
  if (!row) throw new Problem(kernel['not-found'], 'There is no such product.');
  return row;
}

export interface NewProduct { category: Category; subcategory?: string; name: string; draft?: Partial<ProductDraft> }

/** Starts a product with an empty draft. 403 for organizations without a provider profile. */
export async function startProduct(ctx: Ctx, { category, subcategory, name, draft }: NewProduct): Promise<string> {
  const provider = await requireProvider(ctx);
  const { tx, tenant } = ctx;
  const { existing } = one(await tx.select({ existing: count() }).from(products).where(eq(products.tenantId, tenant)));
  if (existing >= PRODUCTS_MAX) throw new Problem(problems['too-many-products'], `At most ${PRODUCTS_MAX} products.`);
  const kind = cleanText(subcategory ?? USUAL_KIND[category]);
  const title = cleanText(name);
  const id = uuidv7();
  // The address is only decided when the product is submitted; until then it is one nobody would choose.
  await tx.insert(products).values({ id, providerId: provider.id, slug: `draft-${id}`, category, subcategory: kind, name: title });
  await tx.insert(productDrafts).values({
    productId: id,
    draft: { category, subcategory: kind, flowId: null, template: null, exposedParameters: [], capabilities: {}, plans: [], listing: title ? { name: title } : {}, changelog: '', questions: [], ...draft },
  });
  return id;
}

/** The seller's view of their products. */
export function sellerProducts(files: FileStore, sales: Sales) {
  const present = async (process: Process, rows: readonly SellerRow[]): Promise<SellerProduct[]> => {
    const ids = rows.map((row) => row.product.id);
    if (ids.length === 0) return [];
    const sold = await process.asOperator('count subscribers for their seller', async (ctx) => sales.of(ctx, ids));
    return rows.map((row) => presentProduct(row, sold.get(row.product.id)?.active ?? 0));
  };

  const get = async (process: Process, productId: string): Promise<SellerProduct> => {
    const rows = await process.run(async (ctx) => sellerRows(ctx, eq(products.id, productId)));
    if (rows.length === 0) throw new Problem(kernel['not-found'], 'There is no such product.');
    return one(await present(process, rows));
  };

  return {
    get,
    async list(process: Process, { query }: Input<Endpoints['listProducts']>): Promise<Output<Endpoints['listProducts']>> {
      const words = query.search === undefined ? '' : cleanText(query.search);
      const filter = and(
        query.status === undefined ? ne(products.status, 'archived') : eq(products.status, query.status),
        words === '' ? undefined : ilike(products.name, `%${words.replace(/[\\%_]/g, '\\$&')}%`),
      );
      return { data: await present(process, await process.run(async (ctx) => sellerRows(ctx, filter))) };
    },
    async create(process: Process, { body }: Input<Endpoints['createProduct']>): Promise<SellerProduct> {
      return get(process, await process.run(async (ctx) => startProduct(ctx, body)));
    },
    /** A product that was sold keeps its versions, because subscriptions run them: it is only archived. */
    async remove(process: Process, { params: { productId } }: Input<Endpoints['deleteProduct']>): Promise<void> {
      // Taken off first: from then on nobody can subscribe between the count and the end.
      await process.run(async (ctx) => archive(ctx, productId));
      const sold = await process.asOperator('was this product ever sold', async (ctx) => sales.of(ctx, [productId]));
      if ((sold.get(productId)?.ever ?? 0) > 0) return;
      const orphans = await process.run(async (ctx) => erase(ctx, productId));
      for (const key of orphans) await files.remove(key);
    },
  };
}

async function archive(ctx: Ctx, productId: string): Promise<void> {
  const product = await ownProduct(ctx, productId);
  await ctx.tx.update(products).set({ status: 'archived', listed: false, updatedAt: ctx.now() }).where(eq(products.id, product.id));
}

/** Returns the keys of files that nothing refers to any more. */
async function erase(ctx: Ctx, productId: string): Promise<string[]> {
  const { tx } = ctx;
  await ownProduct(ctx, productId);
  const versions = await tx.select({ flowId: productVersions.flowId }).from(productVersions).where(eq(productVersions.productId, productId));
  const drafts = await tx.select({ draft: productDrafts.draft }).from(productDrafts).where(eq(productDrafts.productId, productId));
  await tx.delete(plans).where(eq(plans.productId, productId));
  await tx.delete(products).where(eq(products.id, productId));
  const keys: string[] = [];
  for (const flowId of new Set([...versions.map((row) => row.flowId), ...drafts.map((row) => row.draft.flowId)])) {
    const key = flowId === null ? null : await deleteFlow(ctx, flowId);
    if (key !== null) keys.push(key);
  }
  return keys;
}

interface SellerRow { product: ProductRow; step: number | null; version: number | null; pending: number | null; reason: string | null }

async function sellerRows({ tx, tenant }: Ctx, filter: ReturnType<typeof and>): Promise<SellerRow[]> {
  const rows = await tx.select().from(products).where(and(eq(products.tenantId, tenant), filter)).orderBy(desc(products.updatedAt), desc(products.id)).limit(PRODUCTS_MAX);
  if (rows.length === 0) return [];
  const ids = rows.map((product) => product.id);
  const drafts = await tx.select({ productId: productDrafts.productId, step: productDrafts.step }).from(productDrafts).where(inArray(productDrafts.productId, ids));
  const versions = await tx.select({ id: productVersions.id, productId: productVersions.productId, number: productVersions.number, status: productVersions.status, reason: productVersions.rejectionReason })
    .from(productVersions).where(and(
      inArray(productVersions.productId, ids),
      or(ne(productVersions.status, 'approved'), inArray(productVersions.id, rows.flatMap((product) => product.activeVersionId ?? []))),
    )).orderBy(desc(productVersions.number));
  return rows.map((product) => {
    const own = versions.filter((version) => version.productId === product.id);
    const active = own.find((version) => version.id === product.activeVersionId);
    const [newest] = own;
    return {
      product, step: drafts.find((draft) => draft.productId === product.id)?.step ?? null, version: active?.number ?? null, pending: own.find((version) => version.status === 'pending_review')?.number ?? null,
      reason: newest?.status === 'rejected' ? newest.reason : null,
    };
  });
}

const presentProduct = ({ product, step, version, pending, reason }: SellerRow, subscribers: number): SellerProduct => ({
  id: product.id, slug: product.slug, category: Category.parse(product.category), subcategory: product.subcategory, status: product.status, listed: product.listed,
  availability: product.availability, name: product.name, summary: product.summary, logo: product.logo, rejection_reason: reason,
  version, pending_version: pending, has_draft: step !== null, draft_step: step,
  runs: product.runCount, rating: averageRating(product), ratings: product.ratingCount, subscribers,
  created_at: product.createdAt.toISOString(), updated_at: product.updatedAt.toISOString(), published_at: product.publishedAt?.toISOString() ?? null,
});
