import { and, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { ProductCapabilities } from '#modules/capabilities/index.ts';
import { getFlow, type StoredFlow } from '#modules/flows/index.ts';
import type { DraftPatch, ProductDraft, providerEndpoints } from './contract.ts';
import { modelFindings, type NamedModels } from './model-findings.ts';
import { problems } from './problems.ts';
import { readCapabilities } from './read-capabilities.ts';
import { readDraft, type DraftReading } from './read-draft.ts';
import { ownProduct, type ProductRow } from './seller-products.ts';
import { storable } from './storable.ts';
import { assets, productDrafts, products, productVersions } from './tables.ts';

type Endpoints = typeof providerEndpoints;
export type DraftView = Output<Endpoints['getDraft']>;
export type VersionRow = typeof productVersions.$inferSelect;

/** A draft with everything it is judged by. */
export interface OpenDraft { product: ProductRow; draft: ProductDraft; step: number; updatedAt: Date; flow: StoredFlow | null; reading: DraftReading }

/** The draft of a product as its seller sees it. */
export async function getDraft(process: Process, { params }: Input<Endpoints['getDraft']>, models: NamedModels): Promise<DraftView> {
  const { product, draft, step, flow, reading, updatedAt } = await openDraft(process, params.productId, models);
  return {
    product_id: product.id, step, draft, capabilities: reading.capabilities,
    defaults: readCapabilities(draft.category, draft.subcategory, {}).capabilities, report: flow?.report ?? null, findings: reading.findings, updated_at: updatedAt.toISOString(),
  };
}

/** Keeps what was sent. Whatever it says, it is only judged by {@link readDraft}, never refused for being unfinished. */
export async function saveDraft(process: Process, { params, body }: Input<Endpoints['saveDraft']>, models: NamedModels): Promise<DraftView> {
  await process.run(async (ctx) => { await changeDraft(ctx, params.productId, storable(body)); });
  return getDraft(process, { params }, models);
}

/** Replaces the given parts of a draft. 409 where there is no draft to change, 404 for a flow of somebody else. */
export async function changeDraft(ctx: Ctx, productId: string, { step, ...parts }: DraftPatch): Promise<void> {
  const product = await ownProduct(ctx, productId);
  const row = await draftRow(ctx, product);
  if (parts.flowId) await getFlow(ctx, parts.flowId);
  const draft = { ...row.draft, ...parts };
  const { tx, now } = ctx;
  await tx.update(productDrafts).set({ draft, step: step ?? row.step, updatedAt: now() }).where(eq(productDrafts.productId, product.id));
  // Until it is on sale the product is called what its draft says; afterwards buyers see the active version.
  const { name, summary, logo } = draft.listing;
  await tx.update(products).set({
    updatedAt: now(),
    ...(product.activeVersionId === null ? {
      category: draft.category, subcategory: draft.subcategory, ...(typeof name === 'string' ? { name: name.slice(0, 80) } : {}),
      ...(typeof summary === 'string' ? { summary: summary.slice(0, 150) } : {}), logo: typeof logo === 'string' ? logo.slice(0, 300) : null,
    } : {}),
  }).where(eq(products.id, product.id));
}

/** The draft's row, locked with its product. 409 `in-review` or `no-draft` where there is none. */
export async function draftRow({ tx }: Ctx, product: ProductRow): Promise<typeof productDrafts.$inferSelect> {
  const [row] = await tx.select().from(productDrafts).where(eq(productDrafts.productId, product.id));
  if (row) return row;
  const waiting = await pendingVersion(tx, product.id);
  throw new Problem(waiting ? problems['in-review'] : problems['no-draft']);
}

export async function pendingVersion(tx: Ctx['tx'], productId: string): Promise<VersionRow | null> {
  const [row] = await tx.select().from(productVersions).where(and(eq(productVersions.productId, productId), eq(productVersions.status, 'pending_review')));
  return row ?? null;
}

/** Reads a draft and judges it; 404 when there is none. */
export async function openDraft(process: Process, productId: string, models: NamedModels): Promise<OpenDraft> {
  const found = await process.run(async (ctx) => {
    const product = await ownProduct(ctx, productId);
    const [row] = await ctx.tx.select().from(productDrafts).where(eq(productDrafts.productId, productId));
    if (!row) throw new Problem(kernel['not-found'], 'This product has no draft.');
    const flow = row.draft.flowId === null ? null : await getFlow(ctx, row.draft.flowId);
    return { product, row, flow, missingPictures: await missingPictures(ctx, row.draft) };
  });
  const { product, row, flow } = found;
  // A draft that was begun before there were questions has none.
  const draft: ProductDraft = { ...row.draft, questions: row.draft.questions ?? [] };
  const reading = readDraft(draft, {
    flow: flow && { flow: flow.definition, report: flow.report }, missingPictures: found.missingPictures, models,
    slugTaken: await slugTaken(process, productId, draft.listing['slug']),
  });
  return { product, draft, step: row.step, updatedAt: row.updatedAt, flow, reading };
}

/** Whether another product, of anybody, has this address or waits for it. */
async function slugTaken(process: Process, productId: string, slug: unknown): Promise<boolean> {
  if (typeof slug !== 'string' || slug === '') return false;
  return process.asOperator('is an address free', async ({ tx }) => {
    const rows = await tx.select({ id: products.id }).from(products)
      .leftJoin(productVersions, and(eq(productVersions.productId, products.id), eq(productVersions.status, 'pending_review')))
      .where(and(ne(products.id, productId), or(eq(products.slug, slug), eq(sql`${productVersions.listing} ->> 'slug'`, slug)))).limit(1);
    return rows.length > 0;
  });
}

async function missingPictures({ tx }: Ctx, { listing }: ProductDraft): Promise<string[]> {
  const named = [listing['logo'], ...(Array.isArray(listing['screenshots']) ? listing['screenshots'].slice(0, 20) : [])];
  const uploaded = named.flatMap((path) => (typeof path === 'string' ? path.match(/^\/files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/)?.[1] ?? [] : []));
  const known = uploaded.length === 0 ? [] : await tx.select({ id: assets.id }).from(assets).where(inArray(assets.id, uploaded));
  return named.filter((path): path is string => typeof path === 'string' && path.startsWith('/files/') && !known.some((asset) => path === `/files/${asset.id}`));
}

/** Declared capabilities of the draft, complete; without a draft, those of the newest version. */
export async function getCapabilities(process: Process, { params: { productId } }: Input<Endpoints['getCapabilities']>): Promise<ProductCapabilities> {
  return process.run(async (ctx) => {
    await ownProduct(ctx, productId);
    const [row] = await ctx.tx.select().from(productDrafts).where(eq(productDrafts.productId, productId));
    if (row) return readCapabilities(row.draft.category, row.draft.subcategory, row.draft.capabilities).capabilities;
    return (await newestVersion(ctx, productId)).capabilities;
  });
}

/** Keeps a declaration; 422 names each field that does not match the schema, or names a model that is not here. */
export async function setCapabilities(process: Process, { params: { productId }, body }: Input<Endpoints['setCapabilities']>, models: NamedModels): Promise<ProductCapabilities> {
  return process.run(async (ctx) => {
    const { draft } = await draftRow(ctx, await ownProduct(ctx, productId));
    const capabilities = storable<Record<string, unknown>>({ ...body });
    const { issues, capabilities: complete } = readCapabilities(draft.category, draft.subcategory, capabilities);
    const wrong = [...issues, ...Array.from(modelFindings(complete, models)).filter(({ severity }) => severity === 'error').map(({ path, message }) => ({ path, message }))];
    if (wrong.length > 0) throw new Problem(kernel.invalid, undefined, { issues: wrong });
    await changeDraft(ctx, productId, { capabilities });
    return complete;
  });
}

/** The version that was submitted last; 404 when none was. */
export async function newestVersion({ tx }: Ctx, productId: string): Promise<VersionRow> {
  const [row] = await tx.select().from(productVersions).where(eq(productVersions.productId, productId)).orderBy(desc(productVersions.number)).limit(1);
  if (!row) throw new Problem(kernel['not-found'], 'This product has no version yet.');
  return row;
}

/** A version by its number; 404 when there is none. Needs the product to be the acting organization's own. */
export async function numberedVersion({ tx }: Ctx, productId: string, number: number): Promise<VersionRow> {
  const [row] = await tx.select().from(productVersions).where(and(eq(productVersions.productId, productId), eq(productVersions.number, number)));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return row;
}

/** A new version starts as a copy of the active one, or of the newest where none was approved; an open draft stays. */
export async function editProduct(process: Process, { params }: Input<Endpoints['editProduct']>, models: NamedModels): Promise<DraftView> {
  await process.run(async (ctx) => {
    const product = await ownProduct(ctx, params.productId);
    if (await pendingVersion(ctx.tx, product.id)) throw new Problem(problems['in-review']);
    const version = product.activeVersionId === null ? null
      : one(await ctx.tx.select().from(productVersions).where(eq(productVersions.id, product.activeVersionId)));
    const existing = await ctx.tx.select({ id: productDrafts.id }).from(productDrafts).where(eq(productDrafts.productId, product.id));
    if (existing.length === 0) await ctx.tx.insert(productDrafts).values({ productId: product.id, draft: draftOf(version ?? await newestVersion(ctx, product.id)), step: FIRST_STEP_OF_EDIT });
  });
  return getDraft(process, { params }, models);
}

/** Category and flow are there already, so a further version begins at the capabilities. */
export const FIRST_STEP_OF_EDIT = 3;

/** A draft that says exactly what the version says. */
export const draftOf = ({ capabilities, flowId, parameters, plans, listing, questions }: VersionRow): ProductDraft => ({
  category: capabilities.category, subcategory: capabilities.subcategory[capabilities.category] ?? '', flowId, template: null,
  exposedParameters: parameters.map((parameter) => parameter.name), capabilities, plans, listing, questions, changelog: '',
});
