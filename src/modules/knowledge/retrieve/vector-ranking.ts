import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { setLocal, type Tx } from '#platform/db/database.ts';
import { EXACT_CHUNKS_MAX, isIndexed } from '../ingest/approximate-index.ts';
import { nearType, wireVector } from '../tables.ts';

/** The chunks a search is among. `chunks`: about how many there are; `only` narrows them to documents, as a condition on `c.document_id`. */
export interface Among { knowledgeBaseId: string; edition: number; chunks: number; only: SQL | null; /** Candidates the approximate index keeps in mind: more find more of the nearest, and take longer. */ breadth: number }
export interface Near { id: string; /** Cosine, -1..1. */ similarity: number }

/** Candidates the approximate index keeps in mind, at least so many more than are asked for. */
const BREADTH_MORE = 10;
/** The most the index takes. */
const BREADTH_MAX = 1000;
/** Rows it may look at until enough belong to the tenant; after that comparing each of the tenant's own is as fast. */
const SCANNED_MAX = 10_000;

/**
 * The chunks nearest to a vector, best first. Small knowledge bases are compared one by
 * one, whatever others store; large ones are searched in the approximate index, and compared one by one too when that gives
 * out before enough of its rows belong to them. Only published chunks.
 */
export async function rankByVector(tx: Tx, among: Among, vector: Float32Array, limit: number): Promise<Near[]> {
  const indexed = among.chunks > EXACT_CHUNKS_MAX && isIndexed(vector.length);
  const [, far, apart] = await Promise.all([
    // Compiling a plan takes longer than running it, the index gives the order that is asked for, and few documents are looked up.
    setLocal(tx, [
      'jit = off', `enable_sort = ${indexed ? 'off' : 'on'}`, 'enable_hashjoin = off', 'enable_mergejoin = off', 'hnsw.iterative_scan = relaxed_order', `hnsw.max_scan_tuples = ${SCANNED_MAX}`,
      `hnsw.ef_search = ${Math.min(BREADTH_MAX, Math.max(among.breadth, limit + BREADTH_MORE))}`,
    ]),
    indexed ? searchIndex(tx, among, vector, limit) : compareEach(tx, among, vector, limit, 'all'),
    // What has not moved to the index yet.
    indexed ? compareEach(tx, among, vector, limit, 'outside the index') : [],
  ]);
  if (!indexed || far.length + apart.length >= limit) return best([...far, ...apart], limit);
  await setLocal(tx, ['enable_sort = on']);
  return best(await compareEach(tx, among, vector, limit, 'all'), limit);
}

const Rows = z.array(z.object({ id: z.string(), similarity: z.number(), published: z.boolean() }));
type Row = z.infer<typeof Rows>[number];

const best = (rows: readonly Row[], limit: number): Near[] =>
  rows.filter(({ published }) => published).map(({ id, similarity }) => ({ id, similarity })).sort((a, b) => b.similarity - a.similarity).slice(0, limit);

const own = ({ knowledgeBaseId, edition, only }: Among, dimensions: number): SQL =>
  sql`c.knowledge_base_id = ${knowledgeBaseId} and c.edition = ${edition} and c.dimensions = ${sql.raw(String(dimensions))} ${only ? sql`and ${only}` : sql``}`;

/** The nearest of these with whether they count: only while their generation is the one their document names. */
const published = (nearest: SQL): SQL => sql`select c.id, -c.distance as similarity, d.id is not null as published from (${nearest}) c left join knowledge_documents d on d.id = c.document_id and d.generation = c.generation`;

async function compareEach(tx: Tx, among: Among, vector: Float32Array, limit: number, which: 'all' | 'outside the index'): Promise<Row[]> {
  const { rows } = await tx.execute(published(sql`select c.id, c.document_id, c.generation, c.embedding <#> ${wireVector(vector)}::vector as distance from knowledge_chunks c
    where ${own(among, vector.length)} ${sql.raw(which === 'all' ? '' : 'and not c.approximate')} order by distance limit ${limit * 2}`));
  return Rows.parse(rows);
}

/** The length of a vector stands in the statement itself: the planner must see that it is the index's. */
async function searchIndex(tx: Tx, among: Among, vector: Float32Array, limit: number): Promise<Row[]> {
  const type = sql.raw(nearType(vector.length));
  const { rows } = await tx.execute(published(sql`select c.id, c.document_id, c.generation, (c.embedding::${type}) <#> ${wireVector(vector)}::vector::${type} as distance from knowledge_chunks c
    where c.approximate and ${own(among, vector.length)} order by distance limit ${limit}`));
  return Rows.parse(rows);
}
