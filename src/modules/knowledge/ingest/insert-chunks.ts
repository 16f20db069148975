import { sql } from 'drizzle-orm';
import type { Tx } from '#platform/db/database.ts';
import { type knowledgeChunks, wireVector } from '../tables.ts';

export type NewChunk = Omit<typeof knowledgeChunks.$inferInsert, 'tenantId' | 'createdAt'> & { id: string; edition: number };

/**
 * Writes chunks of the tenant in one statement; those that are there already stay. Column by column: a parameter for every
 * value of every row takes longer to build and to read than the rows take to store.
 */
export async function insertChunks(tx: Tx, rows: readonly NewChunk[]): Promise<void> {
  if (rows.length === 0) return;
  const all = (pick: (row: NewChunk) => unknown) => sql.param(rows.map(pick));
  const list = (values: readonly (bigint | number)[]): string => `{${values.join(',')}}`;
  await tx.execute(sql`insert into knowledge_chunks
      (id, knowledge_base_id, document_id, generation, edition, position, content, context, heading, page, tokens, start, "end", length, dimensions, approximate, terms, counts, embedding)
    select id, knowledge_base_id, document_id, generation, edition, position, content, context, heading, page, tokens, start, "end", length, dimensions, approximate, terms::bigint[], counts::smallint[], embedding
    from unnest(
      ${all(({ id }) => id)}::uuid[], ${all(({ knowledgeBaseId }) => knowledgeBaseId)}::uuid[], ${all(({ documentId }) => documentId)}::uuid[], ${all(({ generation }) => generation)}::int[],
      ${all(({ edition }) => edition)}::int[], ${all(({ position }) => position)}::int[], ${all(({ content }) => content)}::text[], ${all(({ context }) => context)}::text[], ${all(({ heading }) => heading)}::text[],
      ${all(({ page }) => page ?? null)}::int[], ${all(({ tokens }) => tokens)}::int[], ${all(({ start }) => start)}::int[], ${all(({ end }) => end)}::int[], ${all(({ length }) => length)}::int[],
      ${all(({ dimensions }) => dimensions)}::int[], ${all(({ approximate }) => approximate)}::bool[], ${all(({ terms }) => list(terms))}::text[], ${all(({ counts }) => list(counts))}::text[],
      array[${sql.join(rows.map(({ embedding }) => sql`${wireVector(embedding)}::vector`), sql`, `)}]
    ) as given (id, knowledge_base_id, document_id, generation, edition, position, content, context, heading, page, tokens, start, "end", length, dimensions, approximate, terms, counts, embedding)
    on conflict do nothing`);
}
