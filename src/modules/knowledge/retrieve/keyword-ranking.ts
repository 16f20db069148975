import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#platform/db/database.ts';
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
  /** Mean number of terms of a chunk. */
  averageLength: number;
}

/** Terms that many chunks hold, by key, with the share of chunks that do. */
export type CommonTerms = ReadonlyMap<string, number>;

/** Postings of one term that are read at most; a question of common words alone is answered from these. */
const POSTINGS_MAX = 1500;
/** Common words do not bring candidates once rarer ones bring this many; they only order them. */
const CANDIDATES_MAX = 1200;
/** The share of chunks that holds a word of which nothing is known; words above 1 % are known. */
const SHARE_UNKNOWN = 0.003;
/** Candidates whose words are counted. */
const SHORTLIST_MAX = 120;
/** BM25 as in the literature. */
export const SATURATION = 0.9;
export const LENGTH = 0.4;

/** What is searched; `only` narrows it to documents, as a condition on `c.document_id`. */
interface Scope { tenant: string; base: BaseFacts; common: CommonTerms; only: SQL | null }

const Answer = z.tuple([z.object({
  base: BaseFacts.nullable(), held: z.array(z.tuple([z.number(), z.number()])).nullable(), found: z.array(z.tuple([z.string(), z.number()])).nullable(),
})]);

/**
 * BM25 over the chunks of one knowledge base, rare words first, in one statement.
 *
 * Runs in the operator's door, and is the only search that does: under row-level policies the database refuses the index
 * of terms (its operators are not leakproof) and would read every chunk of the tenant. Tenant and knowledge base are
 * therefore named wherever chunks are read here; the keys belong to one knowledge base by themselves; and only ids leave, whose
 * rows are then read in the tenant's own door.
 */
export async function rankByKeywords(tx: Tx, scope: Scope, groups: readonly WeightedGroup[], limit: number): Promise<KeywordRanking> {
  const { base, common } = scope;
  const keys = groups.flatMap(({ terms }, group) => terms.map((term) => ({ group, key: termKey(termScope(base), term).toString() })));
  const shares = groups.map((_, group) => Math.max(0, ...keys.filter((one) => one.group === group).map(({ key }) => common.get(key) ?? 0)));
  const leads = rarestGroups(shares, base.chunks);
  const [, { rows }] = await Promise.all([
    // Compiling the plan takes longer than running it; without statistics a whole table may seem cheaper than its index.
    tx.execute(sql.raw('set local jit = off; set local enable_seqscan = off')),
    tx.execute(rankingStatement(scope, { groups, keys, shares, leads }, limit)),
  ]);
  const [{ base: fresh, held, found }] = Answer.parse(rows);
  const chunks = Math.max(1, fresh?.chunks ?? 0);
  const holding = new Map(held ?? []);
  const rarity = shares.map((share, group) => rarityOf(chunks, Math.max(share * chunks, holding.get(group) ?? 0)));
  const most = rarity.reduce((sum, value, group) => sum + value * (groups[group]?.weight ?? 0), 0);
  return { base: fresh, found: (found ?? []).map(([id, score]) => ({ id, score: most > 0 ? score / most : 0 })), rarity, averageLength: Math.max(1, (fresh?.length ?? 0) / chunks) };
}

const rarityOf = (chunks: number, holding: number): number => Math.log(1 + (chunks - Math.min(holding, chunks) + 0.5) / (holding + 0.5));

/** Groups that bring candidates: the rarest, until they bring enough. */
function rarestGroups(shares: readonly number[], chunks: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let candidates = 0;
  for (const { group, share } of shares.map((share, group) => ({ group, share: share || SHARE_UNKNOWN })).toSorted((a, b) => a.share - b.share)) {
    if (chosen.size > 0 && candidates + share * chunks > CANDIDATES_MAX) break;
    chosen.add(group);
    candidates += share * chunks;
  }
  return chosen;
}

interface Asked { groups: readonly WeightedGroup[]; keys: readonly { group: number; key: string }[]; shares: readonly number[]; leads: ReadonlySet<number> }

const list = (values: readonly (string | number | boolean)[]): string => `{${values.join(',')}}`;

/**
 * Postings of the leading words; how many chunks hold each; the best of those by which words they hold; and of these the
 * BM25 with how often. Of several forms of a word the best counts.
 */
function rankingStatement({ tenant, base, only }: Scope, { groups, keys, shares, leads }: Asked, limit: number): SQL {
  const own = sql`(c.knowledge_base_id = ${base.id}) is true and c.tenant_id = ${tenant} ${only ? sql`and ${only}` : sql``}`;
  return sql`with base as materialized (
      select id, edition, embedding_model as "embeddingModel", dimensions, chunks, length from knowledge_bases where id = ${base.id} and tenant_id = ${tenant}
    ), asked as materialized (
      select * from unnest(${list(keys.map(({ group }) => group))}::int[], ${list(keys.map(({ key }) => key))}::bigint[], ${list(keys.map(({ group }) => groups[group]?.weight ?? 0))}::real[],
        ${list(keys.map(({ group }) => shares[group] ?? 0))}::real[], ${list(keys.map(({ group }) => leads.has(group)))}::boolean[]) as given(g, key, weight, share, leads)
    ), posted as materialized (
      select a.g, a.key, c.id from asked a cross join lateral (select c.id from knowledge_chunks c where c.terms @> array[a.key] and ${own} limit ${POSTINGS_MAX}) c where a.leads
    ), held as materialized (
      select g, count(distinct id)::int as n from posted group by g
    ), worth as materialized (
      select a.g, a.key, a.weight * ln(1 + (b.chunks - h.n + 0.5) / (h.n + 0.5)) as value
      from asked a cross join base b left join held on held.g = a.g cross join lateral (select least(b.chunks, greatest(coalesce(held.n, 0), a.share * b.chunks)) as n) h
      where not a.leads or exists (select from posted p where p.key = a.key)
    ), shortlist as materialized (
      select id from (select p.id, p.g, max(w.value) as value from posted p join worth w on w.key = p.key and w.g = p.g group by p.id, p.g) held_words group by id order by sum(value) desc, id limit ${SHORTLIST_MAX}
    ), found as (
      select s.id, sum(word.value)::real as score from shortlist s join knowledge_chunks c on c.id = s.id and ${own}
        join knowledge_documents d on d.id = c.document_id and d.generation = c.generation cross join base b cross join lateral (
          select w.g, max(w.value * t.times / (t.times + ${SATURATION}::real * (1 - ${LENGTH}::real + ${LENGTH}::real * c.length * b.chunks / greatest(b.length, 1)))) as value
          from worth w cross join lateral (select c.counts[array_position(c.terms, w.key)]::real as times) t where t.times is not null group by w.g
        ) word
      group by s.id order by score desc, s.id limit ${limit}
    )
    select (select to_json(base) from base) as base, (select json_agg(json_build_array(g, n)) from held) as held, (select json_agg(json_build_array(id, score)) from found) as found`;
}
