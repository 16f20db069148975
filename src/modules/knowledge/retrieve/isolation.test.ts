import { QueryPromise, sql, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { connect, type Tx } from '#platform/db/database.ts';
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
  await database.asTenant(small.tenant, async (tx) => expect(await rankByVector(tx, { knowledgeBaseId: theirs.id, edition: 1, chunks: 1500, only: null, breadth: 100 }, embedLexically(question), 10)).toEqual([]));
  // The operator's door sees everything: the statement itself keeps to its tenant.
  const base: BaseFacts = { id: theirs.id, edition: 1, embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512, chunks: 1500, length: 12_000 };
  const ranked = await database.asOperator('test', async (tx) => rankByKeywords(tx, { tenant: small.tenant, base, common: new Map(), only: null }, queryTerms(question).map((terms) => ({ terms, weight: 1 })), 10));
  expect(ranked).toMatchObject({ base: null, found: [] });
});

test('the same word has another key in every knowledge base', () => {
  expect(termKey(small.id, 'protocol')).not.toBe(termKey(large.id, 'protocol'));
  expect(indexTerms(small.id, 'Protocols, protocol!', '').counts).toEqual([2]);
});

const Plan = z.array(z.object({ 'QUERY PLAN': z.string() })).transform((rows) => rows.map((row) => row['QUERY PLAN']).join('\n'));
const dialect = new PgDialect();

/** Begins when it is awaited and not before, like the statement it stands for. */
class Later extends QueryPromise<unknown> {
  readonly execute: () => Promise<unknown>;

  constructor(run: () => Promise<unknown>) {
    super();
    this.execute = run;
  }
}

/** The plans of the statements that `work` runs, in their order, as the role and with the settings they meet, and how broadly the index is searched. */
async function plansOf(tenant: string | null, work: (tx: Tx) => Promise<unknown>): Promise<string[]> {
  const plans: string[] = [];
  const explain = async (tx: Tx) => work(new Proxy(tx, {
    get: (target, key) => (key !== 'execute' ? Reflect.get(target, key) : (query: SQL) => {
      const run = async () => {
        if (dialect.sqlToQuery(query).sql.startsWith('set local')) return target.execute(query);
        const [plan, breadth, result] = await Promise.all([target.execute(sql`explain ${query}`), target.execute(sql`select current_setting('hnsw.ef_search', true) as ef`), target.execute(query)]);
        plans.push(`${Plan.parse(plan.rows)}\nbreadth ${String(breadth.rows[0]?.ef)}`);
        return result;
      };
      return new Later(run);
    }),
  }));
  await (tenant === null ? database.asOperator('test', explain) : database.asTenant(tenant, explain));
  return plans;
}

test('each search uses its index under row-level security, and looks documents up one by one', async () => {
  await database.pool.query('analyze knowledge_chunks; analyze knowledge_documents');
  const vector = embedLexically(question);
  const among = (base: Base, chunks: number) => ({ knowledgeBaseId: base.id, edition: 1, chunks, only: null, breadth: 400 });
  const [exact] = await plansOf(small.tenant, async (tx) => rankByVector(tx, among(small, 30), vector, 10));
  expect(exact).toContain('knowledge_chunks_base');
  const [near, outside] = await plansOf(theirs.tenant, async (tx) => rankByVector(tx, among(theirs, 1_000_000), vector, 10));
  expect(near).toContain('knowledge_chunks_near_512');
  expect(near).not.toContain('Sort');
  expect(near).toContain('breadth 400');
  expect(outside).toContain('knowledge_chunks_base');
  const base: BaseFacts = { id: theirs.id, edition: 1, embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512, chunks: 1500, length: 12_000 };
  const groups = queryTerms('copy 777').map((terms) => ({ terms, weight: 1 }));
  const [known, postings, counts] = await plansOf(null, async (tx) => rankByKeywords(tx, { tenant: theirs.tenant, base, common: new Map(), only: null }, groups, 10));
  expect(known).toContain('knowledge_bases_pkey');
  expect(postings).toContain('knowledge_chunks_terms');
  expect(counts).toContain('knowledge_chunks_pkey');
  for (const plan of [exact, near, outside, postings, counts]) expect(plan).not.toMatch(/Seq Scan on knowledge_/);
  // Why words are searched in the operator's door: the tenant's own may not use the index.
  const [refused] = await plansOf(theirs.tenant, async (tx) => tx.execute(sql`select id from knowledge_chunks c where c.terms @> array[${termKey(theirs.id, analyze('777')[0] ?? '').toString()}::bigint] and c.knowledge_base_id = ${theirs.id} limit 1500`));
  expect(refused).not.toContain('knowledge_chunks_terms');
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
