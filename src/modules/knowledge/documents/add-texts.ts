import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem } from '#platform/http/problem.ts';
import type { ChunkOptions } from '../chunk/chunk-contract.ts';
import { documentAbandoned } from '../events.ts';
import { DOCUMENTS_PER_JOB, indexDocuments, removeFiles } from '../jobs.ts';
import { requireBase, requireBaseRow, sourceOf, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeDocuments } from '../tables.ts';
import type { AddedDocuments } from './add-files.ts';
import { chunkingOf, heldBy, refuseBySize, type Refusal } from './admission.ts';
import { presentDocument, type DocumentRow } from './present.ts';

/** A document given as text. Sent again under its `externalId` it replaces what was there. */
export interface TextDocument {
  externalId: string;
  title: string;
  text: string;
  contentType?: 'text/plain' | 'text/markdown';
  url?: string | null;
  metadata?: Record<string, string | number | boolean>;
}

/** How documents are cut where no subscription says it. */
export const DEFAULT_CHUNKING: ChunkOptions = { strategy: 'hybrid', chunkSize: 512, overlap: 50 };
const AT_ONCE = 100;

interface Prepared extends Required<TextDocument> { id: string; fileKey: string; bytes: Buffer; sha256: string }
interface Target { knowledgeBaseId: string; chunking: ChunkOptions; /** Null: a seller's own, without limits and price. */ owned: OwnedBase | null }

/** The endpoint's way: within the limits of a subscription, paid for, one refusal not stopping the others. */
export async function addSubscriptionTexts(parts: KnowledgeParts, process: Process, subscriptionId: string, documents: readonly TextDocument[]): Promise<AddedDocuments> {
  const added: AddedDocuments = { data: [], refused: [] };
  const target = async (ctx: Ctx): Promise<Target> => {
    const owned = await requireBase(ctx, parts.owners, subscriptionId, 'update');
    return { knowledgeBaseId: owned.base.id, chunking: chunkingOf(owned), owned };
  };
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    const batch = await storeTexts(parts, process, target, documents.slice(from, from + AT_ONCE));
    added.refused.push(...batch.refused);
    const refused = new Map<string, Refusal>();
    for (const row of batch.due) {
      const refusal = await reserve(parts, process, subscriptionId, row);
      if (refusal) refused.set(row.id, refusal);
    }
    await process.run(async (ctx) => settleAdmission(ctx, batch.due, refused));
    added.data.push(...batch.rows.filter((row) => !refused.has(row.id)).map((row) => presentDocument(row, process.now())));
    added.refused.push(...batch.due.flatMap((row) => {
      const refusal = refused.get(row.id);
      return refusal ? [{ name: row.externalId ?? row.title, ...refusal }] : [];
    }));
  }
  return added;
}

/**
 * A seller's way: into a knowledge base of the acting organization that belongs to no subscription. Returns what is to be
 * indexed, also by an earlier call, and queues it if `queue` says so.
 */
export async function addTextDocuments(parts: KnowledgeParts, process: Process, knowledgeBaseId: string, documents: readonly TextDocument[], queue: boolean): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    const { rows, due } = await storeTexts(parts, process, async (ctx) => {
      await requireBaseRow(ctx, knowledgeBaseId, 'update');
      return { knowledgeBaseId, chunking: DEFAULT_CHUNKING, owned: null };
    }, documents.slice(from, from + AT_ONCE));
    if (queue) await process.run(async (ctx) => settleAdmission(ctx, due, new Map()));
    ids.push(...rows.filter((row) => row.generation < row.building).map((row) => row.id));
  }
  return ids;
}

interface Stored { rows: DocumentRow[]; due: DocumentRow[]; refused: AddedDocuments['refused'] }

async function storeTexts({ files }: KnowledgeParts, process: Process, target: (ctx: Ctx) => Promise<Target>, documents: readonly TextDocument[]): Promise<Stored> {
  // Of two with one name in the same call the last counts.
  const prepared = [...new Map(documents.map((document) => [document.externalId, prepare(process.tenant, document)])).values()];
  for (const { fileKey, bytes } of prepared) await files.put(fileKey, bytes);
  const stored = await process.run(async (ctx) => {
    const into = await target(ctx);
    const known = await ctx.tx.select().from(knowledgeDocuments).where(and(
      eq(knowledgeDocuments.knowledgeBaseId, into.knowledgeBaseId), inArray(knowledgeDocuments.externalId, prepared.map((document) => document.externalId)),
    )).for('update');
    const held = await heldBy(ctx, into.knowledgeBaseId);
    const sourceId = await sourceOf(ctx, into.knowledgeBaseId, 'api');
    const result: Stored & { orphans: string[] } = { rows: [], due: [], refused: [], orphans: [] };
    for (const document of prepared) {
      const before = known.find((row) => row.externalId === document.externalId) ?? null;
      if (before && isSame(before, document)) {
        result.rows.push(before);
        result.orphans.push(document.fileKey);
        continue;
      }
      const refusal = into.owned ? refuseBySize(into.owned, held, document.bytes.length, before?.bytes ?? null) : null;
      if (refusal) {
        result.refused.push({ name: document.externalId, ...refusal });
        result.orphans.push(document.fileKey);
        continue;
      }
      const row = before ? await replace(ctx, before, document, into) : await insert(ctx, document, sourceId, into);
      held.bytes += document.bytes.length - (before?.bytes ?? 0);
      if (!before) held.documents += 1;
      if (before?.fileKey) result.orphans.push(before.fileKey);
      result.rows.push(row);
      result.due.push(row);
    }
    if (result.orphans.length > 0) await ctx.enqueue(removeFiles, { keys: result.orphans });
    return result;
  });
  return stored;
}

function prepare(tenant: string, document: TextDocument): Prepared {
  const id = uuidv7();
  const bytes = Buffer.from(document.text.replaceAll('\0', '').toWellFormed());
  const { contentType = 'text/plain', url = null, metadata = {} } = document;
  const title = document.title.trim() || document.externalId;
  return { ...document, id, fileKey: `${tenant}/${id}`, bytes, title, contentType, url, metadata, sha256: createHash('sha256').update(`${title}\u0000`).update(bytes).digest('hex') };
}

/** Nothing to do: the same text and title, and it was not given up. What is shown beside it may have changed all the same. */
const isSame = (row: DocumentRow, document: Prepared): boolean =>
  row.sha256 === document.sha256 && row.state !== 'failed' && row.url === document.url && isDeepStrictEqual(row.metadata, document.metadata);

const columnsOf = ({ title, contentType, fileKey, bytes, sha256, url, metadata }: Prepared) => ({ title, contentType, fileKey, bytes: bytes.length, sha256, url, metadata });

async function insert({ tx }: Ctx, document: Prepared, sourceId: string, into: Target): Promise<DocumentRow> {
  return one(await tx.insert(knowledgeDocuments).values({
    ...columnsOf(document), id: document.id, knowledgeBaseId: into.knowledgeBaseId, sourceId, kind: 'api', externalId: document.externalId,
    chunking: into.chunking, charge: into.owned ? 'due' : 'none',
  }).returning());
}

/** The old text stays searchable until the new one is ready. */
async function replace({ tx, now, emit }: Ctx, before: DocumentRow, document: Prepared, into: Target): Promise<DocumentRow> {
  if (before.charge !== 'none') await emit(documentAbandoned, { subscriptionId: into.owned?.owner.subscriptionId ?? null, documentId: before.id, attempt: before.building, charged: true });
  return one(await tx.update(knowledgeDocuments).set({
    ...columnsOf(document), state: 'queued', percent: 0, error: null, startedAt: null, building: Math.max(before.building, before.generation) + 1,
    chunking: into.chunking, charge: into.owned ? 'due' : 'none', updatedAt: now(),
  }).where(eq(knowledgeDocuments.id, before.id)).returning());
}

/** Asks for the price of a document; what is not to be had is its refusal. */
export async function reserve({ charges }: Pick<KnowledgeParts, 'charges'>, process: Process, subscriptionId: string, row: DocumentRow): Promise<Refusal | null> {
  try {
    await charges.reserve(process, { subscriptionId, documentId: row.id, attempt: row.building });
    return null;
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error;
    return { code: error.type.code, message: error.message };
  }
}

/** Queues what is paid for; takes back what is not. */
export async function settleAdmission(ctx: Ctx, due: readonly DocumentRow[], refused: ReadonlyMap<string, Refusal>): Promise<void> {
  const { tx } = ctx;
  const paid = due.filter((row) => !refused.has(row.id)).map((row) => row.id);
  if (paid.length > 0) await tx.update(knowledgeDocuments).set({ charge: 'reserved' }).where(and(inArray(knowledgeDocuments.id, paid), eq(knowledgeDocuments.charge, 'due')));
  for (let from = 0; from < paid.length; from += DOCUMENTS_PER_JOB) await ctx.enqueue(indexDocuments, { documentIds: paid.slice(from, from + DOCUMENTS_PER_JOB) });
  for (const [id, error] of refused) {
    const gone = await tx.delete(knowledgeDocuments).where(and(eq(knowledgeDocuments.id, id), eq(knowledgeDocuments.generation, 0))).returning({ key: knowledgeDocuments.fileKey });
    const keys = gone.flatMap(({ key }) => (key === null ? [] : [key]));
    if (keys.length > 0) await ctx.enqueue(removeFiles, { keys });
    // A replacement that is not paid for leaves the text before it searchable.
    else await tx.update(knowledgeDocuments).set({ state: 'failed', error, charge: 'none' }).where(eq(knowledgeDocuments.id, id));
  }
}
