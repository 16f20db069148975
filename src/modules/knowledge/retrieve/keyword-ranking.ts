import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { setLocal, type Tx } from '#platform/db/database.ts';
import { termKey, termScope } from '../ingest/index-terms.ts';
import { BaseFacts } from './known-bases.ts';
import type { TermGroup } from './query-terms.ts';

/** A word of the question with what it is worth: 1 for the question itself, less for what was said before it. */
export interface WeightedGroup { terms: TermGroup; weight: number }

export interface KeywordRanking {
  /** The knowledge base as it was in the same transaction; null when it is gone. */
  base: BaseFacts | null;
  /** Best first. `score`: BM25 as a share of what a chunk could get at most, 0..1. */
  found: readonly { id: string; score: number }[];
  /** How rare each group is here, in the order they were given: ln of one over the share of chunks that hold it. */
  rarity: readonly number[];
  /** What each group gives a chunk at most: its weight times its rarity; 0 where no chunk holds it. */
  worth: readonly number[];
  /** Mean number of terms of a chunk. */
  averageLength: number;
}

/** Terms that many chunks hold, by key, with the share of chunks that do. */
export type CommonTerms = ReadonlyMap<string, number>;

/** Chunks that hold one word and are read at most; a question of common words alone is answered from these. */
const POSTINGS_MAX = 1500;
/** Common words do not bring candidates once rarer ones bring this many; they only order them. */
const CANDIDATES_MAX = 1200;
/** The share of chunks that holds a word of which nothing is known; words above 1 % are known. */
const SHARE_UNKNOWN = 0.003;
/** A word that more chunks hold says nothing. */
const SHARE_MAX = 0.7;
/** Candidates whose words are counted. */
const SHORTLIST_MAX = 64;
/** BM25 as in the literature. */
export const SATURATION = 0.9;
export const LENGTH = 0.4;

/** What is searched; `only` narrows it to documents, as a condition on `c.document_id`. */
interface Scope { tenant: string; base: BaseFacts; common: CommonTerms; only: SQL | null }
/** One form of a word. */
interface Key { group: number; key: string }

/**
 * BM25 over the chunks of one knowledge base, rare words first.
 *
 * Runs in the operator's door, and is the only search that does: under row-level policies the database refuses the index
 * of terms (its operators are not leakproof) and would read every chunk of the tenant. Tenant and knowledge base are
 * therefore named in every statement here; the keys belong to one knowledge base by themselves; and only ids leave, whose
 * rows are then read in the tenant's own door.
 */
export async function rankByKeywords(tx: Tx, scope: Scope, groups: readonly WeightedGroup[], limit: number): Promise<KeywordRanking> {
  const keys = groups.flatMap(({ terms }, group) => terms.map((term): Key => ({ group, key: termKey(termScope(scope.base), term).toString() })));
  const shares = groups.map(() => 0);
  for (const { group, key } of keys) shares[group] = Math.max(shares[group] ?? 0, scope.common.get(key) ?? 0);
  const leads = rarestGroups(shares, scope.base.chunks);
  const leading = keys.filter(({ group }) => leads.has(group));
  const [, base, postings] = await Promise.all([
    // Without statistics a whole table may seem cheaper than its index.
    setLocal(tx, ['jit = off', 'enable_seqscan = off']),
    readBase(tx, scope),
    leading.length === 0 ? [] : readPostings(tx, scope, leading),
  ]);
  const chunks = Math.max(1, base?.chunks ?? 0);
  const averageLength = Math.max(1, (base?.length ?? 0) / chunks);
  const holding = shares.map((share) => Math.round(share * chunks));
  // Forms of one word mostly occur in the same texts or not at all.
  leading.forEach(({ group }, index) => { holding[group] = Math.max(holding[group] ?? 0, postings[index]?.length ?? 0); });
  const rarity = holding.map((count) => rarityOf(chunks, count));
  const worth = groups.map(({ weight }, group) => ((holding[group] ?? 0) > 0 ? weight * (rarity[group] ?? 0) : 0));
  const shortlist = bestHolders(leading, postings, worth);
  const counted = keys.filter(({ group, key }) => (leads.has(group) ? (postings[leading.findIndex((one) => one.key === key)]?.length ?? 0) > 0 : (shares[group] ?? 0) <= SHARE_MAX));
  const found = shortlist.length === 0 ? [] : (await readCounts(tx, scope, counted, shortlist)).map(({ id, length, times }) => ({ id, score: scoreOf(counted, times, worth, SATURATION * (1 - LENGTH + (LENGTH * length) / averageLength)) }));
  const most = worth.reduce((sum, value) => sum + value, 0);
  return { base, rarity, worth, averageLength, found: found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit).map(({ id, score }) => ({ id, score: most > 0 ? score / most : 0 })) };
}

const rarityOf = (chunks: number, holding: number): number => Math.log(1 + (chunks - Math.min(holding, chunks) + 0.5) / (holding + 0.5));

/** Groups that bring candidates: the rarest, until they bring enough. */
function rarestGroups(shares: readonly number[], chunks: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let candidates = 0;
  for (const { group, share } of shares.map((known, group) => ({ group, share: known || SHARE_UNKNOWN })).toSorted((a, b) => a.share - b.share)) {
    if (chosen.size > 0 && candidates + share * chunks > CANDIDATES_MAX) break;
    chosen.add(group);
    candidates += share * chunks;
  }
  return chosen;
}

/** The chunks that hold the words that are worth most. */
function bestHolders(leading: readonly Key[], postings: readonly (readonly string[])[], worth: readonly number[]): string[] {
  const scores = new Map<string, number>();
  leading.forEach(({ group }, index) => { for (const id of postings[index] ?? []) scores.set(id, (scores.get(id) ?? 0) + (worth[group] ?? 0)); });
  return [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SHORTLIST_MAX).map(([id]) => id);
}

/** What each word gives a chunk, added up; of several forms of a word the best counts. */
function scoreOf(counted: readonly Key[], times: readonly number[], worth: readonly number[], norm: number): number {
  const values = new Map<number, number>();
  counted.forEach(({ group }, index) => {
    const count = times[index] ?? 0;
    values.set(group, Math.max(values.get(group) ?? 0, (worth[group] ?? 0) * (count / (count + norm))));
  });
  return values.values().reduce((sum, value) => sum + value, 0);
}

const array = (values: readonly string[]): string => `{${values.join(',')}}`;
/** Not by the index of knowledge bases: the keys find the same rows alone, and joining both indexes takes longer. */
const own = ({ tenant, base, only }: Scope): SQL => sql`(c.knowledge_base_id = ${base.id}) is true and c.tenant_id = ${tenant} ${only ? sql`and ${only}` : sql``}`;

async function readBase(tx: Tx, { tenant, base }: Scope): Promise<BaseFacts | null> {
  const { rows } = await tx.execute(sql`select id, edition, embedding_model as "embeddingModel", dimensions, chunks, length::float8 from knowledge_bases where id = ${base.id} and tenant_id = ${tenant}`);
  return rows[0] ? BaseFacts.parse(rows[0]) : null;
}

const Postings = z.array(z.object({ ids: z.string().nullable() }));

/** For each key the ids of chunks that hold it, in their order. */
async function readPostings(tx: Tx, scope: Scope, keys: readonly Key[]): Promise<string[][]> {
  const { rows } = await tx.execute(sql`select (select string_agg(c.id::text, ',') from (select c.id from knowledge_chunks c where c.terms @> array[asked.key] and ${own(scope)} limit ${POSTINGS_MAX}) c) as ids
    from unnest(${array(keys.map(({ key }) => key))}::bigint[]) with ordinality as asked(key, place) order by place`);
  return Postings.parse(rows).map(({ ids }) => ids?.split(',') ?? []);
}

const Counts = z.array(z.object({ id: z.string(), length: z.number(), times: z.array(z.number()) }));

/** How often each of the published chunks holds each key. */
async function readCounts(tx: Tx, scope: Scope, keys: readonly Key[], ids: readonly string[]): Promise<z.infer<typeof Counts>> {
  const { rows } = await tx.execute(sql`select c.id, c.length, (select array_agg(coalesce(c.counts[array_position(c.terms, asked.key)], 0) order by place) from unnest(${array(keys.map(({ key }) => key))}::bigint[]) with ordinality as asked(key, place)) as times
    from knowledge_chunks c join knowledge_documents d on d.id = c.document_id and d.generation = c.generation where c.id = any(${array(ids)}::uuid[]) and ${own(scope)}`);
  return Counts.parse(rows);
}
