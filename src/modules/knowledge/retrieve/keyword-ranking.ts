import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#platform/db/database.ts';
import { termKey } from '../ingest/index-terms.ts';
import type { TermGroup } from './query-terms.ts';

/** A word of the question with what it is worth: 1 for the question itself, less for what was said before it. */
export interface WeightedGroup { terms: TermGroup; weight: number }

export interface KeywordRanking {
  /** Best first. */
  ids: readonly string[];
  /** How rare each group is here, in the order they were given: ln of one over the share of chunks that hold it. */
  rarity: readonly number[];
}

/** A word that more chunks hold counts as this common; looking further costs time and says nothing. */
const LOOKED_AT_MAX = 1500;
/** Common words do not bring candidates once rarer ones brought this many; they only order them. */
const CANDIDATES_MAX = 1500;
/** Candidates whose common words are looked up. */
const SHORTLIST_MAX = 300;
/** BM25 as in the literature. */
const SATURATION = 0.9;
const LENGTH = 0.4;

interface Posting { group: number; id: string; length: number; times: number }
/** Whose terms are searched; `terms` is of `termScope`. */
interface Scope { tenant: string; knowledgeBaseId: string; terms: string }

/**
 * BM25 over the chunks of one knowledge base, rare words first.
 *
 * Runs in the operator's door, and is the only search that does: under row-level policies the database refuses the index
 * of terms (its operators are not leakproof) and would read every chunk of the tenant. Tenant and knowledge base are
 * therefore named in every statement here; the keys belong to one knowledge base by themselves; and only ids leave, whose
 * rows are then read in the tenant's own door.
 */
export async function rankByKeywords(tx: Tx, scope: Scope, groups: readonly WeightedGroup[], totals: { chunks: number; length: number }, limit: number): Promise<KeywordRanking> {
  const keys = groups.flatMap(({ terms }, group) => terms.map((term) => ({ group, key: termKey(scope.terms, term).toString() })));
  if (keys.length === 0 || totals.chunks === 0) return { ids: [], rarity: groups.map(() => 0) };
  const holding = await countHolding(tx, scope, keys, groups.length);
  const rarity = holding.map((count) => Math.log(1 + (totals.chunks - Math.min(count, totals.chunks) + 0.5) / (count + 0.5)));
  const leading = rarestGroups(holding);
  const leadingKeys = keys.filter(({ group }) => leading.has(group));
  const postings = leadingKeys.length === 0 ? [] : await readPostings(tx, scope, leadingKeys);
  const scores = new Scores(groups, rarity, totals.length / totals.chunks);
  for (const posting of postings) scores.add(posting);
  const shortlist = scores.best(SHORTLIST_MAX);
  const commonKeys = keys.filter(({ group }) => !leading.has(group) && (holding[group] ?? 0) > 0);
  if (commonKeys.length > 0 && shortlist.length > 0) for (const posting of await readPostingsOf(tx, scope, commonKeys, shortlist)) scores.add(posting);
  return { ids: scores.best(limit), rarity };
}

/** Groups that bring candidates: the rarest, until they bring enough. */
function rarestGroups(holding: readonly number[]): Set<number> {
  const chosen = new Set<number>();
  let candidates = 0;
  for (const { group, count } of holding.map((count, group) => ({ group, count })).filter(({ count }) => count > 0).toSorted((a, b) => a.count - b.count)) {
    if (chosen.size > 0 && candidates + count > CANDIDATES_MAX) break;
    chosen.add(group);
    candidates += count;
  }
  return chosen;
}

/** Adds up what each word gives each chunk; of several forms of a word the best counts. */
class Scores {
  readonly #byChunk = new Map<string, Float64Array>();
  readonly #groups: readonly WeightedGroup[];
  readonly #rarity: readonly number[];
  readonly #averageLength: number;

  constructor(groups: readonly WeightedGroup[], rarity: readonly number[], averageLength: number) {
    this.#groups = groups;
    this.#rarity = rarity;
    this.#averageLength = Math.max(1, averageLength);
  }

  add({ group, id, length, times }: Posting): void {
    let row = this.#byChunk.get(id);
    if (!row) this.#byChunk.set(id, row = new Float64Array(this.#groups.length));
    const norm = SATURATION * (1 - LENGTH + (LENGTH * length) / this.#averageLength);
    const value = (this.#groups[group]?.weight ?? 0) * (this.#rarity[group] ?? 0) * (times / (times + norm));
    row[group] = Math.max(row[group] ?? 0, value);
  }

  best(limit: number): string[] {
    return [...this.#byChunk].map(([id, row]) => ({ id, score: row.reduce((sum, value) => sum + value, 0) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit).map(({ id }) => id);
  }
}

type Keys = readonly { group: number; key: string }[];

const Counts = z.array(z.object({ g: z.number(), n: z.number() }));
const Postings = z.array(z.object({ g: z.number(), id: z.string(), length: z.number(), n: z.number() }));

const asked = (keys: Keys) => sql`unnest(${numberArray(keys.map(({ group }) => String(group)))}::int[], ${numberArray(keys.map(({ key }) => key))}::bigint[]) as asked(g, key)`;
const numberArray = (numbers: readonly string[]): string => `{${numbers.join(',')}}`;

async function countHolding(tx: Tx, { tenant, knowledgeBaseId }: Scope, keys: Keys, groups: number): Promise<number[]> {
  const { rows } = await tx.execute(sql`select asked.g, (select count(*)::int from (
      select 1 from knowledge_chunks c where c.terms @> array[asked.key] and c.knowledge_base_id = ${knowledgeBaseId} and c.tenant_id = ${tenant} limit ${LOOKED_AT_MAX}
    ) found) as n from ${asked(keys)}`);
  const holding = Array.from({ length: groups }, () => 0);
  // Forms of one word mostly occur in the same texts or not at all.
  for (const { g, n } of Counts.parse(rows)) holding[g] = Math.max(holding[g] ?? 0, n);
  return holding;
}

async function readPostings(tx: Tx, { tenant, knowledgeBaseId }: Scope, keys: Keys): Promise<Posting[]> {
  const { rows } = await tx.execute(sql`select asked.g, found.id, found.length, found.n from ${asked(keys)} cross join lateral (
      select c.id, c.length, c.counts[array_position(c.terms, asked.key)]::int as n from knowledge_chunks c
      where c.terms @> array[asked.key] and c.knowledge_base_id = ${knowledgeBaseId} and c.tenant_id = ${tenant} limit ${LOOKED_AT_MAX}
    ) found`);
  return present(rows);
}

async function readPostingsOf(tx: Tx, { tenant, knowledgeBaseId }: Scope, keys: Keys, ids: readonly string[]): Promise<Posting[]> {
  const { rows } = await tx.execute(sql`select asked.g, c.id, c.length, c.counts[array_position(c.terms, asked.key)]::int as n
    from knowledge_chunks c join ${asked(keys)} on array_position(c.terms, asked.key) is not null
    where c.id = any(${`{${ids.join(',')}}`}::uuid[]) and c.knowledge_base_id = ${knowledgeBaseId} and c.tenant_id = ${tenant}`);
  return present(rows);
}

const present = (rows: unknown): Posting[] => Postings.parse(rows).map(({ g, id, length, n }) => ({ group: g, id, length, times: n }));
