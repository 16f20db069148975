/**
 * Search among many chunks: how long the product's hybrid search takes and whether its approximate index finds what an exact
 * comparison finds, beside one bare hybrid statement over the same rows. One tenant has `--chunks`, each of the others `--others`.
 * Also how many chunks a second the product's own ingestion stores. Only the offline models serve. `published` text is of the
 * published question sets where they are, `zipf` is made up and harder: a hundred passages on one topic are equally good.
 *   node bench/search.ts [--mode=embedded,postgres] [--text=published|zipf] [--chunks=50000] [--tenants=20] [--others=2500] [--queries=400] [--store=4000] [--bare=1]
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { embedLexically } from '#modules/models/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { startPostgres } from './databases.ts';
import { quietMoment, ROOT } from './machine.ts';
import { openSearch, type SearchBench } from './product-search.ts';
import { optionsOf, percentile, report, shown, table } from './report.ts';
import { fillIndex, type Filled } from './search-rows.ts';
import { PublishedText } from './published-text.ts';
import { Zipf, type BenchText } from './zipf-text.ts';

const options = optionsOf();
const number = (name: string, fallback: number) => Number(options.get(name) ?? fallback);
const modes = (options.get('mode') ?? 'embedded,postgres').split(',');
const [chunks, tenants, others, asked, stored] = [number('chunks', 50_000), number('tenants', 20), number('others', 2500), number('queries', 400), number('store', 4000)];
const wanted = options.get('text') ?? 'published';
const shared = path.join(process.env.CMP_SHARED_DATA ?? path.resolve(ROOT, '../shared/data'), 'retrieval');
const TOP_K = 5;

interface Timed { name: string; ms: number[] }
interface Measured { mode: string; timed: Timed[]; recall: { vector: number; hybrid: number }; storedPerSecond: number; filledSeconds: number }

async function timed(name: string, queries: readonly string[], ask: (query: string, index: number) => Promise<unknown>): Promise<Timed> {
  for (const [index, query] of queries.slice(0, 20).entries()) await ask(query, index);
  const ms: number[] = [];
  for (const [index, query] of queries.entries()) {
    const at = performance.now();
    await ask(query, index);
    ms.push(performance.now() - at);
  }
  return { name, ms };
}

type Method = 'hybrid' | 'keyword' | 'vector';
const askWith = ({ search }: SearchBench, base: Filled, method: Method, reranking: boolean) => async (query: string) =>
  search.search({ tenant: base.tenant, knowledgeBaseId: base.knowledgeBaseId, query, topK: TOP_K, method, reranking });

/** Of what a search finds when every chunk is compared, the share it finds through the approximate index. The index is gone afterwards. */
async function recallOf(bench: SearchBench, base: Filled, queries: readonly string[]): Promise<{ vector: number; hybrid: number }> {
  const ask = async (method: Method) => {
    const found: string[][] = [];
    for (const query of queries) found.push((await askWith(bench, base, method, method === 'hybrid')(query)).passages.map(({ chunkId }) => chunkId));
    return found;
  };
  const near = { vector: await ask('vector'), hybrid: await ask('hybrid') };
  await bench.database.pool.query('drop index knowledge_chunks_near_512');
  const share = (found: readonly string[][], exact: readonly string[][]) => exact.reduce((sum, ids, index) => sum + ids.filter((id) => found[index]?.includes(id)).length, 0) / exact.flat().length;
  return { vector: share(near.vector, await ask('vector')), hybrid: share(near.hybrid, await ask('hybrid')) };
}

/** Documents of one chunk through the product: stored text, read, cut, embedded, indexed. */
async function storeThroughProduct({ knowledge, platform }: SearchBench, text: BenchText): Promise<number> {
  const process = systemProcess(platform, 'measure storing', uuidv7());
  const knowledgeBaseId = await knowledge.createKnowledgeBase(process, { subscriptionId: null, name: 'stored' });
  const documents = Array.from({ length: stored / 40 }, (_, index) => ({ externalId: `d${index}`, title: `Document ${index}`, text: Array.from({ length: 40 }, () => text.passage()).join('\n\n') }));
  const at = performance.now();
  await knowledge.fillKnowledgeBase(process, knowledgeBaseId, { documents, pairs: [] });
  const seconds = (performance.now() - at) / 1000;
  const [row] = await platform.database.asOperator('count', async (tx) => z.array(z.object({ chunks: z.number() })).parse((await tx.execute(`select chunks from knowledge_bases where id = '${knowledgeBaseId}'`)).rows));
  return (row?.chunks ?? 0) / seconds;
}

async function measure(mode: string, databaseUrl: string | null): Promise<Measured> {
  const bench = await openSearch(databaseUrl);
  try {
    const text = (wanted === 'zipf' ? null : PublishedText.from(shared, 1)) ?? new Zipf(1);
    const storedPerSecond = stored > 0 ? await storeThroughProduct(bench, text) : Number.NaN;
    const at = performance.now();
    const { large, small } = await fillIndex(bench.database, text, { chunks, tenants, others, bare: options.get('bare') !== '0' });
    const filledSeconds = (performance.now() - at) / 1000;
    await pause(500);
    await quietMoment();
    const queries = Array.from({ length: asked }, () => text.question(large.topics));
    const ask = (base: Filled, method: Method, reranking: boolean) => askWith(bench, base, method, reranking);
    const runs = [
      await timed('hybrid, reranked', queries, ask(large, 'hybrid', true)),
      await timed('hybrid', queries, ask(large, 'hybrid', false)),
      await timed('keyword', queries, ask(large, 'keyword', false)),
      await timed('vector', queries, ask(large, 'vector', false)),
      await timed(`hybrid, reranked, a tenant of ${others}`, Array.from({ length: asked }, () => text.question(small.topics)), ask(small, 'hybrid', true)),
    ];
    if (options.get('bare') !== '0') runs.unshift(await timed('bare hybrid statement', queries, async (query) => bareHybrid(bench, query)));
    return { mode, timed: runs, recall: await recallOf(bench, large, queries.slice(0, 50)), storedPerSecond, filledSeconds };
  } finally {
    await bench.close();
  }
}

/** The least a hybrid search can be: both rankings and their fusion in one statement, without tenants, without reading the text. */
async function bareHybrid({ database }: SearchBench, query: string): Promise<void> {
  await database.pool.query({
    name: 'bare', text: `with v as (select id, row_number() over (order by d) r from (select id, emb <=> $1::vector d from bare_chunk order by emb <=> $1::vector limit 20) x),
      f as (select id, row_number() over (order by k desc) r from (select id, ts_rank_cd(tsv, q) k from bare_chunk, websearch_to_tsquery('simple', $2) q where tsv @@ q order by k desc limit 20) y)
      select id, sum(1.0 / (60 + r)) sc from (select * from v union all select * from f) z group by id order by sc desc limit ${TOP_K}`,
    values: [`[${embedLexically(query).join(',')}]`, query.split(' ').slice(0, 2).join(' or ')],
  });
}

const measured: Measured[] = [];
for (const mode of modes) {
  const postgres = mode === 'postgres' ? await startPostgres() : null;
  try {
    measured.push(await measure(mode, postgres ? await postgres.createDatabase('search') : null));
  } finally {
    postgres?.stop();
  }
}
report('search', [
  table(['database', 'search', 'p50 ms', 'p95', 'p99', 'of the bare statement', 'p99 of p50'], measured.flatMap(({ mode, timed: runs }) => {
    const bare = runs.find(({ name }) => name.startsWith('bare'));
    return runs.map(({ name, ms }) => [mode, name, shown(percentile(ms, 50), 2), shown(percentile(ms, 95), 2), shown(percentile(ms, 99), 2),
      bare ? shown(percentile(ms, 50) / percentile(bare.ms, 50), 2) : '-', shown(percentile(ms, 99) / percentile(ms, 50))]);
  })),
  table(['database', 'recall@5 of the index, vector', 'hybrid', 'chunks a second stored by the product', 'seconds to fill'], measured.map((one) => [one.mode, one.recall.vector.toFixed(3), one.recall.hybrid.toFixed(3), shown(one.storedPerSecond), shown(one.filledSeconds)])),
], { chunks, tenants, others, measured: measured.map(({ timed: runs, ...one }) => ({ ...one, runs: runs.map(({ name, ms }) => ({ name, p50: percentile(ms, 50), p95: percentile(ms, 95), p99: percentile(ms, 99) })) })) });
