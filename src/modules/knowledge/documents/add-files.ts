import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { Metadata, type KnowledgeDocument } from '../contract.ts';
import { indexDocuments } from '../jobs.ts';
import { requireBase, sourceOf } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { requireMultipart } from '../read-multipart.ts';
import { knowledgeDocuments } from '../tables.ts';
import { chunkingOf, heldBy, refuseByName, refuseBySize, sameContent, tooLarge, type Refusal } from './admission.ts';
import { displayName, presentDocument, type DocumentRow } from './present.ts';

export interface AddedDocuments { data: KnowledgeDocument[]; refused: (Refusal & { name: string })[] }

interface IncomingFile { fileName: string; contentType: string; bytes: Uint8Array; category: string | null; metadata: Metadata }
type Outcome = { row: DocumentRow } | { refusal: Refusal };

const FILES_MAX = 100;
const CATEGORY_CHARACTERS_MAX = 80;

/** Takes the files of a multipart body one after the other; each is judged, paid for and queued by itself. */
export async function addFiles(parts: KnowledgeParts, process: Process, subscriptionId: string, request: FastifyRequest): Promise<AddedDocuments> {
  const { owner } = await process.run(async (ctx) => requireBase(ctx, parts.owners, subscriptionId));
  const { features, documentBytesMax } = owner.entitlements;
  if (!features.knowledgeSources.includes('documents')) throw new Problem(problems['source-not-included'], 'Documents cannot be uploaded to this product.');
  const added: AddedDocuments = { data: [], refused: [] };
  let category: string | null = null;
  let metadata: Metadata = {};
  const options = { limits: { files: FILES_MAX, fields: 20, fileSize: documentBytesMax + 1 }, throwFileSizeLimit: false };
  for await (const part of request.parts(options)) {
    if (part.type === 'field') {
      if (part.fieldname === 'category' && typeof part.value === 'string') category = part.value.trim().slice(0, CATEGORY_CHARACTERS_MAX) || null;
      if (part.fieldname === 'metadata' && typeof part.value === 'string') metadata = fieldsOf(part.value, features.customMetadata);
      continue;
    }
    const fileName = displayName(part.filename);
    const contentType = part.mimetype.slice(0, 200);
    const early = part.fieldname === 'file' ? refuseByName(fileName, contentType, features.documentFormats) : { code: 'wrong-field', message: 'Send files in the field "file".' };
    const bytes = await readUpTo(part.file, early ? 0 : documentBytesMax);
    const refusal = early ?? (bytes ? null : tooLarge(documentBytesMax));
    const outcome: Outcome = refusal || !bytes ? { refusal: refusal ?? tooLarge(documentBytesMax) } : await addFile(parts, process, subscriptionId, { fileName, contentType, bytes, category, metadata });
    if ('row' in outcome) added.data.push(presentDocument(outcome.row, process.now()));
    else added.refused.push({ name: fileName, ...outcome.refusal });
  }
  if (added.data.length + added.refused.length === 0) throw new Problem(problems['file-missing']);
  return added;
}

/** Throws 422 for what are no fields, 403 where the product takes none. */
function fieldsOf(text: string, open: boolean): Metadata {
  if (!open) throw new Problem(problems['fields-not-open']);
  const parsed = z.preprocess((value) => { try { return JSON.parse(String(value)); } catch { return null; } }, Metadata).safeParse(text);
  if (!parsed.success) throw new Problem(kernel.invalid, 'metadata: Send a JSON object of texts, numbers and yes or no, such as {"department": "sales"}.');
  return parsed.data;
}

/** The whole stream, or null when it is longer. It is read to its end in any case, or the next part would never come. */
async function readUpTo(stream: AsyncIterable<Buffer>, bytesMax: number): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length <= bytesMax) pieces.push(piece);
    else pieces.length = 0;
  }
  return length <= bytesMax ? Buffer.concat(pieces) : null;
}

async function addFile(parts: KnowledgeParts, process: Process, subscriptionId: string, file: IncomingFile): Promise<Outcome> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const id = uuidv7();
  const fileKey = `${process.tenant}/${id}`;
  await parts.files.put(fileKey, file.bytes);
  const admitted = await process.run(async (ctx): Promise<Outcome> => {
    const owned = await requireBase(ctx, parts.owners, subscriptionId, 'update');
    const refusal = refuseBySize(owned, await heldBy(ctx, owned.base.id), file.bytes.length, null) ?? await sameContent(ctx, owned.base.id, sha256);
    if (refusal) return { refusal };
    return {
      row: one(await ctx.tx.insert(knowledgeDocuments).values({
        id, knowledgeBaseId: owned.base.id, sourceId: await sourceOf(ctx, owned.base.id, 'upload'), kind: 'upload', title: titleOf(file.fileName), fileName: file.fileName,
        contentType: file.contentType, fileKey, bytes: file.bytes.length, sha256, category: file.category, metadata: file.metadata, chunking: chunkingOf(owned), charge: 'due',
      }).returning()),
    };
  });
  const outcome = 'row' in admitted ? await payFor(parts, process, subscriptionId, admitted.row) : admitted;
  if ('refusal' in outcome) await parts.files.remove(fileKey);
  return outcome;
}

/** Reserves the price and queues the work. A crash in between is found by the sweep, which queues it then. */
async function payFor({ charges }: KnowledgeParts, process: Process, subscriptionId: string, row: DocumentRow): Promise<Outcome> {
  try {
    await charges.reserve(process, { subscriptionId, documentId: row.id, attempt: row.building });
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error;
    await process.run(async ({ tx }) => { await tx.delete(knowledgeDocuments).where(eq(knowledgeDocuments.id, row.id)); });
    return { refusal: { code: error.type.code, message: error.message } };
  }
  return process.run(async (ctx): Promise<Outcome> => {
    const [paid] = await ctx.tx.update(knowledgeDocuments).set({ charge: 'reserved' }).where(and(eq(knowledgeDocuments.id, row.id), eq(knowledgeDocuments.charge, 'due'))).returning();
    await ctx.enqueue(indexDocuments, { documentIds: [row.id] });
    return { row: paid ?? row };
  });
}

/** The file's name until the document states its own title. */
const titleOf = (fileName: string): string => fileName.replace(/\.[a-z0-9]{1,8}$/i, '') || fileName;

/** What the body is. Refuses anything that is neither files nor JSON. */
export function requireUpload(request: FastifyRequest): 'files' | 'json' {
  if (/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return 'json';
  requireMultipart(request);
  return 'files';
}
