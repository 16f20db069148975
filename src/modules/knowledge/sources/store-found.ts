import { createHash } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { chunkingOf, heldBy, noRoom, type Held, type Refusal } from '../documents/admission.ts';
import { reserve, settleAdmission } from '../documents/add-texts.ts';
import { displayName, type DocumentRow } from '../documents/present.ts';
import { documentAbandoned } from '../events.ts';
import { removeFiles } from '../jobs.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeDocuments } from '../tables.ts';
import type { FoundDocument } from './source-reader.ts';
import type { SourceRow } from './source-store.ts';

/** Largest document of a source where the plan says nothing of uploads. */
const BYTES_MAX = 20 * 1024 * 1024;
const EXTERNAL_ID_CHARACTERS_MAX = 2000;
const TITLE_CHARACTERS_MAX = 500;

/** What became of documents that were found. */
export interface StoredFound {
  added: number; changed: number; unchanged: number; skipped: number;
  problems: { name: string; message: string }[];
  /** Why nothing more can be taken; null while there is room. */
  full: Refusal | null;
}

/** Largest document that is taken from a source, in bytes. */
export const sourceBytesMax = ({ entitlements }: OwnedBase['owner']): number => entitlements.documentBytesMax || BYTES_MAX;

interface Prepared { found: FoundDocument; id: string; fileKey: string; bytes: Uint8Array; sha256: string; title: string; contentType: string; fileName: string | null }

/**
 * Keeps what a reader found: new documents are paid for and queued, changed ones are queued anew for nothing, and what is as
 * it was is only marked as seen. Safe to repeat with the same documents.
 */
export async function storeFound(parts: KnowledgeParts, process: Process, subscriptionId: string, source: SourceRow, found: readonly FoundDocument[]): Promise<StoredFound> {
  const outcome: StoredFound = { added: 0, changed: 0, unchanged: 0, skipped: 0, problems: [], full: null };
  // Of two with one name the last counts.
  const prepared = [...new Map(found.map((document) => [document.externalId.slice(0, EXTERNAL_ID_CHARACTERS_MAX), prepare(process.tenant, document)])).values()];
  const known = await process.run(async (ctx) => readKnown(ctx, source.id, prepared));
  const fresh = prepared.filter((document) => !isSame(known.get(document.found.externalId), document));
  // Before the transaction: a row never names a file that is not there.
  for (const { fileKey, bytes } of fresh) await parts.files.put(fileKey, bytes);
  const due = await process.run(async (ctx) => write(ctx, parts, { subscriptionId, source, prepared, outcome }));
  const refused = new Map<string, Refusal>();
  for (const row of [...due.added, ...due.changed].filter(({ charge }) => charge === 'due')) {
    const refusal = await reserve(parts, process, subscriptionId, row);
    if (refusal) refused.set(row.id, refusal);
  }
  await process.run(async (ctx) => settleAdmission(ctx, [...due.added, ...due.changed], refused));
  outcome.added -= refused.size;
  outcome.skipped += refused.size;
  outcome.full ??= [...refused.values()][0] ?? null;
  return outcome;
}

function prepare(tenant: string, found: FoundDocument): Prepared {
  const id = uuidv7();
  const title = found.title.replaceAll('\0', '').trim().slice(0, TITLE_CHARACTERS_MAX).toWellFormed() || found.externalId.slice(0, 200);
  const isText = 'text' in found.content;
  const bytes = 'text' in found.content ? Buffer.from(found.content.text.replaceAll('\0', '').toWellFormed()) : found.content.bytes;
  const hash = createHash('sha256');
  // The title of a text is all there is of it; a file brings its own.
  if (isText) hash.update(`${title}\u0000`);
  return {
    found: { ...found, externalId: found.externalId.slice(0, EXTERNAL_ID_CHARACTERS_MAX) }, id, fileKey: `${tenant}/${id}`, bytes, sha256: hash.update(bytes).digest('hex'), title,
    contentType: found.content.contentType.slice(0, 200), fileName: 'fileName' in found.content ? displayName(found.content.fileName) : null,
  };
}

async function readKnown({ tx }: Ctx, sourceId: string, prepared: readonly Prepared[], lock?: 'update'): Promise<Map<string, DocumentRow>> {
  const query = tx.select().from(knowledgeDocuments).where(and(eq(knowledgeDocuments.sourceId, sourceId), inArray(knowledgeDocuments.externalId, prepared.map(({ found }) => found.externalId))));
  const rows = await (lock ? query.orderBy(knowledgeDocuments.id).for(lock) : query);
  return new Map(rows.map((row) => [row.externalId ?? '', row]));
}

const isSame = (row: DocumentRow | undefined, { sha256 }: Prepared): boolean => row?.sha256 === sha256;

interface Writing { subscriptionId: string; source: SourceRow; prepared: readonly Prepared[]; outcome: StoredFound }

async function write(ctx: Ctx, parts: KnowledgeParts, { subscriptionId, source, prepared, outcome }: Writing): Promise<{ added: DocumentRow[]; changed: DocumentRow[] }> {
  const owned = await requireBase(ctx, parts.owners, subscriptionId, 'update');
  const known = await readKnown(ctx, source.id, prepared, 'update');
  const held = await heldBy(ctx, owned.base.id);
  const due: { added: DocumentRow[]; changed: DocumentRow[] } = { added: [], changed: [] };
  const orphans: string[] = [];
  for (const document of prepared) {
    const before = known.get(document.found.externalId);
    const refusal = isSame(before, document) ? null : refuse(owned, held, source, document, before);
    if (refusal) {
      orphans.push(document.fileKey);
      outcome.skipped += 1;
      if (refusal.full) outcome.full ??= refusal;
      else outcome.problems.push({ name: document.found.externalId, message: refusal.message });
      // One that outgrew its limit is still there: what is known of it stays.
      if (before) await markSeen(ctx, before, source.sync, document);
      continue;
    }
    if (before && isSame(before, document)) {
      await markSeen(ctx, before, source.sync, document);
      outcome.unchanged += 1;
      continue;
    }
    held.bytes += document.bytes.length - (before?.bytes ?? 0);
    if (before) {
      if (before.fileKey) orphans.push(before.fileKey);
      due.changed.push(await replace(ctx, before, document, owned, source.sync));
      outcome.changed += 1;
    } else {
      if (source.kind === 'website') held.pages += 1;
      due.added.push(await insert(ctx, document, owned, source));
      outcome.added += 1;
    }
  }
  if (orphans.length > 0) await ctx.enqueue(removeFiles, { keys: orphans });
  return due;
}

function refuse(owned: OwnedBase, held: Held, source: SourceRow, { bytes }: Prepared, before: DocumentRow | undefined): (Refusal & { full: boolean }) | null {
  const { entitlements } = owned.owner;
  const max = sourceBytesMax(owned.owner);
  if (bytes.length === 0) return { code: 'empty', message: 'It is empty.', full: false };
  if (bytes.length > max) return { code: 'too-large', message: `It is larger than ${Math.round(max / 1024 / 1024)} MB.`, full: false };
  if (!before && source.kind === 'website' && held.pages >= entitlements.urlsMax) {
    return { code: 'pages-full', message: `All ${entitlements.urlsMax} pages included are used. Narrow what is read, or choose a larger plan.`, full: true };
  }
  const room = noRoom({ entitlements, base: owned.base }, held, bytes.length - (before?.bytes ?? 0));
  return room && { ...room, full: true };
}

/** What is shown beside a text may have changed though the text did not. */
async function markSeen({ tx }: Ctx, before: DocumentRow, sync: number, { found, title, fileName }: Prepared): Promise<void> {
  await tx.update(knowledgeDocuments).set({ seen: sync, fingerprint: found.fingerprint, url: found.url, metadata: found.metadata, ...(fileName === null ? { title } : {}) }).where(eq(knowledgeDocuments.id, before.id));
}

const columnsOf = ({ found, title, fileName, contentType, fileKey, bytes, sha256 }: Prepared) =>
  ({ title, fileName, contentType, fileKey, bytes: bytes.length, sha256, url: found.url, metadata: found.metadata, fingerprint: found.fingerprint });

async function insert({ tx }: Ctx, document: Prepared, owned: OwnedBase, { id: sourceId, kind, sync }: SourceRow): Promise<DocumentRow> {
  return one(await tx.insert(knowledgeDocuments).values({
    ...columnsOf(document), id: document.id, knowledgeBaseId: owned.base.id, sourceId, kind, externalId: document.found.externalId, seen: sync, chunking: chunkingOf(owned), charge: 'due',
  }).returning());
}

/** The old text stays searchable until the new one is ready. What was indexed once is read again for nothing. */
async function replace({ tx, now, emit }: Ctx, before: DocumentRow, document: Prepared, owned: OwnedBase, sync: number): Promise<DocumentRow> {
  if (before.charge !== 'none') await emit(documentAbandoned, { subscriptionId: owned.owner.subscriptionId, documentId: before.id, attempt: before.building, charged: true });
  return one(await tx.update(knowledgeDocuments).set({
    ...columnsOf(document), seen: sync, state: 'queued', percent: 0, error: null, startedAt: null, building: Math.max(before.building, before.generation) + 1, chunking: chunkingOf(owned), charge: before.generation === 0 ? 'due' : 'none', updatedAt: now(),
  }).where(eq(knowledgeDocuments.id, before.id)).returning());
}
