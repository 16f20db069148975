import { and, count, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { KnowledgeOwner, KnowledgeOwners } from './ports.ts';
import type { KnowledgeParts } from './parts.ts';
import type { SourceKind } from './sources/contract.ts';
import { problems } from './problems.ts';
import { indexTerms } from './ingest/index-terms.ts';
import { addToBase } from './ingest/index-writer.ts';
import { insertChunks } from './ingest/insert-chunks.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from './tables.ts';

export type BaseRow = typeof knowledgeBases.$inferSelect;
export interface OwnedBase { owner: KnowledgeOwner; base: BaseRow }

/** The knowledge base of a subscription with what it may hold. 404 for foreign ones; 403 where the product has none. */
export async function requireBase(ctx: Ctx, owners: KnowledgeOwners, subscriptionId: string, lock?: 'update'): Promise<OwnedBase> {
  const owner = await owners.forSubscription(ctx, subscriptionId);
  if (!owner.entitlements.features.knowledge) throw new Problem(problems['knowledge-not-included']);
  if (owner.knowledgeBaseId === null) throw new Problem(problems['knowledge-not-ready'], undefined, { headers: { 'retry-after': '2' } });
  return { owner, base: await requireBaseRow(ctx, owner.knowledgeBaseId, lock) };
}

export async function requireBaseRow({ tx }: Ctx, knowledgeBaseId: string, lock?: 'update'): Promise<BaseRow> {
  const query = tx.select().from(knowledgeBases).where(eq(knowledgeBases.id, knowledgeBaseId));
  const [base] = await (lock ? query.for(lock) : query);
  if (!base) throw new Problem(kernel['not-found']);
  return base;
}

/** The source of a kind that exists once, made when it is first needed. Under the lock of its knowledge base. */
export async function sourceOf({ tx }: Ctx, knowledgeBaseId: string, kind: 'upload' | 'qa' | 'api'): Promise<string> {
  await tx.insert(knowledgeSources).values({ knowledgeBaseId, kind }).onConflictDoNothing();
  return one(await tx.select({ id: knowledgeSources.id }).from(knowledgeSources).where(and(eq(knowledgeSources.knowledgeBaseId, knowledgeBaseId), eq(knowledgeSources.kind, kind)))).id;
}

export interface NewKnowledgeBase {
  /** Chosen by the caller, so that repeating finds it; made up unless told. With a subscription it follows from that. */
  id?: string;
  /** Null: a seller's own, sold with a product. */
  subscriptionId: string | null;
  name: string;
  /** Model id of the catalogue; null or one that is not served here takes the installation's default. */
  embeddingModel?: string | null;
  /** A seller's knowledge base whose indexed documents the new one starts with. */
  copyFrom?: { tenant: string; knowledgeBaseId: string } | null;
}

/** Creates a knowledge base of the acting organization, or finds and completes the one made before. Returns its id. */
export async function createKnowledgeBase(parts: Pick<KnowledgeParts, 'models'>, process: Process, { id: wanted, subscriptionId, name, embeddingModel, copyFrom }: NewKnowledgeBase): Promise<string> {
  const id = wanted ?? (subscriptionId ? uuidFrom('knowledge-of', subscriptionId) : uuidv7());
  const original = copyFrom ? await process.asOperator('copy the knowledge of a product to its buyer', async ({ tx }) => {
    const [row] = await tx.select().from(knowledgeBases).where(and(eq(knowledgeBases.id, copyFrom.knowledgeBaseId), eq(knowledgeBases.tenantId, copyFrom.tenant)));
    return row ?? null;
  }) : null;
  // A copy keeps the model of the original: its vectors are taken over.
  const model = parts.models.embedding(original?.embeddingModel ?? embeddingModel ?? null);
  await process.run(async ({ tx }) => {
    await tx.insert(knowledgeBases).values({
      id, subscriptionId, name, embeddingModel: original?.embeddingModel ?? model.id, dimensions: original?.dimensions ?? model.dimensions,
    }).onConflictDoNothing();
    // What is there under this id must be ours: policies hide another organization's.
    one(await tx.select({ id: knowledgeBases.id }).from(knowledgeBases).where(eq(knowledgeBases.id, id)));
  });
  if (original) await copyDocuments(process, original, id);
  return id;
}

const COPIED_AT_ONCE = 10;

/** Copies what can be searched, a few documents to a transaction. Ids follow from both ends, so it may be repeated. */
async function copyDocuments(process: Process, original: BaseRow, knowledgeBaseId: string): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { documents, chunks } = await process.asOperator('copy the knowledge of a product to its buyer', async ({ tx }) => {
      const found = await tx.select().from(knowledgeDocuments).where(and(
        eq(knowledgeDocuments.knowledgeBaseId, original.id), eq(knowledgeDocuments.tenantId, original.tenantId), gt(knowledgeDocuments.generation, 0), gt(knowledgeDocuments.id, after),
      )).orderBy(knowledgeDocuments.id).limit(COPIED_AT_ONCE);
      const pieces = found.length === 0 ? [] : await tx.select().from(knowledgeChunks).where(and(inArray(knowledgeChunks.documentId, found.map((row) => row.id)), eq(knowledgeChunks.tenantId, original.tenantId), eq(knowledgeChunks.edition, original.edition)));
      return { documents: found, chunks: pieces };
    });
    const last = documents.at(-1);
    if (!last) return;
    after = last.id;
    await process.run(async (ctx) => writeCopies(ctx, knowledgeBaseId, documents, chunks));
  }
}

type DocumentRow = typeof knowledgeDocuments.$inferSelect;
type ChunkRow = typeof knowledgeChunks.$inferSelect;

async function writeCopies(ctx: Ctx, knowledgeBaseId: string, documents: readonly DocumentRow[], chunks: readonly ChunkRow[]): Promise<void> {
  const { tx, now } = ctx;
  await requireBaseRow(ctx, knowledgeBaseId, 'update');
  const copyOf = (id: string) => uuidFrom('copied-to', knowledgeBaseId, id);
  // What the seller's sources read is the buyer's own text from here on: nothing reads it again.
  const kindOf = ({ kind }: Pick<DocumentRow, 'kind'>) => (kind === 'upload' || kind === 'qa' ? kind : 'api');
  const sources = new Map<SourceKind, string>();
  for (const kind of new Set(documents.map(kindOf))) sources.set(kind, await sourceOf(ctx, knowledgeBaseId, kind));
  const growth = { chunks: 0, length: 0 };
  for (const { tenantId: _theirs, createdAt: _then, ...row } of documents) {
    const made = await tx.insert(knowledgeDocuments).values({
      ...row, id: copyOf(row.id), knowledgeBaseId, kind: kindOf(row), sourceId: sources.get(kindOf(row)) ?? '', externalId: row.kind === 'api' ? row.externalId : null,
      fingerprint: null, seen: 0, duplicateOf: null, engineRef: null, state: 'indexed', percent: 100, error: null, charge: 'none',
      building: row.generation, indexedAt: now(), updatedAt: now(),
    }).onConflictDoNothing().returning({ id: knowledgeDocuments.id });
    if (made.length === 0) continue;
    const own = chunks.filter((chunk) => chunk.documentId === row.id && chunk.generation === row.generation);
    const terms = own.map((chunk) => indexTerms(knowledgeBaseId, chunk.content, `${row.title}\n${chunk.context}`));
    const rows = own.map(({ tenantId: _tenant, createdAt: _created, ...chunk }, index) => ({ ...chunk, ...terms[index], id: uuidv7(), edition: 1, documentId: copyOf(row.id), knowledgeBaseId }));
    for (let from = 0; from < rows.length; from += 200) await insertChunks(tx, rows.slice(from, from + 200));
    growth.chunks += row.chunks;
    growth.length += row.length;
  }
  await addToBase(ctx, knowledgeBaseId, growth);
}

/** Documents and pairs of knowledge bases that can be searched, for checklists. Those without any are left out. */
export async function knowledgeFacts({ tx }: Ctx, knowledgeBaseIds: readonly string[]): Promise<ReadonlyMap<string, { documents: number; pairs: number }>> {
  if (knowledgeBaseIds.length === 0) return new Map();
  const rows = await tx.select({
    id: knowledgeDocuments.knowledgeBaseId, all: count(), pairs: sql<number>`count(*) filter (where ${knowledgeDocuments.kind} = 'qa')::int`,
  }).from(knowledgeDocuments).where(and(inArray(knowledgeDocuments.knowledgeBaseId, [...knowledgeBaseIds]), ne(knowledgeDocuments.generation, 0))).groupBy(knowledgeDocuments.knowledgeBaseId);
  return new Map(rows.map((row) => [row.id, { documents: row.all - row.pairs, pairs: row.pairs }]));
}
