import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#platform/db/database.ts';
import { INDEXED_DIMENSIONS, nearType, writeVector } from '../tables.ts';

/** The chunks a search is among. */
export interface Among { knowledgeBaseId: string; edition: number }
export interface Near { id: string; /** Cosine, -1..1. */ similarity: number }

/** Candidates the approximate index keeps in mind, and rows it may look at until enough belong to the tenant. */
const BREADTH = 120;
const SCANNED_MAX = 40_000;

/**
 * The chunks nearest to a vector, best first. What lies outside the approximate index is compared one by one, so small
 * knowledge bases are searched exactly whatever others store. The rest comes from the index; when that gives out before
 * enough of its rows belong to this knowledge base, it is compared one by one as well.
 */
export async function rankByVector(tx: Tx, among: Among, vector: Float32Array, limit: number): Promise<Near[]> {
  const dimensions = vector.length;
  const near = await compareEach(tx, among, vector, limit, false);
  const indexed = INDEXED_DIMENSIONS.some((known) => known === dimensions) && await hasApproximate(tx, among);
  if (!indexed) return near;
  let far = await searchIndex(tx, among, vector, limit);
  if (far.length < limit) far = await compareEach(tx, among, vector, limit, true);
  return [...near, ...far].sort((a, b) => b.similarity - a.similarity).slice(0, limit);
}

const Rows = z.array(z.object({ id: z.string(), similarity: z.number() }));

async function compareEach(tx: Tx, { knowledgeBaseId, edition }: Among, vector: Float32Array, limit: number, approximate: boolean): Promise<Near[]> {
  const asked = sql`${writeVector(vector)}::vector`;
  const { rows } = await tx.execute(sql`select id, -(embedding <#> ${asked}) as similarity from knowledge_chunks
    where knowledge_base_id = ${knowledgeBaseId} and edition = ${edition} and ${sql.raw(approximate ? 'approximate' : 'not approximate')} and dimensions = ${vector.length}
    order by embedding <#> ${asked} limit ${limit}`);
  return Rows.parse(rows);
}

async function hasApproximate(tx: Tx, { knowledgeBaseId, edition }: Among): Promise<boolean> {
  const { rows } = await tx.execute(sql`select exists (select 1 from knowledge_chunks where knowledge_base_id = ${knowledgeBaseId} and edition = ${edition} and approximate) as some`);
  return z.array(z.object({ some: z.boolean() })).parse(rows)[0]?.some ?? false;
}

/** The length of a vector stands in the statement itself: the planner must see that it is the index's. */
async function searchIndex(tx: Tx, { knowledgeBaseId, edition }: Among, vector: Float32Array, limit: number): Promise<Near[]> {
  const type = sql.raw(nearType(vector.length));
  const asked = sql`${writeVector(vector)}::${type}`;
  await tx.execute(sql.raw(`set local hnsw.iterative_scan = relaxed_order; set local hnsw.ef_search = ${BREADTH}; set local hnsw.max_scan_tuples = ${SCANNED_MAX}; set local enable_sort = off`));
  const { rows } = await tx.execute(sql`select id, -((embedding::${type}) <#> ${asked}) as similarity from knowledge_chunks
    where approximate and dimensions = ${sql.raw(String(vector.length))} and knowledge_base_id = ${knowledgeBaseId} and edition = ${edition}
    order by (embedding::${type}) <#> ${asked} limit ${limit}`);
  await tx.execute(sql`set local enable_sort = on`);
  return Rows.parse(rows).sort((a, b) => b.similarity - a.similarity);
}
