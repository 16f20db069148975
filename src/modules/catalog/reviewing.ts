import { createHash } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { getFlow, type StoredFlow } from '#modules/flows/index.ts';
import { providers } from '#modules/identity/index.ts';
import { makeActive } from './approval.ts';
import type { reviewEndpoints } from './contract.ts';
import { draftOf, FIRST_STEP_OF_EDIT, type VersionRow } from './drafts.ts';
import { productRejected } from './events.ts';
import type { NamedModels } from './model-findings.ts';
import { problems } from './problems.ts';
import { readDraft } from './read-draft.ts';
import type { ProductRow } from './seller-products.ts';
import { cleanText } from './storable.ts';
import { productDrafts, products, productVersions } from './tables.ts';

type Endpoints = typeof reviewEndpoints;
type Item = Output<Endpoints['approve']>;

const QUEUE_MAX = 200;

/** A version with what surrounds it. */
interface Reviewed { version: VersionRow; product: ProductRow; provider: typeof providers.$inferSelect }

/** Versions in the order they were submitted. */
export async function listQueue(ctx: Ctx, { query }: Input<Endpoints['listQueue']>): Promise<Output<Endpoints['listQueue']>> {
  const rows = await reviewed(ctx).where(eq(productVersions.status, query.status)).orderBy(asc(productVersions.createdAt)).limit(QUEUE_MAX);
  const data: Item[] = [];
  for (const row of rows) data.push(presentItem(row, await getFlow(ctx, row.version.flowId)));
  return { data };
}

/** Everything there is to judge a version by, the code in its file included. */
export const getReview = (files: FileStore, models: NamedModels) => async (process: Process, { params }: Input<Endpoints['getReview']>): Promise<Output<Endpoints['getReview']>> => {
  const { row, flow } = await process.asOperator('review a product', async (ctx) => {
    const found = await find(ctx, params.versionId);
    return { row: found, flow: await getFlow(ctx, found.version.flowId) };
  });
  const { version } = row;
  const { findings } = readDraft(draftOf(version), { flow: { flow: flow.definition, report: flow.report }, slugTaken: false, missingPictures: [], models });
  return {
    ...presentItem(row, flow), status: version.status, capabilities: version.capabilities, listing: version.listing, plans: version.plans, report: asSubmitted(flow),
    findings, rejection_reason: version.rejectionReason, changelog: version.changelog, code: await customCode(files, flow),
  };
};

/** What the import found, with the values the seller really hands to buyers: the import itself only proposed some. */
function asSubmitted({ report, definition }: Awaited<ReturnType<typeof getFlow>>): Awaited<ReturnType<typeof getFlow>>['report'] {
  const exposed = new Set(definition.parameters.filter((parameter) => parameter.exposed).map(({ name }) => name));
  return { ...report, parameters: report.parameters.map((parameter) => ({ ...parameter, exposed: exposed.has(parameter.name) })) };
}

export async function approve(ctx: Ctx, { params, body }: Input<Endpoints['approve']>): Promise<Item> {
  const row = await findPending(ctx, params.versionId);
  if (body.verify_provider) await ctx.tx.update(providers).set({ verified: true }).where(eq(providers.id, row.provider.id));
  const item = presentItem(row, await getFlow(ctx, row.version.flowId));
  await makeActive(ctx, row.product, row.version, ctx.actor.kind === 'user' ? ctx.actor.userId : null);
  return { ...item, provider: { ...item.provider, verified: item.provider.verified || body.verify_provider } };
}

/** The seller gets the rejected version back as a draft, to change what the reason names. What is on sale stays. */
export async function reject(ctx: Ctx, { params, body }: Input<Endpoints['reject']>): Promise<Item> {
  const row = await findPending(ctx, params.versionId);
  const { version, product } = row;
  const { tx, now, actor } = ctx;
  const reason = cleanText(body.reason);
  await tx.update(productVersions).set({ status: 'rejected', reviewedAt: now(), reviewedBy: actor.kind === 'user' ? actor.userId : null, rejectionReason: reason }).where(eq(productVersions.id, version.id));
  await tx.update(products).set({ updatedAt: now(), ...(product.activeVersionId === null ? { status: 'rejected' } : {}) }).where(eq(products.id, product.id));
  await tx.insert(productDrafts).values({
    tenantId: product.tenantId, productId: product.id, draft: { ...draftOf(version), changelog: version.changelog }, step: FIRST_STEP_OF_EDIT,
  }).onConflictDoNothing();
  await ctx.emit(productRejected, { productId: product.id, versionId: version.id, organizationId: product.tenantId, name: version.listing.name, reason });
  return presentItem(row, await getFlow(ctx, version.flowId));
}

const reviewed = ({ tx }: Ctx) => tx.select({ version: productVersions, product: products, provider: providers }).from(productVersions)
  .innerJoin(products, eq(products.id, productVersions.productId)).innerJoin(providers, eq(providers.id, products.providerId));

async function find(ctx: Ctx, versionId: string): Promise<Reviewed> {
  const [row] = await reviewed(ctx).where(eq(productVersions.id, versionId));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such version.');
  return row;
}

/** The version, locked; 409 when somebody has decided already. */
async function findPending(ctx: Ctx, versionId: string): Promise<Reviewed> {
  const { product } = await find(ctx, versionId);
  await ctx.tx.select({ id: products.id }).from(products).where(eq(products.id, product.id)).for('update');
  const row = await find(ctx, versionId);
  if (row.version.status !== 'pending_review') throw new Problem(problems['already-reviewed']);
  return row;
}

const presentItem = ({ version, product, provider }: Reviewed, { report }: StoredFlow): Item => ({
  version_id: version.id, product_id: product.id, number: version.number, name: version.listing.name, category: version.capabilities.category,
  provider: { id: provider.id, name: provider.name, verified: provider.verified }, submitted_at: version.createdAt.toISOString(),
  unsupported_nodes: report.nodes.unsupported.length, secrets_found: report.secrets.filter((secret) => secret.kind === 'stripped').length,
  has_code: report.code.some((piece) => piece.custom), first: product.activeVersionId === null, checks: version.checks,
});

/**
 * The code its author put into the file, read from the stored file as text. The report names each piece by its hash, so
 * finding it needs no knowledge of the file's format.
 */
async function customCode(files: FileStore, { report, fileKey }: StoredFlow): Promise<{ node: string; source: string }[]> {
  const pieces = report.code.filter((piece) => piece.custom);
  if (pieces.length === 0) return [];
  const bytes = fileKey === null ? null : await files.get(fileKey);
  const lengths = new Set(pieces.map((piece) => piece.bytes));
  const sources = new Map<string, string>();
  const open: unknown[] = bytes ? [JSON.parse(Buffer.from(bytes).toString('utf8'))] : [];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string' && lengths.has(Buffer.byteLength(value))) sources.set(createHash('sha256').update(value).digest('hex'), value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
  return pieces.map((piece) => ({ node: piece.node, source: sources.get(piece.sha256) ?? `(${piece.bytes} bytes of ${piece.language}; the file is no longer there)` }));
}
