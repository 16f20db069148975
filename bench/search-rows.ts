import { sql } from 'drizzle-orm';
import { embedLexically, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { isApproximate } from '#modules/knowledge/ingest/approximate-index.ts';
import { indexTerms } from '#modules/knowledge/ingest/index-terms.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '#modules/knowledge/tables.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Database } from '#platform/db/database.ts';
import type { BenchText } from './zipf-text.ts';

/** A knowledge base that was filled, and what its passages are about. */
export interface Filled { tenant: string; knowledgeBaseId: string; topics: string[][] }

const ROWS_AT_ONCE = 250;
const CHUNKS_PER_DOCUMENT = 25;

/**
 * Fills one large and many smaller knowledge bases row by row as the product would have written them, past its ingestion, with
 * the indexes made afterwards. `bare`: the large one's texts and vectors once more in a table of their own, for one plain statement.
 */
export async function fillIndex(database: Database, text: BenchText, size: { chunks: number; tenants: number; others: number; bare: boolean }): Promise<{ large: Filled; small: Filled }> {
  const indexes = await dropIndexes(database);
  if (size.bare) await database.pool.query('create table bare_chunk (id int primary key, tsv tsvector, emb vector(512))');
  const large = await fillBase(database, text, size.chunks, size.bare);
  let small = large;
  for (let tenant = 1; tenant < size.tenants; tenant++) small = await fillBase(database, text, size.others, false);
  for (const statement of indexes) await database.pool.query(statement);
  if (size.bare) await database.pool.query('create index on bare_chunk using gin (tsv); create index on bare_chunk using hnsw (emb vector_cosine_ops)');
  await database.pool.query('vacuum analyze knowledge_chunks');
  await database.pool.query('analyze');
  return { large, small };
}

/** Indexes that are made faster over rows that are there; returns how to make them. */
async function dropIndexes(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string; definition: string }>(`select indexname as name, indexdef as definition from pg_indexes where tablename = 'knowledge_chunks' and indexdef ~ 'USING (gin|hnsw)'`);
  for (const { name } of rows) await database.pool.query(`drop index ${name}`);
  return rows.map(({ definition }) => `set maintenance_work_mem = '512MB'; ${definition}`);
}

async function fillBase(database: Database, text: BenchText, chunks: number, bare: boolean): Promise<Filled> {
  const [tenant, id, sourceId] = [uuidv7(), uuidv7(), uuidv7()];
  const topics = text.topics(Math.max(20, Math.round(chunks / 100)));
  let length = 0;
  await database.asTenant(tenant, async (tx) => {
    await tx.insert(knowledgeBases).values({ id, name: 'filled', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512 });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: id, kind: 'api' });
  });
  for (let from = 0; from < chunks; from += ROWS_AT_ONCE) {
    const batch = Array.from({ length: Math.min(ROWS_AT_ONCE, chunks - from) }, (_, index) => {
      const content = text.passage(topics);
      const terms = indexTerms(id, content, '');
      length += terms.length;
      return { content, ...terms, embedding: embedLexically(content), at: from + index };
    });
    await database.asTenant(tenant, async (tx) => {
      const documents = Array.from({ length: Math.ceil(batch.length / CHUNKS_PER_DOCUMENT) }, () => uuidv7());
      await tx.insert(knowledgeDocuments).values(documents.map((documentId) => ({
        id: documentId, knowledgeBaseId: id, sourceId, kind: 'api' as const, title: 'Filled', contentType: 'text/plain', bytes: 1, sha256: documentId, state: 'indexed' as const, generation: 1,
        chunks: CHUNKS_PER_DOCUMENT, chunking: { strategy: 'hybrid' as const, chunkSize: 512, overlap: 50 },
      })));
      await tx.insert(knowledgeChunks).values(batch.map(({ at: _at, ...row }, index) => ({
        ...row, knowledgeBaseId: id, documentId: documents[Math.floor(index / CHUNKS_PER_DOCUMENT)] ?? '', generation: 1, position: index % CHUNKS_PER_DOCUMENT, context: '', heading: '', page: null,
        tokens: 150, start: 0, end: row.content.length, dimensions: 512, approximate: isApproximate(chunks, 512),
      })));
    });
    if (bare) {
      await database.pool.query(`insert into bare_chunk select id, to_tsvector('simple', body), emb::vector from unnest($1::int[], $2::text[], $3::text[]) as given(id, body, emb)`,
        [batch.map(({ at }) => at), batch.map(({ content }) => content), batch.map(({ embedding }) => `[${embedding.join(',')}]`)]);
    }
  }
  await database.asTenant(tenant, async (tx) => { await tx.execute(sql`update knowledge_bases set chunks = ${chunks}, length = ${length} where id = ${id}`); });
  return { tenant, knowledgeBaseId: id, topics };
}
