import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { knowledgeDocuments, knowledgeSources } from '../tables.ts';
import type { Source } from './contract.ts';

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
    last_error: row.error, last_result: row.result, created_at: row.createdAt.toISOString(),
  };
}

function statusOf({ state, paused, syncedAt }: SourceRow): Source['status'] {
  if (state === 'queued' || state === 'syncing') return 'syncing';
  if (paused) return 'paused';
  if (state === 'failed') return 'failed';
  return syncedAt === null ? 'pending' : 'synced';
}
