import { asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { listDocuments } from '../documents/list-documents.ts';
import { requireBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeBases, knowledgeDocuments } from '../tables.ts';
import type { KnowledgeBase, knowledgeBaseEndpoints } from './contract.ts';

type E = typeof knowledgeBaseEndpoints;

/** Knowledge bases by themselves, for callers that do not think in subscriptions. */
export function knowledgeBaseService({ owners }: Pick<KnowledgeParts, 'owners'>) {
  /** The subscription a call means. Throws 422 where it names none, 404 where it is not theirs. */
  const subscriptionOf = async ({ tx }: Ctx, { knowledge_base_id: id, subscription_id: subscriptionId }: Input<E['addDocuments']>['query']): Promise<string> => {
    if (subscriptionId) return subscriptionId;
    if (!id) throw new Problem(kernel.invalid, 'Say which knowledge base with knowledge_base_id, or whose with subscription_id.');
    const [row] = await tx.select({ subscriptionId: knowledgeBases.subscriptionId }).from(knowledgeBases).where(eq(knowledgeBases.id, id));
    if (!row?.subscriptionId) throw new Problem(kernel['not-found']);
    return row.subscriptionId;
  };

  return {
    subscriptionOf,

    async list(ctx: Ctx): Promise<Output<E['list']>> {
      return { data: (await select(ctx).where(isNotNull(knowledgeBases.subscriptionId)).groupBy(knowledgeBases.id).orderBy(asc(knowledgeBases.id)).limit(500)).map(present) };
    },

    async create(ctx: Ctx, { body }: Input<E['create']>): Promise<Output<E['create']>> {
      const { base } = await requireBase(ctx, owners, body.subscription_id);
      return present(one(await select(ctx).where(eq(knowledgeBases.id, base.id)).groupBy(knowledgeBases.id)));
    },

    async listDocuments(ctx: Ctx, { query: { knowledge_base_id, subscription_id, ...query } }: Input<E['listDocuments']>): Promise<Output<E['listDocuments']>> {
      const { base } = await requireBase(ctx, owners, await subscriptionOf(ctx, { knowledge_base_id, subscription_id }));
      return listDocuments(ctx, base.id, { ...query, sort: '-created_at' });
    },
  };
}

const select = ({ tx }: Ctx) => tx.select({
  base: knowledgeBases, documents: sql<number>`count(${knowledgeDocuments.id}) filter (where ${knowledgeDocuments.kind} <> 'qa')::int`, bytes: sql<string>`coalesce(sum(${knowledgeDocuments.bytes}), 0)`,
  processing: sql<number>`count(${knowledgeDocuments.id}) filter (where ${knowledgeDocuments.state} not in ('indexed', 'failed'))::int`, last: sql<string | null>`max(${knowledgeDocuments.indexedAt})::text`,
}).from(knowledgeBases).leftJoin(knowledgeDocuments, eq(knowledgeDocuments.knowledgeBaseId, knowledgeBases.id));

type Row = Awaited<ReturnType<typeof select>>[number];

const present = ({ base, documents, bytes, processing, last }: Row): KnowledgeBase => ({
  id: base.id, subscription_id: base.subscriptionId, name: base.name, engine: base.engine, embedding_model: base.embeddingModel, document_count: documents, chunk_count: base.chunks,
  total_size_bytes: Number(bytes), status: processing > 0 ? 'indexing' : 'active', last_indexed_at: last ? new Date(last).toISOString() : null, created_at: base.createdAt.toISOString(),
});
