import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { connect } from '#platform/db/database.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { analyze, embedLexically, modelDirectory, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { createLogger } from '#platform/log/logger.ts';
import { indexTerms, termKey } from '../ingest/index-terms.ts';
import { knowledgeBases, knowledgeChunks, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { createKnowledgeSearch } from './knowledge-search.ts';
import { rankByKeywords } from './keyword-ranking.ts';
import { queryTerms } from './query-terms.ts';
import type { BaseFacts } from './known-bases.ts';
import { rankByVector } from './vector-ranking.ts';

const source = await startTestDatabase();
const database = connect(source.url);
const platform = { database, log: createLogger('error'), now: () => new Date(), relaySoon: () => undefined };
afterAll(async () => {
  await database.close();
  await source.close();
});
const search = createKnowledgeSearch({ platform, models: modelDirectory() });

interface Base { tenant: string; id: string }

/** A knowledge base with these texts, each a document of one chunk. */
async function baseWith(texts: readonly string[], approximate: boolean, tenant = uuidv7()): Promise<Base> {
  const id = uuidv7();
  await systemProcess(platform, 'test', tenant).run(async ({ tx }) => {
    const sourceId = uuidv7();
    await tx.insert(knowledgeBases).values({ id, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512, chunks: texts.length, length: texts.length * 8 });
    await tx.insert(knowledgeSources).values({ id: sourceId, knowledgeBaseId: id, kind: 'api' });
    const rows = texts.map((text) => ({ text, documentId: uuidv7() }));
    for (let from = 0; from < rows.length; from += 250) {
      const batch = rows.slice(from, from + 250);
      await tx.insert(knowledgeDocuments).values(batch.map(({ text, documentId }) => ({
        id: documentId, knowledgeBaseId: id, sourceId, kind: 'api' as const, title: '', contentType: 'text/plain', bytes: text.length, sha256: documentId, state: 'indexed' as const, generation: 1, chunks: 1,
        chunking: { strategy: 'hybrid' as const, chunkSize: 512, overlap: 50 },
      })));
      await tx.insert(knowledgeChunks).values(batch.map(({ text, documentId }) => ({
        knowledgeBaseId: id, documentId, generation: 1, position: 0, content: text, context: '', heading: '', page: null, tokens: 8, start: 0, end: text.length,
        ...indexTerms(id, text, ''), embedding: embedLexically(text), dimensions: 512, approximate,
      })));
    }
  });
  return { tenant, id };
}

const question = 'heliotrope passphrase of the zanzibar protocol';
const foreign = Array.from({ length: 1500 }, (_, index) => `The heliotrope passphrase of the zanzibar protocol, copy ${index}.`);
const own = Array.from({ length: 30 }, (_, index) => `Our protocol number ${index} needs no passphrase.`);
const theirs = await baseWith(foreign, true);
const small = await baseWith(own, false);
const large = await baseWith(own, true);

test.each(['vector', 'keyword', 'hybrid'] as const)('%s search finds the full number of own chunks among nearer ones of others, and never theirs', async (method) => {
  for (const base of [small, large]) {
    const { passages } = await search.search({ tenant: base.tenant, knowledgeBaseId: base.id, query: question, topK: 10, method, reranking: method === 'hybrid' });
    expect(passages).toHaveLength(10);
    for (const { text } of passages) expect(text).toMatch(/^Our protocol/);
  }
  const theirOwn = await search.search({ tenant: theirs.tenant, knowledgeBaseId: theirs.id, query: question, topK: 10, method, reranking: false });
  expect(theirOwn.passages).toHaveLength(10);
});

test("a foreign knowledge base named by its true id is empty", async () => {
  for (const method of ['vector', 'keyword', 'hybrid'] as const) {
    expect(await search.search({ tenant: small.tenant, knowledgeBaseId: theirs.id, query: question, topK: 10, method, reranking: true })).toEqual({ passages: [], confidence: 0 });
  }
  await database.asTenant(small.tenant, async (tx) => expect(await rankByVector(tx, { knowledgeBaseId: theirs.id, edition: 1, chunks: 1500, only: null }, embedLexically(question), 10)).toEqual([]));
  // The operator's door sees everything: the statement itself keeps to its tenant.
  const base: BaseFacts = { id: theirs.id, edition: 1, embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512, chunks: 1500, length: 12_000 };
  const ranked = await database.asOperator('test', async (tx) => rankByKeywords(tx, { tenant: small.tenant, base, common: new Map(), only: null }, queryTerms(question).map((terms) => ({ terms, weight: 1 })), 10));
  expect(ranked).toMatchObject({ base: null, found: [] });
});

test('the same word has another key in every knowledge base', () => {
  expect(termKey(small.id, 'protocol')).not.toBe(termKey(large.id, 'protocol'));
  expect(indexTerms(small.id, 'Protocols, protocol!', '').counts).toEqual([2]);
});

const Plan = z.array(z.object({ 'QUERY PLAN': z.string() })).transform((rows) => rows.map((row) => row['QUERY PLAN'].replace(/'\[[^\]]*\]'/g, 'vector')).join('\n'));

test('each search uses an index under row-level security', async () => {
  const vector = `[${embedLexically(question).join(',')}]`;
  const explained = async (tenant: string | null, statements: readonly string[], query: string, values: readonly unknown[]) => {
    const client = await database.pool.connect();
    try {
      await client.query(`begin; set local role ${tenant ? 'cmp_app' : 'cmp_operator'}; select set_config('app.tenant', '${tenant ?? ''}', true)`);
      for (const statement of statements) await client.query(statement);
      return Plan.parse((await client.query(`explain ${query}`, [...values])).rows);
    } finally {
      await client.query('rollback');
      client.release();
    }
  };
  await database.pool.query('analyze knowledge_chunks');
  expect(await explained(small.tenant, [], 'select id from knowledge_chunks where knowledge_base_id = $1 and not approximate and dimensions = 512 order by embedding <#> $2::vector limit 10', [small.id, vector]))
    .toContain('knowledge_chunks_base');
  expect(await explained(large.tenant, ['set local hnsw.iterative_scan = relaxed_order', 'set local enable_sort = off'],
    'select id from knowledge_chunks where approximate and dimensions = 512 and knowledge_base_id = $1 order by (embedding::vector(512)) <#> $2::vector(512) limit 10', [large.id, vector])).toContain('knowledge_chunks_near_512');
  const key = termKey(theirs.id, analyze('777')[0] ?? '').toString();
  const words = 'select id from knowledge_chunks c where c.terms @> array[$1::bigint] and c.knowledge_base_id = $2 and c.tenant_id = $3 limit 1500';
  expect(await explained(null, [], words, [key, theirs.id, theirs.tenant])).toContain('knowledge_chunks_terms');
  // Why keywords are searched in the operator's door: the tenant's own may not use the index.
  expect(await explained(theirs.tenant, [], words, [key, theirs.id, theirs.tenant])).not.toContain('knowledge_chunks_terms');
});

test('a word that every chunk holds does not keep rare ones from leading', async () => {
  const texts = [...Array.from({ length: 2000 }, (_, index) => `Our service handles request number ${index} of the service.`), 'The service for marmalade is closed.'];
  const base = await baseWith(texts, false);
  const { passages, confidence } = await search.search({ tenant: base.tenant, knowledgeBaseId: base.id, query: 'marmalade service', topK: 5, method: 'keyword', reranking: false });
  expect(passages[0]?.text).toContain('marmalade');
  expect(confidence).toBeGreaterThan(0.8);
  const common = await search.search({ tenant: base.tenant, knowledgeBaseId: base.id, query: 'service', topK: 5, method: 'keyword', reranking: false });
  expect(common.passages).toHaveLength(5);
});
