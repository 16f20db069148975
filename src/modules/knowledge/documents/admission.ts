import { and, eq, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { ChunkOptions } from '../chunk/chunk-contract.ts';
import type { OwnedBase } from '../knowledge-bases.ts';
import { claimedFormat } from '../parse/sniff.ts';
import { knowledgeDocuments } from '../tables.ts';

/** Why a document is not taken; the others of the same call go on. */
export interface Refusal { code: string; message: string }

/** Files and sent texts, pages of websites, pairs; and the bytes of all. */
export interface Held { documents: number; pages: number; bytes: number; pairs: number }

/** What a knowledge base holds. Under its lock, so that two uploads cannot both take the last place. */
export async function heldBy({ tx }: Ctx, knowledgeBaseId: string): Promise<Held> {
  const [row] = await tx.select({
    documents: sql<number>`count(*) filter (where ${knowledgeDocuments.kind} in ('upload', 'api'))::int`,
    pages: sql<number>`count(*) filter (where ${knowledgeDocuments.kind} = 'website')::int`,
    pairs: sql<number>`count(*) filter (where ${knowledgeDocuments.kind} = 'qa')::int`,
    bytes: sql<string>`coalesce(sum(${knowledgeDocuments.bytes}), 0)`,
  }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId));
  return { documents: row?.documents ?? 0, pages: row?.pages ?? 0, pairs: row?.pairs ?? 0, bytes: Number(row?.bytes ?? 0) };
}

/** What the name of a file already tells. The content decides later. */
export function refuseByName(fileName: string, contentType: string, formats: readonly string[]): Refusal | null {
  const format = claimedFormat({ fileName, mimeType: contentType });
  const taken = formats.map((name) => name.toUpperCase()).join(', ');
  if (format === null && /\.[a-z0-9]{1,8}$/i.test(fileName)) return { code: 'unsupported', message: `Files of this kind cannot be read. Upload one of these: ${taken}.` };
  if (format !== null && !formats.includes(format)) return { code: 'format-not-included', message: `This product does not take ${format.toUpperCase()} files. It takes ${taken}.` };
  return null;
}

/** Whether one more document of this size fits. `replacing` is the size of the one it takes the place of. */
export function refuseBySize({ owner: { entitlements }, base }: OwnedBase, held: Held, bytes: number, replacing: number | null): Refusal | null {
  if (bytes === 0) return { code: 'empty', message: 'This file is empty. Check that the right file was chosen.' };
  if (bytes > entitlements.documentBytesMax) return tooLarge(entitlements.documentBytesMax);
  if (replacing === null && held.documents >= entitlements.documentsMax) {
    return { code: 'documents-full', message: `All ${entitlements.documentsMax} documents included are used. Delete documents you no longer need, or choose a larger plan.` };
  }
  return noRoom({ entitlements, base }, held, bytes - (replacing ?? 0));
}

/** Whether so many more bytes fit, whatever they come from. */
export function noRoom({ entitlements, base }: Pick<OwnedBase, 'base'> & Pick<OwnedBase['owner'], 'entitlements'>, held: Held, bytes: number): Refusal | null {
  if (held.bytes + bytes > entitlements.storageBytes) {
    return { code: 'storage-full', message: `This does not fit: ${megabytes(entitlements.storageBytes)} are included and ${megabytes(held.bytes)} are used. Delete documents you no longer need, or choose a larger plan.` };
  }
  if (base.chunks >= entitlements.chunksMax) return { code: 'chunk-limit', message: `All ${entitlements.chunksMax} pieces of text included are used. Delete documents you no longer need, or choose a larger plan.` };
  return null;
}

export const tooLarge = (bytesMax: number): Refusal => ({ code: 'too-large', message: `This file is larger than ${megabytes(bytesMax)}. Split it into smaller files.` });

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;

/** The upload with the same content, if there is one. */
export async function sameContent({ tx }: Ctx, knowledgeBaseId: string, sha256: string): Promise<Refusal | null> {
  const [row] = await tx.select({ title: knowledgeDocuments.title, fileName: knowledgeDocuments.fileName }).from(knowledgeDocuments)
    .where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), eq(knowledgeDocuments.sha256, sha256), eq(knowledgeDocuments.kind, 'upload'))).limit(1);
  return row ? { code: 'duplicate', message: `The same file is already there as “${row.fileName ?? row.title}”. Nothing was added.` } : null;
}

/** How documents of a subscription are cut from now on. */
export const chunkingOf = ({ owner: { rag } }: OwnedBase): ChunkOptions => ({ strategy: rag.chunking.strategy, chunkSize: rag.chunking.chunkSize, overlap: rag.chunking.overlap });
