import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { knowledgeDocuments, knowledgeSources } from '../tables.ts';
import type { FailingSource, Source } from './contract.ts';
import { isReadKind } from './source-kinds.ts';

export type SourceRow = typeof knowledgeSources.$inferSelect;

const Secrets = z.record(z.string(), z.string());
const sealName = (id: string): string => `knowledge-source:${id}`;

/** Secrets of a source, sealed for its tenant and row. */
export const sealSecrets = (vault: Vault, tenant: string, id: string, secrets: Record<string, string>): string => vault.seal(JSON.stringify(secrets), tenant, sealName(id));

/** In plain; only for the reading itself. */
export const openSecrets = (vault: Vault, { secrets, tenantId, id }: SourceRow): Record<string, string> =>
  (secrets === null ? {} : Secrets.parse(JSON.parse(vault.open(secrets, tenantId, sealName(id)))));

/** A source of a knowledge base, or 404. */
export async function requireSource({ tx }: Ctx, knowledgeBaseId: string, sourceId: string, lock?: 'update'): Promise<SourceRow> {
  const query = tx.select().from(knowledgeSources).where(and(eq(knowledgeSources.id, sourceId), eq(knowledgeSources.knowledgeBaseId, knowledgeBaseId)));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

interface Figures { total: number; indexed: number; failed: number; chunks: number; bytes: number }
const NOTHING: Figures = { total: 0, indexed: 0, failed: 0, chunks: 0, bytes: 0 };

/** Documents of each source of a knowledge base, counted. */
export async function figuresBySource({ tx }: Ctx, knowledgeBaseId: string): Promise<ReadonlyMap<string, Figures>> {
  const rows = await tx.select({
    id: knowledgeDocuments.sourceId, total: sql<number>`count(*)::int`,
    indexed: sql<number>`count(*) filter (where ${knowledgeDocuments.state} = 'indexed')::int`, failed: sql<number>`count(*) filter (where ${knowledgeDocuments.state} = 'failed')::int`,
    chunks: sql<number>`coalesce(sum(${knowledgeDocuments.chunks}), 0)::int`, bytes: sql<string>`coalesce(sum(${knowledgeDocuments.bytes}), 0)`,
  }).from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId)).groupBy(knowledgeDocuments.sourceId);
  return new Map(rows.map(({ id, bytes, ...figures }) => [id, { ...figures, bytes: Number(bytes) }]));
}

/** What callers see of a source. */
export function presentSource(row: SourceRow, { total, indexed, failed, chunks, bytes }: Figures = NOTHING): Source {
  return {
    id: row.id, kind: row.kind, name: row.name, config: row.config, secrets: row.secretNames, refresh: row.refresh, status: statusOf(row), progress: row.progress,
    documents: { total, indexed, failed, processing: total - indexed - failed }, chunks, bytes,
    last_sync_at: row.syncedAt?.toISOString() ?? null, next_sync_at: row.paused ? null : row.nextSyncAt?.toISOString() ?? null,
    last_error: shownError(row), last_result: row.result, created_at: row.createdAt.toISOString(),
  };
}

/** A reading that is on its way may yet succeed. */
const shownError = ({ state, error }: SourceRow): Source['last_error'] => (error === null || state === 'queued' || state === 'syncing' ? null : { code: error.code, message: error.message });

/** What is failing now, by knowledge base, the longest first; bases where all is well are left out. A reading on its way changes nothing until it ends. */
export async function failingSources({ tx }: Ctx, knowledgeBaseIds: readonly string[]): Promise<ReadonlyMap<string, FailingSource[]>> {
  if (knowledgeBaseIds.length === 0) return new Map();
  const rows = await tx.select().from(knowledgeSources)
    .where(and(inArray(knowledgeSources.knowledgeBaseId, [...knowledgeBaseIds]), gt(knowledgeSources.failures, 0), eq(knowledgeSources.paused, false))).orderBy(asc(knowledgeSources.id));
  const failing = new Map<string, FailingSource[]>();
  for (const { id, kind, name, error, updatedAt, syncedAt, knowledgeBaseId } of rows) {
    if (!isReadKind(kind) || error === null) continue;
    const { code, message, since } = error;
    const source = { id, kind, name, since: since ?? updatedAt.toISOString(), error: { code, message }, last_sync_at: syncedAt?.toISOString() ?? null };
    failing.set(knowledgeBaseId, [...failing.get(knowledgeBaseId) ?? [], source].toSorted((a, b) => a.since.localeCompare(b.since)));
  }
  return failing;
}

function statusOf({ state, paused, syncedAt }: SourceRow): Source['status'] {
  if (state === 'queued' || state === 'syncing') return 'syncing';
  if (paused) return 'paused';
  if (state === 'failed') return 'failed';
  return syncedAt === null ? 'pending' : 'synced';
}
